// The examples of docs/codecs.md.
#include <gtest/gtest.h>

#include <vector>

#include "tests/support/data.hpp"
#include "tests/unit/codecs/codec_support.hpp"
#include "transforms/codecs/charset.hpp"

namespace tongqu {
namespace {

std::vector<std::string> code_blocks(const std::string& page) {
  std::vector<std::string> blocks;
  for (auto at = page.find("```"); at != std::string::npos; at = page.find("```", at)) {
    const auto begin = page.find('\n', at) + 1;
    const auto end = page.find("```", begin);
    blocks.push_back(page.substr(begin, end - begin));
    at = end + 3;
  }
  return blocks;
}

std::string in_gb18030(std::string_view text) {
  std::string bytes;
  EXPECT_TRUE(encode_charset(text, Charset::kGb18030, Unencodable::kRefuse, bytes).has_value());
  return bytes;
}

TEST(CodecsPage, ExamplesAreTrue) {
  const auto blocks = code_blocks(test::read_file(test::source_folder() / "docs/codecs.md"));
  ASSERT_EQ(blocks.size(), 8U);
  const test::SchemaCodec xml(blocks[0]);
  EXPECT_EQ(xml.decode(in_gb18030(blocks[1])), test::to_json(test::json(blocks[2]).root()));
  EXPECT_EQ(xml.decode(xml.encode(blocks[2])), test::to_json(test::json(blocks[2]).root()));
  const test::SchemaCodec csv(blocks[3]);
  EXPECT_EQ(csv.decode(in_gb18030(blocks[4])), R"({"no":"0012","name":"欧阳\n𠮷"})");
  const test::SchemaCodec form(blocks[5]);
  EXPECT_EQ(form.decode("title=%D6%D0+x&tag=1"), R"({"title":"中 x","tag":["1"]})");
  const test::SchemaCodec shaped(blocks[7],
                                 [&](std::string_view) -> std::optional<std::string_view> { return blocks[6]; });
  EXPECT_EQ(shaped.decode(R"(<rows><f n="title">a</f><f n="no">7</f></rows>)"), R"({"title":"a","no":"7"})");
}

}  // namespace
}  // namespace tongqu
