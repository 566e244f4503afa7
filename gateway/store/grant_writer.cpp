#include "gateway/store/grant_writer.hpp"

#include "gateway/store/store_codes.hpp"

namespace tongqu::sql {
namespace {

// Beside the kinds of OperatorAct in the table of acts.
constexpr int kFirstActKind = 100;

std::string joined(const std::vector<std::string>& labels) {
  std::string out;
  for (const std::string& label : labels) out += (out.empty() ? "" : " ") + label;
  return out;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

}  // namespace

GrantRow grant_of(const Query& rows) {
  GrantRow row;
  row.id = rows.text(0);
  row.kind = static_cast<Condition>(rows.integer(1));
  row.state = static_cast<GrantState>(rows.integer(2));
  row.recipient = PartnerId(rows.text(3));
  row.service = ServiceId(rows.text(4));
  row.exchange = ExchangeId(rows.text(5));
  row.partner = PartnerId(rows.text(6));
  row.matter = MatterNo(rows.text(7));
  row.labels = split(rows.text(8));
  row.reason = rows.text(9);
  row.asked_by = rows.text(10);
  row.asked_ms = rows.integer(11);
  row.decided_by = rows.text(12);
  row.decided_ms = rows.integer(13);
  row.until_ms = rows.integer(14);
  return row;
}

GrantWriter::GrantWriter(const Connection& main)
    : find_(main.prepare(std::string(kGrantColumns) + "WHERE id = ?")),
      alive_(main.prepare("SELECT count(*) FROM grants WHERE state < 2 AND until_ms > ?")),
      insert_(main.prepare("INSERT INTO grants VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")),
      decide_(main.prepare("UPDATE grants SET state = ?2, decided_by = ?3, decided_ms = ?4 WHERE id = ?1")),
      in_force_(main.prepare(std::string(kGrantColumns) + "WHERE state < 2 AND state = 1 AND until_ms > ?")),
      insert_act_(main.prepare("INSERT INTO acts VALUES(?, ?, ?, ?, ?, ?)")) {}

std::vector<GrantRow> GrantWriter::in_force(Instant now) {
  std::vector<GrantRow> out;
  Query rows(in_force_, now.ms);
  while (rows.next()) out.push_back(grant_of(rows));
  return out;
}

Outcome GrantWriter::apply(const GrantAct& act, Effects& effects) {
  const bool opens = act.kind == GrantAct::Kind::kAsk || act.kind == GrantAct::Kind::kConfirm;
  Outcome outcome = opens ? open(act) : decide(act);
  if (outcome.error) return outcome;
  insert_act_.run(effects.next_index(), act.at.ms, kFirstActKind + static_cast<int>(act.kind),
                  opens ? act.row.id : act.id, act.actor, act.reason);
  effects.add_entry(act.entry, false);
  effects.grants_changed = true;
  return outcome;
}

Outcome GrantWriter::open(const GrantAct& act) {
  const GrantRow& row = act.row;
  if (row.id.empty() || row.recipient.empty() || row.service.empty() || row.exchange.empty() == row.matter.empty() ||
      row.until_ms <= act.at.ms) {
    return failed(codes::kInternal, "grant");
  }
  {
    Query rows(alive_, act.at.ms);
    if (rows.next() && rows.integer(0) >= static_cast<std::int64_t>(act.max_open))
      return failed(codes::kGrantLimit, std::to_string(act.max_open));
  }
  const bool confirmed = act.kind == GrantAct::Kind::kConfirm;
  const auto state = static_cast<int>(confirmed ? GrantState::kInForce : GrantState::kAsked);
  insert_.run(row.id, static_cast<int>(row.kind), state, row.recipient.str(), row.service.str(), row.exchange.str(),
              row.partner.str(), row.matter.str(), joined(row.labels), row.reason, act.actor, act.at.ms,
              confirmed ? act.actor : std::string(), confirmed ? act.at.ms : 0, row.until_ms);
  return {};
}

// Of two persons at once the second finds another state.
Outcome GrantWriter::decide(const GrantAct& act) {
  using enum GrantAct::Kind;
  std::optional<GrantRow> row;
  {
    Query rows(find_, act.id);
    if (rows.next()) row = grant_of(rows);
  }
  if (!row) return failed(codes::kNotFound, "grant");
  if (act.kind == kExpired) return {};
  const bool open = row->state == GrantState::kAsked || (act.kind == kWithdraw && row->state == GrantState::kInForce);
  if (!open) return failed(codes::kWrongState, std::string(name_of(row->state)));
  if (act.kind == kApprove) {
    if (same_person(row->asked_by, act.actor)) return failed(codes::kGrantSamePerson);
    if (row->until_ms <= act.at.ms) return failed(codes::kGrantOver);
  }
  const GrantState to = act.kind == kApprove  ? GrantState::kInForce
                        : act.kind == kRefuse ? GrantState::kRefused
                                              : GrantState::kWithdrawn;
  decide_.run(act.id, static_cast<int>(to), act.actor, act.at.ms);
  return {};
}

}  // namespace tongqu::sql
