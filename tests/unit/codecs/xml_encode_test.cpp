#include <gtest/gtest.h>

#include "tests/unit/codecs/codec_support.hpp"

namespace tongqu {
namespace {

using test::SchemaCodec;

constexpr std::string_view kHead = R"(<?xml version="1.0" encoding="UTF-8"?>)"
                                   "\n";
constexpr std::string_view kSchema = R"({
  "x-format": {"type":"xml","root":"c:r","namespaces":{"c":"urn:c","d":"urn:d"}},
  "type":"object",
  "properties": {
    "c:first":{"type":"string"}, "c:many":{"type":"array","items":{"type":"string"}},
    "c:obj":{"type":"object","properties":{"b":{"type":"string"},"a":{"type":"string"}}},
    "c:last":{"type":"string"}
  }})";
constexpr std::string_view kRoot = R"(<c:r xmlns:c="urn:c" xmlns:d="urn:d")";

struct Case {
  std::string_view json;
  std::string_view expected;  // behind the root's start
};

const Case kCases[] = {
    {"{}", "/>"},
    {R"({"c:last":"z","x":"1","c:first":"a","c:many":["1","2"]})",
     "><c:first>a</c:first><c:many>1</c:many><c:many>2</c:many><c:last>z</c:last><x>1</x></c:r>"},
    {R"({"c:obj":{"a":"1","z":"3","b":"2"}})", "><c:obj><b>2</b><a>1</a><z>3</z></c:obj></c:r>"},
    {R"({"c:first":"<&>\"'\r\n\t中"})", "><c:first>&lt;&amp;&gt;\"'&#13;\n\t中</c:first></c:r>"},
    {R"({"@a":"<&>\"'\r\n\t"})", R"( a="&lt;&amp;&gt;&quot;'&#13;&#10;&#9;"/>)"},
    {R"({"@d:a":1,"@n":null,"#text":true})", R"( d:a="1">true</c:r>)"},
    {R"({"c:many":[],"c:obj":{}})", "><c:obj/></c:r>"},
    {R"({"c:first":""})", "><c:first/></c:r>"},
    {R"({"x":{"#mixed":["a",{"b":"c"},{"@":1}]}})", "xml.encode-shape $.x"},
    {R"({"x":{"#mixed":["a",{"b":"c"},2,{"b":"","d:e":["1","2"]}]}})",
     "><x>a<b>c</b>2<b/><d:e>1</d:e><d:e>2</d:e></x></c:r>"},
    {R"({"{urn:x}y":{"@{urn:x}z":"1","@{urn:w}z":"2","k":"3"}})",
     R"(><_0:y xmlns:_0="urn:x" xmlns:_1="urn:x" xmlns:_2="urn:w" _1:z="1" _2:z="2"><k>3</k></_0:y></c:r>)"},
    {R"({"@xml:lang":"zh"})", R"( xml:lang="zh"/>)"},
    {R"({"𠮷·-1":"1"})", "><𠮷·-1>1</𠮷·-1></c:r>"},
    {R"({"x":"\u0001"})", "xml.encode-character $.x"},
    {R"({"x":"\uFFFF"})", "xml.encode-character $.x"},
    {R"({"x":{"@a":"\u0000"}})", "xml.encode-character $.x"},
    {R"({"a b":"1"})", "xml.encode-name $[*]"},
    {R"({"1a":"1"})", "xml.encode-name $.1a"},
    {R"({"e:a":"1"})", "xml.encode-name $.e:a"},
    {R"({"c:a:b":"1"})", "xml.encode-name $.c:a:b"},
    {R"({"":"1"})", "xml.encode-name $[*]"},
    {R"({"x":[[1]]})", "xml.encode-shape $.x[0]"},
    {R"({"@a":[1]})", "xml.encode-shape $"},
    {R"({"#text":"a","b":"c"})", "xml.encode-shape $"},
    {R"([1])", "xml.encode-shape $"},
};

TEST(XmlEncode, WritesInTheOrderOfTheSchema) {
  const SchemaCodec codec(kSchema);
  for (const Case& c : kCases) {
    const bool refused = c.expected.starts_with("xml.");
    const std::string expected =
        refused ? std::string(c.expected) : std::string(kHead) + std::string(kRoot) + std::string(c.expected);
    EXPECT_EQ(codec.encode(c.json), expected) << c.json;
  }
}

TEST(XmlEncode, NullIsNil) {
  const SchemaCodec codec(kSchema);
  const std::string xsi = R"( xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance")";
  EXPECT_EQ(codec.encode(R"({"c:first":null})"),
            std::string(kHead) + std::string(kRoot) + xsi + R"(><c:first xsi:nil="true"/></c:r>)");
  EXPECT_EQ(codec.encode(R"({"x":{"@a":"1","#text":null}})"),
            std::string(kHead) + std::string(kRoot) + xsi + R"(><x a="1" xsi:nil="true"/></c:r>)");
}

TEST(XmlEncode, LacksNoCharacter) {
  const SchemaCodec gb(R"({"x-format":{"type":"xml","root":"r","charset":"gb2312"},"type":"object"})");
  EXPECT_EQ(gb.encode(R"({"a":"中镕𠮷","@b":"镕"})"),
            "<?xml version=\"1.0\" encoding=\"GB2312\"?>\n<r b=\"&#x9555;\"><a>\xD6\xD0&#x9555;&#x20BB7;</a></r>");
  EXPECT_EQ(gb.encode(R"({"镕":"1"})"), "charset.unencodable $.镕");
  EXPECT_EQ(gb.decode(gb.encode(R"({"a":"中镕𠮷","@b":"镕"})")), R"({"@b":"镕","a":"中镕𠮷"})");
}

TEST(XmlEncode, RefusesNestingThatNoDecoderWouldRead) {
  const SchemaCodec codec(kSchema);
  std::string json = "1";
  for (int i = 0; i < 127; ++i) json = "{\"a\":" + json + "}";
  EXPECT_FALSE(codec.encode(json).starts_with("xml.depth"));
  EXPECT_TRUE(codec.encode("{\"a\":" + json + "}").starts_with("xml.depth"));
}

}  // namespace
}  // namespace tongqu
