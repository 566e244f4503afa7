#pragma once
// The thread of a connector that looks at a folder again and again: it waits for the lock of the state folder, then
// makes a round every `poll_ms`; after a failed round the pause doubles, up to a minute. Errors are kept for the
// health; a round that throws nothing away goes on where it was, so no failure ends the thread.
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "connectors/support/state_lock.hpp"
#include "gateway/core/clock.hpp"
#include "gateway/core/error.hpp"

namespace tongqu::file {

class LockedRounds {
 public:
  struct Done {
    const ErrorCode* remark = nullptr;  // what health() tells although the round went well: a file was put aside
  };
  // One round. Called on the thread only, while the lock is held.
  using Round = std::function<Result<Done>()>;
  // `clock` outlives the object, as does what `round` uses. `poll_ms` ≥ 1.
  LockedRounds(std::filesystem::path state, std::int64_t poll_ms, const Clock& clock, Round round);
  LockedRounds(const LockedRounds&) = delete;
  LockedRounds& operator=(const LockedRounds&) = delete;
  ~LockedRounds();  // stop() and join() were called, or start() was not

  void start();  // once
  // No further round begins. A round that runs is asked to end through stopping(); the caller cuts what it waits for.
  void stop();
  void join();  // after stop(); the lock is free afterwards
  [[nodiscard]] bool stopping() const;

  struct Health {
    std::int64_t last_success_ms = 0;  // wall clock, 0 = never
    const ErrorCode* last_code = nullptr;
  };
  [[nodiscard]] Health health() const;

 private:
  void run();
  [[nodiscard]] bool pause(std::int64_t ms);  // true when it is to stop
  void note(const Result<Done>& result);

  const std::filesystem::path state_;
  const std::int64_t poll_ms_;
  const Clock& clock_;
  const Round round_;
  mutable std::mutex mutex_;  // guards the three below
  std::condition_variable changed_;
  bool stopping_ = false;
  Health health_;
  std::thread thread_;
};

}  // namespace tongqu::file
