#include "connectors/amqp/confirm_tracker.hpp"

#include <algorithm>

#include "connectors/amqp/amqp_codes.hpp"

namespace tongqu::amqp {
namespace {

constexpr std::uint16_t kPreconditionFailed = 406;  // a message above the broker's size, among others
constexpr std::uint16_t kContentTooLarge = 311;

DeliveryOutcome outcome_of(DeliveryVerdict verdict, const ErrorCode* code, int status = 0) {
  DeliveryOutcome outcome;
  outcome.verdict = verdict;
  outcome.code = code;
  outcome.status = status;
  return outcome;
}

}  // namespace

std::uint64_t ConfirmTracker::published(std::uint64_t token, std::int64_t deadline_ms) {
  open_.emplace(++last_, Publish{token, deadline_ms, 0});
  return last_;
}

void ConfirmTracker::returned(std::uint64_t number, std::uint16_t reply_code) {
  if (const auto found = open_.find(number); found != open_.end()) found->second.return_code = reply_code;
}

Settled ConfirmTracker::settle(const Publish& publish, bool positive) {
  if (!positive) return {publish.token, outcome_of(DeliveryVerdict::kRetry, &codes::kAmqpNacked)};
  if (publish.return_code != 0)
    return {publish.token, outcome_of(DeliveryVerdict::kRefused, &codes::kAmqpUnroutable, publish.return_code)};
  return {publish.token, outcome_of(DeliveryVerdict::kDelivered, nullptr)};
}

bool ConfirmTracker::confirmed(std::uint64_t number, bool multiple, bool positive, std::vector<Settled>& out) {
  if (number > last_ || (number == 0 && !multiple)) return false;
  const std::uint64_t up_to = number == 0 ? last_ : number;
  confirmed_ = std::max(confirmed_, up_to);
  auto first = multiple ? open_.begin() : open_.find(up_to);
  const auto end = open_.upper_bound(up_to);
  while (first != open_.end() && first != end) {
    out.push_back(settle(first->second, positive));
    first = open_.erase(first);
  }
  return true;
}

bool ConfirmTracker::expire(std::int64_t now_ms, std::vector<Settled>& out) {
  bool silent = false;
  for (auto at = open_.begin(); at != open_.end();) {
    if (at->second.deadline_ms > now_ms) {
      ++at;
      continue;
    }
    silent = silent || at->first > confirmed_;
    out.push_back({at->second.token, outcome_of(DeliveryVerdict::kNoAnswer, &codes::kAmqpNoConfirm)});
    at = open_.erase(at);
  }
  return silent;
}

void ConfirmTracker::lost(std::uint16_t reply_code, std::vector<Settled>& out) {
  const bool culprit = reply_code != 0 && open_.size() == 1;
  const bool never = reply_code == kPreconditionFailed || reply_code == kContentTooLarge;
  for (const auto& [number, publish] : open_) {
    const DeliveryVerdict verdict = !culprit ? DeliveryVerdict::kNoAnswer
                                    : never  ? DeliveryVerdict::kRefused
                                             : DeliveryVerdict::kRetry;
    out.push_back({publish.token, outcome_of(verdict, culprit ? &codes::kAmqpSetUp : &codes::kAmqpLost, reply_code)});
  }
  open_.clear();
  last_ = 0;
  confirmed_ = 0;
}

std::int64_t ConfirmTracker::next_deadline_ms() const {
  const auto first = std::min_element(open_.begin(), open_.end(), [](const auto& a, const auto& b) {
    return a.second.deadline_ms < b.second.deadline_ms;
  });
  return first == open_.end() ? -1 : first->second.deadline_ms;
}

}  // namespace tongqu::amqp
