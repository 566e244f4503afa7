// A message chosen by the sender through stylesheets of every kind of work: nothing may leak, overrun or go on for
// ever, and what comes out decodes or is refused.
#include <cstdint>
#include <cstdlib>

#include "transforms/codecs/xml_codec.hpp"
#include "transforms/codecs/xslt_stylesheet.hpp"

namespace {

using namespace tongqu;  // NOLINT

constexpr std::string_view kSheets[] = {
    R"x(<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/*"><r>
<xsl:for-each select="*"><xsl:sort select="@n"/><xsl:element name="{@n}"><xsl:value-of select="."/></xsl:element>
</xsl:for-each></r></xsl:template></xsl:stylesheet>)x",
    R"x(<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="@*|node()">
<xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy></xsl:template></xsl:stylesheet>)x",
    R"x(<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:key name="k" match="*" use="@n"/>
<xsl:template match="/"><r><xsl:for-each select="//*[key('k', string())]"><xsl:number value="position()" format="i"/>
<xsl:value-of select="format-number(., '#,##0.00')"/><xsl:value-of select="translate(substring(., 2, 5), 'a', 'b')"/>
</xsl:for-each></r></xsl:template></xsl:stylesheet>)x"};

FieldNode fields() {
  FieldNode root;
  root.type = FieldType::kObject;
  return root;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const FieldNode kFields = fields();
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const std::string_view text : kSheets) {
    auto sheet = XsltStylesheet::compile(text);
    if (sheet.has_error()) std::abort();
    XmlFormat format;
    format.root = "r";
    format.bare_doctype = true;
    format.before_decode = *sheet;
    const XmlCodec codec(format, kFields);
    Document out;
    static_cast<void>(codec.decode(bytes, {}, out));
  }
  static_cast<void>(XsltStylesheet::compile(bytes));
  return 0;
}
