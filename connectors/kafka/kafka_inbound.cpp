#include "connectors/kafka/kafka_inbound.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>
#include <utility>

#include "connectors/kafka/dead_letters.hpp"
#include "connectors/kafka/kafka_answers.hpp"
#include "connectors/kafka/kafka_codes.hpp"
#include "connectors/kafka/record_reader.hpp"
#include "connectors/support/intake_answer.hpp"

namespace tongqu::kafka {
namespace {

constexpr int kMaxDrain = 500;                // records taken before answers are looked at again
constexpr std::int64_t kLookMs = 1000;        // longest wait of the thread
constexpr std::int64_t kCommitMs = 500;       // between two commits of offsets
constexpr std::int64_t kAskMs = 2000;         // between two questions to brokers that were out of reach
constexpr int kAskTimeoutMs = 500;            // for its answer; the thread stands still meanwhile
constexpr std::int64_t kCloseMs = 3000;       // for leaving the group
constexpr std::int64_t kRevokeWaitMs = 3000;  // for what is with the line when partitions go

Answer answer_of(const Result<Accepted>& result) {
  if (result.has_value()) return Answer::kTaken;
  return is_offered_again(result.error()) ? Answer::kLater : Answer::kTurnedBack;
}

Properties consumer_properties(const InboundOptions& options) {
  const std::string bytes = std::to_string(options.max_message_bytes + 65'536);
  return {{"group.id", options.group},
          // By commit() alone. With commits of its own the library does not end while the brokers are down.
          {"enable.auto.commit", "false"},
          {"enable.auto.offset.store", "false"},
          {"auto.offset.reset", options.from_the_end ? "latest" : "earliest"},
          {"allow.auto.create.topics", "false"},
          {"queued.min.messages", "500"},
          {"queued.max.messages.kbytes", "8192"},
          {"fetch.message.max.bytes", bytes},
          {"isolation.level", "read_committed"}};
}

}  // namespace

class KafkaInbound::Worker {
 public:
  Worker(InboundOptions options, const Clock& clock, const Suite& suite, const Codec& json, Intake& intake)
      : options_(std::move(options)), clock_(clock), suite_(suite), json_(json), intake_(intake) {}
  ~Worker() { stop(0); }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  [[nodiscard]] Status open();
  void start();
  void stop(std::int64_t grace_ms);
  [[nodiscard]] InboundHealth health() const {
    return {last_success_ms_.load(), last_code_.load(), accepted_.load(), turned_back_.load()};
  }

 private:
  struct Partition {
    PartitionLedger ledger;
    const TopicOptions* topic = nullptr;
    std::uint64_t generation = 0;
    bool paused = false;
    std::int64_t next_offset = -1;  // to commit
    bool dirty = false;             // not committed yet
  };
  static void rebalance(rd_kafka_t* client, rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t* list,
                        void* self);
  static void trouble(rd_kafka_t* client, int error, const char* reason, void* self);
  static void committed(rd_kafka_t* client, rd_kafka_resp_err_t error, rd_kafka_topic_partition_list_t* list,
                        void* self);
  void run();
  bool drain();
  void record(const rd_kafka_message_t& message);
  void assigned(const rd_kafka_topic_partition_list_t& list);
  void revoked();
  void look();
  void answered(const Answers::One& one);
  void offer(const Place& place, Partition& partition);
  void turn_back(const Place& place, Partition& partition, std::int64_t offset, const Error& error, bool report);
  void dead_letter(const Place& place, Partition& partition, std::int64_t offset, const ErrorCode& code,
                   bool with_value);
  void commit();
  void balance(const Place& place, Partition& partition);
  void ask_brokers();
  [[nodiscard]] std::size_t with_the_line() const;
  [[nodiscard]] std::int64_t wait_ms() const;

  const InboundOptions options_;
  const Clock& clock_;
  const Suite& suite_;
  const Codec& json_;
  Intake& intake_;
  const std::shared_ptr<Answers> answers_ = std::make_shared<Answers>();
  std::atomic<bool> stopping_{false};
  std::atomic<std::int64_t> stop_at_ms_{0};
  std::atomic<std::int64_t> last_success_ms_{0};
  std::atomic<const ErrorCode*> last_code_{nullptr};
  std::atomic<std::uint64_t> accepted_{0};
  std::atomic<std::uint64_t> turned_back_{0};

  std::map<Place, Partition> partitions_;  // assigned to this member
  std::uint64_t generation_ = 0;
  bool committing_ = false;  // a commit is under way
  std::int64_t commit_at_ms_ = 0;
  std::int64_t ask_at_ms_ = 0;
  std::unique_ptr<DeadLetters> dead_letters_;  // null without dead-letter topics
  Client client_;
  std::thread thread_;
};

Status KafkaInbound::Worker::open() {
  if (std::any_of(options_.topics.begin(), options_.topics.end(),
                  [](const TopicOptions& topic) { return !topic.dead_letter_topic.empty(); })) {
    auto dead_letters = DeadLetters::create(options_.client, answers_);
    if (dead_letters.has_error()) return dead_letters.error();
    dead_letters_ = std::move(*dead_letters);
  }
  auto conf = make_conf(options_.client, consumer_properties(options_));
  if (conf.has_error()) return conf.error();
  rd_kafka_conf_set_opaque(conf->get(), this);
  rd_kafka_conf_set_rebalance_cb(conf->get(), rebalance);
  rd_kafka_conf_set_error_cb(conf->get(), trouble);
  rd_kafka_conf_set_offset_commit_cb(conf->get(), committed);
  auto client = make_client(RD_KAFKA_CONSUMER, std::move(*conf));
  if (client.has_error()) return client.error();
  client_ = std::move(*client);
  rd_kafka_poll_set_consumer(client_.get());
  wake_with(rd_kafka_queue_get_consumer(client_.get()), answers_->wake);
  return {};
}

void KafkaInbound::Worker::start() {
  const List topics(rd_kafka_topic_partition_list_new(static_cast<int>(options_.topics.size())));
  for (const TopicOptions& topic : options_.topics)
    rd_kafka_topic_partition_list_add(topics.get(), topic.topic.c_str(), RD_KAFKA_PARTITION_UA);
  rd_kafka_subscribe(client_.get(), topics.get());
  thread_ = std::thread([this] { run(); });
}

void KafkaInbound::Worker::stop(std::int64_t grace_ms) {
  stop_at_ms_ = clock_.steady_ms() + grace_ms;
  stopping_ = true;
  answers_->wake.ring();
  if (thread_.joinable()) thread_.join();
}

void KafkaInbound::Worker::run() {
  while (!stopping_) {
    const bool more = drain();
    look();
    ask_brokers();
    for (auto& [place, partition] : partitions_) {
      offer(place, partition);
      balance(place, partition);
    }
    if (!more && !stopping_) answers_->wake.wait(-1, wait_ms());
  }
  while (with_the_line() > 0 && clock_.steady_ms() < stop_at_ms_) {
    answers_->wake.wait(-1, stop_at_ms_ - clock_.steady_ms());
    look();
  }
  stop_at_ms_ = 0;  // nothing is waited for when the partitions are given back
  commit();
  close_consumer(client_, kCloseMs);
}

// True when there may be more at once.
bool KafkaInbound::Worker::drain() {
  for (int i = 0; i < kMaxDrain; ++i) {
    rd_kafka_message_t* message = rd_kafka_consumer_poll(client_.get(), 0);
    if (message == nullptr) return false;
    record(*message);
    rd_kafka_message_destroy(message);
  }
  return true;
}

void KafkaInbound::Worker::record(const rd_kafka_message_t& message) {
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    if (const ErrorCode* code = trouble_of(message.err); code != nullptr) last_code_ = code;
    return;
  }
  const auto found = partitions_.find({rd_kafka_topic_name(message.rkt), message.partition});
  if (found == partitions_.end()) return;  // given back meanwhile
  last_code_ = nullptr;
  RawRecord raw;
  raw.partition = message.partition;
  raw.offset = message.offset;
  if (message.key != nullptr) raw.key.assign(static_cast<const char*>(message.key), message.key_len);
  raw.headers = headers_of(message);
  raw.value = {static_cast<const char*>(message.payload), message.len};
  Partition& partition = found->second;
  partition.ledger.arrived(message.offset,
                           read_record(options_, *partition.topic, std::move(raw), suite_, json_, clock_.now()));
  balance(found->first, partition);  // at once: one look at the brokers may bring more than may be held
}

void KafkaInbound::Worker::trouble(rd_kafka_t*, int error, const char*, void* self) {
  if (const ErrorCode* code = trouble_of(static_cast<rd_kafka_resp_err_t>(error)); code != nullptr)
    static_cast<Worker*>(self)->last_code_ = code;
}

void KafkaInbound::Worker::rebalance(rd_kafka_t* client, rd_kafka_resp_err_t what,
                                     rd_kafka_topic_partition_list_t* list, void* self) {
  auto* worker = static_cast<Worker*>(self);
  if (what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    worker->assigned(*list);
    rd_kafka_assign(client, list);
    return;
  }
  worker->revoked();
  rd_kafka_assign(client, nullptr);
}

void KafkaInbound::Worker::assigned(const rd_kafka_topic_partition_list_t& list) {
  partitions_.clear();
  ++generation_;
  for (int i = 0; i < list.cnt; ++i) {
    const auto topic = std::find_if(options_.topics.begin(), options_.topics.end(),
                                    [&](const TopicOptions& one) { return one.topic == list.elems[i].topic; });
    if (topic == options_.topics.end()) continue;
    Partition& fresh = partitions_[{topic->topic, list.elems[i].partition}];
    fresh.ledger = PartitionLedger(options_.limits);
    fresh.topic = &*topic;
    fresh.generation = generation_;
  }
  last_code_ = nullptr;
  last_success_ms_ = clock_.now().ms;
}

void KafkaInbound::Worker::revoked() {
  const std::int64_t until = stopping_ ? stop_at_ms_.load() : clock_.steady_ms() + kRevokeWaitMs;
  while (with_the_line() > 0 && clock_.steady_ms() < until) {
    answers_->wake.wait(-1, until - clock_.steady_ms());
    look();
  }
  commit();  // goes to the group's coordinator before we leave or join again
  partitions_.clear();
  committing_ = false;
}

void KafkaInbound::Worker::look() {
  if (dead_letters_ != nullptr) dead_letters_->poll();
  for (const Answers::One& one : answers_->take()) answered(one);
  for (auto& [place, partition] : partitions_) {
    const auto offset = partition.ledger.to_store();
    if (!offset) continue;
    partition.next_offset = *offset;
    partition.dirty = true;
  }
  if (!committing_ && clock_.steady_ms() >= commit_at_ms_) commit();
}

void KafkaInbound::Worker::answered(const Answers::One& one) {
  if (one.answer == Answer::kTaken) ++accepted_;
  const auto found = partitions_.find(one.place);
  // A partition that was given back: its next reader gets the record again, and the line knows the key.
  if (found == partitions_.end() || found->second.generation != one.generation) return;
  PartitionLedger& ledger = found->second.ledger;
  switch (one.answer) {
    case Answer::kLater: ledger.later(one.offset, clock_.steady_ms()); return;
    case Answer::kTurnedBack: return turn_back(one.place, found->second, one.offset, make_error(*one.code), false);
    case Answer::kBare: return dead_letter(one.place, found->second, one.offset, *one.code, false);
    case Answer::kDeadLettered: ++turned_back_; break;
    case Answer::kTaken: break;
  }
  ledger.decided(one.offset);
  last_success_ms_ = clock_.now().ms;
}

void KafkaInbound::Worker::offer(const Place& place, Partition& partition) {
  for (;;) {
    const PartitionLedger::Offer next = partition.ledger.next(clock_.steady_ms());
    if (next.record == nullptr) return;
    if (next.record->poison != nullptr) {
      turn_back(place, partition, next.offset, make_error(*next.record->poison, next.record->poison_param),
                !next.record->reported);
      continue;
    }
    Answers::One one{place, partition.generation, next.offset, Answer::kTaken, nullptr};
    intake_.accept(next.record->message, [answers = answers_, one](const Result<Accepted>& result) mutable {
      one.answer = answer_of(result);
      if (result.has_error()) one.code = result.error().code;
      answers->add(std::move(one));
    });
  }
}

void KafkaInbound::Worker::turn_back(const Place& place, Partition& partition, std::int64_t offset, const Error& error,
                                     bool report) {
  // What the line turned back is in its own log already.
  if (report) intake_.turned_back(place.first, options_.partner.str(), error);
  if (!partition.topic->dead_letter_topic.empty()) return dead_letter(place, partition, offset, *error.code, true);
  ++turned_back_;
  partition.ledger.decided(offset);
}

void KafkaInbound::Worker::dead_letter(const Place& place, Partition& partition, std::int64_t offset,
                                       const ErrorCode& code, bool with_value) {
  Taken* taken = partition.ledger.find(offset);
  if (taken == nullptr) return;
  taken->poison = &code;  // while the topic does not take it, nobody is asked and nothing is told a second time
  taken->reported = true;
  EventRecord original{taken->original.headers, with_value ? taken->original.body : std::string()};
  dead_letters_->write(partition.topic->dead_letter_topic, taken->key, std::move(original),
                       {place, partition.generation, offset, Answer::kLater, &code});
}

void KafkaInbound::Worker::commit() {
  const List list(rd_kafka_topic_partition_list_new(8));
  for (auto& [place, partition] : partitions_) {
    if (!std::exchange(partition.dirty, false)) continue;
    rd_kafka_topic_partition_list_add(list.get(), place.first.c_str(), place.second)->offset = partition.next_offset;
  }
  commit_at_ms_ = clock_.steady_ms() + kCommitMs;
  if (list->cnt > 0) committing_ = rd_kafka_commit(client_.get(), list.get(), 1) == RD_KAFKA_RESP_ERR_NO_ERROR;
}

void KafkaInbound::Worker::committed(rd_kafka_t*, rd_kafka_resp_err_t error, rd_kafka_topic_partition_list_t* list,
                                     void* self) {
  auto* worker = static_cast<Worker*>(self);
  worker->committing_ = false;
  if (list == nullptr) return;
  for (int i = 0; i < list->cnt; ++i) {
    const auto found = worker->partitions_.find({list->elems[i].topic, list->elems[i].partition});
    const bool failed = error != RD_KAFKA_RESP_ERR_NO_ERROR || list->elems[i].err != RD_KAFKA_RESP_ERR_NO_ERROR;
    // Until it went well: without further records nothing else would bring it. A partition that came back meanwhile
    // has nothing to commit yet.
    if (failed && found != worker->partitions_.end() && found->second.next_offset >= 0) found->second.dirty = true;
  }
}

void KafkaInbound::Worker::balance(const Place& place, Partition& partition) {
  const bool pause = !partition.paused && partition.ledger.full();
  const bool resume = partition.paused && partition.ledger.half_empty();
  if (!pause && !resume) return;
  const List list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(list.get(), place.first.c_str(), place.second);
  if (pause) rd_kafka_pause_partitions(client_.get(), list.get());
  if (resume) rd_kafka_resume_partitions(client_.get(), list.get());
  partition.paused = pause;
}

// The library tells when the brokers go, not when they are back; without records nothing else would say it.
void KafkaInbound::Worker::ask_brokers() {
  const std::int64_t now = clock_.steady_ms();
  if (last_code_ != &codes::kKafkaUnreachable || now < ask_at_ms_) return;
  const rd_kafka_metadata_t* metadata = nullptr;
  if (rd_kafka_metadata(client_.get(), 0, nullptr, &metadata, kAskTimeoutMs) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    rd_kafka_metadata_destroy(metadata);
    last_code_ = nullptr;
  }
  ask_at_ms_ = clock_.steady_ms() + kAskMs;
}

std::size_t KafkaInbound::Worker::with_the_line() const {
  std::size_t count = 0;
  for (const auto& [place, partition] : partitions_) count += partition.ledger.with_the_line();
  return count;
}

std::int64_t KafkaInbound::Worker::wait_ms() const {
  const std::int64_t now = clock_.steady_ms();
  std::int64_t until = now + kLookMs;
  for (const auto& [place, partition] : partitions_) {
    if (const std::int64_t due = partition.ledger.next_due_ms(); due >= 0) until = std::min(until, due);
    if (partition.dirty && !committing_) until = std::min(until, commit_at_ms_);
  }
  return std::max<std::int64_t>(until - now, 0);
}

KafkaInbound::KafkaInbound(std::unique_ptr<Worker> worker) : worker_(std::move(worker)) {}

KafkaInbound::~KafkaInbound() = default;

Result<std::unique_ptr<KafkaInbound>> KafkaInbound::create(InboundOptions options, const Clock& clock,
                                                           const Suite& suite, const Codec& json, Intake& intake) {
  auto worker = std::make_unique<Worker>(std::move(options), clock, suite, json, intake);
  if (auto opened = worker->open(); opened.has_error()) return opened.error();
  return std::unique_ptr<KafkaInbound>(new KafkaInbound(std::move(worker)));
}

void KafkaInbound::start() { worker_->start(); }

void KafkaInbound::stop(std::int64_t grace_ms) { worker_->stop(grace_ms); }

InboundHealth KafkaInbound::health() const { return worker_->health(); }

}  // namespace tongqu::kafka
