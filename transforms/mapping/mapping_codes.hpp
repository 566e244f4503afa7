#pragma once
// What can be wrong with a mapping when it is loaded (mapping.…) and with a value when it runs (map.…).
//
// Parameters: names, types and limits of the mapping's own text, "found → nearest valid word" where there is one.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

// The Error of compile_mapping and format_mapping; the reasons are its faults. Parameter: file name.
extern const ErrorCode kMappingInvalid;

// Reading the text.
extern const ErrorCode kMappingExpected;            // parameter: token
extern const ErrorCode kMappingExpectedExpression;  // nothing that begins an expression
extern const ErrorCode kMappingExpectedText;        // constant in quotation marks
extern const ErrorCode kMappingExpectedName;
extern const ErrorCode kMappingExpectedNumber;
extern const ErrorCode kMappingCharacter;   // no character of the language, or no UTF-8
extern const ErrorCode kMappingTextOpen;    // quotation mark missing on this line
extern const ErrorCode kMappingEscape;      // unknown escape
extern const ErrorCode kMappingNumber;      // number out of range
extern const ErrorCode kMappingWhenLate;    // `when` behind an assignment
extern const ErrorCode kMappingEachInside;  // `each` inside an expression
extern const ErrorCode kMappingTooLarge;    // parameter: limit
// Names.
extern const ErrorCode kMappingUnknownSchema;
extern const ErrorCode kMappingUnknownSource;
extern const ErrorCode kMappingUnknownTarget;
extern const ErrorCode kMappingUnknownFunction;
extern const ErrorCode kMappingUnknownTable;
extern const ErrorCode kMappingUnknownWord;  // unit, named argument
// Types and rules.
extern const ErrorCode kMappingType;           // parameter: "expected ← found"
extern const ErrorCode kMappingCompare;        // parameter: both types
extern const ErrorCode kMappingOrder;          // texts, booleans have no order
extern const ErrorCode kMappingArguments;      // parameter: signature
extern const ErrorCode kMappingConstant;       // parameter: signature
extern const ErrorCode kMappingPattern;        // date pattern
extern const ErrorCode kMappingNeedsIndex;     // path through a list
extern const ErrorCode kMappingUntyped;        // source field without a type
extern const ErrorCode kMappingWholeObject;    // object as a value or target
extern const ErrorCode kMappingAssignedTwice;  // parameter: field, line of the first
extern const ErrorCode kMappingReserved;       // "kept"
extern const ErrorCode kMappingRequired;       // warning: required target field without a rule

// Running.
extern const ErrorCode kMapSourceType;
extern const ErrorCode kMapNumber;
extern const ErrorCode kMapNumberRange;
extern const ErrorCode kMapDate;
extern const ErrorCode kMapAmount;
extern const ErrorCode kMapAmountUnit;
extern const ErrorCode kMapAmountFraction;
extern const ErrorCode kMapAmountRange;
extern const ErrorCode kMapPhone;
extern const ErrorCode kMapUscc;
extern const ErrorCode kMapUnknownCode;  // parameter: table
extern const ErrorCode kMapLimitList;
extern const ErrorCode kMapLimitText;
extern const ErrorCode kMapLimitSteps;
extern const ErrorCode kMapLimitNodes;

std::span<const ErrorCode* const> mapping_codes();

}  // namespace tongqu::codes
