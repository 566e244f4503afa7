#include "connectors/registry/registry_desk.hpp"

#include <condition_variable>
#include <mutex>

#include "connectors/registry/registry_codes.hpp"

namespace tongqu::registry {
namespace {

constexpr std::size_t kMaxPerCommit = 256;
constexpr const char* kJson = "application/json";

DeliveryOutcome outcome_of(const Error& error) {
  DeliveryOutcome outcome;
  outcome.verdict = error.kind() == ErrorKind::kInvalid ? DeliveryVerdict::kRefused : DeliveryVerdict::kRetry;
  outcome.code = error.code;
  outcome.detail = error.param;
  return outcome;
}

QueryOutcome answer_of(const Error& error) {
  QueryOutcome outcome;
  outcome.verdict = error.kind() == ErrorKind::kInvalid ? QueryVerdict::kRefused : QueryVerdict::kUnavailable;
  outcome.code = error.code;
  return outcome;
}

}  // namespace

struct RegistryDesk::Work {
  struct Delivery {
    OutboundMessage message;
    std::int64_t due_ms = 0;  // steady
    OutboundConnector::Done done;
  };
  struct Question {
    OutboundMessage message;
    std::int64_t due_ms = 0;
    QueryConnector::Done done;
  };

  Work(DeskOptions given, ReferenceStore& store_in, const Codec& json_in, const Clock& clock_in)
      : options(std::move(given)), store(store_in), json(json_in), clock(clock_in) {}

  void run();
  void store_some(std::deque<Delivery> some);
  void answer(Question question);
  [[nodiscard]] DeliveryOutcome outcome_of_put(ReferencePut put) const;

  const DeskOptions options;
  ReferenceStore& store;
  const Codec& json;
  const Clock& clock;
  std::mutex mutex;  // guards all below
  std::condition_variable changed;
  std::deque<Delivery> deliveries;
  std::deque<Question> questions;
  bool stopping = false;
};

RegistryDesk::RegistryDesk(DeskOptions options, ReferenceStore& store, const Codec& json, const Clock& clock)
    : work_(std::make_shared<Work>(std::move(options), store, json, clock)), thread_([work = work_] { work->run(); }) {}

RegistryDesk::~RegistryDesk() {
  {
    const std::lock_guard lock(work_->mutex);
    work_->stopping = true;
  }
  work_->changed.notify_all();
  if (thread_.get_id() == std::this_thread::get_id()) {
    thread_.detach();
  } else {
    thread_.join();
  }
}

void RegistryDesk::deliver(OutboundMessage message, std::int64_t timeout_ms, OutboundConnector::Done done) {
  const std::int64_t due_ms = work_->clock.steady_ms() + timeout_ms;
  const std::lock_guard lock(work_->mutex);
  work_->deliveries.push_back({std::move(message), due_ms, std::move(done)});
  work_->changed.notify_all();
}

void RegistryDesk::ask(OutboundMessage question, std::int64_t timeout_ms, QueryConnector::Done done) {
  const std::int64_t due_ms = work_->clock.steady_ms() + timeout_ms;
  const std::lock_guard lock(work_->mutex);
  work_->questions.push_back({std::move(question), due_ms, std::move(done)});
  work_->changed.notify_all();
}

void RegistryDesk::Work::run() {
  for (;;) {
    std::deque<Delivery> to_store;
    std::deque<Question> to_answer;
    bool over = false;
    {
      std::unique_lock lock(mutex);
      changed.wait(lock, [this] { return stopping || !deliveries.empty() || !questions.empty(); });
      over = stopping;
      to_answer.swap(questions);
      while (!deliveries.empty() && (over || to_store.size() < kMaxPerCommit)) {
        to_store.push_back(std::move(deliveries.front()));
        deliveries.pop_front();
      }
    }
    const Error stopped = make_error(codes::kRegistryStopped);
    for (Question& one : to_answer) over ? one.done(answer_of(stopped)) : answer(std::move(one));
    if (!over) {
      store_some(std::move(to_store));
      continue;
    }
    for (Delivery& one : to_store) one.done(outcome_of(stopped));
    return;
  }
}

void RegistryDesk::Work::store_some(std::deque<Delivery> some) {
  std::vector<NewReference> records;
  std::vector<OutboundConnector::Done> waiting;
  for (Delivery& one : some) {
    if (clock.steady_ms() >= one.due_ms) {
      one.done(outcome_of(make_error(codes::kRegistryLate)));
      continue;
    }
    auto record = one.message.content_type == kJson ? read_record(one.message, options.rules, json)
                                                    : make_error(codes::kRegistryRecord, kJson);
    if (record.has_error()) {
      one.done(outcome_of(record.error()));
      continue;
    }
    records.push_back(std::move(*record));
    waiting.push_back(std::move(one.done));
  }
  if (records.empty()) return;
  const auto put = store.put(options.base, options.limits, records);
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    waiting[i](put.has_value() ? outcome_of_put((*put)[i]) : outcome_of(put.error()));
  }
}

DeliveryOutcome RegistryDesk::Work::outcome_of_put(ReferencePut put) const {
  DeliveryOutcome outcome;
  outcome.verdict = DeliveryVerdict::kDelivered;
  if (put != ReferencePut::kFull) return outcome;
  outcome = outcome_of(make_error(codes::kRegistryFull));
  outcome.retry_after_ms = options.full_retry_ms;
  return outcome;
}

void RegistryDesk::Work::answer(Question question) {
  if (clock.steady_ms() >= question.due_ms) return question.done(answer_of(make_error(codes::kRegistryLate)));
  const auto key = read_question(question.message, options.rules, json);
  if (key.has_error()) return question.done(answer_of(key.error()));
  const auto found = store.find(options.base, *key);
  if (found.has_error()) return question.done(answer_of(found.error()));
  // Who is told that there is no such record has to know of when that is.
  const auto as_of = *found ? Result<std::string>((*found)->as_of) : store.newest(options.base);
  if (as_of.has_error()) return question.done(answer_of(as_of.error()));
  QueryOutcome outcome;
  outcome.verdict = QueryVerdict::kAnswered;
  outcome.body = write_answer(*found ? &**found : nullptr, *as_of);
  outcome.content_type = kJson;
  question.done(std::move(outcome));
}

}  // namespace tongqu::registry
