#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "connectors/all_connectors.hpp"
#include "gateway/settings/settings_codes.hpp"
#include "tests/support/data.hpp"
#include "tests/unit/settings/settings_support.hpp"

namespace tongqu {
namespace {

// Which files are shipped is the matter of `tongqu check`; here the words of the YAML files are.
TEST(ShippedConfiguration, IsWrittenAsTheFieldListsSay) {
  LoadReport report = load_settings(test::source_folder() / "config", all_specs(), test::test_hash);
  std::erase_if(report.faults, [](const SettingsFault& fault) { return fault.code == &codes::kSettingsFileMissing; });
  std::ostringstream text;
  print_faults(text, report.faults, Lang::kEnglish);
  EXPECT_EQ(text.str(), "");
}

}  // namespace
}  // namespace tongqu
