#include "connectors/soap/soap_text.hpp"

#include <gtest/gtest.h>

#include "connectors/soap/multipart.hpp"

namespace tongqu::soap {
namespace {

std::string inner(std::string_view text) {
  auto document = inner_document(text);
  return document.has_value() ? *document : std::string(document.error().code->id);
}

TEST(SoapText, DocumentsInStringsAreFound) {
  EXPECT_EQ(inner("<a>1</a>"), "<a>1</a>");
  EXPECT_EQ(inner("  \xEF\xBB\xBF <?xml version=\"1.0\" encoding=\"GBK\"?>\n<a/>\n"), "<a/>");
  EXPECT_EQ(inner("&lt;a&gt;x &amp;amp; y&lt;/a&gt;"), "<a>x &amp; y</a>");
  EXPECT_EQ(inner("&amp;lt;a/&amp;gt;"), "soap.string");
  EXPECT_EQ(inner("<![CDATA[<?xml version='1.0'?><a/>]]>"), "<a/>");
  EXPECT_EQ(inner("plain"), "soap.string");
  EXPECT_EQ(inner(""), "soap.string");
}

TEST(SoapText, ReferencesAndEntitiesAreUndoneAndNothingElse) {
  EXPECT_EQ(unescaped("&#20013;&#x6587;&quot;&apos;&nbsp;&#xD800;&#0;&"), "中文\"'&nbsp;&#xD800;&#0;&");
  EXPECT_EQ(escaped("<&\">\r\x01"), "&lt;&amp;&quot;&gt;&#13;\xEF\xBF\xBD");
  EXPECT_EQ(unescaped(escaped("a<b>&\"c")), "a<b>&\"c");
}

TEST(SoapText, MediaTypesAndTheirParameters) {
  const MediaType media = parse_media_type("Multipart/Related; type=\"text/xml\"; boundary=\"a;b\" ; start=<x>");
  EXPECT_EQ(media.type, "multipart/related");
  EXPECT_EQ(media.parameter("type"), "text/xml");
  EXPECT_EQ(media.parameter("boundary"), "a;b");
  EXPECT_EQ(media.parameter("start"), "<x>");
  EXPECT_EQ(media.parameter("none"), "");
}

std::string related(const std::string& body, const std::string& parameters = "boundary=B") {
  auto parts = parse_related(parse_media_type("multipart/related; " + parameters), body);
  if (parts.has_error()) return parts.error().param;
  std::string out = parts->root.body;
  for (const Part& part : parts->others) out += "|" + part.content_id + "=" + part.body;
  return out;
}

TEST(Multipart, PartsAreTakenApart) {
  EXPECT_EQ(related("preamble\r\n--B\r\nContent-Type: text/xml\r\n\r\n<a/>\r\n--B\r\nContent-ID: <x>\r\n\r\n1\r\n2\r\n"
                    "--B--\r\n"),
            "<a/>|x=1\r\n2");
  EXPECT_EQ(related("--B\nContent-ID: <x>\n\n1\n--B\nContent-ID: <r>\n\n<a/>\n--B--", "boundary=B; start=\"<r>\""),
            "<a/>|x=1");
  EXPECT_EQ(related("--B\n\n--Bx\n--B--"), "--Bx");
  EXPECT_EQ(related("--B\n\n\n--B--"), "");
}

TEST(Multipart, TransferEncodingsAreUndone) {
  EXPECT_EQ(related("--B\nContent-Transfer-Encoding: base64\n\naGVs\nbG8=\n--B--"), "hello");
  EXPECT_EQ(related("--B\nContent-Transfer-Encoding: quoted-printable\n\na=3Db=\nc\n--B--"), "a=bc");
  EXPECT_EQ(related("--B\nContent-Transfer-Encoding: base64\n\n***\n--B--"), "transfer encoding");
  EXPECT_EQ(related("--B\nContent-Transfer-Encoding: uuencode\n\nx\n--B--"), "transfer encoding");
}

TEST(Multipart, WhatCannotBeTakenApartSaysWhy) {
  EXPECT_EQ(related("--B\n\nx\n--B--", "type=a"), "boundary");
  EXPECT_EQ(related("--B\n\nx\n"), "no closing delimiter");
  EXPECT_EQ(related("--B\nContent-Type: a\n--B--"), "headers without end");
  EXPECT_EQ(related("--B\n\nx\n--B--", "boundary=B; start=<y>"), "start");
  EXPECT_EQ(related("--B--"), "no part");
  EXPECT_EQ(related("--B\nX: " + std::string(9000, 'x') + "\n\nx\n--B--"), "headers too long");
  std::string many;
  for (int i = 0; i < 70; ++i) many += "--B\n\nx\n";
  EXPECT_EQ(related(many + "--B--"), "too many parts");
}

}  // namespace
}  // namespace tongqu::soap
