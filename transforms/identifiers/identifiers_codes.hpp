#pragma once
// Error codes for what is found in identifiers. The parameter "{}" is the Chinese name of the identifier's kind.
#include <span>

#include "gateway/core/error.hpp"
#include "transforms/identifiers/identifiers.hpp"

namespace tongqu {

namespace codes {
extern const ErrorCode kIdentifierForm;        // length, alphabet, fixed positions
extern const ErrorCode kIdentifierDate;        // no day of the calendar, or in the future
extern const ErrorCode kIdentifierCheckDigit;  // a warning: such codes were issued
extern const ErrorCode kIdentifierInnerCode;
extern const ErrorCode kIdentifierDivision;
extern const ErrorCode kIdentifierUnproven;  // no check digit given
extern const ErrorCode kIdentifierSlip;      // good once lower case, full width, O for 0, I for 1 are mended
std::span<const ErrorCode* const> identifiers_codes();
}  // namespace codes

// The code of a finding; nullptr for kValid.
[[nodiscard]] const ErrorCode* code_of(IdResult result);

}  // namespace tongqu
