#pragma once
// Fetches the attachments of one partner, a bounded number at once, each on a thread of its own: a partner that is slow
// or away holds up nobody else. What cannot be had now waits in the store, and outlives the process.
#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

#include "connectors/fetch/fetch_job.hpp"

namespace tongqu::fetch {

struct FetchLaneOptions {
  PartnerId partner;
  FetchTerms terms;
};

class FetchLane {
 public:
  // What changed, for people: the first failure after a success, and the first success after a failure (null). Called
  // on a thread of the lane.
  using Told = std::function<void(const ErrorCode*)>;
  // One could not be had: refused, for a person. Called on a thread of the lane.
  using Refused = std::function<void(const AttachmentId&, const ErrorCode&)>;
  using Sources = std::vector<std::unique_ptr<FetchSource>>;
  // A thread for each source. `store` and `clock` outlive the lane.
  FetchLane(FetchLaneOptions options, FetchStore& store, const Clock& clock, Sources sources, Told told,
            Refused refused = {});
  // Interrupts what runs; what has come is kept.
  ~FetchLane();
  FetchLane(const FetchLane&) = delete;
  FetchLane& operator=(const FetchLane&) = delete;

  // Begins to end it; the destructor waits.
  void interrupt();
  [[nodiscard]] const PartnerId& partner() const { return options_.partner; }
  // Why the last one that failed did; null when the last one was fetched, or none yet.
  [[nodiscard]] const ErrorCode* last_code() const;

 private:
  void run(FetchSource& source);
  [[nodiscard]] AttachmentId next();
  void settle(const AttachmentId& id, const FetchOutcome& outcome);
  [[nodiscard]] bool pause(std::int64_t ms);

  const FetchLaneOptions options_;
  FetchStore& store_;
  const Clock& clock_;
  const Told told_;
  const Refused refused_;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  bool stopping_ = false;
  std::set<AttachmentId> under_way_;
  const ErrorCode* last_code_ = nullptr;
  Sources sources_;  // not guarded: never changed
  std::vector<std::thread> threads_;
};

}  // namespace tongqu::fetch
