#include "transforms/identifiers/identifiers_codes.hpp"

#include <array>

namespace tongqu {

namespace codes {
const ErrorCode kIdentifierForm{"identifier.form", ErrorKind::kInvalid, "This does not have the form of a {}.",
                                "不符合{}的格式。"};
const ErrorCode kIdentifierDate{"identifier.date", ErrorKind::kInvalid, "The date inside the {} does not exist.",
                                "{}中的日期不存在或晚于今天。"};
const ErrorCode kIdentifierCheckDigit{"identifier.check-digit", ErrorKind::kInvalid,
                                      "The check digit of the {} does not fit.", "{}的校验码不符。"};
const ErrorCode kIdentifierInnerCode{"identifier.inner-code", ErrorKind::kInvalid,
                                     "The organisation code inside the {} does not fit its own check digit.",
                                     "{}中的主体标识码（组织机构代码）校验不符。"};
const ErrorCode kIdentifierDivision{"identifier.division", ErrorKind::kInvalid,
                                    "The division code inside the {} never existed.", "{}中的行政区划代码从未启用。"};
const ErrorCode kIdentifierUnproven{"identifier.unproven", ErrorKind::kInvalid, "The {} comes without its check digit.",
                                    "{}未带校验位，无法校验。"};
const ErrorCode kIdentifierSlip{"identifier.slip", ErrorKind::kInvalid,
                                "The {} fits once lower case, full width, O for 0 or I for 1 are mended.",
                                "{}疑有笔误（小写、全角、O与0或I与1混用），更正后可通过校验。"};

std::span<const ErrorCode* const> identifiers_codes() {
  static constexpr std::array<const ErrorCode*, 7> kAll{
      &kIdentifierForm,     &kIdentifierDate,     &kIdentifierCheckDigit, &kIdentifierInnerCode,
      &kIdentifierDivision, &kIdentifierUnproven, &kIdentifierSlip};
  return kAll;
}
}  // namespace codes

const ErrorCode* code_of(IdResult result) {
  switch (result) {
    case IdResult::kValid: return nullptr;
    case IdResult::kBadForm: return &codes::kIdentifierForm;
    case IdResult::kBadDate: return &codes::kIdentifierDate;
    case IdResult::kBadCheckDigit: return &codes::kIdentifierCheckDigit;
    case IdResult::kBadInnerCode: return &codes::kIdentifierInnerCode;
    case IdResult::kUnknownDivision: return &codes::kIdentifierDivision;
    case IdResult::kNoCheckDigit: return &codes::kIdentifierUnproven;
  }
  return nullptr;
}

}  // namespace tongqu
