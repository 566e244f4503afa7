#pragma once
// The statements of both directions, as text with bound values. Pure; no I/O. Values are always bound; only names that
// is_identifier() accepted and limits stand in the text.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "connectors/database/dialect.hpp"
#include "gateway/core/clock.hpp"

namespace tongqu::database {

using SqlValue = std::variant<std::monostate, std::int64_t, std::string>;  // monostate = NULL

struct SqlStatement {
  std::string text;
  std::vector<SqlValue> values;  // in the order of the placeholders
  std::size_t columns = 0;       // of its answer; 0 = it changes rows
};

enum class TimeForm : std::uint8_t {
  kTimestamp,  // "2026-11-25 09:00:00.123", Beijing time, into a timestamp or text column
  kEpochMs,    // milliseconds since 1970
};
[[nodiscard]] SqlValue time_value(TimeForm form, Instant at);

// What the state column holds. A value that is not set means NULL; "" in a text column means '' or NULL.
struct StateValues {
  std::string fresh = "0";
  std::string taken = "1";
  std::string ok = "2";
  std::string failed = "3";
  std::string duplicate;  // of a record that had come before; empty = as ok
  bool integer = false;   // the column is a number
};

enum class ColumnKind : std::uint8_t { kText, kNumber };
struct DocumentColumn {
  std::string column;
  std::string name;  // member of the document
  ColumnKind kind = ColumnKind::kText;
};

// A table that the partner fills and we read. Names that are empty are columns that the table does not have.
struct IntakeTable {
  std::string table;
  std::string id;  // unique; never changed
  std::string state;
  std::string taken_at;  // when the row was claimed
  std::string token;     // by whom; without it a late answer cannot be told from the present one (harmless, see docs)
  std::string error;     // our error code
  std::string retry;     // counts claims
  std::string order_by;  // empty = id
  std::string matter;    // rows with the same value go one after the other
  std::string payload;   // either this …
  std::vector<DocumentColumn> columns;  // … or these
  std::string digest;
  std::string service;
  StateValues states;
  TimeForm time_form = TimeForm::kTimestamp;
};

struct ClaimMark {
  std::string token;
  Instant now;
  Instant expired_before;  // claims older than this are void
};

// Answer: id, matter ("" without such a column), state; at most `limit` rows, oldest first.
inline constexpr std::size_t kCandidateId = 0;
inline constexpr std::size_t kCandidateMatter = 1;
inline constexpr std::size_t kCandidateState = 2;
inline constexpr std::size_t kCandidateColumns = 3;
[[nodiscard]] SqlStatement candidates(const Dialect& dialect, const IntakeTable& table, const ClaimMark& mark,
                                      std::size_t limit);
// Answer: id; at most `limit` rows in the state *new*, by id, behind `after`. Locks nothing.
[[nodiscard]] SqlStatement waiting(const Dialect& dialect, const IntakeTable& table,
                                   const std::optional<std::string>& after, std::size_t limit);
// Changes one row when it is still free, none when another reader was first.
[[nodiscard]] SqlStatement claim_row(const Dialect& dialect, const IntakeTable& table, const ClaimMark& mark,
                                     std::string_view id);
// Answer: service, digest, length, and the payload in one or more pieces, or the columns of the document. Members that
// the table does not have come as NULL. A payload longer than `max_bytes` characters comes as NULL. In column form a
// length that is not NULL says that a column is longer than the driver can hand out.
[[nodiscard]] SqlStatement fetch_row(const Dialect& dialect, const IntakeTable& table, std::string_view id,
                                     std::size_t max_bytes);
inline constexpr std::size_t kFetchService = 0;
inline constexpr std::size_t kFetchDigest = 1;
inline constexpr std::size_t kFetchLength = 2;
inline constexpr std::size_t kFetchPayload = 3;  // payload form: from here on, in pieces
inline constexpr std::size_t kFetchColumns = 3;  // column form: from here on

enum class RowState : std::uint8_t { kOk, kDuplicate, kFailed, kFresh };
// Changes the row only while it is ours. `error` is written with kFailed, and cleared otherwise.
[[nodiscard]] SqlStatement settle_row(const Dialect& dialect, const IntakeTable& table, std::string_view token,
                                      std::string_view id, RowState state, std::string_view error);

// A table that we fill and the partner reads.
struct OutboxTable {
  std::string table;
  std::string id;      // our message id
  std::string digest;  // may be empty
  std::string state;   // acknowledgement mode: set by the partner's job; may be empty
};
struct OutboxValue {
  std::string column;
  SqlValue value;
  bool time = false;  // a bound timestamp, put into the form of the dialect
};
// Answer: id, digest, state (NULL when the table has no such column).
[[nodiscard]] SqlStatement find_message(const Dialect& dialect, const OutboxTable& table, std::string_view id);
[[nodiscard]] SqlStatement insert_message(const Dialect& dialect, const OutboxTable& table,
                                          const std::vector<OutboxValue>& values);

}  // namespace tongqu::database
