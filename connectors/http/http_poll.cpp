#include "connectors/http/http_poll.hpp"

#include <future>

#include "connectors/http/http_codes.hpp"
#include "connectors/support/intake_answer.hpp"

namespace tongqu {
namespace {

constexpr std::int64_t kWindowLookMs = 30'000;

bool within(const Window& window, int minute) {
  if (window.from_minute <= window.to_minute) return minute >= window.from_minute && minute < window.to_minute;
  return minute >= window.from_minute || minute < window.to_minute;
}

}  // namespace

HttpPoll::HttpPoll(HttpPollOptions options, PollSession session, PollPosition position, HttpParts parts, Intake& intake,
                   const Clock& clock)
    : options_(std::move(options)),
      session_(std::move(session)),
      position_(std::move(position)),
      intake_(intake),
      clock_(clock),
      parts_(std::move(parts)) {}

HttpPoll::~HttpPoll() { stop(0); }

void HttpPoll::start() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = false;
  }
  thread_ = std::thread([this] { run(); });
}

void HttpPoll::stop(std::int64_t grace_ms) {
  {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
    (void)changed_.wait_for(lock, std::chrono::milliseconds(grace_ms), [this] { return ended_; });
  }
  // What still waits for the partner fails now; what the line has in hand is answered by the line.
  if (parts_.client) parts_.client->stop();
  if (thread_.joinable()) thread_.join();
}

InboundHealth HttpPoll::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

bool HttpPoll::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

bool HttpPoll::in_window() const {
  if (!options_.window) return true;
  const CivilTime now = to_beijing(clock_.now());
  return within(*options_.window, now.hour * 60 + now.minute);
}

void HttpPoll::note(const ErrorCode* failure) {
  const std::lock_guard lock(mutex_);
  health_.last_code = failure;
  if (failure == nullptr) health_.last_success_ms = clock_.now().ms;
}

void HttpPoll::run() {
  int failures = 0;
  std::int64_t wait_ms = 0;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      if (changed_.wait_for(lock, std::chrono::milliseconds(wait_ms), [this] { return stopping_; })) break;
    }
    if (!in_window()) {
      wait_ms = std::min(options_.interval_ms, kWindowLookMs);
      continue;
    }
    retry_after_ms_ = 0;
    const Result<bool> more = round();
    note(more.has_error() ? more.error().code : nullptr);
    failures = more.has_error() ? failures + 1 : 0;
    wait_ms = more.has_error()
                  ? poll_backoff_ms(failures, options_.backoff_first_ms, options_.backoff_max_ms, retry_after_ms_)
              : *more ? 0
                      : options_.interval_ms;
  }
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

Result<bool> HttpPoll::round() {
  const auto position = position_.load(session_.first_position());
  if (position.has_error()) return position.error();
  const auto answer = ask(session_.request(*position));
  if (answer.has_error()) return answer.error();
  const auto batch = session_.read(*answer, parts_.caller->reader(), *position);
  if (batch.has_error()) {
    retry_after_ms_ = parts_.caller->reader().read(*answer).retry_after_ms;
    return batch.error();
  }
  PollSettled settled;
  if (auto status = hand_over(*batch, settled); status.has_error()) return status.error();
  if (session_.acknowledges() && !settled.empty()) {
    if (auto status = acknowledge(settled); status.has_error()) return status.error();
  }
  if (batch->next != *position) {
    if (auto status = position_.save(batch->next); status.has_error()) return status.error();
  }
  return batch->more;
}

Result<net::HttpResponseIn> HttpPoll::ask(HttpRequest request) {
  std::promise<CallOutcome> answered;
  auto answer = answered.get_future();
  // The peer recognises a repetition: asking changes nothing, acknowledging twice says the same.
  parts_.caller->call(std::move(request), true, options_.timeout_ms,
                      [&answered](CallOutcome outcome) { answered.set_value(std::move(outcome)); });
  CallOutcome outcome = answer.get();
  if (outcome.has_error()) return make_error(*outcome.error().code, outcome.error().detail);
  return std::move(*outcome);
}

Status HttpPoll::hand_over(const PolledBatch& batch, PollSettled& settled) {
  for (const PolledItem& item : batch.items) {
    if (stopping()) return make_error(codes::kUnavailable);
    if (item.key.empty()) {
      intake_.turned_back({}, options_.partner.str(), make_error(codes::kPollItem, "key"));
      const std::lock_guard lock(mutex_);
      ++health_.turned_back;
      continue;
    }
    InboundMessage message;
    message.service = options_.service;
    message.body = item.body;
    message.content_type = "application/json";
    message.idempotency_key = item.key;
    message.identity.partner = options_.partner;
    message.identity.method = "http-poll";
    message.received_at = clock_.now();
    std::promise<Result<Accepted>> answered;
    auto answer = answered.get_future();
    intake_.accept(std::move(message), [&answered](Result<Accepted> result) { answered.set_value(std::move(result)); });
    const Result<Accepted> accepted = answer.get();
    if (accepted.has_error() && is_offered_again(accepted.error())) return accepted.error();
    settled.emplace_back(item.key, accepted.has_error() ? std::string(accepted.error().code->id) : std::string());
    const std::lock_guard lock(mutex_);
    ++(accepted.has_error() ? health_.turned_back : health_.accepted);
  }
  return {};
}

Status HttpPoll::acknowledge(const PollSettled& settled) {
  const auto answer = ask(session_.acknowledgement(settled));
  if (answer.has_error()) return answer.error();
  const Answer meaning = parts_.caller->reader().read(*answer);
  retry_after_ms_ = meaning.retry_after_ms;
  return meaning.code == nullptr ? Status() : Status(make_error(*meaning.code, meaning.detail));
}

}  // namespace tongqu
