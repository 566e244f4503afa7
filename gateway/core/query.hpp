#pragma once
// Queries: somebody asks, a registry is asked, the answer goes back in the same connection (design section 2,
// "Queries"; docs/decisions/0008-queries.md). Nothing is stored but what the audit log has to know.
//
//   connector ──QueryDesk──► line ──SharedCalls──► hub ──QueryConnector──► registry
//                            line ◄──Askers──────── hub
//
// The line knows content, permission and audit; the hub knows time, the cache, and which askers share a call.
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gateway/core/connector.hpp"
#include "gateway/core/error.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/shown_answer.hpp"

namespace tongqu {

// How an asker came by its answer.
enum class AnswerOrigin : std::uint8_t {
  kUpstream,  // its question went to the registry
  kShared,    // an equal question was under way already
  kCache,     // an earlier answer, within its time to live
  kStale,     // an earlier answer past its time to live; only where the service allows it
};
[[nodiscard]] std::string_view name_of(AnswerOrigin origin);  // "upstream", "shared", "cache", "stale"

// What an asker gets; *answered* is committed when it is handed over.
struct Answered {
  ExchangeId exchange;
  std::string body;
  std::string content_type;
  AnswerOrigin origin = AnswerOrigin::kUpstream;
  std::int64_t age_ms = 0;  // since the registry answered
};

// Entry of queries for connectors that can answer in the same connection. Thread-safe.
class QueryDesk {
 public:
  virtual ~QueryDesk() = default;
  // True when `service` is asked (pattern query), not sent, in the active configuration.
  [[nodiscard]] virtual bool answers(const ServiceId& service) const = 0;
  // Returns at once; `done` exactly once, from any thread. `wait_ms`: how long the asker waits, 0 = the service's
  // default; it is cut to the service's maximum. Besides the line's errors: query.deadline, query.breaker,
  // query.unreachable, query.refused, query.answer-invalid, query.busy, store.replay, gateway.unavailable; with
  // Error::retry_after_ms where it is known.
  using Done = std::function<void(Result<Answered>)>;
  virtual void ask(InboundMessage message, std::int64_t wait_ms, Done done) = 0;
};

// ---- between the line and the hub -----------------------------------------------------------------------------

// Times of a service's answers, milliseconds.
struct QueryTimes {
  std::int64_t ttl_ms = 0;           // an answer serves that long; 0 = never from the cache
  std::int64_t negative_ttl_ms = 0;  // the same for "no such record"
  std::int64_t stale_ms = 0;         // so much longer when the registry does not answer; 0 = never
  std::int64_t call_ms = 30'000;     // one call lasts no longer, whoever waits
};

// The registry's answer as canonical record.
struct CanonicalAnswer {
  std::string json;
  bool found = true;
};

// One asker: made by the line, kept by the hub until it is handed back through Askers, exactly once.
class WaitingAsker {
 public:
  virtual ~WaitingAsker() = default;
  // Called before lead() when another one's call will do: gives up what could be made again from the request.
  virtual void park() = 0;
  // Commits *asked* for this asker's exchange and gives the message that may leave then. `done` exactly once, from any
  // thread. kConflict concerns this asker alone (its nonce was used); any other error concerns the question.
  using Led = std::function<void(Result<OutboundMessage>)>;
  virtual void lead(Led done) = 0;
  [[nodiscard]] virtual const ExchangeId& exchange() const = 0;
};

struct SharedQuestion {
  std::string identity;  // what makes two questions the same: a keyed hash
  PartnerId recipient;
  ServiceId service;
  QueryTimes times;
  // From the registry's answer to the canonical record; gives an error when it is not of the agreed form. Called for
  // kAnswered and kNotFound, on any thread.
  std::function<Result<CanonicalAnswer>(const QueryOutcome&)> translate;
};

struct SharedAnswer {
  bool found = true;
  ExchangeId asked;  // the exchange whose question brought it
  std::int64_t age_ms = 0;
};

// The content of an answer. Thread-safe.
class AnswerContent {
 public:
  virtual ~AnswerContent() = default;
  // The canonical record as JSON; personal data. Fails when a kept one does not open.
  [[nodiscard]] virtual Result<std::string> record() const = 0;
  // What `audience` was shown of it before; null when that was not kept. An audience is whoever sees the same of the
  // same record under the configuration that the question named.
  [[nodiscard]] virtual std::shared_ptr<const ShownAnswer> shown(const std::string& audience) const = 0;
  // For later askers of that audience, as long as the answer is kept and there is room.
  virtual void keep(const std::string& audience, const ShownAnswer& shown) const = 0;
};

// What the hub hands back. Called without locks held, from any thread.
class Askers {
 public:
  virtual ~Askers() = default;
  using Asker = std::shared_ptr<WaitingAsker>;
  // All askers of one call at once, so that what they have in common is made once. Not empty. `content` is valid during
  // the call.
  virtual void answer(std::vector<std::pair<Asker, AnswerOrigin>> askers, const SharedAnswer& answer,
                      const AnswerContent& content) = 0;
  virtual void fail(std::vector<Asker> askers, const Error& error) = 0;
  // The call of `asked` is over and no asker gets its answer as such: to be closed as *abandoned* with `why`.
  virtual void over(const ExchangeId& asked, const SharedQuestion& question, const ErrorCode& why) = 0;
};

// One call for equal questions, answers kept for a while, and nobody asked who does not answer. Thread-safe.
class SharedCalls {
 public:
  virtual ~SharedCalls() = default;
  // Returns at once; the asker comes back through Askers, at the latest about `deadline_steady_ms`, from any thread,
  // also before this returns.
  virtual void ask(SharedQuestion question, std::int64_t deadline_steady_ms, Askers::Asker asker) = 0;
};

}  // namespace tongqu
