#include "gateway/net/answer_slot.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>

namespace tongqu::net {

namespace asio = boost::asio;

template <class Handler>
struct AnswerSlot::WaiterOf final : Waiter {
  explicit WaiterOf(Handler h) : handler(std::move(h)) {}
  void resume() override { std::move(handler)(); }
  Handler handler;
};

Task<std::optional<HttpResponse>> AnswerSlot::wait() {
  bool suspend = false;
  {
    const std::scoped_lock lock(mutex_);
    suspend = !closed_ && !answer_;
    waiting_ = suspend;
  }
  if (suspend) {
    // Wakers only post to this thread, so none of them can run before the waiter is in place.
    co_await asio::async_initiate<const asio::use_awaitable_t<IoExecutor>, void()>(
        [this](auto handler) { waiter_ = std::make_unique<WaiterOf<decltype(handler)>>(std::move(handler)); },
        asio::use_awaitable_t<IoExecutor>{});
  }
  const std::scoped_lock lock(mutex_);
  closed_ = true;
  co_return std::move(answer_);
}

void AnswerSlot::wake_locked() {
  if (!waiting_) return;
  waiting_ = false;
  asio::post(executor_, [self = shared_from_this()] {
    const auto waiter = std::move(self->waiter_);
    if (waiter) waiter->resume();
  });
}

void AnswerSlot::abandon() {
  const std::scoped_lock lock(mutex_);
  if (closed_) return;
  closed_ = true;
  wake_locked();
}

void AnswerSlot::put(HttpResponse response) {
  const std::scoped_lock lock(mutex_);
  if (closed_ || answer_) return;
  answer_ = std::move(response);
  wake_locked();
}

}  // namespace tongqu::net
