#include "gateway/pipeline/question_memory.hpp"

namespace tongqu {

// Lengths stand before what could hold anything, so that no two requests are hashed as the same bytes.
std::string QuestionMemory::request_key(const Exchange& exchange) const {
  const InboundMessage& in = exchange.in;
  const std::string head = exchange.partner->id.str() + '\n' + exchange.service->service.str() + '\n' +
                           std::to_string(in.content_type.size()) + '\n' + in.content_type;
  return std::string(as_text(suite_.hmac(key_, {"request\n", head, in.body})));
}

std::string QuestionMemory::identity_of(std::string_view question) const {
  return std::string(as_text(suite_.hmac(key_, {"question\n", question})));
}

std::optional<KnownQuestion> QuestionMemory::find(const std::string& request_key,
                                                  const std::shared_ptr<const Plan>& plan) const {
  const std::lock_guard lock(mutex_);
  if (plan_ != plan) return std::nullopt;
  const auto found = known_.find(request_key);
  if (found == known_.end()) return std::nullopt;
  return found->second;
}

void QuestionMemory::put(const std::string& request_key, const std::shared_ptr<const Plan>& plan,
                         KnownQuestion question) {
  const std::lock_guard lock(mutex_);
  if (plan_ != plan) {
    known_.clear();
    by_age_.clear();
    plan_ = plan;
  }
  if (!known_.emplace(request_key, std::move(question)).second) return;
  by_age_.push_back(request_key);
  if (by_age_.size() <= kMaxEntries) return;
  known_.erase(by_age_.front());
  by_age_.pop_front();
}

}  // namespace tongqu
