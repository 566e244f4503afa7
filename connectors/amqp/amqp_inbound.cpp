#include "connectors/amqp/amqp_inbound.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>

#include "connectors/amqp/amqp_codes.hpp"
#include "connectors/support/intake_answer.hpp"
#include "connectors/support/mailbox.hpp"
#include "connectors/support/message_key.hpp"

namespace tongqu::amqp {
namespace {

// An answer of the line, on its way to the connector's thread.
struct LineAnswer {
  std::uint16_t channel = 0;
  std::uint64_t generation = 0;
  std::uint64_t tag = 0;
  Answer answer = Answer::kTaken;
};
using Answers = Mailbox<LineAnswer>;

// "utf-8" is what some libraries write for the charset; it changes no byte.
bool is_plain_encoding(const std::string& encoding) {
  constexpr std::array<std::string_view, 4> kPlain{"", "identity", "utf-8", "utf8"};
  return std::find(kPlain.begin(), kPlain.end(), media_type_of(encoding)) != kPlain.end();
}

Answer answer_of(const Result<Accepted>& result) {
  if (result.has_value()) return Answer::kTaken;
  return is_offered_again(result.error()) ? Answer::kLater : Answer::kTurnedBack;
}

}  // namespace

class AmqpInbound::Worker {
 public:
  Worker(InboundOptions options, const Clock& clock, const Suite& suite, Intake& intake);
  ~Worker() { stop(0); }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void start() {
    thread_ = std::thread([this] { run(); });
  }
  void stop(std::int64_t grace_ms);
  [[nodiscard]] InboundHealth health() const;

 private:
  void run();
  void connect();
  Status set_up(Link& link) const;
  void disconnect(const ErrorCode& code);
  void read_events();
  void handle(Event event);
  void delivered(Event event);
  void refuse(std::uint16_t channel, std::uint64_t tag, const ErrorCode& code, const std::string& param);
  void take_answers();
  void offer();
  void tell(std::uint16_t channel, const Action& action);
  [[nodiscard]] bool finished() const;
  [[nodiscard]] std::int64_t wait_ms() const;
  [[nodiscard]] InboundMessage to_message(const QueueOptions& queue, Arrived arrived) const;

  const InboundOptions options_;
  const Clock& clock_;
  const Suite& suite_;
  Intake& intake_;
  const std::shared_ptr<Answers> answers_ = std::make_shared<Answers>();
  std::atomic<bool> stopping_{false};
  std::atomic<std::int64_t> stop_at_ms_{0};
  std::atomic<std::int64_t> last_success_ms_{0};
  std::atomic<const ErrorCode*> last_code_{nullptr};
  std::atomic<std::uint64_t> accepted_{0};
  std::atomic<std::uint64_t> turned_back_{0};

  std::unique_ptr<Link> link_;
  std::vector<DeliveryLedger> ledgers_;  // of channel 1 and following, as the queues
  Backoff backoff_;
  std::int64_t connect_at_ms_ = 0;
  std::thread thread_;
};

AmqpInbound::Worker::Worker(InboundOptions options, const Clock& clock, const Suite& suite, Intake& intake)
    : options_(std::move(options)), clock_(clock), suite_(suite), intake_(intake), backoff_(options_.reconnect) {
  for (const QueueOptions& queue : options_.queues) {
    LedgerLimits limits;
    limits.in_order = options_.in_order;
    limits.held = options_.prefetch;
    limits.dead_letter = queue.dead_letter;
    limits.wait = options_.wait;
    limits.hold_ms = options_.hold_ms;
    ledgers_.emplace_back(limits);
  }
}

void AmqpInbound::Worker::stop(std::int64_t grace_ms) {
  stop_at_ms_ = clock_.steady_ms() + grace_ms;
  stopping_ = true;
  answers_->wake.ring();
  if (thread_.joinable()) thread_.join();
}

InboundHealth AmqpInbound::Worker::health() const {
  return {last_success_ms_.load(), last_code_.load(), accepted_.load(), turned_back_.load()};
}

bool AmqpInbound::Worker::finished() const {
  if (!stopping_) return false;
  if (link_ == nullptr || clock_.steady_ms() >= stop_at_ms_) return true;
  return std::all_of(ledgers_.begin(), ledgers_.end(),
                     [](const DeliveryLedger& ledger) { return ledger.with_the_line() == 0; });
}

void AmqpInbound::Worker::run() {
  while (!finished()) {
    if (link_ == nullptr && clock_.steady_ms() >= connect_at_ms_) connect();
    take_answers();
    if (link_ != nullptr) read_events();
    if (link_ != nullptr && !stopping_) offer();
    if (!finished()) answers_->wake.wait(link_ != nullptr ? link_->socket() : -1, wait_ms());
  }
  link_.reset();  // what is not acknowledged goes back to its queue
}

std::int64_t AmqpInbound::Worker::wait_ms() const {
  const std::int64_t now = clock_.steady_ms();
  std::int64_t until = link_ == nullptr ? connect_at_ms_ : now + options_.link.heartbeat_s * 250L;
  if (stopping_) until = std::min(until, stop_at_ms_.load());
  for (const DeliveryLedger& ledger : ledgers_) {
    if (const std::int64_t due = ledger.next_due_ms(); due >= 0 && !stopping_) until = std::min(until, due);
  }
  return std::max<std::int64_t>(until - now, 0);
}

Status AmqpInbound::Worker::set_up(Link& link) const {
  for (std::size_t i = 0; i < options_.queues.size(); ++i) {
    const auto channel = static_cast<std::uint16_t>(i + 1);
    if (auto opened = link.open_channel(channel); opened.has_error()) return opened;
    auto subscribed = link.consume(channel, options_.queues[i].queue, static_cast<std::uint16_t>(options_.prefetch));
    if (subscribed.has_error()) return subscribed;
  }
  return {};
}

void AmqpInbound::Worker::connect() {
  auto opened = Link::open(options_.link);
  Status ready = opened.has_error() ? Status(opened.error()) : set_up(**opened);
  if (ready.has_error()) return disconnect(*ready.error().code);
  link_ = std::move(*opened);
  backoff_.reset();
  last_code_ = nullptr;
  last_success_ms_ = clock_.now().ms;
}

void AmqpInbound::Worker::disconnect(const ErrorCode& code) {
  link_.reset();
  for (DeliveryLedger& ledger : ledgers_) ledger.lost();
  last_code_ = &code;
  connect_at_ms_ = clock_.steady_ms() + backoff_.next_ms();
}

void AmqpInbound::Worker::read_events() {
  while (link_ != nullptr) {
    auto event = link_->poll();
    if (event.has_error()) return disconnect(*event.error().code);
    if (!event->has_value()) return;
    handle(std::move(**event));
  }
}

void AmqpInbound::Worker::handle(Event event) {
  switch (event.kind) {
    case EventKind::kMessage: return delivered(std::move(event));
    case EventKind::kCancelled:  // the queue was deleted, or its node went
      return disconnect(codes::kAmqpCancelled);
    case EventKind::kClosed: return disconnect(codes::kAmqpLost);
    default: return;  // blocked connections still receive; there is nothing to confirm
  }
}

void AmqpInbound::Worker::delivered(Event event) {
  const std::size_t index = event.channel - 1U;
  if (event.message.method.is_return || index >= ledgers_.size()) return disconnect(codes::kAmqpProtocol);
  const std::uint64_t tag = event.message.method.tag;
  if (event.message.too_large)
    return refuse(event.channel, tag, codes::kAmqpSize, std::to_string(options_.link.max_body_bytes));
  if (!is_plain_encoding(event.message.properties.content_encoding))
    return refuse(event.channel, tag, codes::kAmqpEncoding, {});
  InboundMessage message = to_message(options_.queues[index], std::move(event.message));
  if (!ledgers_[index].arrived(tag, std::move(message), clock_.steady_ms())) disconnect(codes::kAmqpProtocol);
}

void AmqpInbound::Worker::refuse(std::uint16_t channel, std::uint64_t tag, const ErrorCode& code,
                                 const std::string& param) {
  intake_.turned_back(options_.link.host, options_.partner.str(), make_error(code, param));
  ++turned_back_;
  tell(channel, ledgers_[channel - 1U].refuse(tag));
}

InboundMessage AmqpInbound::Worker::to_message(const QueueOptions& queue, Arrived arrived) const {
  InboundMessage message;
  message.service = queue.service;
  message.content_type = media_type_of(arrived.properties.content_type);
  if (message.content_type.empty()) message.content_type = options_.content_type;
  message.idempotency_key = arrived.properties.message_id.empty()
                                ? digest_key(suite_, "amqp:", {queue.queue, message.content_type, arrived.body})
                                : message_key(suite_, "amqp:", arrived.properties.message_id);
  message.body = std::move(arrived.body);
  message.identity.partner = options_.partner;
  message.identity.method = options_.link.external ? "amqp-external" : "amqp-plain";
  message.received_at = clock_.now();
  message.source_address = options_.link.host;
  return message;
}

void AmqpInbound::Worker::take_answers() {
  for (const Answers::One& one : answers_->take()) {
    DeliveryLedger& ledger = ledgers_[one.channel - 1U];
    const auto action = ledger.answered(one.generation, one.tag, one.answer, clock_.steady_ms());
    if (one.answer == Answer::kTaken) ++accepted_;
    if (one.answer == Answer::kTurnedBack) ++turned_back_;
    if (one.answer != Answer::kLater) last_success_ms_ = clock_.now().ms;
    if (action) tell(one.channel, *action);
  }
}

void AmqpInbound::Worker::offer() {
  for (std::size_t i = 0; i < ledgers_.size(); ++i) {
    while (auto next = ledgers_[i].next(clock_.steady_ms())) {
      Answers::One one{static_cast<std::uint16_t>(i + 1), next->generation, next->tag, Answer::kTaken};
      intake_.accept(std::move(next->message), [answers = answers_, one](const Result<Accepted>& result) mutable {
        one.answer = answer_of(result);
        answers->add(one);
      });
    }
  }
}

void AmqpInbound::Worker::tell(std::uint16_t channel, const Action& action) {
  if (link_ == nullptr) return;
  Status told;
  switch (action.kind) {
    case ActionKind::kAck: told = link_->acknowledge(channel, action.tag); break;
    case ActionKind::kReject: told = link_->reject(channel, action.tag); break;
    case ActionKind::kGiveBack: told = link_->give_back(channel, action.tag, action.multiple); break;
  }
  if (told.has_error()) disconnect(*told.error().code);
}

AmqpInbound::AmqpInbound(InboundOptions options, const Clock& clock, const Suite& suite, Intake& intake)
    : worker_(std::make_unique<Worker>(std::move(options), clock, suite, intake)) {}

AmqpInbound::~AmqpInbound() = default;

void AmqpInbound::start() { worker_->start(); }

void AmqpInbound::stop(std::int64_t grace_ms) { worker_->stop(grace_ms); }

InboundHealth AmqpInbound::health() const { return worker_->health(); }

}  // namespace tongqu::amqp
