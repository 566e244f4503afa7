#pragma once
// What the two sources of the hub share: its lanes, its calls under way, what is told without the lock.
#include <algorithm>

#include "gateway/delivery/delivery_codes.hpp"
#include "gateway/delivery/query_codes.hpp"
#include "gateway/delivery/query_hub.hpp"

namespace tongqu {
namespace query {

inline constexpr std::int64_t kHourMs = 3'600'000;

inline Error refused(const ErrorCode& code, const PartnerId& recipient, std::int64_t retry_after_ms) {
  Error error = make_error(code, recipient.str());
  error.retry_after_ms = std::max<std::int64_t>(retry_after_ms, 0);
  return error;
}

inline Error error_of(const QueryOutcome& outcome, const PartnerId& recipient) {
  const bool turned_back = outcome.verdict == QueryVerdict::kRefused;
  return refused(turned_back ? codes::kQueryRefused : codes::kQueryUnreachable, recipient, outcome.retry_after_ms);
}

// Bound to its place: a sealed answer opens under its own question only.
inline std::string context_of(const std::string& key) { return "query/" + to_hex(key); }

}  // namespace query

struct QueryHub::Lane {
  explicit Lane(QueryLaneOptions given) : options(std::move(given)), breaker(options.breaker) {}
  QueryLaneOptions options;
  CircuitBreaker breaker;
  std::size_t calls = 0;
  std::uint64_t asked = 0, answered = 0, failed = 0;
  std::int64_t answer_ms_sum = 0;
  const ErrorCode* last_code = nullptr;
};

struct QueryHub::Waiter {
  Askers::Asker asker;
  std::int64_t deadline_ms = 0;
  AnswerOrigin origin = AnswerOrigin::kShared;
};

// One call, from the first asker to the answer.
struct QueryHub::Flight {
  Serial serial = 0;
  std::string key;
  std::shared_ptr<const SharedQuestion> question;  // second owner: whoever translates or tells without the lock
  std::shared_ptr<Lane> lane;
  CircuitBreaker::Ticket ticket;
  std::map<std::uint64_t, Waiter> waiters;
  std::uint64_t next_waiter = 1;
  std::uint64_t leader = 1;
  ExchangeId asked;  // the leader's exchange
  std::int64_t called_ms = 0;
};

// Content of an answer out of the cache.
class QueryHub::KeptContent final : public AnswerContent {
 public:
  KeptContent(QueryHub& hub, const std::string& key, const CachedAnswer& answer)
      : hub_(hub), key_(key), answer_(answer) {}
  [[nodiscard]] Result<std::string> record() const override;
  [[nodiscard]] std::shared_ptr<const ShownAnswer> shown(const std::string& audience) const override;
  void keep(const std::string& audience, const ShownAnswer& shown) const override;

 private:
  [[nodiscard]] std::string context_for(const std::string& audience) const;
  QueryHub& hub_;
  const std::string& key_;
  const CachedAnswer& answer_;
};

class QueryHub::Handover {
 public:
  explicit Handover(QueryHub& hub) : hub_(hub) {}
  void cached(Askers::Asker asker, AnswerOrigin origin, const std::string& key,
              std::shared_ptr<const CachedAnswer> answer) {
    if (kept_.empty() || kept_.back().answer != answer) kept_.push_back({{}, key, std::move(answer)});
    kept_.back().askers.emplace_back(std::move(asker), origin);
  }
  void answer(Asking askers, SharedAnswer answer, std::string record) {
    answers_.push_back({std::move(askers), std::move(answer), std::move(record)});
  }
  void fail(Askers::Asker asker, const Error& error) {
    if (failures_.empty() || failures_.back().second.code != error.code) failures_.push_back({{}, error});
    failures_.back().first.push_back(std::move(asker));
  }
  void over(const Flight& flight, const ErrorCode& why) { over_.emplace_back(flight.asked, flight.question, &why); }
  void lead(Serial serial, Askers::Asker leader) { leads_.emplace_back(serial, std::move(leader)); }
  void wake() { wake_ = true; }
  void run();

 private:
  struct Kept {
    Asking askers;
    std::string key;
    std::shared_ptr<const CachedAnswer> answer;
  };
  struct Fresh {
    Asking askers;
    SharedAnswer answer;
    std::string record;
  };
  void run_kept(Kept& kept);

  QueryHub& hub_;
  std::vector<Kept> kept_;
  std::vector<Fresh> answers_;
  std::vector<std::pair<std::vector<Askers::Asker>, Error>> failures_;
  std::vector<std::tuple<ExchangeId, std::shared_ptr<const SharedQuestion>, const ErrorCode*>> over_;
  std::vector<std::pair<Serial, Askers::Asker>> leads_;
  bool wake_ = false;
};

}  // namespace tongqu
