#pragma once
// What the codecs turn back, and why. Every fault carries the place in the source.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kJsonEmpty;
extern const ErrorCode kJsonSyntax;        // {}: the tokens that may stand here
extern const ErrorCode kJsonUnclosed;      // a text without its closing quote
extern const ErrorCode kJsonEscape;        // unknown or incomplete escape
extern const ErrorCode kJsonNumber;        // not a number of RFC 8259
extern const ErrorCode kJsonNumberRange;   // magnitude above 1.7e308
extern const ErrorCode kJsonControl;       // a control character that is not escaped
extern const ErrorCode kJsonTrailing;      // bytes behind the value
extern const ErrorCode kJsonByteOrder;     // a byte order mark
extern const ErrorCode kJsonUtf8;          // malformed UTF-8
extern const ErrorCode kJsonSurrogate;     // half of a surrogate pair in \u escapes
extern const ErrorCode kJsonDuplicateKey;  // a member name twice in one object
extern const ErrorCode kJsonDepth;         // {}: the limit
extern const ErrorCode kJsonNodes;         // {}: the limit
extern const ErrorCode kJsonBytes;         // {}: the limit
extern const ErrorCode kJsonTextBytes;     // {}: the limit
extern const ErrorCode kJsonEncodeNumber;  // the document holds a number that JSON cannot write

extern const ErrorCode kCharsetUnknown;      // a label that is not in charset.hpp
extern const ErrorCode kCharsetMalformed;    // {}: "GB18030, byte 17", 0-based offset
extern const ErrorCode kCharsetUnencodable;  // {}: the charset that lacks a character

extern const ErrorCode kFormatLoad;       // an x-format that cannot be used; one fault per reason
extern const ErrorCode kFormatMember;     // {}: the member that is not known
extern const ErrorCode kFormatMissing;    // {}: the member that is missing
extern const ErrorCode kFormatType;       // {}: the types there are
extern const ErrorCode kFormatValue;      // {}: what the member takes
extern const ErrorCode kFormatPrefix;     // {}: a prefix of the schema that has no namespace
extern const ErrorCode kFormatReview;     // a stylesheet for incoming messages whose labels nobody reviewed
extern const ErrorCode kFormatStructure;  // {}: a field that the format cannot carry

extern const ErrorCode kXmlSyntax;              // {}: number of libxml2's error
extern const ErrorCode kXmlEmpty;               // no element
extern const ErrorCode kXmlTag;                 // an end tag that does not fit
extern const ErrorCode kXmlUnclosed;            // the text ends within an element
extern const ErrorCode kXmlTrailing;            // something behind the root element
extern const ErrorCode kXmlCharacter;           // a character that XML 1.0 does not allow
extern const ErrorCode kXmlEntity;              // an entity that is none of the five predefined
extern const ErrorCode kXmlDuplicateAttribute;  // an attribute twice at one element
extern const ErrorCode kXmlNamespace;           // an undeclared prefix, or a wrong declaration
extern const ErrorCode kXmlEncoding;            // the declaration contradicts the bytes
extern const ErrorCode kXmlDoctype;             // a DOCTYPE where there may be none, or one that declares something
extern const ErrorCode kXmlRoot;                // {}: the root element that is expected
extern const ErrorCode kXmlRepeated;            // an element twice where the schema has no list
extern const ErrorCode kXmlNil;                 // xsi:nil that is no boolean, or content beside it
extern const ErrorCode kXmlDepth;               // {}: the limit
extern const ErrorCode kXmlNodes;               // {}: the limit
extern const ErrorCode kXmlBytes;               // {}: the limit
extern const ErrorCode kXmlTextBytes;           // {}: the limit
extern const ErrorCode kXmlAttributes;          // {}: the limit
extern const ErrorCode kXmlNamespaces;          // {}: the limit
extern const ErrorCode kXmlEncodeCharacter;     // the document holds a character that XML cannot write
extern const ErrorCode kXmlEncodeName;          // a member name that is no name of an element or attribute
extern const ErrorCode kXmlEncodeShape;         // {}: what XML cannot write

extern const ErrorCode kCsvQuote;        // a quotation mark within a cell, or something behind the closing one
extern const ErrorCode kCsvUnclosed;     // a cell without its closing quote
extern const ErrorCode kCsvCharacter;    // U+0000
extern const ErrorCode kCsvRagged;       // {}: how many cells there must be
extern const ErrorCode kCsvHeading;      // a heading twice, or a value under none
extern const ErrorCode kCsvRows;         // not exactly one row
extern const ErrorCode kCsvBytes;        // {}: the limit
extern const ErrorCode kCsvRowBytes;     // {}: the limit
extern const ErrorCode kCsvCellBytes;    // {}: the limit
extern const ErrorCode kCsvColumns;      // {}: the limit
extern const ErrorCode kCsvEncodeShape;  // {}: what CSV cannot write

extern const ErrorCode kFormEscape;       // % without two hexadecimal digits
extern const ErrorCode kFormRepeated;     // a field twice where the schema has no list
extern const ErrorCode kFormBytes;        // {}: the limit
extern const ErrorCode kFormNodes;        // {}: the limit
extern const ErrorCode kFormTextBytes;    // {}: the limit
extern const ErrorCode kFormEncodeShape;  // {}: what a form cannot carry

extern const ErrorCode kEnvelopeRoot;        // not a SOAP envelope
extern const ErrorCode kEnvelopeVersion;     // an envelope of an unknown version
extern const ErrorCode kEnvelopeBody;        // no body, or several elements in it
extern const ErrorCode kEnvelopeReference;   // an href that names nothing, or itself
extern const ErrorCode kEnvelopeAttachment;  // a cid that names no part
extern const ErrorCode kEnvelopeBytes;       // {}: the limit

extern const ErrorCode kXsltLoad;       // {}: number of libxslt's or libxml2's error
extern const ErrorCode kXsltForbidden;  // {}: the word of XSLT that a stylesheet may not say
extern const ErrorCode kXsltFailed;     // the stylesheet stopped, or made no element
extern const ErrorCode kXsltRefused;    // xsl:message with terminate="yes", or templates without end
extern const ErrorCode kXsltLimit;      // {}: the limit

extern const ErrorCode kXsdLoad;       // {}: number of libxml2's error, here and below
extern const ErrorCode kXsdRoot;       // the root element is not declared
extern const ErrorCode kXsdContent;    // {}: the elements that are expected
extern const ErrorCode kXsdValue;      // a text or attribute that does not fit its type
extern const ErrorCode kXsdAttribute;  // an attribute missing or not declared
extern const ErrorCode kXsdRule;       // anything else
std::span<const ErrorCode* const> codecs_codes();

}  // namespace tongqu::codes
