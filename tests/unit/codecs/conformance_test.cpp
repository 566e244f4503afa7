// docs/conformance.md is what the published sets give. To write it anew:
//
//   TONGQU_ACCEPT=1 build/release/test_unit_codecs --gtest_filter='Conformance.*'
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "tests/support/data.hpp"
#include "tests/unit/codecs/conformance_page.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kHead = R"(# Conformance: XML and character sets

Written by `test_unit_codecs --gtest_filter='Conformance.*'`, which runs the developers' half of published sets and fails when
a case does not go as its set says and is not listed here, or when this page is not what comes out. JSON and JSON Schema:
[conformance-json.md](conformance-json.md).

)";

TEST(Conformance, ThePageSaysWhatThePublishedSetsGive) {
  if (!test::data_folder()) GTEST_SKIP() << "test data is absent";
  const std::string page = std::string(kHead) + test::xml_suite_section() + test::xml_files_section() +
                           test::gb18030_section() + test::utf8_section();
  const auto path = test::source_folder() / "docs/conformance.md";
  if (std::getenv("TONGQU_ACCEPT") != nullptr) std::ofstream(path, std::ios::binary) << page;
  EXPECT_EQ(test::read_file(path), page) << "TONGQU_ACCEPT=1 writes it anew";
}

}  // namespace
}  // namespace tongqu
