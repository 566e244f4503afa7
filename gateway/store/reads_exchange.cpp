#include <algorithm>
#include <array>

#include "gateway/store/reads.hpp"

namespace tongqu::sql::reads {
namespace {

constexpr std::array<std::string_view, 4> kStates{"stored", "held", "delivered", "attention"};
constexpr const char* kColumns =
    "SELECT id, partner, service, matter, operation, version, received_ms, config, route, state, findings, "
    "original_type, audit_index FROM exchanges ";

ExchangeRow row_of(const Query& rows) {
  ExchangeRow row;
  row.exchange = ExchangeId(rows.text(0));
  row.partner = PartnerId(rows.text(1));
  row.service = ServiceId(rows.text(2));
  row.matter = MatterNo(rows.text(3));
  row.operation = rows.text(4);
  row.version = static_cast<std::int32_t>(rows.integer(5));
  row.received_ms = rows.integer(6);
  row.config = ConfigId(rows.text(7));
  row.route = rows.text(8);
  row.state = kStates[static_cast<std::size_t>(rows.integer(9)) % kStates.size()];
  row.findings = rows.text(10);
  row.original_type = rows.text(11);
  row.audit_index = static_cast<std::uint64_t>(rows.integer(12));
  return row;
}

}  // namespace

Result<ExchangeRow> exchange(ReadSession& session, const ExchangeId& id) {
  static const std::string kOne = std::string(kColumns) + "WHERE id = ?";
  Query rows(session.statement(kOne), id.str());
  if (!rows.next()) return make_error(codes::kNotFound, "exchange");
  return row_of(rows);
}

Result<Payload> payload(ReadSession& session, const ExchangeId& id) {
  static const std::string kPayload =
      "SELECT k.wrapped, c.original, c.record, e.original_type FROM exchanges e "
      "JOIN contents c ON c.audit_index = e.audit_index LEFT JOIN keydb.keys k ON k.exchange = e.id WHERE e.id = ?";
  Query rows(session.statement(kPayload), id.str());
  if (!rows.next()) return make_error(codes::kNotFound, "exchange");
  return Payload{rows.text(0), rows.text(1), rows.text(2), rows.text(3)};
}

Result<ExchangeId> origin(ReadSession& session, const PartnerId& partner, const MatterNo& matter) {
  static const std::string kOrigin =
      "SELECT id FROM exchanges INDEXED BY exchanges_by_matter WHERE matter = ? AND matter <> '' AND partner = ? "
      "ORDER BY version DESC LIMIT 1";
  Query rows(session.statement(kOrigin), matter.str(), partner.str());
  if (!rows.next()) return make_error(codes::kNotFound, "matter");
  return ExchangeId(rows.text(0));
}

namespace {

// The most selective index is named, because the planner has no statistics to choose by; "delivered" is nearly every
// exchange and has none. The few of an origin are found by their ids.
std::string_view index_for(const ExchangeFilter& filter, std::optional<std::size_t> state) {
  if (!filter.origin.empty()) return "";
  if (!filter.matter.empty()) return "INDEXED BY exchanges_by_matter ";
  if (state && kStates[*state] != "delivered") return "INDEXED BY exchanges_by_state ";
  if (!filter.partner.empty()) return "INDEXED BY exchanges_by_partner ";
  return filter.service.empty() ? "" : "INDEXED BY exchanges_by_service ";
}

// Statement of a filter; each combination is compiled once per session.
std::string listing(const ExchangeFilter& filter, std::optional<std::size_t> state) {
  std::string text = kColumns;
  text += index_for(filter, state);
  text += "WHERE ?1 IS ?1 AND ?2 IS ?2 AND ?3 IS ?3 AND ?4 IS ?4 AND ?6 IS ?6";
  if (!filter.before.empty()) text += " AND id < ?1";
  if (!filter.partner.empty()) text += " AND partner = ?2";
  if (!filter.service.empty()) text += " AND service = ?3";
  if (!filter.matter.empty()) text += " AND matter = ?4 AND matter <> ''";
  if (!filter.origin.empty()) text += " AND id IN (SELECT exchange FROM exchange_origins WHERE origin = ?6)";
  if (state) text += " AND state = " + std::to_string(*state) + (*state != 2 ? " AND state <> 2" : "");
  return text + " ORDER BY id DESC LIMIT ?5";
}

}  // namespace

Result<std::vector<ExchangeRow>> exchanges(ReadSession& session, const ExchangeFilter& filter) {
  std::vector<ExchangeRow> out;
  std::optional<std::size_t> state;
  if (!filter.state.empty()) {
    const auto found = std::find(kStates.begin(), kStates.end(), filter.state);
    if (found == kStates.end()) return out;
    state = static_cast<std::size_t>(found - kStates.begin());
  }
  Query rows(session.statement(listing(filter, state)), filter.before.str(), filter.partner.str(), filter.service.str(),
             filter.matter.str(), std::min(filter.limit, kPageLimit), filter.origin.str());
  while (rows.next()) out.push_back(row_of(rows));
  return out;
}

namespace {

constexpr const char* kTaskColumns =
    "SELECT t.task, t.queue, t.exchange, e.partner, e.service, e.matter, t.reason, t.message, "
    "coalesce((SELECT o.recipient FROM outbox o WHERE o.message_id = t.message AND t.message <> ''), ''), "
    "t.created_ms, t.finished_ms FROM tasks t JOIN exchanges e ON e.id = t.exchange ";

TaskRow task_of(const Query& rows) {
  return {rows.integer(0),
          static_cast<TaskQueue>(rows.integer(1)),
          ExchangeId(rows.text(2)),
          PartnerId(rows.text(3)),
          ServiceId(rows.text(4)),
          MatterNo(rows.text(5)),
          rows.text(6),
          rows.text(7),
          PartnerId(rows.text(8)),
          rows.integer(9),
          rows.integer(10)};
}

}  // namespace

Result<std::vector<TaskRow>> tasks(ReadSession& session, std::optional<TaskQueue> queue, bool open_only,
                                   std::int64_t after_task, std::size_t limit) {
  std::string text = kTaskColumns;
  text += "WHERE t.task > ?1 AND ?2 IS ?2";
  if (queue) text += " AND t.queue = ?2";
  if (open_only) text += " AND t.finished_ms = 0";
  text += " ORDER BY t.task LIMIT ?3";
  Query rows(session.statement(text), after_task, queue ? static_cast<int>(*queue) : 0, std::min(limit, kPageLimit));
  std::vector<TaskRow> out;
  while (rows.next()) out.push_back(task_of(rows));
  return out;
}

Result<TaskRow> task(ReadSession& session, std::int64_t id) {
  static const std::string kOne = std::string(kTaskColumns) + "WHERE t.task = ?";
  Query rows(session.statement(kOne), id);
  if (!rows.next()) return make_error(codes::kNotFound, "task");
  return task_of(rows);
}

}  // namespace tongqu::sql::reads
