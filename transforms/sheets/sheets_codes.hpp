#pragma once
// Errors of spreadsheets.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kSheetUnreadable;
extern const ErrorCode kSheetLimit;    // {} = the limit
extern const ErrorCode kSheetMissing;  // {} = the sheet or part
extern const ErrorCode kSheetDigits;   // {} = the cell, "代码表!B7"
extern const ErrorCode kSheetCell;     // {} = the cell
extern const ErrorCode kSheetWrite;
extern const ErrorCode kSheetHead;  // {} = the heading that was expected
extern const ErrorCode kSheetRow;   // {} = sheet, row and column in words

std::span<const ErrorCode* const> sheets_codes();

}  // namespace tongqu::codes
