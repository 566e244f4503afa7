<?xml version="1.0" encoding="UTF-8"?>
<!-- The registry answers in rows that carry their field's name as a value; the schema knows elements. The first row is
     the entity, names in lower case; a field that the schema does not know is a fault, so nothing slips in without a label. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:variable name="upper" select="'ABCDEFGHIJKLMNOPQRSTUVWXYZ'"/>
  <xsl:variable name="lower" select="'abcdefghijklmnopqrstuvwxyz'"/>
  <xsl:template match="/RESULT">
    <entity>
      <xsl:for-each select="ROWS/ROW[1]/FIELD">
        <xsl:element name="{translate(@NAME, $upper, $lower)}"><xsl:value-of select="."/></xsl:element>
      </xsl:for-each>
    </entity>
  </xsl:template>
</xsl:stylesheet>
