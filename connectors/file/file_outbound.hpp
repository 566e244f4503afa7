#pragma once
// Messages as files: each in one of its own, or rows of a CSV collected into one. On a thread of its own; deliver()
// only queues.
//
// A message counts as delivered when the file that holds it has its final name at the partner – or, with
// acknowledgements, when the partner's file came and does not refuse its row. A message that is in the book of handed
// over files is never written again, so repeating one is safe; every failure is therefore `retry`, and nothing is ever
// `no answer`. What is collected or under way when its time is up is given back as `retry` too, and finds itself in the
// book when it comes again.
//
// The lane has at most `max_connections` messages here at once: that is also the largest batch. `timeout` has to leave
// room for collecting (max_age), the upload, and, with acknowledgements, for the partner's answer.
#include <filesystem>
#include <map>
#include <memory>
#include <optional>

#include "connectors/file/batch_content.hpp"
#include "connectors/file/hand_over.hpp"
#include "connectors/support/arrivals.hpp"
#include "gateway/core/clock.hpp"
#include "gateway/core/connector.hpp"

namespace tongqu::file {

struct OutboundOptions {
  HandOverOptions hand_over;
  bool batch = false;          // rows of one CSV; otherwise a file for each message
  std::string prefix = "out";  // of file names: <prefix>-<time>-<number>.csv, <prefix>-<message id>.json
  CsvForm csv;
  std::string id_column;
  CollectLimits collect;
  std::string ack_folder;  // empty = no acknowledgements
  std::string ack_suffix = ".ack.csv";
  std::int64_t poll_ms = 5000;  // for acknowledgements
  std::int64_t retry_first_ms = 500;
  std::int64_t retry_max_ms = 60'000;
  std::int64_t index_age_ms = std::int64_t{30} * 86'400'000;
  std::size_t index_messages = 1'000'000;
  std::filesystem::path state;
};

class FileOutbound final : public OutboundConnector {
 public:
  // `suite` and `clock` outlive the connector. The thread starts with the first message: the state folder's lock is not
  // asked for by a connector that is only made. What was staged before a crash has its messages in the outbox still.
  FileOutbound(OutboundOptions options, std::unique_ptr<FileSystem> there, const Suite& suite, const Clock& clock);
  FileOutbound(const FileOutbound&) = delete;
  FileOutbound& operator=(const FileOutbound&) = delete;
  // Everything that waits is given back as `retry`.
  ~FileOutbound() override;
  // `done` comes at the latest one call to the partner's file system after `timeout_ms`.
  void deliver(OutboundMessage message, std::int64_t timeout_ms, Done done) override;

 private:
  using Arrived = Arrivals::Arrived;
  using Waiter = Arrivals::Waiter;
  void run();
  [[nodiscard]] bool open_state();
  void take_arrived();
  void take(Arrived arrived);
  void collect(const OutboundMessage& message);
  void own_file(const OutboundMessage& message);
  void close_batch();
  void build(Batch batch, const std::string& content);
  void work();
  [[nodiscard]] bool wanted(const Batch& batch) const;
  void look_for_acks();
  [[nodiscard]] Status read_one_ack(const Batch& batch);
  void failed(const Error& error);
  void settle(const Batch& batch);
  void expire();
  void finish(const std::string& message_id, DeliveryVerdict verdict, const ErrorCode* code);
  [[nodiscard]] bool wait();
  [[nodiscard]] std::string batch_name(std::string_view extension) const;

  OutboundOptions options_;
  std::unique_ptr<FileSystem> there_;
  std::unique_ptr<FileSystem> spool_;
  const Clock& clock_;
  BatchBook book_;
  HandOver hand_over_;
  Collector collector_;
  std::map<std::string, Waiter> waiters_;  // by message id
  bool loaded_ = false;
  std::int64_t not_before_ms_ = 0;  // steady: the next attempt after a failure
  std::int64_t backoff_ms_ = 0;
  std::int64_t ack_at_ms_ = 0;
  const ErrorCode* last_code_ = nullptr;  // of the last failure; null = none since the last success
  Arrivals arrivals_{[this] { run(); }};  // last: its thread uses all of the above
};

}  // namespace tongqu::file
