#pragma once
// How messages leave: one OutboundConnector per partner and protocol. And how inbound connectors hand messages in.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/core/error.hpp"
#include "gateway/core/http.hpp"
#include "gateway/core/identity.hpp"
#include "gateway/core/ids.hpp"

namespace tongqu {

struct OutboundMessage {
  std::string message_id;  // stable over retries; the partner de-duplicates by it
  ServiceId service;
  std::string body;
  std::string content_type;
  std::int32_t attempt = 1;  // 1 = first
};

enum class DeliveryVerdict : std::uint8_t {
  kDelivered,  // the partner acknowledged (投递确认; not 送达)
  kRetry,      // certainly without effect, or safe to repeat: connection refused, 5xx, 429
  kRefused,    // the partner turned the message back; repeating it as it is will not help
  kNoAnswer,   // sent, but no answer came: effect unknown
  // Handed on for good, and the answer comes in its own time (hours, behind a 网闸): no failure. The same message is
  // delivered again after `retry_after_ms` in order to ask; until then its effect is unknown.
  kPending,
};

struct DeliveryOutcome {
  DeliveryVerdict verdict = DeliveryVerdict::kRetry;
  int status = 0;                   // protocol status (HTTP status), 0 = none
  const ErrorCode* code = nullptr;  // why, unless delivered
  std::int64_t retry_after_ms = 0;  // the partner's wish, 0 = none; with kPending when to ask, ≥ 1
  std::string answer_digest = {};   // hash of the answer's body, hex; the body itself is not kept
  std::string detail = {};          // replaces "{}" in the code's text, as Error::param; may be empty
};

class OutboundConnector {
 public:
  virtual ~OutboundConnector() = default;
  using Done = std::function<void(DeliveryOutcome)>;
  // Sends one message. Returns at once; `done` is called exactly once from any thread, at the latest `timeout_ms`
  // (plus scheduling) later, also when the connector is stopped meanwhile.
  virtual void deliver(OutboundMessage message, std::int64_t timeout_ms, Done done) = 0;
};

// What became of one question.
enum class QueryVerdict : std::uint8_t {
  kAnswered,     // `body` is the partner's answer, not looked into beyond its envelope
  kNotFound,     // the partner says that it has no such record: an answer too
  kRefused,      // the partner turned the question back; repeating it as it is will not help
  kUnavailable,  // no answer: out of reach, too late, an error of the partner, something unreadable in between
};

struct QueryOutcome {
  QueryVerdict verdict = QueryVerdict::kUnavailable;
  int status = 0;                   // protocol status (HTTP status), 0 = none
  const ErrorCode* code = nullptr;  // why, for kRefused and kUnavailable
  std::int64_t retry_after_ms = 0;  // the partner's wish, 0 = none
  std::string body;                 // kAnswered only; bounded by the connector
  std::string content_type;         // of `body`: media type without parameters, lower case
};

// Asks a partner and brings its answer back. A question has no effect at the partner, so it may be repeated.
class QueryConnector {
 public:
  virtual ~QueryConnector() = default;
  using Done = std::function<void(QueryOutcome)>;
  // As OutboundConnector::deliver: returns at once, `done` exactly once from any thread, within `timeout_ms`.
  virtual void ask(OutboundMessage question, std::int64_t timeout_ms, Done done) = 0;
};

// What an inbound connector hands to the line: an authenticated message of one service.
struct InboundMessage {
  ServiceId service;
  std::string body;
  std::string content_type;     // media type without parameters, lower case
  std::string idempotency_key;  // empty = the partner's `dedup` rule decides
  std::string traceparent;
  Identity identity;
  Instant received_at;
  std::string source_address;  // for counting; not stored with the message
  // The file that it came in, where one is: what it is called at the partner ("20141224.zip/CN104223352A.xml"; UTF-8,
  // at most 300 bytes) and of when it is. Goes into the record's envelope. Empty = none.
  std::string file;
  Instant file_at;
  // The message came from another gateway: its exchange there (ULID), for audit entry and receipt. Else empty.
  ExchangeId origin;
};

// The line's answer: committed, or an error with all its faults.
struct Accepted {
  ExchangeId exchange;
  std::string receipt;    // canonical JSON, the stored bytes
  bool held = false;      // stored, and before a person (待补正 …)
  bool repeated = false;  // the receipt of an earlier, identical request
};

// Entry of the line for every inbound connector. Returns at once; `done` exactly once, from any thread; when it
// carries Accepted the message is on disk. Cancelling the caller never cancels a commit.
class Intake {
 public:
  virtual ~Intake() = default;
  using Done = std::function<void(Result<Accepted>)>;
  virtual void accept(InboundMessage message, Done done) = 0;
  // Counts what could not be authenticated (one audit entry per source and minute).
  virtual void turned_back(const std::string& source_address, const std::string& partner_claim, const Error& error) = 0;
};

// What an inbound connector tells about itself; for people and metrics.
struct InboundHealth {
  std::int64_t last_success_ms = 0;      // 0 = not yet
  const ErrorCode* last_code = nullptr;  // why the partner could not be asked; nullptr = it could
  std::uint64_t accepted = 0;            // messages that the line took, repeated ones included
  std::uint64_t turned_back = 0;         // messages that the line or the connector turned back
};

// A connector that fetches by itself (tables, files, queues), or that is called on a path of its own. It reports to the
// partner that a message is taken only after the Intake's answer, so a crash at any point repeats and never loses.
class InboundConnector {
 public:
  virtual ~InboundConnector() = default;
  // Begins; nothing is fetched or answered before. Called once. Returns at once: a partner out of reach is tried again.
  virtual void start() = 0;
  // Fetches nothing further and returns when nothing of it runs any more: within `grace_ms` what is in hand is
  // finished, after that it is handed back. Repeating it does nothing.
  virtual void stop(std::int64_t grace_ms) = 0;
  // The path below which it is called ("/soap/case"), and who answers there; empty and nullptr when it only fetches.
  [[nodiscard]] virtual std::string mount() const { return {}; }
  [[nodiscard]] virtual HttpHandler* handler() { return nullptr; }
  [[nodiscard]] virtual InboundHealth health() const = 0;
};

// Messages waiting for a partner that cannot be called.
struct PulledMessage {
  std::string message_id;
  ServiceId service;
  std::string body;
  std::string content_type;
};

class PullInbox {
 public:
  virtual ~PullInbox() = default;
  // At most `limit` heads for `partner`; each is offered again after `lease_ms` unless acknowledged. Blocking, fast.
  [[nodiscard]] virtual Result<std::vector<PulledMessage>> take(const PartnerId& partner, std::size_t limit,
                                                                std::int64_t lease_ms) = 0;
  // Settles as delivered; a second acknowledgement answers the same. kNotFound for what was never offered to `partner`.
  using Done = std::function<void(Status)>;
  virtual void acknowledge(const PartnerId& partner, const std::string& message_id, Done done) = 0;
};

}  // namespace tongqu
