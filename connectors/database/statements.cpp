#include "connectors/database/statements.hpp"

#include <charconv>

namespace tongqu::database {
namespace {

// Text that grows together with its bound values, so that a placeholder cannot be without its value.
class Writer {
 public:
  explicit Writer(const Dialect& dialect) : dialect_(dialect) {}

  Writer& raw(std::string_view text) {
    out_.text += text;
    return *this;
  }
  Writer& name(std::string_view identifier) { return raw(quoted(dialect_, identifier)); }
  Writer& bind(SqlValue value) {
    out_.values.push_back(std::move(value));
    if (dialect_.numbered_placeholders) return raw("$").raw(std::to_string(out_.values.size()));
    return raw("?");
  }
  Writer& bind_time(SqlValue value) {
    const bool text = std::holds_alternative<std::string>(value);
    if (text) raw(dialect_.time_open);
    bind(std::move(value));
    return text ? raw(dialect_.time_close) : *this;
  }
  // A column as text in the answer; NULL when the table does not have it.
  Writer& column(std::string_view identifier) {
    raw(dialect_.text_open);
    if (identifier.empty()) {
      raw("NULL");
    } else {
      name(identifier);
    }
    return raw(dialect_.text_close);
  }
  SqlStatement finish(std::size_t columns) {
    out_.columns = columns;
    return std::move(out_);
  }

 private:
  const Dialect& dialect_;
  SqlStatement out_;
};

SqlValue state_value(const Dialect& dialect, const StateValues& states, const std::string& value) {
  if (value.empty()) {
    if (states.integer || dialect.empty_is_null) return {};
    return value;
  }
  if (!states.integer) return value;
  std::int64_t number = 0;
  std::from_chars(value.data(), value.data() + value.size(), number);
  return number;
}

void state_is(Writer& out, const Dialect& dialect, const IntakeTable& table, const std::string& value) {
  SqlValue bound = state_value(dialect, table.states, value);
  if (std::holds_alternative<std::monostate>(bound)) {
    out.name(table.state).raw(" IS NULL");
  } else if (value.empty()) {
    out.raw("(").name(table.state).raw(" IS NULL OR ").name(table.state).raw(" = ").bind(std::move(bound)).raw(")");
  } else {
    out.name(table.state).raw(" = ").bind(std::move(bound));
  }
}

// New, or taken by somebody whose lease is over.
void is_free(Writer& out, const Dialect& dialect, const IntakeTable& table, const ClaimMark& mark) {
  out.raw("(");
  state_is(out, dialect, table, table.states.fresh);
  out.raw(" OR (");
  state_is(out, dialect, table, table.states.taken);
  out.raw(" AND ")
      .name(table.taken_at)
      .raw(" < ")
      .bind_time(time_value(table.time_form, mark.expired_before))
      .raw("))");
}

void set_state(Writer& out, const Dialect& dialect, const IntakeTable& table, const std::string& value) {
  out.raw("UPDATE ").name(table.table).raw(" SET ").name(table.state).raw(" = ");
  SqlValue bound = state_value(dialect, table.states, value);
  if (std::holds_alternative<std::monostate>(bound)) {
    out.raw("NULL");
  } else {
    out.bind(std::move(bound));
  }
}

}  // namespace

SqlValue time_value(TimeForm form, Instant at) {
  if (form == TimeForm::kEpochMs) return at.ms;
  std::string text = to_beijing_text(at).substr(0, 23);
  text[10] = ' ';
  return text;
}

namespace {

// SELECT with at most `count` rows: begin_limited, the statement, end_limited, and `locking` in between where it
// belongs.
void begin_limited(Writer& out, const Dialect& dialect, const std::string& count) {
  if (dialect.limit == LimitStyle::kRownum) out.raw("SELECT * FROM (");
  out.raw("SELECT ");
  if (dialect.limit == LimitStyle::kTop) out.raw("TOP (").raw(count).raw(") ");
}

void end_limited(Writer& out, const Dialect& dialect, const std::string& count, std::string_view locking) {
  if (dialect.limit == LimitStyle::kLimit) out.raw(" LIMIT ").raw(count);
  if (dialect.limit == LimitStyle::kFetch) out.raw(" FETCH FIRST ").raw(count).raw(" ROWS ONLY");
  out.raw(locking);
  if (dialect.limit == LimitStyle::kRownum) out.raw(") WHERE ROWNUM <= ").raw(count);
}

}  // namespace

SqlStatement waiting(const Dialect& dialect, const IntakeTable& table, const std::optional<std::string>& after,
                     std::size_t limit) {
  const std::string count = std::to_string(limit);
  Writer out(dialect);
  begin_limited(out, dialect, count);
  out.column(table.id).raw(" FROM ").name(table.table).raw(" WHERE ");
  state_is(out, dialect, table, table.states.fresh);
  if (after) out.raw(" AND ").name(table.id).raw(" > ").bind(*after);
  out.raw(" ORDER BY ").name(table.id);
  end_limited(out, dialect, count, "");
  return out.finish(1);
}

SqlStatement candidates(const Dialect& dialect, const IntakeTable& table, const ClaimMark& mark, std::size_t limit) {
  const std::string count = std::to_string(limit);
  Writer out(dialect);
  begin_limited(out, dialect, count);
  out.column(table.id).raw(", ").column(table.matter).raw(", ").column(table.state).raw(" FROM ").name(table.table);
  if (dialect.skip_locked == SkipLocked::kReadPast) out.raw(" WITH (UPDLOCK, ROWLOCK, READPAST)");
  out.raw(" WHERE ");
  is_free(out, dialect, table, mark);
  out.raw(" ORDER BY ").name(table.order_by.empty() ? table.id : table.order_by);
  if (!table.order_by.empty() && table.order_by != table.id) out.raw(", ").name(table.id);
  end_limited(out, dialect, count, dialect.skip_locked == SkipLocked::kForUpdate ? " FOR UPDATE SKIP LOCKED" : "");
  return out.finish(kCandidateColumns);
}

SqlStatement claim_row(const Dialect& dialect, const IntakeTable& table, const ClaimMark& mark, std::string_view id) {
  Writer out(dialect);
  set_state(out, dialect, table, table.states.taken);
  out.raw(", ").name(table.taken_at).raw(" = ").bind_time(time_value(table.time_form, mark.now));
  if (!table.token.empty()) out.raw(", ").name(table.token).raw(" = ").bind(mark.token);
  if (!table.retry.empty()) out.raw(", ").name(table.retry).raw(" = COALESCE(").name(table.retry).raw(", 0) + 1");
  out.raw(" WHERE ").name(table.id).raw(" = ").bind(std::string(id)).raw(" AND ");
  is_free(out, dialect, table, mark);
  return out.finish(0);
}

namespace {

// The server leaves an oversized payload at home, so that it never stands in our memory. Returns the number of pieces.
std::size_t payload_columns(Writer& out, const Dialect& dialect, const std::string& payload, std::size_t max_bytes) {
  const std::string limit = std::to_string(max_bytes);
  out.raw(", ").raw(dialect.text_open).raw(dialect.length_function).raw("(").name(payload).raw(")");
  out.raw(dialect.text_close);
  const std::size_t pieces = dialect.piece_chars == 0 ? 1 : (max_bytes + dialect.piece_chars - 1) / dialect.piece_chars;
  for (std::size_t piece = 0; piece < pieces; ++piece) {
    out.raw(", ").raw(dialect.text_open).raw("CASE WHEN ").raw(dialect.length_function).raw("(").name(payload);
    out.raw(") <= ").raw(limit).raw(" THEN ");
    if (dialect.piece_chars == 0) {
      out.name(payload);
    } else {
      const std::string length = std::to_string(dialect.piece_chars);
      const std::string from = std::to_string(piece * dialect.piece_chars + 1);
      out.raw("SUBSTRING(").name(payload).raw(", ").raw(from).raw(", ").raw(length).raw(")");
    }
    out.raw(" END").raw(dialect.text_close);
  }
  return pieces;
}

void document_columns(Writer& out, const Dialect& dialect, const std::vector<DocumentColumn>& columns) {
  out.raw(", ").raw(dialect.text_open);
  if (dialect.piece_chars == 0) {
    out.raw("NULL");
  } else {
    out.raw("CASE WHEN GREATEST(0");
    for (const DocumentColumn& column : columns) out.raw(", COALESCE(CHAR_LENGTH(").name(column.column).raw("), 0)");
    out.raw(") > ").raw(std::to_string(dialect.piece_chars)).raw(" THEN 1 END");
  }
  out.raw(dialect.text_close);
  for (const DocumentColumn& column : columns) out.raw(", ").column(column.column);
}

}  // namespace

SqlStatement fetch_row(const Dialect& dialect, const IntakeTable& table, std::string_view id, std::size_t max_bytes) {
  Writer out(dialect);
  out.raw("SELECT ").column(table.service).raw(", ").column(table.digest);
  std::size_t columns = kFetchColumns + table.columns.size();
  if (table.payload.empty()) {
    document_columns(out, dialect, table.columns);
  } else {
    columns = kFetchPayload + payload_columns(out, dialect, table.payload, max_bytes);
  }
  out.raw(" FROM ").name(table.table).raw(" WHERE ").name(table.id).raw(" = ").bind(std::string(id));
  return out.finish(columns);
}

SqlStatement settle_row(const Dialect& dialect, const IntakeTable& table, std::string_view token, std::string_view id,
                        RowState state, std::string_view error) {
  Writer out(dialect);
  const StateValues& states = table.states;
  set_state(out, dialect, table,
            state == RowState::kOk          ? states.ok
            : state == RowState::kDuplicate ? states.duplicate
            : state == RowState::kFailed    ? states.failed
                                            : states.fresh);
  if (!table.error.empty()) {
    out.raw(", ").name(table.error).raw(" = ");
    if (state == RowState::kFailed) {
      out.bind(std::string(error));
    } else {
      out.raw("NULL");
    }
  }
  out.raw(" WHERE ").name(table.id).raw(" = ").bind(std::string(id)).raw(" AND ");
  state_is(out, dialect, table, states.taken);
  if (!table.token.empty()) out.raw(" AND ").name(table.token).raw(" = ").bind(std::string(token));
  return out.finish(0);
}

SqlStatement find_message(const Dialect& dialect, const OutboxTable& table, std::string_view id) {
  Writer out(dialect);
  out.raw("SELECT ").column(table.id).raw(", ").column(table.digest).raw(", ").column(table.state).raw(" FROM ");
  out.name(table.table).raw(" WHERE ").name(table.id).raw(" = ").bind(std::string(id));
  return out.finish(3);
}

SqlStatement insert_message(const Dialect& dialect, const OutboxTable& table, const std::vector<OutboxValue>& values) {
  Writer out(dialect);
  out.raw("INSERT INTO ").name(table.table).raw(" (");
  const char* between = "";
  for (const OutboxValue& value : values) {
    out.raw(between).name(value.column);
    between = ", ";
  }
  out.raw(") VALUES (");
  between = "";
  for (const OutboxValue& value : values) {
    out.raw(between);
    between = ", ";
    if (std::holds_alternative<std::monostate>(value.value)) {
      out.raw("NULL");
    } else if (value.time) {
      out.bind_time(value.value);
    } else {
      out.bind(value.value);
    }
  }
  out.raw(")");
  return out.finish(0);
}

}  // namespace tongqu::database
