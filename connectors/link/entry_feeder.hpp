#pragma once
// Hands the entries of one bundle to the line, some at once, and gathers what became of them. An entry that the line
// cannot take now is offered again after a wait; meanwhile no further one goes out. Two entries of one matter are never
// in open bundles at once (the sending side's outbox keeps the order), so that their order within a bundle is free.
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "connectors/link/bundle.hpp"
#include "connectors/support/backoff.hpp"
#include "gateway/core/connector.hpp"

namespace tongqu::link {

struct FeedRules {
  std::size_t parallel = 16;
  BackoffLimits retry;
};

struct FeedCounts {
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> turned_back{0};
};

class EntryFeeder {
 public:
  // References outlive it.
  EntryFeeder(FeedRules rules, PartnerId partner, std::string method, const Suite& suite, const Clock& clock,
              Intake& intake, FeedCounts& counts);
  // Blocks until each entry is stored or turned back; the answers in the order of the entries. link.stopped when
  // stop() was called before.
  [[nodiscard]] Result<std::vector<Answer>> feed(const ReadBundle& read);
  // What runs ends within `grace_ms`; from any thread.
  void stop(std::int64_t grace_ms);

 private:
  struct Gathered;  // shared with the callbacks under way
  void hand_in(const ReadBundle& read, std::size_t index, const std::shared_ptr<Gathered>& gathered);
  [[nodiscard]] Answer answer_of(const Entry& entry, const Result<Accepted>& result);
  [[nodiscard]] bool pause(std::int64_t ms);

  FeedRules rules_;
  PartnerId partner_;
  std::string method_;
  const Suite& suite_;
  const Clock& clock_;
  Intake& intake_;
  FeedCounts& counts_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::int64_t stop_by_ms_ = 0;  // steady
};

// The exchange at the sending gateway, out of a message id "<exchange>-<recipient>…"; empty when it has no such form.
[[nodiscard]] ExchangeId origin_of(const std::string& message_id);

}  // namespace tongqu::link
