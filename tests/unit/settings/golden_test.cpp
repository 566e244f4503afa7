// What people see, held against files of tests/golden. TONGQU_ACCEPT=1 writes the files anew; the review is in the
// diff.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "connectors/all_connectors.hpp"
#include "gateway/settings/reference.hpp"
#include "tests/support/data.hpp"
#include "tests/unit/settings/settings_support.hpp"

namespace tongqu {
namespace {

namespace fs = std::filesystem;

void expect_golden(const fs::path& file, const std::string& actual) {
  if (std::getenv("TONGQU_ACCEPT") != nullptr) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << actual;
  }
  EXPECT_EQ(test::read_file(file), actual) << file << "\nTONGQU_ACCEPT=1 accepts what is new";
}

// Folders under tests/golden/lint: config/ is the configuration – gateway.yaml of small_config() joins it unless it
// brings its own or is about its absence –, expected.txt what a person reads in both languages.
std::vector<std::string> lint_cases() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(test::source_folder() / "tests/golden/lint"))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

LoadReport load_case(const fs::path& folder) {
  FaultSink sink;
  const ConfigImage image = ConfigImage::read(folder / "config", {}, sink);
  EXPECT_FALSE(sink.has_errors());
  std::vector<ConfigFile> files = image.files();
  const bool own = image.find("gateway.yaml") != nullptr || folder.filename() == "places";
  if (!own) files.push_back(test::small_config().front());
  return test::load_files(std::move(files));
}

class Lint : public testing::TestWithParam<std::string> {};

TEST_P(Lint, SaysWhatIsWrongInBothLanguages) {
  const fs::path folder = test::source_folder() / "tests/golden/lint" / GetParam();
  const LoadReport report = load_case(folder);
  EXPECT_FALSE(report.settings.has_value());
  std::ostringstream text;
  text << "== English ==\n";
  print_faults(text, report.faults, Lang::kEnglish);
  text << "== 中文 ==\n";
  print_faults(text, report.faults, Lang::kChinese);
  expect_golden(folder / "expected.txt", text.str());
}

std::string readable_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::erase_if(name, [](char c) { return c == '-'; });
  return name;
}

INSTANTIATE_TEST_SUITE_P(Cases, Lint, testing::ValuesIn(lint_cases()), readable_name);

TEST(Secrets, NeverAppearInAnythingThatLintSays) {
  const LoadReport report = load_case(test::source_folder() / "tests/golden/lint/secrets");
  std::ostringstream text;
  print_faults(text, report.faults, Lang::kEnglish);
  print_faults(text, report.faults, Lang::kChinese);
  text << faults_to_json(report.faults);
  const Error error = to_error(report.faults);
  text << error.text(Lang::kEnglish);
  for (const Fault& fault : error.faults) text << fault.text(Lang::kEnglish) << fault.path << fault.param;
  EXPECT_GE(report.faults.size(), 12U);
  EXPECT_EQ(text.str().find("CANARY"), std::string::npos) << text.str();
}

TEST(Generated, ReferencePageIsUpToDate) {
  std::ostringstream text;
  write_reference(text, all_specs());
  expect_golden(test::source_folder() / "docs/reference/settings.md", text.str());
}

TEST(Generated, EditorSchemaIsUpToDate) {
  std::ostringstream text;
  write_editor_schema(text, all_specs());
  expect_golden(test::source_folder() / "docs/reference/editor-schema.json", text.str());
}

TEST(Generated, ManifestIsUpToDate) {
  std::ostringstream text;
  write_manifest(text, all_specs());
  expect_golden(test::source_folder() / "tests/golden/settings-manifest.txt", text.str());
}

}  // namespace
}  // namespace tongqu
