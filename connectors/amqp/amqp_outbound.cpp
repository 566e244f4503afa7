#include "connectors/amqp/amqp_outbound.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "connectors/amqp/amqp_codes.hpp"
#include "connectors/amqp/confirm_tracker.hpp"
#include "connectors/support/wake_up.hpp"

namespace tongqu::amqp {
namespace {

constexpr std::uint16_t kChannel = 1;

DeliveryOutcome failed(DeliveryVerdict verdict, const ErrorCode& code, std::int64_t retry_after_ms = 0) {
  DeliveryOutcome outcome;
  outcome.verdict = verdict;
  outcome.code = &code;
  outcome.retry_after_ms = retry_after_ms;
  return outcome;
}

}  // namespace

// The thread and what it owns. Everything below the mutex is shared, the rest belongs to the thread.
class AmqpOutbound::Worker {
 public:
  Worker(OutboundOptions options, const Clock& clock)
      : options_(std::move(options)), clock_(clock), backoff_(options_.reconnect), thread_([this] { run(); }) {}
  ~Worker() {
    stopping_ = true;
    wake_.ring();
    thread_.join();
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void take(OutboundMessage message, std::int64_t timeout_ms, Done done);

 private:
  struct Waiting {
    OutboundMessage message;
    std::int64_t deadline_ms = 0;
    Done done;
  };
  void run();
  void connect();
  Status set_up(Link& link) const;
  void publish_waiting();
  void publish(Waiting waiting);
  void read_events();
  void handle(const Event& event);
  void disconnect(const ErrorCode& code, std::uint16_t reply_code);
  void expire_waiting();
  void answer_waiting(const DeliveryOutcome& outcome);
  void settle();
  [[nodiscard]] std::int64_t wait_ms() const;

  const OutboundOptions options_;
  const Clock& clock_;
  WakeUp wake_;
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::deque<Waiting> waiting_;      // not sent yet
  const ErrorCode* down_ = nullptr;  // why there is no connection, between two attempts
  std::int64_t connect_at_ms_ = 0;   // the next attempt

  std::unique_ptr<Link> link_;
  bool blocked_ = false;
  Backoff backoff_;
  ConfirmTracker tracker_;
  std::map<std::uint64_t, Done> sent_;  // by token
  std::uint64_t next_token_ = 1;
  std::vector<Settled> settled_;
  std::thread thread_;  // last: it uses all of the above
};

void AmqpOutbound::Worker::take(OutboundMessage message, std::int64_t timeout_ms, Done done) {
  DeliveryOutcome refused;
  {
    const std::lock_guard lock(mutex_);
    const std::int64_t now = clock_.steady_ms();
    if (down_ != nullptr) {
      refused = failed(DeliveryVerdict::kRetry, *down_, std::max<std::int64_t>(connect_at_ms_ - now, 1));
    } else if (waiting_.size() >= options_.max_waiting) {
      refused = failed(DeliveryVerdict::kRetry, codes::kAmqpBusy);
    } else {
      waiting_.push_back({std::move(message), now + timeout_ms, std::move(done)});
      wake_.ring();
      return;
    }
  }
  done(refused);
}

void AmqpOutbound::Worker::run() {
  while (!stopping_) {
    if (link_ == nullptr && clock_.steady_ms() >= connect_at_ms_) connect();
    if (link_ != nullptr) read_events();
    if (link_ != nullptr && !blocked_) publish_waiting();
    expire_waiting();
    // A channel that confirms nothing any more is left: a new one may do better. A broker that blocks us said why.
    if (tracker_.expire(clock_.steady_ms(), settled_) && link_ != nullptr && !blocked_)
      disconnect(codes::kAmqpNoConfirm, 0);
    settle();
    if (!stopping_) wake_.wait(link_ != nullptr ? link_->socket() : -1, wait_ms());
  }
  answer_waiting(failed(DeliveryVerdict::kRetry, codes::kAmqpStopped));
  tracker_.lost(0, settled_);
  settle();
}

std::int64_t AmqpOutbound::Worker::wait_ms() const {
  const std::int64_t now = clock_.steady_ms();
  // Heartbeats want to be looked after four times in their interval.
  std::int64_t until = now + (link_ == nullptr ? connect_at_ms_ - now : options_.link.heartbeat_s * 250L);
  if (const std::int64_t deadline = tracker_.next_deadline_ms(); deadline >= 0) until = std::min(until, deadline);
  const std::lock_guard lock(mutex_);
  for (const Waiting& waiting : waiting_) until = std::min(until, waiting.deadline_ms);
  return std::max<std::int64_t>(until - now, 0);
}

Status AmqpOutbound::Worker::set_up(Link& link) const {
  if (auto opened = link.open_channel(kChannel); opened.has_error()) return opened;
  // A publish to an exchange that does not exist would end the channel and leave what is under way without an answer.
  for (const auto& [service, routing] : options_.services) {
    if (auto there = link.expect_exchange(kChannel, routing.exchange); there.has_error()) return there;
  }
  return link.select_confirms(kChannel);
}

void AmqpOutbound::Worker::connect() {
  auto opened = Link::open(options_.link);
  Status ready = opened.has_error() ? Status(opened.error()) : set_up(**opened);
  if (ready.has_error()) return disconnect(*ready.error().code, 0);
  link_ = std::move(*opened);
  blocked_ = false;
  backoff_.reset();
  const std::lock_guard lock(mutex_);
  down_ = nullptr;
}

void AmqpOutbound::Worker::disconnect(const ErrorCode& code, std::uint16_t reply_code) {
  link_.reset();
  tracker_.lost(reply_code, settled_);
  const std::int64_t wait = backoff_.next_ms();
  {
    const std::lock_guard lock(mutex_);
    down_ = &code;
    connect_at_ms_ = clock_.steady_ms() + wait;
  }
  answer_waiting(failed(DeliveryVerdict::kRetry, code, wait));
}

void AmqpOutbound::Worker::publish_waiting() {
  while (link_ != nullptr) {
    Waiting next;
    {
      const std::lock_guard lock(mutex_);
      if (waiting_.empty()) return;
      next = std::move(waiting_.front());
      waiting_.pop_front();
    }
    publish(std::move(next));
  }
}

void AmqpOutbound::Worker::publish(Waiting waiting) {
  const auto routing = options_.services.find(waiting.message.service.str());
  if (routing == options_.services.end()) return waiting.done(failed(DeliveryVerdict::kRefused, codes::kAmqpService));
  if (waiting.message.body.size() > options_.max_message_bytes)
    return waiting.done(failed(DeliveryVerdict::kRefused, codes::kAmqpSize));
  if (waiting.deadline_ms <= clock_.steady_ms()) return waiting.done(failed(DeliveryVerdict::kRetry, codes::kAmqpBusy));
  const std::uint64_t token = next_token_++;
  Outgoing out;
  out.exchange = routing->second.exchange;
  out.routing_key = routing->second.routing_key;
  out.priority = routing->second.priority;
  out.message_id = std::move(waiting.message.message_id);
  out.content_type = std::move(waiting.message.content_type);
  out.service = waiting.message.service.str();
  out.body = std::move(waiting.message.body);
  out.number = tracker_.published(token, waiting.deadline_ms);
  sent_.emplace(token, std::move(waiting.done));
  if (auto sent = link_->publish(kChannel, out); sent.has_error()) disconnect(*sent.error().code, 0);
}

void AmqpOutbound::Worker::read_events() {
  while (link_ != nullptr) {
    auto event = link_->poll();
    if (event.has_error()) return disconnect(*event.error().code, 0);
    if (!event->has_value()) return;
    handle(**event);
  }
}

void AmqpOutbound::Worker::handle(const Event& event) {
  switch (event.kind) {
    case EventKind::kMessage:
      tracker_.returned(event.message.properties.publish_number, event.message.method.reply_code);
      break;
    case EventKind::kAck:
    case EventKind::kNack:
      if (!tracker_.confirmed(event.tag, event.multiple, event.kind == EventKind::kAck, settled_))
        disconnect(codes::kAmqpProtocol, 0);
      break;
    case EventKind::kBlocked:
    case EventKind::kUnblocked: blocked_ = event.kind == EventKind::kBlocked; break;
    case EventKind::kCancelled: break;  // nothing is subscribed here
    case EventKind::kClosed:
      disconnect(codes::kAmqpLost, event.channel == kChannel ? event.reply_code : std::uint16_t{0});
      break;
  }
}

// Waiting for a broker that blocks us ends in time, and without effect.
void AmqpOutbound::Worker::expire_waiting() {
  std::vector<Done> expired;
  {
    const std::lock_guard lock(mutex_);
    const std::int64_t now = clock_.steady_ms();
    std::deque<Waiting> kept;
    for (Waiting& waiting : waiting_) {
      if (waiting.deadline_ms > now) {
        kept.push_back(std::move(waiting));
      } else {
        expired.push_back(std::move(waiting.done));
      }
    }
    waiting_.swap(kept);
  }
  const DeliveryOutcome outcome =
      failed(DeliveryVerdict::kRetry, blocked_ ? codes::kAmqpBlocked : codes::kAmqpUnreachable);
  for (const Done& done : expired) done(outcome);
}

void AmqpOutbound::Worker::answer_waiting(const DeliveryOutcome& outcome) {
  std::deque<Waiting> all;
  {
    const std::lock_guard lock(mutex_);
    all.swap(waiting_);
  }
  for (const Waiting& waiting : all) waiting.done(outcome);
}

void AmqpOutbound::Worker::settle() {
  for (const Settled& one : settled_) {
    if (auto sent = sent_.extract(one.token)) sent.mapped()(one.outcome);
  }
  settled_.clear();
}

AmqpOutbound::AmqpOutbound(OutboundOptions options, const Clock& clock)
    : worker_(std::make_unique<Worker>(std::move(options), clock)) {}

AmqpOutbound::~AmqpOutbound() = default;

void AmqpOutbound::deliver(OutboundMessage message, std::int64_t timeout_ms, Done done) {
  worker_->take(std::move(message), timeout_ms, std::move(done));
}

}  // namespace tongqu::amqp
