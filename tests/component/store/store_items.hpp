#pragma once
// Short ways to make what a store takes.
#include <string>

#include "gateway/store/sql_store.hpp"

namespace tongqu::test {

inline AuditDraft draft(const std::string& kind, const std::string& what) {
  AuditEntryBuilder entry(kind, Instant{1'776'700'800'000});
  return entry.text("what", what).finish();
}

// Id number n, in order.
inline ExchangeId exchange_id(std::uint64_t n) {
  static constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::string text = "01HF7YAT0000000000000000000";
  text.resize(26, '0');
  for (std::size_t i = 26; n > 0; n /= 32) text[--i] = kAlphabet[n % 32];
  return ExchangeId(text);
}

inline NewOutbox outbox_to(const ExchangeId& exchange, const std::string& recipient, const std::string& key = {}) {
  NewOutbox row;
  row.message_id = exchange.str() + '-' + recipient;
  row.recipient = PartnerId(recipient);
  row.service = ServiceId("workorder.transfer");
  row.order_key = recipient + '|' + (key.empty() ? exchange.str() : key);
  row.sealed = "sealed for " + recipient;
  row.content_type = "application/json";
  row.ledger = "ledger of " + recipient;
  return row;
}

inline NewExchange new_exchange(const ExchangeId& id, const std::string& partner = "city-a",
                                const std::string& matter = {}) {
  NewExchange exchange;
  exchange.exchange = id;
  exchange.partner = PartnerId(partner);
  exchange.service = ServiceId("workorder.transfer");
  exchange.matter = MatterNo(matter);
  exchange.operation = "create";
  exchange.received_at = {1'776'700'800'000};
  exchange.config = ConfigId(std::string(64, 'c'));
  exchange.route = "to-platform";
  exchange.wrapped_key = "wrapped key of " + id.str();
  exchange.sealed_original = "original of " + id.str();
  exchange.original_type = "application/json";
  exchange.sealed_record = "record of " + id.str();
  exchange.findings = "[]";
  exchange.dedup_key = "key of " + id.str();
  exchange.dedup_digest = std::string(32, 'd');
  exchange.entry = draft("stored", id.str());
  return exchange;
}

inline Settlement settlement(const std::string& message_id, SettleTo to, std::int64_t next_due_ms = 0) {
  Settlement out;
  out.message_id = message_id;
  out.to = to;
  out.at = {1'776'700'801'000};
  out.next_due_ms = next_due_ms;
  out.status = to == SettleTo::kDelivered ? 200 : 503;
  out.code = to == SettleTo::kDelivered ? "" : "http.status";
  out.latency_ms = 12;
  if (to != SettleTo::kRetry) {
    out.entry = draft(to == SettleTo::kDelivered ? "delivered"
                      : to == SettleTo::kDead    ? "dead"
                                                 : "no-answer",
                      message_id);
  }
  return out;
}

inline OperatorAct act_on(OperatorAct::Kind kind, const std::string& message_id) {
  OperatorAct act;
  act.kind = kind;
  act.message_id = message_id;
  act.actor = "operator";
  act.reason = "asked by telephone";
  act.at = {1'776'700'802'000};
  act.entry = draft("act", message_id);
  return act;
}

}  // namespace tongqu::test
