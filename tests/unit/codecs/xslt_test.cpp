#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "tests/unit/codecs/codec_support.hpp"
#include "transforms/codecs/xslt_stylesheet.hpp"

namespace tongqu {
namespace {

std::string sheet(std::string_view body, std::string_view attributes = {}) {
  return "<xsl:stylesheet version=\"1.0\" xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\" " +
         std::string(attributes) + ">\n" + std::string(body) + "\n</xsl:stylesheet>";
}

// What systems with one table for everything send: <f n="NAME">VALUE</f>.
const std::string kFields = sheet(R"x(<xsl:template match="/rows"><order>
<xsl:for-each select="f"><xsl:element name="{@n}"><xsl:value-of select="."/></xsl:element></xsl:for-each>
</order></xsl:template>)x");
const std::string kRows = sheet(R"x(<xsl:template match="/order"><rows>
<xsl:for-each select="*"><f n="{local-name()}"><xsl:value-of select="."/></f></xsl:for-each>
</rows></xsl:template>)x");

// The result, or the fault: "xslt.limit 200000 nodes".
std::string applied(std::string_view stylesheet, std::string_view document, const XsltLimits& limits = {}) {
  const auto made = XsltStylesheet::compile(stylesheet);
  if (made.has_error()) {
    std::string out(made.error().code->id);
    for (const Fault& fault : made.error().faults)
      out += "; " + std::string(fault.code->id) + ' ' + fault.param + ' ' + std::to_string(fault.position.line);
    return out;
  }
  auto result = (*made)->apply(document, limits);
  if (result.has_value()) return *result;
  const Error& error = result.error();
  return std::string(error.code->id) + (error.param.empty() ? "" : " " + error.param);
}

TEST(XsltStylesheet, MakesTheShapeThatASchemaCanDescribe) {
  EXPECT_EQ(applied(sheet(R"x(<xsl:template match="/"><a><xsl:value-of select="//b[2]"/></a></xsl:template>)x"),
                    "<r><b>1</b><b>二</b></r>"),
            "<a>二</a>");
  EXPECT_EQ(applied(sheet(R"x(<xsl:key name="k" match="p" use="@id"/><xsl:template match="/"><a>
<xsl:for-each select="//o"><b><xsl:value-of select="key('k', @p)"/></b></xsl:for-each></a></xsl:template>)x"),
                    R"x(<r><o p="2"/><o p="1"/><p id="1">甲</p><p id="2">乙</p></r>)x"),
            "<a><b>乙</b><b>甲</b></a>");
}

struct Refusal {
  std::string_view body;
  std::string_view expected;
};
const Refusal kForbidden[] = {
    {R"x(<xsl:import href="/etc/passwd"/>)x", "xslt.load; xslt.forbidden xsl:import 2"},
    {R"x(<xsl:include href="http://127.0.0.1/x.xsl"/>)x", "xslt.load; xslt.forbidden xsl:include 2"},
    {R"x(<xsl:template match="/"><a><xsl:copy-of select="document('/etc/passwd')"/></a></xsl:template>)x",
     "xslt.load; xslt.forbidden document() 2"},
    {"<xsl:template match=\"/\">\n<a b=\"{document ( 'x' )}\"/></xsl:template>",
     "xslt.load; xslt.forbidden document() 3"},
    {R"x(<xsl:template match="/"><xsl:document href="/tmp/x"><a/></xsl:document></xsl:template>)x",
     "xslt.load; xslt.forbidden xsl:document 2"},
    {R"x(<xsl:output method="text"/>)x", "xslt.load; xslt.forbidden xsl:output method 2"},
    {R"x(<xsl:template match="/"><xsl:value-of select="." disable-output-escaping="yes"/></xsl:template>)x",
     "xslt.load; xslt.forbidden disable-output-escaping 2"},
};

TEST(XsltStylesheet, WhatReachesOutsideIsForbiddenWithItsPlace) {
  for (const Refusal& one : kForbidden) EXPECT_EQ(applied(sheet(one.body), "<r/>"), one.expected) << one.body;
  EXPECT_EQ(applied(sheet("", R"x(xmlns:e="http://exslt.org/common" extension-element-prefixes="e")x"), "<r/>"),
            "xslt.load; xslt.forbidden extension-element-prefixes 1");
  EXPECT_TRUE(
      applied("<!DOCTYPE x [<!ENTITY e 'x'>]>" + sheet(""), "<r/>").starts_with("xslt.load; xslt.forbidden DOCTYPE"));
}

TEST(XsltStylesheet, AnExtensionOfTheLibraryIsNoWayOut) {
  // Elements that libxslt has built in, in their namespaces, without the prefix list.
  for (const std::string_view space :
       {"http://exslt.org/common", "http://icl.com/saxon", "org.apache.xalan.xslt.extensions.Redirect"}) {
    const std::string text = applied(
        sheet(
            R"x(<xsl:template match="/"><r><x:document href="/tmp/tongqu-xslt" file="/tmp/tongqu-xslt"><a/></x:document></r></xsl:template>)x",
            "xmlns:x=\"" + std::string(space) + '"'),
        "<r/>");
    EXPECT_TRUE(text.starts_with("<r")) << text << " is copied as it stands, not run";
    EXPECT_NE(access("/tmp/tongqu-xslt", F_OK), 0);
  }
}

TEST(XsltStylesheet, BrokenOnesAreNamed) {
  EXPECT_TRUE(applied("<a", "<r/>").starts_with("xslt.load; xslt.load "));
  EXPECT_TRUE(applied("", "<r/>").starts_with("xslt.load"));
  EXPECT_TRUE(applied("<a/>", "<r/>").starts_with("xslt.load"));
  EXPECT_TRUE(applied(sheet(R"x(<xsl:template match="///"><a/></xsl:template>)x"), "<r/>")
                  .starts_with("xslt.load; xslt.load "));
  EXPECT_TRUE(
      applied(sheet(R"x(<xsl:template match="/"><xsl:nothing/></xsl:template>)x"), "<r/>").starts_with("xslt.load"));
}

TEST(XsltStylesheet, EndsAtEachLimit) {
  XsltLimits limits;
  const std::string loop = sheet(R"x(<xsl:template match="/"><a><xsl:call-template name="l"/></a></xsl:template>
<xsl:template name="l"><xsl:call-template name="l"/></xsl:template>)x");
  EXPECT_EQ(applied(loop, "<r/>"), "xslt.refused");
  const std::string bomb = sheet(R"x(<xsl:template match="/"><a><xsl:for-each select="//*"><xsl:for-each select="//*">
<xsl:copy-of select="/"/></xsl:for-each></xsl:for-each></a></xsl:template>)x");
  std::string wide = "<r>";
  for (int i = 0; i < 300; ++i) wide += "<b>0123456789</b>";
  wide += "</r>";
  EXPECT_EQ(applied(bomb, wide), "xslt.limit 200000 nodes");
  limits.bytes = 10'000;
  EXPECT_EQ(applied(bomb, wide, limits), "xslt.limit 10000 bytes");
  limits = {};
  limits.operations = 1000;
  EXPECT_EQ(
      applied(sheet(R"x(<xsl:template match="/"><a><xsl:for-each select="//b"><xsl:if test="count(//b[. = '1']) = 7">
<b/></xsl:if></xsl:for-each></a></xsl:template>)x"),
              wide, limits),
      "xslt.limit 1000 operations");
}

TEST(XsltStylesheet, CanTurnAMessageBack) {
  EXPECT_EQ(
      applied(sheet(R"x(<xsl:template match="/"><xsl:message terminate="yes"><xsl:value-of select="."/></xsl:message>
</xsl:template>)x"),
              "<r>secret</r>"),
      "xslt.refused");
  EXPECT_EQ(applied(sheet(R"x(<xsl:template match="/"><xsl:message>said</xsl:message><a/></xsl:template>)x"), "<r/>"),
            "<a/>");
  EXPECT_EQ(applied(sheet(R"x(<xsl:template match="/">text only</xsl:template>)x"), "<r/>"), "xslt.failed");
}

TEST(XsltStylesheet, ServesManyThreadsAtOnce) {
  const auto made = XsltStylesheet::compile(kFields);
  ASSERT_TRUE(made.has_value());
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      const std::string number = std::to_string(i);
      for (int n = 0; n < 500; ++n) {
        auto text = (*made)->apply("<rows><f n=\"no\">" + number + "</f></rows>");
        if (text.has_value() && *text == "<order><no>" + number + "</no></order>") ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 2000);
}

constexpr std::string_view kSchema =
    R"x({"type":"object","properties":{"no":{"type":"string"},"title":{"type":"string"}},
"x-format":{"type":"xml","root":"order","charset":"GBK","xslt_in":"fields","xslt_out":"rows",
            "labels_reviewed_by":"王建国","labels_reviewed_on":"2026-11-20"}})x";

struct WithSheets {
  std::unique_ptr<Schema> schema;
  Result<std::shared_ptr<const Codec>> codec;
};
WithSheets codec_of(std::string_view schema_json) {
  const Document document = test::json(schema_json);
  auto schema = JsonSchema::compile("test@1", document.root());
  const auto source = [](std::string_view name) -> std::optional<std::string_view> {
    if (name == "fields") return kFields;
    if (name == "rows") return kRows;
    if (name == "bad") return "<a/>";
    return std::nullopt;
  };
  auto codec = make_codec(document.root().find("x-format"), (*schema)->fields(), source);
  return {std::move(*schema), std::move(codec)};
}

TEST(XsltCodec, ReadsAndWritesThroughItsStylesheets) {
  const WithSheets made = codec_of(kSchema);
  ASSERT_TRUE(made.codec.has_value());
  const std::string_view gbk =
      "<?xml version=\"1.0\" encoding=\"GBK\"?><rows><f n=\"no\">7</f><f n=\"title\">\xD6\xD0</f></rows>";
  Document document;
  ASSERT_TRUE((*made.codec)->decode(gbk, {}, document).has_value());
  EXPECT_EQ(test::to_json(document.root()), R"x({"no":"7","title":"中"})x");
  EXPECT_EQ(document.root().find("no")->position.line, 0U) << "the sender never saw that text";
  std::string out;
  ASSERT_TRUE((*made.codec)->encode(document.root(), out).has_value());
  EXPECT_EQ(out, "<?xml version=\"1.0\" encoding=\"GBK\"?>\n<rows><f n=\"no\">7</f><f n=\"title\">\xD6\xD0</f></rows>");
}

TEST(XsltCodec, TheSendersTextIsHeldAgainstEveryLimitFirst) {
  const WithSheets made = codec_of(kSchema);
  ASSERT_TRUE(made.codec.has_value());
  const auto outcome = [&](std::string_view bytes, const DecodeLimits& limits = {}) {
    Document document;
    const Status status = (*made.codec)->decode(bytes, limits, document);
    return status.has_error() ? test::fault_text(status.error()) : test::to_json(document.root());
  };
  EXPECT_EQ(outcome("<!DOCTYPE r [<!ENTITY e 'x'>]><rows><f n=\"no\">&e;</f></rows>"), "xml.doctype $ 1:13");
  EXPECT_EQ(outcome("<rows><f n=\"no\">1</f>"), "xml.unclosed $ 1:22");
  DecodeLimits small;
  small.max_nodes = 2;
  EXPECT_TRUE(outcome("<rows><f n=\"no\">1</f></rows>", small).starts_with("xml.nodes"));
  EXPECT_EQ(outcome("<other/>"), "xslt.failed $") << "no template made an element";
  EXPECT_EQ(outcome("<rows><f n=\"no\">1</f><f n=\"no\">2</f></rows>"), "xml.repeated $.no") << "without a place";
  EXPECT_EQ(outcome("<rows><f n=\"1 2\">1</f></rows>"), "xslt.failed $") << "a name that the sender chose";
}

TEST(XsltCodec, FormatsAreCheckedWhenTheyAreLoaded) {
  const auto outcome = [](std::string_view members) {
    const WithSheets made =
        codec_of(R"x({"type":"object","x-format":{"type":"xml","root":"r",)x" + std::string(members) + "}}");
    if (made.codec.has_value()) return std::string("ok");
    std::string out;
    for (const Fault& fault : made.codec.error().faults)
      out += std::string(fault.code->id) + ' ' + fault.path + ' ' + fault.param + ';';
    return out;
  };
  EXPECT_EQ(outcome(R"x("xslt_out":"rows")x"), "ok") << "what goes out passed the view before";
  EXPECT_EQ(outcome(R"x("xslt_in":"fields")x"), "codecs.format-review $.x-format.xslt_in ;");
  EXPECT_EQ(outcome(R"x("xslt_in":"fields","labels_reviewed_by":"a","labels_reviewed_on":"soon")x"),
            "codecs.format-review $.x-format.xslt_in ;");
  EXPECT_EQ(outcome(R"x("xslt_out":"none")x"), "codecs.format-value $.x-format.xslt_out a file stylesheets/….xsl;");
  EXPECT_TRUE(outcome(R"x("xslt_out":"bad")x").starts_with("xslt.load $.x-format.xslt_out "));
}

}  // namespace
}  // namespace tongqu
