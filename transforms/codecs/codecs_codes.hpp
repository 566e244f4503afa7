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
std::span<const ErrorCode* const> codecs_codes();

}  // namespace tongqu::codes
