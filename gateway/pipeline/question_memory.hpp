#pragma once
// Requests whose question is known: the same bytes of the same partner mean the same question as long as the
// configuration is the same, so that reading them again may be left out. Keyed hashes only: neither requests nor
// questions stand readable in it.
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "gateway/core/crypto.hpp"
#include "gateway/pipeline/exchange.hpp"

namespace tongqu {

struct KnownQuestion {
  const RecipientPlan* registry = nullptr;  // of the plan under which it was asked
  std::string identity;                     // SharedQuestion::identity
  std::vector<PersonMark> persons;          // keyed hashes too
};

// Bounded; the oldest goes first. Thread-safe.
class QuestionMemory {
 public:
  static constexpr std::size_t kMaxEntries = 16'384;

  // `key` is random and kept nowhere else; `suite` outlives this.
  QuestionMemory(const Suite& suite, Bytes key) : suite_(suite), key_(std::move(key)) {}

  // The key of an admitted request.
  [[nodiscard]] std::string request_key(const Exchange& exchange) const;
  // The identity under which equal questions meet. `question`: what question_identity() gave; personal data.
  [[nodiscard]] std::string identity_of(std::string_view question) const;
  // What was kept under `plan`, and nothing else.
  [[nodiscard]] std::optional<KnownQuestion> find(const std::string& request_key,
                                                  const std::shared_ptr<const Plan>& plan) const;
  void put(const std::string& request_key, const std::shared_ptr<const Plan>& plan, KnownQuestion question);

 private:
  const Suite& suite_;
  const Bytes key_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Plan> plan_;  // second owner: the registries below point into it
  std::unordered_map<std::string, KnownQuestion> known_;
  std::deque<std::string> by_age_;
};

}  // namespace tongqu
