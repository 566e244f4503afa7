#include "connectors/link/send_book.hpp"

#include <algorithm>

#include "connectors/link/link_codes.hpp"

namespace tongqu::link {

bool SendBook::room() const {
  return open_messages_ < rules_.max_open_messages && open_.size() < rules_.max_open_bundles && last_ < kMaxNumber;
}

std::vector<std::uint64_t> SendBook::open_bundles() const {
  std::vector<std::uint64_t> out;
  out.reserve(open_.size());
  for (const auto& [number, bundle] : open_) out.push_back(number);
  return out;
}

const Answer* SendBook::answer(const std::string& message_id) const {
  const auto found = answers_.find(message_id);
  return found == answers_.end() ? nullptr : &found->second.answer;
}

std::uint64_t SendBook::answered_in(const std::string& message_id) const {
  const auto found = answers_.find(message_id);
  return found == answers_.end() ? 0 : found->second.number;
}

void SendBook::note_last(std::uint64_t number, const std::string& digest) {
  if (number < last_) return;
  last_ = number;
  last_digest_ = digest;
}

void SendBook::made(std::uint64_t number, const std::string& digest, const std::vector<std::string>& messages) {
  note_last(number, digest);
  // Between writing the answers and removing the bundle both are on disk: the answers count.
  if (done_.contains(number)) return;
  for (const std::string& message : messages) {
    in_open_[message] = number;
    answers_.erase(message);
  }
  open_messages_ += messages.size();
  open_[number] = {digest, messages, true, 0, {}};
}

void SendBook::answered(const BundleAnswer& answer) {
  note_last(answer.number, answer.digest);
  if (const auto found = open_.find(answer.number); found != open_.end()) {
    open_messages_ -= found->second.messages.size();
    for (const std::string& message : found->second.messages) in_open_.erase(message);
    open_.erase(found);
  }
  Done& done = done_[answer.number];
  done.digest = answer.digest;
  done.messages.clear();
  for (const Answer& one : answer.answers) {
    done.messages.push_back(one.message_id);
    // A refused message that went again is in a later bundle.
    if (!in_open_.contains(one.message_id)) answers_[one.message_id] = {one, answer.number};
  }
}

void SendBook::forget(const std::string& message_id) { answers_.erase(message_id); }

std::vector<std::uint64_t> SendBook::prune() {
  std::vector<std::uint64_t> out;
  while (!done_.empty() && done_.begin()->first != last_ &&
         (done_.size() > rules_.max_answered_bundles || answers_.size() > rules_.max_answered_messages)) {
    for (const std::string& message : done_.begin()->second.messages) answers_.erase(message);
    out.push_back(done_.begin()->first);
    done_.erase(done_.begin());
  }
  return out;
}

Result<std::vector<BundleAnswer>> SendBook::judge(const Answers& answers) const {
  // It may have seen the name of a number that we never gave (anybody may put a file there): only what it took counts.
  if (answers.next > last_ + 1) return make_error(codes::kLinkAnswer);
  std::vector<BundleAnswer> fresh;
  for (const BundleAnswer& bundle : answers.bundles) {
    if (const auto done = done_.find(bundle.number); done != done_.end()) {
      if (done->second.digest != bundle.digest) return make_error(codes::kLinkAnswer);
      continue;
    }
    const auto found = open_.find(bundle.number);
    if (found == open_.end()) {
      // Long answered and forgotten – or never sent.
      if (bundle.number > last_) return make_error(codes::kLinkAnswer);
      continue;
    }
    const auto& messages = found->second.messages;
    const bool same = found->second.digest == bundle.digest && messages.size() == bundle.answers.size() &&
                      std::equal(messages.begin(), messages.end(), bundle.answers.begin(),
                                 [](const std::string& id, const Answer& one) { return id == one.message_id; });
    if (!same) return make_error(codes::kLinkAnswer);
    fresh.push_back(bundle);
  }
  return fresh;
}

void SendBook::asked(const Answers& answers, bool lists) {
  for (auto& [number, bundle] : open_) {
    const bool missing = std::binary_search(answers.missing.begin(), answers.missing.end(), number);
    const bool unseen = lists && number > answers.highest && bundle.dropped_at < answers.created;
    if (missing || unseen) bundle.wanted = true;
  }
}

std::vector<std::uint64_t> SendBook::to_drop(std::int64_t steady_ms) const {
  std::vector<std::uint64_t> out;
  for (const auto& [number, bundle] : open_) {
    const bool late = rules_.resend_ms > 0 && steady_ms - bundle.dropped_steady_ms >= rules_.resend_ms;
    if (bundle.wanted || late) out.push_back(number);
  }
  return out;
}

void SendBook::dropped(std::uint64_t number, std::int64_t steady_ms, Instant at) {
  const auto found = open_.find(number);
  if (found == open_.end()) return;
  found->second.wanted = false;
  found->second.dropped_steady_ms = steady_ms;
  found->second.dropped_at = at;
}

}  // namespace tongqu::link
