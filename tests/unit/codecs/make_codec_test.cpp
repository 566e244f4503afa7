#include "transforms/codecs/make_codec.hpp"

#include <gtest/gtest.h>

#include "tests/unit/codecs/codec_support.hpp"

namespace tongqu {
namespace {

// "codecs.format-member $.x-format.rot rot (root?)" for each fault; the content type when there is none.
std::string outcome(std::string_view format, std::string_view properties = "{}") {
  const Document schema = test::json(R"({"type":"object","properties":)" + std::string(properties) + R"(,"x-format":)" +
                                     std::string(format) + "}");
  const auto compiled = JsonSchema::compile("test@1", schema.root());
  if (compiled.has_error()) return "schema";
  const auto made = make_codec(schema.root().find("x-format"), (*compiled)->fields());
  if (made.has_value()) return std::string((*made)->content_type());
  EXPECT_EQ(made.error().code->id, "codecs.format");
  std::string out;
  for (const Fault& fault : made.error().faults) {
    EXPECT_EQ(fault.position.line, 1U);
    out += (out.empty() ? "" : "; ") + std::string(fault.code->id).substr(7) + ' ' + fault.path + ' ' + fault.param;
  }
  return out;
}

TEST(MakeCodec, WithoutAFormatItIsJson) {
  const auto made = make_codec(nullptr, FieldNode{});
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ((*made)->content_type(), "application/json");
}

struct Case {
  std::string_view format;
  std::string_view properties;
  std::string_view expected;
};

const Case kCases[] = {
    {R"({"type":"json"})", "{}", "application/json"},
    {R"({"type":"json","root":"x"})", "{}", "format-member $.x-format.root root"},
    {R"([])", "{}", "format-value $.x-format {type, …}"},
    {R"({})", "{}", "format-missing $.x-format type"},
    {R"({"type":1})", "{}", "format-value $.x-format.type text"},
    {R"({"type":"xml","root":"a:R","namespaces":{"a":"urn:a"},"charset":"GB18030","doctype":"bare"})",
     R"({"a:x":{"type":"string"},"@a:y":{},"#text":{},"xml:z":{},"{urn:q}w":{}})", "application/xml"},
    {R"({"type":"xml"})", "{}", "format-missing $.x-format root"},
    {R"({"type":"xml","rot":"a","root":"r"})", "{}", "format-member $.x-format.rot rot (root?)"},
    {R"({"type":"xml","root":"a:R"})", R"({"b:x":{},"c":{"type":"array","items":{"properties":{"@d:e":{}}}}})",
     "format-prefix $.x-format.root a; format-prefix $.b:x b; format-prefix $.c[].@d:e d"},
    {R"({"type":"xml","root":"r","charset":"big5","doctype":"all"})", "{}",
     "format-value $.x-format.charset UTF-8 / GB18030 / GBK / GB2312 / UTF-16 / ISO-8859-1 / US-ASCII; format-value "
     "$.x-format.doctype refuse / bare"},
    {R"({"type":"xml","root":"r","namespaces":{"xsi":"urn:x","_a":"u","b":"","c":"urn:c","d":"urn:c"}})", "{}",
     "format-value $.x-format.namespaces a prefix other than xml, xsi, xmlns, _…; format-value $.x-format.namespaces a "
     "prefix other than xml, xsi, xmlns, _…; format-value $.x-format.namespaces a URI for b; format-value "
     "$.x-format.namespaces one prefix for a URI: d"},
    {R"({"type":"xml","root":"r"})",
     R"({"a b":{},"#mixed":{"type":"string"},"l":{"type":"array","items":{"type":"array"}}})",
     "format-structure $[*] a name that XML does not allow; format-structure $.#mixed #mixed that is no list; "
     "format-structure $.l a list in a list"},
    {R"({"type":"yaml"})", "{}", "format-type $.x-format.type json / xml / csv / form"},
    {R"({"type":"csv","header":"titles","separator":";","charset":"gbk"})",
     R"({"a":{"title":"甲"},"b":{"title":"乙"}})", "text/csv"},
    {R"({"type":"csv","header":"all","separator":"|","bom":true,"charset":"gbk"})", R"({"a":{}})",
     "format-value $.x-format.header names / titles / none; format-value $.x-format.separator , / ; / \t; "
     "format-value $.x-format.bom true with charset UTF-8 only"},
    {R"({"type":"csv","bom":1})", "{}",
     "format-value $.x-format.bom true / false; format-structure $ a schema without properties"},
    {R"({"type":"csv"})", R"({"a":{"type":"object"},"b":{"type":"array"},"c":{"type":"integer"}})",
     "format-structure $.a a field that is no text; format-structure $.b a field that is no text"},
    {R"({"type":"csv","header":"titles"})", R"({"a":{"title":"甲"},"b":{"title":"甲"},"c":{}})",
     "format-structure $.a a column without a title of its own; format-structure $.b a column without a title of its "
     "own; format-structure $.c a column without a title of its own"},
    {R"({"type":"form","charset":"GBK"})", R"({"a":{},"b":{"type":"array","items":{"type":"string"}}})",
     "application/x-www-form-urlencoded"},
    {R"({"type":"form","charset":"utf-16","x":1})", R"({"a":{"type":"array","items":{"type":"object"}}})",
     "format-member $.x-format.x x; format-value $.x-format.charset a charset that contains ASCII; format-structure "
     "$.a a field that is no text"},
};

TEST(MakeCodec, TellsEveryReason) {
  for (const Case& c : kCases) EXPECT_EQ(outcome(c.format, c.properties), c.expected) << c.format;
}

}  // namespace
}  // namespace tongqu
