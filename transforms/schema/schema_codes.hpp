#pragma once
// What a schema says of a message, and what is wrong with a schema itself.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

// Faults of a message. {}: the expectation, which stems from the schema and never from the message.
extern const ErrorCode kSchemaRequired;
extern const ErrorCode kSchemaType;
extern const ErrorCode kSchemaEnum;
extern const ErrorCode kSchemaConst;
extern const ErrorCode kSchemaMinLength;
extern const ErrorCode kSchemaMaxLength;
extern const ErrorCode kSchemaPattern;
extern const ErrorCode kSchemaFormat;
extern const ErrorCode kSchemaMinimum;
extern const ErrorCode kSchemaMaximum;
extern const ErrorCode kSchemaExclusiveMinimum;
extern const ErrorCode kSchemaExclusiveMaximum;
extern const ErrorCode kSchemaMultipleOf;
extern const ErrorCode kSchemaMinItems;
extern const ErrorCode kSchemaMaxItems;
extern const ErrorCode kSchemaUniqueItems;
extern const ErrorCode kSchemaMinProperties;
extern const ErrorCode kSchemaMaxProperties;
extern const ErrorCode kSchemaUnknownField;  // additionalProperties: false
extern const ErrorCode kSchemaForbidden;     // the schema false
extern const ErrorCode kSchemaAnyOf;
extern const ErrorCode kSchemaOneOf;
extern const ErrorCode kSchemaNot;

// Faults of a schema.
extern const ErrorCode kSchemaLoad;                // {}: name of the schema; its faults are the codes below
extern const ErrorCode kSchemaUnknownKeyword;      // {}: keyword, and the nearest known one
extern const ErrorCode kSchemaKeywordValue;        // {}: keyword and what it takes
extern const ErrorCode kSchemaUnknownFormat;       // {}: format, and the nearest known one
extern const ErrorCode kSchemaBadPattern;          // {}: what RE2 says
extern const ErrorCode kSchemaReference;           // {}: the reference
extern const ErrorCode kSchemaRecursiveReference;  // {}: the reference
extern const ErrorCode kSchemaLabel;               // {}: what may stand here
extern const ErrorCode kSchemaTooLarge;            // {}: the limit
std::span<const ErrorCode* const> schema_codes();

}  // namespace tongqu::codes
