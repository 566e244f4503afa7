#include <gtest/gtest.h>

#include "gateway/core/jcs.hpp"
#include "transforms/codecs/codecs_codes.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu {
namespace {

TEST(JsonEncode, WritesWhatTheDocumentHolds) {
  Document document;
  Node* root = document.make(Kind::kObject);
  document.set_root(root);
  document.add_text(*root, "名\"", "a/b");
  document.add_number(*root, "n", -5);
  Node* list = document.add_list(*root, "l");
  document.append(*list, document.make(Kind::kNull));
  document.append(*list, document.make(Kind::kBoolean, "false"));
  document.add_object(*list);
  std::string out = "kept:";
  ASSERT_TRUE(JsonCodec().encode(document.root(), out).has_value());
  EXPECT_EQ(out, R"(kept:{"名\"":"a/b","n":-5,"l":[null,false,{}]})");
}

TEST(JsonEncode, EscapesAsTheCoreDoes) {
  std::string text;
  for (int c = 0; c < 0x80; ++c) text.push_back(static_cast<char>(c));
  text += "市场监管\u2028😀";
  Document document;
  std::string out;
  std::string expected;
  ASSERT_TRUE(JsonCodec().encode(*document.make(Kind::kText, text), out).has_value());
  append_json_string(expected, text);
  EXPECT_EQ(out, expected);
  const auto back = decode_json(out);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->root().text, text);
}

TEST(JsonEncode, RefusesNumbersThatJsonCannotWrite) {
  for (const char* number : {"", "+1", "01", "1.", ".5", "1e", "0x10", "NaN", "1,000", " 1", "1 ", "--1", "１"}) {
    Document document;
    std::string out = "kept";
    const Status refused = JsonCodec().encode(*document.make(Kind::kNumber, number), out);
    ASSERT_TRUE(refused.has_error()) << number;
    EXPECT_EQ(refused.error().code->id, codes::kJsonEncodeNumber.id);
    EXPECT_EQ(out, "kept");
    EXPECT_EQ(to_pretty_json(*document.make(Kind::kNumber, number)), '"' + std::string(number) + '"');
  }
}

TEST(JsonEncode, RefusesNestingThatNoDecoderWouldRead) {
  Document document;
  Node* node = document.make(Kind::kList);
  document.set_root(node);
  for (std::size_t depth = 1; depth < kMaxJsonDepth; ++depth) node = document.add_list(*node);
  std::string out;
  EXPECT_TRUE(JsonCodec().encode(document.root(), out).has_value());
  document.add_list(*node);
  out.clear();
  const Status refused = JsonCodec().encode(document.root(), out);
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().code->id, codes::kJsonDepth.id);
  EXPECT_TRUE(out.empty());
  EXPECT_NE(to_pretty_json(document.root()).find("null"), std::string::npos);
}

TEST(JsonPretty, PutsOneMemberOrElementOnALine) {
  const auto document = decode_json(R"({"a":{"b":[1,"二"],"c":[]},"d":{}})");
  ASSERT_TRUE(document.has_value());
  EXPECT_EQ(to_pretty_json(document->root()),
            "{\n  \"a\": {\n    \"b\": [\n      1,\n      \"二\"\n    ],\n    \"c\": []\n  },\n  \"d\": {}\n}");
}

TEST(JsonNumber, FollowsTheGrammar) {
  for (const char* number : {"0", "-0", "10", "1.5", "-1.50e+10", "1E5", "0.0e-0"}) EXPECT_TRUE(is_json_number(number));
  for (const char* other : {"-", "00", "-01", "1.e5", "1e5.0", "e5", "Infinity"}) EXPECT_FALSE(is_json_number(other));
}

}  // namespace
}  // namespace tongqu
