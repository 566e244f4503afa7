#pragma once
// The line of queries (docs/decisions/0008-queries.md):
//
//   admit → decode → validate → canonicalise → route → [hub: cache, shared call]
//                                                        └─ leader: view → render → commit *asked* → registry
//   registry's answer: decode → validate → canonicalise, once
//   each asker: view → render → commit *answered* → its answer
//
// Bytes for a registry or for an asker exist only as OutboundBytes, which carry their ledger entry.
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/core/query.hpp"
#include "gateway/core/store.hpp"
#include "gateway/pipeline/query_steps.hpp"
#include "gateway/pipeline/question_memory.hpp"

namespace tongqu {

class QueryAsker;

// What was counted since the start, per asker and service. Monotonic.
struct QueryCounts {
  PartnerId partner;
  ServiceId service;
  std::uint64_t upstream = 0;    // answered, its own question went to the registry
  std::uint64_t shared = 0;      // answered out of an equal question's call
  std::uint64_t cache = 0;       // answered out of the cache
  std::uint64_t stale = 0;       // answered past the time to live
  std::uint64_t failed = 0;      // no answer, whatever the reason
  std::int64_t wait_ms_sum = 0;  // over what was answered
  [[nodiscard]] std::uint64_t answered() const { return upstream + shared + cache + stale; }
};

// Thread-safe.
class QueryLine final : public QueryDesk, public Askers {
 public:
  struct Parts {
    std::function<std::shared_ptr<const Plan>()> plan;  // the active configuration
    Store& store;
    LineTools tools;
    SharedCalls& calls;
    RateLimiter& limiter;
    Intake& intake;      // counts what was turned back
    Bytes question_key;  // random, kept nowhere: hides questions in memory
    // Told when a registry's answer is not of the agreed form; the error holds the faults, never a value.
    std::function<void(const PartnerId&, const Error&)> bad_answer;
  };
  // References outlive the line.
  explicit QueryLine(Parts parts);

  [[nodiscard]] bool answers(const ServiceId& service) const override;
  void ask(InboundMessage message, std::int64_t wait_ms, Done done) override;

  void answer(std::vector<std::pair<Asker, AnswerOrigin>> askers, const SharedAnswer& answer,
              const AnswerContent& content) override;
  void fail(std::vector<Asker> askers, const Error& error) override;
  void over(const ExchangeId& asked, const SharedQuestion& question, const ErrorCode& why) override;

  // Closes as *abandoned* what was asked before `asked_before` and is open: at the start whatever the last process
  // left, later what could not be closed when it was over. Blocks until it is committed; how many were closed.
  [[nodiscard]] Result<std::size_t> close_abandoned(Instant asked_before);

  [[nodiscard]] std::vector<QueryCounts> counts() const;

 private:
  class Round;
  struct Rendered;
  [[nodiscard]] Result<KnownQuestion> question_of(Exchange& exchange);
  [[nodiscard]] Rendered view_for(const QueryAsker& asker, const AnswerContent& content) const;
  [[nodiscard]] Result<ShownAnswer> make_view(const AskerAnswer& plan, const AnswerContent& content) const;
  void answer_one(const std::shared_ptr<QueryAsker>& asker, AnswerOrigin origin, const Rendered& rendered,
                  const SharedAnswer& answer, std::function<void()> after);
  void finish(const QueryAsker& asker, Result<Answered> result);
  void abandon(const OpenQuery& query, const ErrorCode& why, const Store::Done& done);

  Parts parts_;
  QuestionMemory memory_;
  mutable std::mutex mutex_;
  std::map<std::string, QueryCounts> counts_;  // by audience
};

}  // namespace tongqu
