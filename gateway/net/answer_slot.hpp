#pragma once
// Where a session waits for its handler's answer.
#include <memory>
#include <mutex>
#include <optional>

#include "gateway/core/http.hpp"
#include "gateway/core/stream.hpp"

namespace tongqu::net {

// Shared by the session, which waits, and the handler's `done`, which may outlive the session.
class AnswerSlot : public std::enable_shared_from_this<AnswerSlot> {
 public:
  explicit AnswerSlot(IoExecutor executor) : executor_(executor) {}

  // Session's thread, once. Empty when the slot was abandoned.
  [[nodiscard]] Task<std::optional<HttpResponse>> wait();
  // Session's thread. Ends the wait with nothing; later answers are dropped and the executor is not touched any more.
  void abandon();
  // Any thread. The first call counts.
  void put(HttpResponse response);

 private:
  struct Waiter {
    virtual ~Waiter() = default;
    virtual void resume() = 0;
  };
  template <class Handler>
  struct WaiterOf;

  void wake_locked();

  IoExecutor executor_;
  std::mutex mutex_;  // guards the three below
  bool closed_ = false;
  bool waiting_ = false;
  std::optional<HttpResponse> answer_;
  std::unique_ptr<Waiter> waiter_;  // session's thread only
};

}  // namespace tongqu::net
