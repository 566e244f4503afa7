#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "gateway/core/text.hpp"
#include "tests/unit/codecs/codec_support.hpp"
#include "transforms/codecs/charset.hpp"
#include "transforms/codecs/xml_codec.hpp"

namespace tongqu {
namespace {

using test::SchemaCodec;
using std::string_view_literals::operator""sv;

// One root "r" with a field of every shape.
constexpr std::string_view kSchema = R"({
  "x-format": {"type":"xml","root":"r","namespaces":{"c":"urn:c"}},
  "type":"object",
  "properties": {
    "one":{"type":"string"}, "many":{"type":"array","items":{"type":"string"}},
    "rows":{"type":"array","items":{"type":"object","properties":{"a":{"type":"string"}}}},
    "obj":{"type":"object","properties":{"a":{"type":"string"}}},
    "txt":{"type":"object","properties":{"@u":{"type":"string"},"#text":{"type":"string"}}},
    "mix":{"type":"object","properties":{"#mixed":{"type":"array","items":{"type":"object","properties":{"b":{"type":"string"}}}}}},
    "any":{}, "c:ns":{"type":"string"}, "typed":{"type":"object","properties":{"@xsi:type":{"type":"string"}}}
  }})";

struct Case {
  std::string_view xml;
  std::string_view expected;
};

constexpr std::string_view kXsi = R"( xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance")";

const Case kShapes[] = {
    {"<r/>", "{}"},
    {"<r> \n </r>", "{}"},
    {"<r><one>中 文</one></r>", R"({"one":"中 文"})"},
    {"<r><one> x </one></r>", R"({"one":" x "})"},
    {"<r><one/></r>", R"({"one":""})"},
    {"<r><one></one></r>", R"({"one":""})"},
    {"<r><many>a</many></r>", R"({"many":["a"]})"},
    {"<r><many>a</many><one>x</one><many>b</many></r>", R"({"many":["a","b"],"one":"x"})"},
    {"<r><one>a</one><one>b</one></r>", "xml.repeated $.one 1:16"},
    {"<r>\n <obj/>\n <obj/>\n</r>", "xml.repeated $.obj 3:2"},
    {"<r><c:ns xmlns:c='urn:c'>a</c:ns><d:ns xmlns:d='urn:c'>b</d:ns></r>", "xml.repeated $.c:ns 1:34"},
    {"<r><rows><a>1</a></rows></r>", R"({"rows":[{"a":"1"}]})"},
    {"<r><rows><a>1</a></rows><rows><a>1</a><a>2</a></rows></r>", "xml.repeated $.rows[1].a 1:39"},
    {"<r><new>a</new></r>", R"({"new":"a"})"},
    {"<r><new>a</new><new>b</new><new><k>c</k></new></r>", R"({"new":["a","b",{"k":"c"}]})"},
    {"<r><any>a</any><any>b</any></r>", R"({"any":["a","b"]})"},
    {"<r><obj/></r>", R"({"obj":{}})"},
    {"<r><obj>\n</obj></r>", R"({"obj":{}})"},
    {"<r><obj>words</obj></r>", R"({"obj":{"#text":"words"}})"},
    {"<r><one u='1'>x</one></r>", R"({"one":{"@u":"1","#text":"x"}})"},
    {"<r><new u='1'/></r>", R"({"new":{"@u":"1"}})"},
    {"<r><txt>x</txt></r>", R"({"txt":{"#text":"x"}})"},
    {"<r><txt u='a&#10;b'/></r>", R"({"txt":{"@u":"a\nb","#text":""}})"},
    {"<r><mix>a<b>c</b> <b/>d</mix></r>", R"({"mix":{"#mixed":["a",{"b":"c"}," ",{"b":""},"d"]}})"},
    {"<r><mix>a</mix></r>", R"({"mix":{"#mixed":["a"]}})"},
    {"<r><mix/></r>", R"({"mix":{"#mixed":[]}})"},
    {"<r><new>a<b>c</b> <i/>d</new></r>", R"({"new":{"#mixed":["a",{"b":"c"}," ",{"i":""},"d"]}})"},
    {"<r><new>\n<b>c</b>\n</new></r>", R"({"new":{"b":"c"}})"},
    // text
    {"<r><one>a&lt;&amp;&#x4E2D;&#20013;<![CDATA[<b>&amp;]]>z</one></r>", R"({"one":"a<&中中<b>&amp;z"})"},
    {"<r a='&lt;&gt;&amp;&quot;&apos;&#38;&#60; x\n\ty'/>", R"({"@a":"<>&\"'&< x  y"})"},
    {"<r><one>a<!-- c -->b<?p i?>c</one></r>", R"({"one":"abc"})"},
    {"<r><one>a\r\nb\rc&#13;</one></r>", R"({"one":"a\nb\nc\r"})"},
    {"<?xml version='1.0' encoding='UTF-8' standalone='yes'?><!-- c --><r/><!-- d -->", "{}"},
    // namespaces
    {"<r><x:ns xmlns:x='urn:c'>v</x:ns></r>", R"({"c:ns":"v"})"},
    {"<r><ns xmlns='urn:c'>v</ns></r>", R"({"c:ns":"v"})"},
    {"<r><ns xmlns='urn:d'>v</ns></r>", R"({"{urn:d}ns":"v"})"},
    {"<r><new x:a='1' a='2' y:a='3' xml:lang='zh' xmlns:x='urn:c' xmlns:y='urn:d'/></r>",
     R"({"new":{"@c:a":"1","@a":"2","@{urn:d}a":"3","@xml:lang":"zh"}})"},
    {"<r><new xmlns:x='urn:c' xmlns:y='urn:c' x:a='1' y:a='2'/></r>", "xml.duplicate-attribute $ 1:56"},
    {"<r><x:ns>v</x:ns></r>", "xml.namespace $ 1:9"},
    {"<r x:a=''/>", "xml.namespace $ 1:10"},
    // refusals
    {"", "xml.empty $ 1:1"},
    {" ", "xml.empty $ 1:2"},
    {"<r><one></r>", "xml.tag $.one 1:13"},
    {"<r><one>", "xml.unclosed $.one 1:9"},
    {"<r/>x", "xml.trailing $ 1:5"},
    {"<r/><r/>", "xml.trailing $ 1:5"},
    {"<s/>", "xml.root $ 1:1"},
    {"\n <r xmlns='urn:d'/>", "xml.root $ 2:2"},
    {"<r a='1' a='2'/>", "xml.duplicate-attribute $ 1:15"},
    {"<r>&nbsp;</r>", "xml.entity $ 1:10"},
    {"<r a='&nbsp;'/>", "xml.entity $ 1:13"},
    {"<r>&#0;</r>", "xml.character $ 1:8"},
    {"<r>\x01</r>", "xml.character $ 1:4"},
    {"<r>\0</r>"sv, "xml.character $ 1:4"},
    {"<r>中\xEF\xBF\xBF</r>", "xml.character $ 1:5"},
    {"<r>\xFF</r>", "charset.malformed $ 1:4"},
    {"<!DOCTYPE r><r/>", "xml.doctype $ 1:12"},
    {"<!DOCTYPE r SYSTEM 'file:///etc/passwd'><r/>", "xml.doctype $ 1:40"},
    {"<!DOCTYPE r [<!ENTITY a 'b'>]><r>&a;</r>", "xml.doctype $ 1:13"},
    {"<?xml version='1.0' encoding='Shift_JIS'?><r/>", "charset.unknown $ 1:1"},
    {"<?xml version='1.0' encoding='UTF-16'?><r/>", "xml.encoding $ 1:1"},
};

TEST(XmlDecode, ShapesFollowTheSchema) {
  const SchemaCodec codec(kSchema);
  for (const Case& c : kShapes) EXPECT_EQ(codec.decode(c.xml), c.expected) << c.xml;
}

TEST(XmlDecode, ReadsNil) {
  const SchemaCodec codec(kSchema);
  const Case cases[] = {
      {"<one xsi:nil='true'/>", R"({"one":null})"},
      {"<one xsi:nil=' 1 '></one>", R"({"one":null})"},
      {"<one xsi:nil='false'/>", R"({"one":""})"},
      {"<many xsi:nil='true'/>", R"({"many":[null]})"},
      {"<one xsi:nil='true' u='1'/>", R"({"one":{"@u":"1","#text":null}})"},
      {"<one xsi:nil='true'>x</one>", "xml.nil $.one 1:"},
      {"<obj xsi:nil='true'><a/></obj>", "xml.nil $.obj 1:"},
      {"<one xsi:nil='yes'/>", "xml.nil $.one 1:"},
      {"<one xsi:type='xsd:string'>x</one>", R"({"one":"x"})"},
      {"<typed xsi:type='t'/>", R"({"typed":{"@xsi:type":"t"}})"},
  };
  for (const Case& c : cases) {
    const std::string xml = "<r" + std::string(kXsi) + ">" + std::string(c.xml) + "</r>";
    EXPECT_TRUE(codec.decode(xml).starts_with(c.expected)) << c.xml << ' ' << codec.decode(xml);
  }
}

TEST(XmlDecode, NodesKnowTheirPlaces) {
  const SchemaCodec codec(kSchema);
  Document out;
  ASSERT_TRUE(codec.codec
                  ->decode("<?xml version='1.0'?>\n<r>\n  <one>x</one><many\n a='1'\txmlns:q='u' b = \"2\">中</many>\n"
                           "<mix>中<b>c</b>t</mix></r>",
                           {}, out)
                  .has_value());
  const auto place = [&](std::string_view path) {
    const Node* node = at_path(out.root(), path);
    return node == nullptr ? Position{} : node->position;
  };
  EXPECT_EQ(out.root().position, (Position{2, 1}));
  EXPECT_EQ(place("one"), (Position{3, 3}));
  EXPECT_EQ(place("many"), (Position{3, 15}));
  EXPECT_EQ(place("many[0].@a"), (Position{4, 2}));
  EXPECT_EQ(place("many[0].@b"), (Position{4, 20}));
  EXPECT_EQ(place("mix.#mixed[0]"), (Position{5, 6}));
  EXPECT_EQ(place("mix.#mixed[1].b"), (Position{5, 7}));
  EXPECT_EQ(place("mix.#mixed[2]"), (Position{5, 15}));
}

TEST(XmlDecode, BareDoctypeDeclaresNothing) {
  const SchemaCodec codec(R"({"x-format":{"type":"xml","root":"r","doctype":"bare"},"type":"object"})");
  EXPECT_EQ(codec.decode("<!DOCTYPE r><r/>"), "{}");
  EXPECT_EQ(codec.decode("<!DOCTYPE r ><r>&lt;</r>"), R"({"#text":"<"})");
  for (const char* xml : {"<!DOCTYPE r SYSTEM 'x'><r/>", "<!DOCTYPE r PUBLIC 'p' 'x'><r/>", "<!DOCTYPE r []><r/>",
                          "<!DOCTYPE r [<!ENTITY a 'b'>]><r/>", "<!DOCTYPE r [%p;]><r/>"}) {
    EXPECT_TRUE(codec.decode(xml).starts_with("xml.doctype")) << xml;
  }
  EXPECT_TRUE(codec.decode("<!DOCTYPE r><r>&x;</r>").starts_with("xml.entity"));
}

std::string encoded(std::string_view utf8, Charset charset) {
  std::string out;
  EXPECT_TRUE(encode_charset(utf8, charset, Unencodable::kRefuse, out).has_value());
  return out;
}

TEST(XmlDecode, TheLabelOrTheMarkOrTheSettingDecides) {
  const SchemaCodec plain(kSchema);
  const SchemaCodec gb(R"({"x-format":{"type":"xml","root":"r","charset":"GB18030"},"type":"object"})");
  const std::string expected = R"({"one":"镕𠮷·"})";
  for (const char* label : {"GB2312", "gbk", "GB18030", "gb_2312-80"}) {
    const std::string xml = std::string("<?xml version=\"1.0\" encoding='") + label + "'?><r><one>镕𠮷·</one></r>";
    EXPECT_EQ(plain.decode(encoded(xml, Charset::kGb18030)), expected) << label;
  }
  const std::string bare = "<r><one>镕𠮷·</one></r>";
  EXPECT_EQ(gb.decode(encoded(bare, Charset::kGb18030)), expected);
  EXPECT_EQ(gb.decode("<?xml version='1.0' encoding='utf-8'?>" + bare), expected);
  EXPECT_EQ(gb.decode("\xEF\xBB\xBF" + bare), expected);
  EXPECT_EQ(plain.decode(encoded(bare, Charset::kGb18030)), "charset.malformed $ 1:9");
  EXPECT_EQ(plain.decode(encoded("<?xml version='1.0' encoding='UTF-16'?>" + bare, Charset::kUtf16)), expected);
  EXPECT_EQ(plain.decode(encoded("<?xml version='1.0'?>" + bare, Charset::kUtf16Be)), expected);
  EXPECT_EQ(plain.decode("\xFE\xFF" + encoded(bare, Charset::kUtf16Be)), expected);
  EXPECT_EQ(plain.decode(encoded("<?xml version='1.0' encoding='GBK'?>" + bare, Charset::kUtf16)),
            "xml.encoding $ 1:1");
  EXPECT_EQ(plain.decode("\xEF\xBB\xBF<?xml version='1.0' encoding='GB2312'?>" + bare), expected);
}

TEST(XmlDecode, LimitsHold) {
  const SchemaCodec codec(kSchema);
  DecodeLimits limits;
  limits.max_bytes = 10;
  EXPECT_EQ(codec.decode("<r>1234</r>", limits), "xml.bytes $");
  limits = {};
  limits.max_depth = 3;
  EXPECT_EQ(codec.decode("<r><new><a/></new></r>", limits), R"({"new":{"a":""}})");
  EXPECT_EQ(codec.decode("<r><new><a><b/></a></new></r>", limits), "xml.depth $.new.a.b 1:12");
  limits = {};
  limits.max_nodes = 3;
  EXPECT_EQ(codec.decode("<r><new a=''>1</new></r>", limits), "xml.nodes $ 1:1");
  limits = {};
  limits.max_text_bytes = 4;
  EXPECT_EQ(codec.decode("<r><one>1234</one></r>", limits), R"({"one":"1234"})");
  EXPECT_EQ(codec.decode("<r><one>12<![CDATA[345]]></one></r>", limits), "xml.text-bytes $.one 1:9");
  EXPECT_EQ(codec.decode("<r a='12345'/>", limits), "xml.text-bytes $ 1:4");
  limits = {};
  limits.max_depth = 100'000;
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "<d>";
  EXPECT_TRUE(codec.decode("<r>" + deep, limits).starts_with("xml.depth"));
}

TEST(XmlDecode, HostileSizesCostLittle) {
  const SchemaCodec codec(kSchema);
  std::string attributes;
  for (int i = 0; i < 60'000; ++i) attributes += " a" + std::to_string(i) + "=\"\"";
  EXPECT_EQ(codec.decode("<r" + attributes + "/>"), "xml.attributes $ 1:1");
  std::string nested;
  for (int i = 0; i < 10; ++i) {
    nested += "<n";
    for (int j = 0; j < 200; ++j) nested += " xmlns:p" + std::to_string(i * 200 + j) + "='u'";
    nested += ">";
  }
  EXPECT_EQ(codec.decode("<r>" + nested), "xml.namespaces $.n 1:2897");
  std::string distinct;
  for (int i = 0; i < 50'000; ++i) distinct += "<a" + std::to_string(i) + "/>";
  EXPECT_TRUE(codec.decode("<r>" + distinct + "</r>").starts_with(R"({"a0":"","a1")"));
}

TEST(XmlDecode, ThreadsDoNotDisturbEachOther) {
  const SchemaCodec codec(kSchema);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&codec, &wrong, t] {
      for (int i = 0; i < 200; ++i) {
        const std::string number = std::to_string(t * 1000 + i);
        Document out;
        const bool good = codec.codec->decode("<r><one>" + number + "</one></r>", {}, out).has_value();
        if (!good || out.root().find("one")->text != number) ++wrong;
        if (codec.codec->decode("<r><one>" + number + "</two></r>", {}, out).has_value()) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace tongqu
