#pragma once
// What can be wrong with a table file. Faults carry the file in `path`, line and column in `position`.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kTableFile;         // the whole: this file has faults, see `faults`; parameter = file
extern const ErrorCode kTableUnreadable;   // cannot be opened or read
extern const ErrorCode kTableEncoding;     // no valid UTF-8, or a control character
extern const ErrorCode kTableQuote;        // quote unclosed, inside a bare cell, or text behind a closing quote
extern const ErrorCode kTableLimit;        // parameter names the limit
extern const ErrorCode kTableHead;         // unknown, repeated or misplaced "#…" line; parameter = its word
extern const ErrorCode kTableHeadMissing;  // parameter = the missing word
extern const ErrorCode kTableHeadValue;    // parameter = what is expected
extern const ErrorCode kTableHeading;      // unknown or repeated column
extern const ErrorCode kTableHeadingMissing;
extern const ErrorCode kTableCells;      // a row with more or fewer cells than columns; parameter = columns
extern const ErrorCode kTableCellEmpty;  // a cell that must not be empty; parameter = column
extern const ErrorCode kTableCellValue;  // a cell outside its words or form; parameter = what is expected
extern const ErrorCode kTableDuplicate;  // a key twice and not exactly one of its rows marked "default"
extern const ErrorCode kTableName;       // "#table" is not the file's place; parameter = expected name
extern const ErrorCode kTableTwice;      // two files with the same table and version; parameter = name@version
// Units (unit_table.hpp).
extern const ErrorCode kUnitUnknown;          // parameter = the id, and the nearest
extern const ErrorCode kUnitParent;           // no parent, or none of a higher level; parameter = the unit
extern const ErrorCode kUnitLoop;             // parameter = the way around
extern const ErrorCode kUnitActsFor;          // parameter = the unit
extern const ErrorCode kUnitOverlap;          // parameter = file and line of the other row
extern const ErrorCode kUnitLevel;            // as above
extern const ErrorCode kUnitDivision;         // parameter = the code, and the nearest
extern const ErrorCode kUnitDivisionLevel;    // parameter = the code
extern const ErrorCode kUnitDivisionRetired;  // warning
extern const ErrorCode kUnitCode;             // parameter = the unit that has it, file and line
extern const ErrorCode kUnitPartner;          // warning: a column for nobody; parameter = the partner, and the nearest
std::span<const ErrorCode* const> tables_codes();

}  // namespace tongqu::codes
