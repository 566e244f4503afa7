#include <algorithm>
#include <array>

#include "gateway/store/reads.hpp"

namespace tongqu::sql::reads {
namespace {

using Hashes = std::array<Bytes, DisclosureStore::kMaxPersonKeys>;

// A statement has a fixed number of hashes; the last one stands in for those that are not there.
Hashes hashes_of(const DisclosureFilter& filter) {
  Hashes out;
  for (std::size_t i = 0; i < out.size() && !filter.person.empty(); ++i) {
    out[i] = filter.person[std::min(i, filter.person.size() - 1)].hash;
  }
  return out;
}

std::string_view role_condition(const DisclosureFilter& filter) {
  return filter.role.empty() ? "p.role <> 'informant' AND ?5 IS ?5" : "p.role = ?5";
}

// Statement of a filter; each combination is compiled once per session. The index that fits best is named, because the
// planner has no statistics to choose by.
std::string listing(const DisclosureFilter& filter) {
  std::string text =
      "SELECT d.id, d.at_ms, d.exchange, d.recipient, d.service, coalesce(o.message_id, d.exchange || '-' || "
      "d.recipient), coalesce(o.state, -1), l.text, json_extract(a.entry, '$.config'), json_extract(a.entry, "
      "'$.kind'), "
      "d.audit_index FROM disclosures d ";
  if (!filter.person.empty()) {
    text += "INDEXED BY disclosures_by_exchange ";
  } else if (filter.from_ms > 0 || filter.to_ms > 0) {
    text += "INDEXED BY disclosures_by_time ";
  }
  text +=
      "JOIN ledgers l ON l.id = d.ledger_id LEFT JOIN outbox o ON o.seq = d.seq LEFT JOIN audit a ON a.idx = "
      "d.audit_index WHERE ?1 IS ?1 AND ?2 IS ?2 AND ?3 IS ?3 AND ?4 IS ?4 AND ?5 IS ?5 AND ?6 IS ?6 AND ?7 IS ?7 AND "
      "?8 IS ?8 AND ?9 IS ?9 AND ?10 IS ?10 AND ?11 IS ?11 AND ?12 IS ?12";
  if (!filter.person.empty()) {
    text += " AND d.exchange IN (SELECT p.exchange FROM persons p WHERE p.hash IN (?1, ?2, ?3, ?4) AND ";
    text += role_condition(filter);
    text += " UNION SELECT value FROM json_each(?12))";
  }
  if (!filter.recipient.empty()) text += " AND d.recipient = ?6";
  if (!filter.kind.empty() || !filter.subject.empty()) {
    // Few texts for many rows: they are looked through once.
    text += " AND d.ledger_id IN (SELECT t.id FROM ledgers t, json_each(t.text, '$.fields') f WHERE ";
    text += filter.kind.empty() ? "1" : "json_extract(f.value, '$.kind') = ?7";
    text += filter.subject.empty() ? "" : " AND json_extract(f.value, '$.subject') = ?8";
    text += ")";
  }
  if (filter.from_ms > 0) text += " AND d.at_ms >= ?9";
  if (filter.to_ms > 0) text += " AND d.at_ms < ?10";
  if (filter.before > 0) text += " AND d.id < ?11";
  return text + " ORDER BY d.id DESC LIMIT ?13";
}

bool is_asked_for(const std::string& role, const DisclosureFilter& filter) {
  return filter.role.empty() ? role != kInformant : role == filter.role;
}

// Exchanges that are not in the index yet and in which the person has a role that is asked for, as a JSON list.
std::string waiting_list(const WaitingRoles& waiting, const DisclosureFilter& filter) {
  std::string out = "[";
  for (const auto& [exchange, roles] : waiting) {
    if (std::none_of(roles.begin(), roles.end(), [&](const std::string& role) { return is_asked_for(role, filter); }))
      continue;
    out += out.size() == 1 ? "\"" : ",\"";
    out += exchange + "\"";  // letters and digits
  }
  return out + "]";
}

std::vector<std::string> roles_in(ReadSession& session, const DisclosureFilter& filter, const ExchangeId& exchange,
                                  const WaitingRoles& waiting) {
  std::string text = "SELECT DISTINCT p.role FROM persons p WHERE p.hash IN (?1, ?2, ?3, ?4) AND p.exchange = ?6 AND ";
  text += role_condition(filter);
  const Hashes hashes = hashes_of(filter);
  Query rows(session.statement(text + " ORDER BY p.role"), Blob{hashes[0]}, Blob{hashes[1]}, Blob{hashes[2]},
             Blob{hashes[3]}, filter.role, exchange.str());
  std::set<std::string> out;
  while (rows.next()) out.insert(rows.text(0));
  if (const auto found = waiting.find(exchange.str()); found != waiting.end()) {
    for (const std::string& role : found->second) {
      if (is_asked_for(role, filter)) out.insert(role);
    }
  }
  return {out.begin(), out.end()};
}

}  // namespace

Result<std::vector<DisclosureRow>> disclosures(ReadSession& session, const DisclosureFilter& filter) {
  const Snapshot snapshot(session);
  const Hashes hashes = hashes_of(filter);
  const WaitingRoles waiting = waiting_roles(session, filter.person);
  const std::string recent = waiting_list(waiting, filter);
  std::vector<DisclosureRow> out;
  {
    Query rows(session.statement(listing(filter)), Blob{hashes[0]}, Blob{hashes[1]}, Blob{hashes[2]}, Blob{hashes[3]},
               filter.role, filter.recipient.str(), filter.kind, filter.subject, filter.from_ms, filter.to_ms,
               filter.before, recent, std::min(filter.limit, kPageLimit));
    while (rows.next()) {
      DisclosureRow row;
      row.id = rows.integer(0);
      row.at_ms = rows.integer(1);
      row.exchange = ExchangeId(rows.text(2));
      row.recipient = PartnerId(rows.text(3));
      row.service = ServiceId(rows.text(4));
      row.message_id = rows.text(5);
      row.state = rows.integer(6) < 0 ? rows.text(9) : std::string(name_of(static_cast<OutboxState>(rows.integer(6))));
      row.ledger = rows.text(7);
      row.config = ConfigId(rows.text(8));
      row.audit_index = static_cast<std::uint64_t>(rows.integer(10));
      out.push_back(std::move(row));
    }
  }
  if (!filter.person.empty()) {
    for (DisclosureRow& row : out) row.roles = roles_in(session, filter, row.exchange, waiting);
  }
  return out;
}

}  // namespace tongqu::sql::reads
