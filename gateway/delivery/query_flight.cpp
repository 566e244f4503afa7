// A call from its first asker to its last answer: led, joined, answered, kept.
#include "gateway/delivery/query_hub_parts.hpp"

namespace tongqu {
namespace {
using query::context_of;
using query::error_of;
using query::kHourMs;
}  // namespace

void QueryHub::begin(const std::string& key, SharedQuestion question, std::shared_ptr<Lane> lane, Waiter waiter,
                     Handover& out) {
  auto flight = std::make_unique<Flight>();
  flight->serial = next_serial_++;
  flight->key = key;
  flight->question = std::make_shared<const SharedQuestion>(std::move(question));
  flight->lane = std::move(lane);
  flight->ticket = flight->lane->breaker.begin();
  flight->asked = waiter.asker->exchange();
  ++flight->lane->calls;
  out.lead(flight->serial, waiter.asker);
  by_key_.emplace(key, flight->serial);
  join(*flight, std::move(waiter), out);
  flights_.emplace(flight->serial, std::move(flight));
}

void QueryHub::join(Flight& flight, Waiter waiter, Handover& out) {
  const std::uint64_t number = flight.next_waiter++;
  deadlines_.emplace(waiter.deadline_ms, flight.serial, number);
  if (waiter.deadline_ms < told_ms_) {
    told_ms_ = waiter.deadline_ms;
    out.wake();
  }
  flight.waiters.emplace(number, std::move(waiter));
}

void QueryHub::end(Flight& flight) {
  --flight.lane->calls;
  for (const auto& [number, waiter] : flight.waiters) deadlines_.erase({waiter.deadline_ms, flight.serial, number});
  by_key_.erase(flight.key);
  flights_.erase(flight.serial);  // `flight` is gone
}

// Whoever waits gets an earlier answer where that is allowed, else the error.
void QueryHub::settle(Flight& flight, const Error& error, Handover& out) {
  const auto stale = cache_.find(flight.key, clock_.steady_ms(), true);
  for (auto& [number, waiter] : flight.waiters) {
    if (stale != nullptr) {
      out.cached(waiter.asker, AnswerOrigin::kStale, flight.key, stale);
    } else {
      out.fail(waiter.asker, error);
    }
  }
}

// The leader's own trouble is not that of the others: the next one leads.
void QueryHub::without_leader(Flight& flight, const Error& error, Handover& out) {
  if (const auto leader = flight.waiters.find(flight.leader); leader != flight.waiters.end()) {
    out.fail(leader->second.asker, error);
    deadlines_.erase({leader->second.deadline_ms, flight.serial, leader->first});
    flight.waiters.erase(leader);
  }
  if (flight.waiters.empty()) {
    flight.lane->breaker.withdraw(flight.ticket);
    return end(flight);
  }
  auto& [number, next] = *flight.waiters.begin();
  next.origin = AnswerOrigin::kUpstream;
  flight.leader = number;
  flight.asked = next.asker->exchange();
  out.lead(flight.serial, next.asker);
}

void QueryHub::on_led(Serial serial, Result<OutboundMessage> message) {
  Handover out(*this);
  std::shared_ptr<QueryConnector> connector;
  std::int64_t timeout_ms = 0;
  {
    const std::lock_guard lock(mutex_);
    const auto found = flights_.find(serial);
    if (found == flights_.end() || stopped_) return;
    Flight& flight = *found->second;
    Lane& lane = *flight.lane;
    if (message.has_error()) {
      if (message.error().kind() == ErrorKind::kConflict) {
        without_leader(flight, message.error(), out);
      } else {
        for (auto& [number, waiter] : flight.waiters) out.fail(waiter.asker, message.error());
        lane.breaker.withdraw(flight.ticket);
        end(flight);
      }
    } else if (flight.waiters.empty()) {
      lane.breaker.withdraw(flight.ticket);
      out.over(flight, codes::kQueryUnheard);
      end(flight);
    } else {
      ++lane.asked;
      flight.called_ms = clock_.steady_ms();
      connector = lane.options.connector;
      timeout_ms = std::min(lane.options.timeout_ms, flight.question->times.call_ms);
    }
  }
  out.run();
  if (connector == nullptr) return;
  connector->ask(std::move(*message), timeout_ms,
                 [this, serial](const QueryOutcome& outcome) { on_outcome(serial, outcome); });
}

void QueryHub::on_outcome(Serial serial, const QueryOutcome& outcome) {
  std::shared_ptr<const SharedQuestion> question;
  std::string key;
  {
    const std::lock_guard lock(mutex_);
    const auto found = flights_.find(serial);
    if (found == flights_.end()) return;
    question = found->second->question;
    key = found->second->key;
  }
  const bool answer = outcome.verdict == QueryVerdict::kAnswered || outcome.verdict == QueryVerdict::kNotFound;
  Result<CanonicalAnswer> record = answer ? question->translate(outcome) : error_of(outcome, question->recipient);
  Bytes sealed;
  if (record.has_value()) {
    auto blob = sealer_.seal(process_key_, context_of(key), record->json);
    if (blob.has_value()) sealed = std::move(*blob);  // else it is answered and not kept
  }
  finish(serial, outcome, std::move(record), std::move(sealed));
}

void QueryHub::keep(const Flight& flight, const CanonicalAnswer& record, Bytes sealed) {
  const QueryTimes& times = flight.question->times;
  const std::int64_t now_ms = clock_.steady_ms();
  const std::int64_t ttl_ms = record.found ? times.ttl_ms : times.negative_ttl_ms;
  if (sealed.empty()) return;
  cache_.put(flight.key,
             {std::move(sealed), record.found, flight.asked, now_ms, now_ms + ttl_ms, now_ms + ttl_ms + times.stale_ms},
             now_ms);
}

// The answer is in the cache before its flight is gone, so that no equal question slips in between.
void QueryHub::finish(Serial serial, const QueryOutcome& outcome, Result<CanonicalAnswer> record, Bytes sealed) {
  Handover out(*this);
  {
    const std::lock_guard lock(mutex_);
    const auto found = flights_.find(serial);
    if (found == flights_.end()) return;
    Flight& flight = *found->second;
    Lane& lane = *flight.lane;
    const std::int64_t now_ms = clock_.steady_ms();
    if (record.has_value() || outcome.verdict == QueryVerdict::kRefused) {
      lane.breaker.succeeded(flight.ticket);
    } else {
      lane.breaker.failed(flight.ticket, now_ms, std::min(outcome.retry_after_ms, kHourMs));
    }
    if (record.has_value()) {
      ++lane.answered;
      lane.answer_ms_sum += now_ms - flight.called_ms;
      keep(flight, *record, std::move(sealed));
      Asking askers;
      for (auto& [number, waiter] : flight.waiters) askers.emplace_back(waiter.asker, waiter.origin);
      if (askers.empty()) {
        out.over(flight, codes::kQueryUnheard);
      } else {
        out.answer(std::move(askers), {record->found, flight.asked, 0}, std::move(record->json));
      }
    } else {
      ++lane.failed;
      lane.last_code = outcome.code != nullptr ? outcome.code : record.error().code;
      settle(flight, record.error(), out);
      out.over(flight, *lane.last_code);
    }
    end(flight);
  }
  out.run();
}

}  // namespace tongqu
