#pragma once
// From the result of an attempt to what the store writes. Pure: times and randomness come in.
//
// States (docs/formats.md, section 12): an acknowledgement makes `delivered`; what is safe to repeat waits and is
// queued again; a refusal, a passed deadline, used-up attempts and an unreadable payload make `dead`; an attempt
// without answer is repeated as the partner's NoAnswerPolicy says and makes `no-answer` then. A row whose effect is
// unknown because of an earlier attempt never becomes dead by deadline or attempts: it becomes no-answer, and it keeps
// the code delivery.no-answer while it is repeated.
#include "gateway/core/connector.hpp"
#include "gateway/core/store.hpp"
#include "gateway/delivery/lane_options.hpp"

namespace tongqu {

// After an attempt; `row.attempts` does not count it yet. `latency_ms` from handing over to the outcome.
[[nodiscard]] Settlement settle_attempt(const OutboxRow& row, const DeliveryOutcome& outcome,
                                        const LaneOptions& options, Instant now, std::int64_t latency_ms,
                                        const RandomSource& random);
// True when nothing is sent any more because the row's deadline passed.
[[nodiscard]] bool expired(const OutboxRow& row, Instant now);
// Without an attempt: dead (or no-answer, see above).
[[nodiscard]] Settlement settle_expired(const OutboxRow& row, const ConfigId& config, Instant now);
[[nodiscard]] Settlement settle_unreadable(const OutboxRow& row, const ConfigId& config, Instant now);
// The partner fetched the row and acknowledged it.
[[nodiscard]] Settlement settle_acknowledged(const OutboxRow& row, const ConfigId& config, Instant now);

// The row's payload in the clear. Fails like Sealer::unwrap and Sealer::open; kCorrupt also for a payload that
// retention removed.
class Sealer;
[[nodiscard]] Result<Bytes> open_payload(const Sealer& sealer, const OutboxRow& row);

}  // namespace tongqu
