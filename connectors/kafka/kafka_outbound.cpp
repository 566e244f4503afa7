#include "connectors/kafka/kafka_outbound.hpp"

#include <atomic>
#include <mutex>
#include <thread>

#include "connectors/kafka/kafka_codes.hpp"
#include "gateway/core/document.hpp"

namespace tongqu::kafka {
namespace {

constexpr int kPollMs = 100;  // reports wake the poll; this bounds the wait at the end only

DeliveryOutcome failed(DeliveryVerdict verdict, const ErrorCode& code, int status = 0) {
  DeliveryOutcome outcome;
  outcome.verdict = verdict;
  outcome.code = &code;
  outcome.status = status;
  return outcome;
}

using Done = OutboundConnector::Done;

void report(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
  const std::unique_ptr<Done> done(static_cast<Done*>(message->_private));
  (*done)(outcome_of(message->err, rd_kafka_message_status(message)));
}

Properties producer_properties(const OutboundOptions& options) {
  return {{"enable.idempotence", "true"},
          {"acks", "all"},
          {"message.timeout.ms", std::to_string(options.timeout_ms)},
          {"message.max.bytes", std::to_string(options.max_message_bytes + 65'536)},
          {"queue.buffering.max.messages", "10000"},
          {"allow.auto.create.topics", "false"}};
}

}  // namespace

DeliveryOutcome outcome_of(rd_kafka_resp_err_t error, rd_kafka_msg_status_t persisted) {
  // The acknowledgement of a repeat may be an error though the first try was written.
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR || persisted == RD_KAFKA_MSG_STATUS_PERSISTED)
    return {.verdict = DeliveryVerdict::kDelivered};
  if (is_refusal(error)) return failed(DeliveryVerdict::kRefused, codes::kKafkaRefused, error);
  if (persisted == RD_KAFKA_MSG_STATUS_POSSIBLY_PERSISTED)
    return failed(DeliveryVerdict::kNoAnswer, codes::kKafkaNoReport, error);
  if (error == RD_KAFKA_RESP_ERR__QUEUE_FULL) return failed(DeliveryVerdict::kRetry, codes::kKafkaBusy);
  if (error == RD_KAFKA_RESP_ERR__PURGE_QUEUE) return failed(DeliveryVerdict::kRetry, codes::kKafkaStopped);
  const ErrorCode* trouble = trouble_of(error);
  if (error == RD_KAFKA_RESP_ERR__MSG_TIMED_OUT) trouble = &codes::kKafkaUnreachable;
  return failed(DeliveryVerdict::kRetry, trouble != nullptr ? *trouble : codes::kKafkaNotWritten,
                error > 0 ? error : 0);
}

class KafkaOutbound::Worker {
 public:
  Worker(OutboundOptions options, Client client, const Codec& json)
      : options_(std::move(options)), json_(json), client_(std::move(client)), thread_([this] { run(); }) {}
  [[nodiscard]] static Result<Client> open(const OutboundOptions& options);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  void take(OutboundMessage message, Done done);

 private:
  void run();
  [[nodiscard]] Result<std::string> key_of(const TopicRoute& route, const std::string& body) const;

  const OutboundOptions options_;
  const Codec& json_;
  std::mutex mutex_;  // guards client_ against being replaced while a message is handed over
  Client client_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

Result<Client> KafkaOutbound::Worker::open(const OutboundOptions& options) {
  auto conf = make_conf(options.client, producer_properties(options));
  if (conf.has_error()) return conf.error();
  rd_kafka_conf_set_dr_msg_cb(conf->get(), report);
  return make_client(RD_KAFKA_PRODUCER, std::move(*conf));
}

void KafkaOutbound::Worker::run() {
  while (!stopping_) {
    rd_kafka_poll(client_.get(), kPollMs);
    if (rd_kafka_fatal_error(client_.get(), nullptr, 0) == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    // An idempotent producer that lost its sequence takes nothing further; a new one begins with a new id.
    auto fresh = open(options_);
    if (fresh.has_error()) continue;
    {
      const std::lock_guard lock(mutex_);
      client_.swap(*fresh);
    }
    purge(fresh->get());  // without the lock: who is answered may hand over the next message
  }
}

KafkaOutbound::Worker::~Worker() {
  stopping_ = true;
  thread_.join();
  purge(client_.get());
}

Result<std::string> KafkaOutbound::Worker::key_of(const TopicRoute& route, const std::string& body) const {
  if (route.key_path.empty()) return std::string();
  Document document;
  if (auto decoded = json_.decode(body, {}, document); decoded.has_error()) return decoded.error();
  const Node* node = at_path(document.root(), route.key_path);
  const bool good = node != nullptr && (node->kind == Kind::kText || node->kind == Kind::kNumber) &&
                    !node->text.empty() && node->text.size() <= kMaxAttributeBytes;
  if (!good) return make_error(codes::kKafkaKey);
  return std::string(node->text);
}

void KafkaOutbound::Worker::take(OutboundMessage message, Done done) {
  const auto route = options_.services.find(message.service.str());
  if (route == options_.services.end()) return done(failed(DeliveryVerdict::kRefused, codes::kKafkaService));
  if (message.body.size() > options_.max_message_bytes)
    return done(failed(DeliveryVerdict::kRefused, codes::kKafkaSize));
  auto key = key_of(route->second, message.body);
  if (key.has_error()) return done(failed(DeliveryVerdict::kRefused, *key.error().code));
  CloudEvent event;
  event.id = std::move(message.message_id);
  event.source = options_.source;
  event.type = route->second.type;
  event.subject = *key;
  event.data_content_type = std::move(message.content_type);
  event.data = std::move(message.body);
  auto record = write_event(event, options_.mode, json_, {});
  if (record.has_error()) return done(failed(DeliveryVerdict::kRefused, *record.error().code));
  auto kept = std::make_unique<Done>(std::move(done));
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  {
    const std::lock_guard lock(mutex_);
    if (produce(client_.get(), route->second.topic, *key, *record, kept.get(), error)) {
      [[maybe_unused]] Done* const given = kept.release();  // the report takes it
      return;
    }
  }
  (*kept)(outcome_of(error, RD_KAFKA_MSG_STATUS_NOT_PERSISTED));
}

KafkaOutbound::KafkaOutbound(std::unique_ptr<Worker> worker) : worker_(std::move(worker)) {}

KafkaOutbound::~KafkaOutbound() = default;

Result<std::unique_ptr<KafkaOutbound>> KafkaOutbound::create(OutboundOptions options, const Codec& json) {
  auto client = Worker::open(options);
  if (client.has_error()) return client.error();
  return std::unique_ptr<KafkaOutbound>(
      new KafkaOutbound(std::make_unique<Worker>(std::move(options), std::move(*client), json)));
}

void KafkaOutbound::deliver(OutboundMessage message, std::int64_t, Done done) {
  worker_->take(std::move(message), std::move(done));
}

}  // namespace tongqu::kafka
