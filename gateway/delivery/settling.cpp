#include "gateway/delivery/settling.hpp"

#include <algorithm>

#include "gateway/core/crypto.hpp"
#include "gateway/delivery/delivery_codes.hpp"

namespace tongqu {
namespace {

struct Final {
  SettleTo to;
  std::string_view kind;  // of the audit entry
  const ErrorCode* code;  // null when delivered
};

constexpr std::string_view kKindDelivered = "delivered";
constexpr std::string_view kKindDead = "dead";
constexpr std::string_view kKindNoAnswer = "no-answer";

Final dead(const ErrorCode* code) { return {SettleTo::kDead, kKindDead, code}; }
Final no_answer() { return {SettleTo::kNoAnswer, kKindNoAnswer, &codes::kDeliveryNoAnswer}; }

bool effect_unknown(const OutboxRow& row) {
  return row.code == codes::kDeliveryNoAnswer.id || row.code == codes::kDeliveryPending.id;
}

// Gives up without a definite answer of the partner.
Final give_up(const OutboxRow& row, const ErrorCode* code) { return effect_unknown(row) ? no_answer() : dead(code); }

AuditDraft entry_of(const OutboxRow& row, const Final& final, std::int32_t attempts, int status,
                    const std::string& answer_digest, const ConfigId& config, Instant now) {
  AuditEntryBuilder entry(final.kind, now);
  entry.text("exchange", row.exchange.str())
      .text("partner", row.sender.str())
      .text("service", row.service.str())
      .text("recipient", row.recipient.str())
      .text("message", row.message_id)
      .number("attempts", attempts)
      .number("status", status);
  if (!config.empty()) entry.text("config", config.str());
  if (!answer_digest.empty() && final.to == SettleTo::kDelivered) entry.text("answer", answer_digest);
  return entry.finish();
}

Settlement finish(const OutboxRow& row, const Final& final, std::int32_t attempts, const DeliveryOutcome& outcome,
                  const ConfigId& config, Instant now) {
  Settlement settlement;
  settlement.message_id = row.message_id;
  settlement.to = final.to;
  settlement.at = now;
  settlement.status = outcome.status;
  if (final.code != nullptr) settlement.code = final.code->id;
  settlement.entry = entry_of(row, final, attempts, outcome.status, outcome.answer_digest, config, now);
  return settlement;
}

// Asks again when the connector wishes, however often: waiting for an answer is no failed attempt.
Settlement ask_again(const OutboxRow& row, const DeliveryOutcome& outcome, Instant now) {
  Settlement settlement;
  settlement.message_id = row.message_id;
  settlement.to = SettleTo::kRetry;
  settlement.at = now;
  settlement.next_due_ms = now.ms + std::max<std::int64_t>(outcome.retry_after_ms, 1);
  if (row.deadline_ms > 0) settlement.next_due_ms = std::min(settlement.next_due_ms, row.deadline_ms);
  settlement.code = codes::kDeliveryPending.id;
  return settlement;
}

Settlement repeat(const OutboxRow& row, const DeliveryOutcome& outcome, std::int64_t due_ms, Instant now) {
  Settlement settlement;
  settlement.message_id = row.message_id;
  settlement.to = SettleTo::kRetry;
  settlement.at = now;
  settlement.next_due_ms = due_ms;
  settlement.status = outcome.status;
  const bool unknown = outcome.verdict == DeliveryVerdict::kNoAnswer || effect_unknown(row);
  const ErrorCode* code = outcome.code != nullptr ? outcome.code : &codes::kDeliveryFailed;
  settlement.code = unknown ? codes::kDeliveryNoAnswer.id : code->id;
  return settlement;
}

}  // namespace

Settlement settle_attempt(const OutboxRow& row, const DeliveryOutcome& outcome, const LaneOptions& options, Instant now,
                          std::int64_t latency_ms, const RandomSource& random) {
  const std::int32_t attempts = row.attempts + 1;
  const auto decide = [&]() -> Settlement {
    switch (outcome.verdict) {
      case DeliveryVerdict::kDelivered:
        return finish(row, {SettleTo::kDelivered, kKindDelivered, nullptr}, attempts, outcome, options.config, now);
      case DeliveryVerdict::kRefused:
        return finish(row, dead(outcome.code != nullptr ? outcome.code : &codes::kDeliveryRefused), attempts, outcome,
                      options.config, now);
      case DeliveryVerdict::kNoAnswer:
        if (attempts > options.no_answer.max_repeats) {
          return finish(row, no_answer(), attempts, outcome, options.config, now);
        }
        break;
      case DeliveryVerdict::kPending:
        if (!expired(row, now)) return ask_again(row, outcome, now);
        return finish(row, no_answer(), attempts, outcome, options.config, now);
      case DeliveryVerdict::kRetry: break;
    }
    const RetryDecision decision =
        decide_retry(options.retry, attempts, now.ms, row.deadline_ms, outcome.retry_after_ms, random);
    if (decision.give_up == nullptr) return repeat(row, outcome, decision.due_ms, now);
    const bool unanswered = outcome.verdict == DeliveryVerdict::kNoAnswer;
    return finish(row, unanswered ? no_answer() : give_up(row, decision.give_up), attempts, outcome, options.config,
                  now);
  };
  Settlement settlement = decide();
  settlement.latency_ms = std::max<std::int64_t>(latency_ms, 0);
  return settlement;
}

bool expired(const OutboxRow& row, Instant now) { return row.deadline_ms > 0 && now.ms >= row.deadline_ms; }

Settlement settle_expired(const OutboxRow& row, const ConfigId& config, Instant now) {
  return finish(row, give_up(row, &codes::kDeliveryDeadline), row.attempts, {}, config, now);
}

Settlement settle_unreadable(const OutboxRow& row, const ConfigId& config, Instant now) {
  return finish(row, dead(&codes::kDeliveryUnreadable), row.attempts, {}, config, now);
}

Settlement settle_acknowledged(const OutboxRow& row, const ConfigId& config, Instant now) {
  return finish(row, {SettleTo::kDelivered, kKindDelivered, nullptr}, row.attempts + 1, {}, config, now);
}

Result<Bytes> open_payload(const Sealer& sealer, const OutboxRow& row) {
  if (row.sealed.empty() || row.wrapped_key.empty()) return make_error(codes::kDeliveryUnreadable);
  const auto key = sealer.unwrap(row.exchange, row.wrapped_key);
  if (key.has_error()) return key.error();
  return sealer.open(*key, "out/" + row.message_id, row.sealed);
}

}  // namespace tongqu
