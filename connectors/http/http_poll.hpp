#pragma once
// Inbound HTTP, the other way round: asks the partner for its messages, hands them to the line one after the other (so
// that the order of the list is the order of the matters), acknowledges if the partner wants to hear, and only then
// moves its position on. A crash anywhere repeats and never loses: the line knows an entry by its key.
//
//   the line takes an entry, or turns it back   settled; a poison entry costs nobody else
//   the line is busy                            nothing is settled, the same list comes again after the back-off
//   partner down, slow, garbage, failure codes  the same, with health().last_code
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "connectors/http/http_parts.hpp"
#include "connectors/http/poll_position.hpp"
#include "connectors/http/poll_session.hpp"
#include "connectors/support/context.hpp"
#include "gateway/core/connector.hpp"

namespace tongqu {

struct HttpPollOptions {
  PartnerId partner;
  ServiceId service;
  std::int64_t interval_ms = 60'000;      // between two rounds that found the end of the list
  std::int64_t timeout_ms = 10'000;       // of one request
  std::int64_t backoff_first_ms = 1'000;  // after a failed round
  std::int64_t backoff_max_ms = 300'000;
  std::optional<Window> window;  // Beijing time; empty = always
};

class HttpPoll final : public InboundConnector {
 public:
  // `intake` and `clock` outlive the connector.
  HttpPoll(HttpPollOptions options, PollSession session, PollPosition position, HttpParts parts, Intake& intake,
           const Clock& clock);
  ~HttpPoll() override;
  HttpPoll(const HttpPoll&) = delete;
  HttpPoll& operator=(const HttpPoll&) = delete;

  void start() override;
  void stop(std::int64_t grace_ms) override;
  [[nodiscard]] InboundHealth health() const override;

 private:
  // Waits are cut short by stop().
  void run();
  // One list: asked, handed over, acknowledged, position kept. False in the value: the partner has nothing
  // further, and is asked again after the interval.
  [[nodiscard]] Result<bool> round();
  [[nodiscard]] Result<net::HttpResponseIn> ask(HttpRequest request);
  [[nodiscard]] Status hand_over(const PolledBatch& batch, PollSettled& settled);
  [[nodiscard]] Status acknowledge(const PollSettled& settled);
  [[nodiscard]] bool in_window() const;
  [[nodiscard]] bool stopping() const;
  void note(const ErrorCode* failure);

  const HttpPollOptions options_;
  const PollSession session_;
  const PollPosition position_;
  Intake& intake_;
  const Clock& clock_;
  std::int64_t retry_after_ms_ = 0;  // of the last answer; the thread's own
  mutable std::mutex mutex_;         // guards the four below
  std::condition_variable changed_;
  bool stopping_ = false;
  bool ended_ = true;  // no thread
  InboundHealth health_;
  std::thread thread_;
  HttpParts parts_;  // last: its destruction ends the calls in flight
};

extern const PluginSpec kHttpPollIntakeSpec;
extern const ConnectorType kHttpPollConnector;

}  // namespace tongqu
