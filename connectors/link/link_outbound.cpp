#include "connectors/link/link_outbound.hpp"

#include <algorithm>

#include "connectors/link/link_codes.hpp"

namespace tongqu::link {
namespace {

constexpr std::int64_t kMaxWaitMs = 1'000;

DeliveryOutcome outcome_of(DeliveryVerdict verdict, const ErrorCode* code, std::int64_t again_ms = 0) {
  DeliveryOutcome outcome;
  outcome.verdict = verdict;
  outcome.code = code;
  outcome.retry_after_ms = again_ms;
  return outcome;
}

Entry entry_of(OutboundMessage&& message) {
  return {std::move(message.message_id), message.service.str(), std::move(message.content_type),
          std::move(message.body)};
}

}  // namespace

LinkOutbound::LinkOutbound(OutboundOptions options, LinkParts parts, const Suite& suite, const Clock& clock)
    : options_(std::move(options)),
      parts_(std::move(parts)),
      clock_(clock),
      desk_(options_.rules, options_.send, {*parts_.out, *parts_.in, *parts_.state},
            {suite, *parts_.own, *parts_.peer}) {}

LinkOutbound::~LinkOutbound() {
  arrivals_.stop();
  arrivals_.join();
  // Of the same message at the same time each call has its answer.
  for (const Arrived& one : arrivals_.take())
    one.waiter.done(outcome_of(DeliveryVerdict::kRetry, &codes::kLinkStopped));
  while (!waiters_.empty()) give_back(std::string(waiters_.begin()->first), &codes::kLinkStopped);
}

void LinkOutbound::deliver(OutboundMessage message, std::int64_t timeout_ms, Done done) {
  arrivals_.push(std::move(message), {std::move(done), clock_.steady_ms() + timeout_ms});
}

void LinkOutbound::run() {
  const auto lock = arrivals_.wait_for_lock(options_.state, [this](const ErrorCode* failure) {
    if (failure != nullptr) last_code_ = failure;
    expire();
  });
  if (lock == nullptr) return;
  while (!arrivals_.stopping()) {
    if (open_state()) {
      take_arrived();
      work();
    }
    expire();
    if (!wait()) return;
  }
}

// The book as it is on disk; read at the start and after every failure.
bool LinkOutbound::open_state() {
  if (loaded_ || clock_.steady_ms() < not_before_ms_) return loaded_;
  if (auto status = desk_.load(); status.has_error()) {
    failed(status.error());
    return false;
  }
  loaded_ = true;
  settle_answered();
  std::vector<std::string> lost;
  for (const auto& [id, waiter] : waiters_) {
    if (!desk_.book().open(id)) lost.push_back(id);
  }
  for (const std::string& id : lost) give_back(id, last_code_);
  return true;
}

void LinkOutbound::work() {
  Status status = due() ? close_bundle() : Status();
  if (status.has_value()) status = desk_.drop(clock_.steady_ms(), clock_.now());
  if (status.has_value()) status = collect();
  if (status.has_error()) return failed(status.error());
  backoff_ms_ = 0;
  settle_answered();
}

void LinkOutbound::take_arrived() {
  for (Arrived& one : arrivals_.take()) {
    if (loaded_) {
      take(std::move(one));
    } else {
      one.waiter.done(outcome_of(DeliveryVerdict::kRetry, last_code_));
    }
  }
}

void LinkOutbound::take(Arrived arrived) {
  const std::string id = arrived.message.message_id;
  // The same message at the same time: the earlier call gets its answer now, the later one the result.
  if (waiters_.contains(id)) finish(id, outcome_of(DeliveryVerdict::kRetry, &codes::kLinkStopped));
  waiters_[id] = std::move(arrived.waiter);
  if (const Answer* answer = desk_.book().answer(id); answer != nullptr) return pass_on(id, *answer);
  const auto same = [&id](const Entry& entry) { return entry.message_id == id; };
  if (desk_.book().open(id) || std::any_of(gathered_.begin(), gathered_.end(), same)) return;
  Entry entry = entry_of(std::move(arrived.message));
  const std::size_t bytes = entry_bytes(entry);
  const bool fits = bytes + kFrameBytes <= options_.rules.max_bundle_bytes;
  if (!fits || !is_word(id) || !is_word(entry.service) || !is_word(entry.content_type))
    return finish(id, outcome_of(DeliveryVerdict::kRefused, &codes::kLinkMessage));
  if (!desk_.book().room() || desk_.book().open_messages() + gathered_.size() >= options_.send.max_open_messages)
    return finish(id, outcome_of(DeliveryVerdict::kRetry, &codes::kLinkFull, options_.ask_again_ms));
  if (gathered_bytes_ + bytes + kFrameBytes > options_.rules.max_bundle_bytes) {
    if (auto status = close_bundle(); status.has_error()) {
      give_back(id, status.error().code);
      return failed(status.error());
    }
  }
  if (gathered_.empty()) gathered_since_ms_ = clock_.steady_ms();
  gathered_.push_back(std::move(entry));
  gathered_bytes_ += bytes;
  if (gathered_.size() < options_.max_messages) return;
  if (auto status = close_bundle(); status.has_error()) failed(status.error());
}

bool LinkOutbound::due() const {
  if (gathered_.empty()) return false;
  return gathered_.size() >= options_.max_messages || clock_.steady_ms() - gathered_since_ms_ >= options_.max_delay_ms;
}

Status LinkOutbound::close_bundle() {
  if (gathered_.empty()) return {};
  gathered_bytes_ = 0;
  return desk_.make(std::exchange(gathered_, {}), clock_.now());
}

Status LinkOutbound::collect() {
  const std::int64_t now_ms = clock_.steady_ms();
  if (now_ms < look_at_ms_) return {};
  look_at_ms_ = now_ms + options_.poll_ms;
  std::vector<Error> bad;
  const auto status = desk_.collect(now_ms, clock_.now(), bad);
  last_code_ = bad.empty() ? nullptr : bad.back().code;
  return status;
}

void LinkOutbound::settle_answered() {
  std::vector<std::pair<std::string, Answer>> ready;
  for (const auto& [id, waiter] : waiters_) {
    if (const Answer* answer = desk_.book().answer(id); answer != nullptr) ready.emplace_back(id, *answer);
  }
  for (const auto& [id, answer] : ready) pass_on(id, answer);
}

void LinkOutbound::pass_on(const std::string& message_id, const Answer& answer) {
  if (answer.stored) {
    DeliveryOutcome outcome = outcome_of(DeliveryVerdict::kDelivered, nullptr);
    outcome.answer_digest = answer.receipt;
    return finish(message_id, std::move(outcome));
  }
  finish(message_id, outcome_of(DeliveryVerdict::kRefused, &codes::kLinkRefused));
  // Should this fail, the message is refused once more when it comes again.
  if (auto status = desk_.forget(std::string(message_id)); status.has_error()) failed(status.error());
}

void LinkOutbound::failed(const Error& error) {
  last_code_ = error.code;
  loaded_ = false;
  gathered_.clear();
  gathered_bytes_ = 0;
  backoff_ms_ = std::clamp(backoff_ms_ * 2, options_.retry_first_ms, options_.retry_max_ms);
  not_before_ms_ = clock_.steady_ms() + backoff_ms_;
}

// Gives back what has waited long enough.
void LinkOutbound::expire() {
  const std::int64_t now_ms = clock_.steady_ms();
  const ErrorCode* why = last_code_ != nullptr ? last_code_ : &codes::kLinkLate;
  for (const Waiter& waiter : arrivals_.take_late(now_ms)) waiter.done(outcome_of(DeliveryVerdict::kRetry, why));
  std::vector<std::string> late;
  for (const auto& [id, waiter] : waiters_) {
    if (now_ms >= waiter.due_ms) late.push_back(id);
  }
  for (const std::string& id : late) give_back(id, why);
}

// Without an answer.
void LinkOutbound::give_back(const std::string& message_id, const ErrorCode* code) {
  if (desk_.book().open(message_id))
    return finish(message_id, outcome_of(DeliveryVerdict::kPending, nullptr, options_.ask_again_ms));
  const auto gathered = std::find_if(gathered_.begin(), gathered_.end(),
                                     [&](const Entry& entry) { return entry.message_id == message_id; });
  if (gathered != gathered_.end()) {
    gathered_bytes_ -= entry_bytes(*gathered);
    gathered_.erase(gathered);
  }
  finish(message_id, outcome_of(DeliveryVerdict::kRetry, code != nullptr ? code : &codes::kLinkLate));
}

void LinkOutbound::finish(const std::string& message_id, DeliveryOutcome outcome) {
  auto waiter = waiters_.extract(message_id);
  if (!waiter.empty()) waiter.mapped().done(std::move(outcome));
}

// False when the connector is to stop. Waits for a message, or for the next thing that is due.
bool LinkOutbound::wait() {
  const std::int64_t now_ms = clock_.steady_ms();
  std::int64_t until_ms = now_ms + kMaxWaitMs;
  if (!loaded_) until_ms = std::min(until_ms, not_before_ms_);
  if (loaded_) until_ms = std::min(until_ms, look_at_ms_);
  if (!gathered_.empty()) until_ms = std::min(until_ms, gathered_since_ms_ + options_.max_delay_ms);
  for (const auto& [id, waiter] : waiters_) until_ms = std::min(until_ms, waiter.due_ms);
  return arrivals_.wait(now_ms, until_ms, loaded_);
}

}  // namespace tongqu::link
