#include <gtest/gtest.h>

#include "tests/unit/codecs/codec_support.hpp"

namespace tongqu {
namespace {

using test::SchemaCodec;

constexpr std::string_view kProperties =
    R"("type":"object","properties":{"b":{"type":"string"},"a":{"type":"string"},"l":{"type":"array","items":{"type":"string"}}})";

std::string schema(std::string_view charset) {
  return R"({"x-format":{"type":"form","charset":")" + std::string(charset) + "\"}," + std::string(kProperties) + "}";
}

struct Case {
  std::string_view input;
  std::string_view expected;
};

TEST(FormDecode, UnescapesInTheCharset) {
  const SchemaCodec utf8(schema("utf-8"));
  const Case cases[] = {
      {"", "{}"},
      {"a=1&b=2", R"({"a":"1","b":"2"})"},
      {"a=x+y%2B%26%3D&&c", R"({"a":"x y+&=","c":""})"},
      {"a=b=c&=d", R"({"a":"b=c","":"d"})"},
      {"%E4%B8%AD=%e6%96%87", R"({"中":"文"})"},
      {"a=中", R"({"a":"中"})"},
      {"l=1", R"({"l":["1"]})"},
      {"l=1&a=x&l=2", R"({"l":["1","2"],"a":"x"})"},
      {"n=1&n=2&n=3", R"({"n":["1","2","3"]})"},
      {"a=1&a=2", "form.repeated $.a 1:5"},
      {"a=%", "form.escape $ 1:3"},
      {"b=x&a=1%2", "form.escape $ 1:8"},
      {"a=%GG", "form.escape $ 1:3"},
      {"a=%00", R"({"a":"\u0000"})"},
      {"b=1&a=%FF", "charset.malformed $ 1:7"},
  };
  for (const Case& c : cases) EXPECT_EQ(utf8.decode(c.input), c.expected) << c.input;
  const SchemaCodec gb(schema("GB18030"));
  EXPECT_EQ(gb.decode("a=%D6%D0%952%826"), "{\"a\":\"中\xF0\xA0\x80\x80\"}");
  EXPECT_EQ(gb.decode("a=%D6"), "charset.malformed $ 1:3");
}

TEST(FormDecode, LimitsHold) {
  const SchemaCodec codec(schema("utf-8"));
  DecodeLimits limits;
  limits.max_bytes = 3;
  EXPECT_EQ(codec.decode("a=12", limits), "form.bytes $");
  limits = {};
  limits.max_nodes = 2;
  EXPECT_EQ(codec.decode("a=1&b=2&c=3", limits), "form.nodes $ 1:9");
  limits = {};
  limits.max_text_bytes = 2;
  EXPECT_EQ(codec.decode("a=12&b=123", limits), "form.text-bytes $ 1:8");
}

TEST(FormEncode, WritesInTheOrderOfTheSchema) {
  const SchemaCodec utf8(schema("utf-8"));
  const Case cases[] = {
      {"{}", ""},
      {R"({"x":1,"a":"x y+&=中","b":true})", "b=true&a=x+y%2B%26%3D%E4%B8%AD&x=1"},
      {R"({"l":["1","2"],"a":null,"b":""})", "b=&l=1&l=2"},
      {R"({"l":[]})", ""},
      {R"({"a":"-._*~\n"})", "a=-._*%7E%0A"},
      {R"({"a":{}})", "form.encode-shape $.a"},
      {R"({"l":[[]]})", "form.encode-shape $.l"},
      {"1", "form.encode-shape $"},
  };
  for (const Case& c : cases) EXPECT_EQ(utf8.encode(c.input), c.expected) << c.input;
  const SchemaCodec gbk(schema("GBK"));
  EXPECT_EQ(gbk.encode(R"({"a":"中"})"), "a=%D6%D0");
  EXPECT_EQ(gbk.encode(R"({"a":"𠮷"})"), "charset.unencodable $.a");
}

TEST(Form, RoundTrips) {
  for (const char* charset : {"utf-8", "gb18030"}) {
    const SchemaCodec codec(schema(charset));
    std::uint32_t seed = 12345;
    const auto next = [&seed] { return seed = seed * 1664525U + 1013904223U; };
    const auto text = [&next] {
      static constexpr std::string_view kPieces[] = {"a", "&", "=", "+", "%", "%41", "中", "𠮷", " ", "é"};
      std::string out;
      for (std::uint32_t i = next() >> 29U; i > 0; --i) out += kPieces[(next() >> 8U) % std::size(kPieces)];
      return out;
    };
    for (int round = 0; round < 500; ++round) {
      Document document;
      document.set_root(document.make(Kind::kObject));
      document.add_text(document.root(), "b", text());
      Node* list = document.add_list(document.root(), "l");
      for (int i = 0; i <= round % 3; ++i) document.append(*list, document.make(Kind::kText, text()));
      document.add_text(document.root(), "x" + text(), text());
      std::string bytes;
      ASSERT_TRUE(codec.codec->encode(document.root(), bytes).has_value());
      EXPECT_EQ(codec.decode(bytes), test::to_json(document.root())) << bytes;
    }
  }
}

}  // namespace
}  // namespace tongqu
