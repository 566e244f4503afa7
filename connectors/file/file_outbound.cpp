#include "connectors/file/file_outbound.hpp"

#include <algorithm>

#include "connectors/file/file_codes.hpp"
#include "connectors/support/local_files.hpp"

namespace tongqu::file {
namespace {

constexpr std::int64_t kIdleMs = 1000;
constexpr std::size_t kMaxAckBytes = std::size_t{1} << 20U;

// Message ids are ours and plain; anything else would be a name from outside.
bool plain(std::string_view id) {
  return !id.empty() && id.size() <= 100 && id.front() != '.' && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  });
}

std::string_view extension_of(std::string_view content_type) {
  if (content_type == "application/json") return ".json";
  if (content_type == "application/xml" || content_type == "text/xml") return ".xml";
  return content_type == "text/csv" ? ".csv" : ".dat";
}

DeliveryOutcome outcome_of(DeliveryVerdict verdict, const ErrorCode* code) {
  DeliveryOutcome outcome;
  outcome.verdict = verdict;
  outcome.code = code;
  return outcome;
}

}  // namespace

FileOutbound::FileOutbound(OutboundOptions options, std::unique_ptr<FileSystem> there, const Suite& suite,
                           const Clock& clock)
    : options_(std::move(options)),
      there_(std::move(there)),
      spool_(make_local_files(options_.state, false)),
      clock_(clock),
      book_(options_.index_age_ms, options_.index_messages),
      hand_over_(options_.hand_over, *there_, *spool_, book_, suite),
      collector_(options_.collect) {}

FileOutbound::~FileOutbound() {
  arrivals_.stop();
  there_->cut(0);
  arrivals_.join();
  // Of the same message at the same time each call has its answer.
  for (const Arrived& one : arrivals_.take())
    one.waiter.done(outcome_of(DeliveryVerdict::kRetry, &codes::kBatchStopped));
  while (!waiters_.empty()) {
    finish(std::string(waiters_.begin()->first), DeliveryVerdict::kRetry, &codes::kBatchStopped);
  }
}

void FileOutbound::deliver(OutboundMessage message, std::int64_t timeout_ms, Done done) {
  arrivals_.push(std::move(message), {std::move(done), clock_.steady_ms() + timeout_ms});
}

void FileOutbound::run() {
  const auto lock = arrivals_.wait_for_lock(options_.state, [this](const ErrorCode* failure) {
    if (failure != nullptr) last_code_ = failure;
    expire();
  });
  if (lock == nullptr) return;
  while (!arrivals_.stopping()) {
    if (open_state()) {
      take_arrived();
      if (collector_.due(clock_.steady_ms())) close_batch();
      work();
      look_for_acks();
    }
    expire();
    if (!wait()) return;
  }
}

// The book as it is on disk; read at the start and after every failure.
bool FileOutbound::open_state() {
  const std::int64_t now_ms = clock_.steady_ms();
  if (loaded_ || now_ms < not_before_ms_) return loaded_;
  if (auto status = hand_over_.load(clock_.now().ms); status.has_error()) {
    failed(status.error());
    return false;
  }
  loaded_ = true;
  std::vector<std::string> lost;
  for (const auto& [id, waiter] : waiters_) {
    if (book_.of(id) == nullptr && !collector_.holds(id)) lost.push_back(id);
  }
  for (const std::string& id : lost) finish(id, DeliveryVerdict::kRetry, last_code_);
  return true;
}

void FileOutbound::take_arrived() {
  for (Arrived& one : arrivals_.take()) take(std::move(one));
}

void FileOutbound::take(Arrived arrived) {
  const std::string id = arrived.message.message_id;
  if (!plain(id)) return arrived.waiter.done(outcome_of(DeliveryVerdict::kRefused, &codes::kBatchForm));
  // The same message at the same time: the earlier call gets its answer now, the later one the result.
  finish(id, DeliveryVerdict::kRetry, &codes::kBatchStopped);
  waiters_[id] = std::move(arrived.waiter);
  if (const Batch* batch = book_.of(id); batch != nullptr) {
    if (batch->state == BatchState::kDone) settle(*batch);
    return;
  }
  if (collector_.holds(id)) return;
  if (options_.batch) {
    collect(arrived.message);
  } else {
    own_file(arrived.message);
  }
}

void FileOutbound::collect(const OutboundMessage& message) {
  auto row = read_row(message.body, options_.csv, options_.id_column, message.message_id);
  if (row.has_error() || message.content_type != "text/csv") {
    return finish(message.message_id, DeliveryVerdict::kRefused, &codes::kBatchForm);
  }
  if (!collector_.fits(*row)) close_batch();
  collector_.add(message.message_id, std::move(*row), clock_.steady_ms());
  if (collector_.due(clock_.steady_ms())) close_batch();
}

void FileOutbound::own_file(const OutboundMessage& message) {
  Batch batch;
  batch.name = options_.prefix + "-" + message.message_id;
  batch.name += options_.hand_over.zip ? std::string_view(".zip") : extension_of(message.content_type);
  batch.rows = {{message.message_id, 1}};
  build(std::move(batch), message.body);
}

std::string FileOutbound::batch_name(std::string_view extension) const {
  std::string time = to_beijing_text(clock_.now()).substr(0, 19);
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  return options_.prefix + "-" + time + "-" + std::to_string(book_.next_number()) + std::string(extension);
}

void FileOutbound::close_batch() {
  if (!loaded_ || collector_.empty()) return;
  Collector::Closed closed = collector_.close();
  Batch batch;
  batch.name = batch_name(options_.hand_over.zip ? ".zip" : ".csv");
  batch.rows = std::move(closed.rows);
  build(std::move(batch), closed.csv);
}

void FileOutbound::build(Batch batch, const std::string& content) {
  if (!loaded_) {
    for (const BatchRow& row : batch.rows) finish(row.message_id, DeliveryVerdict::kRetry, last_code_);
    return;
  }
  const auto status = hand_over_.build(std::move(batch), content, clock_.now().ms);
  if (status.has_error()) failed(status.error());
}

// A staged batch is finished in any case; an open one while somebody waits for it, so that what was given up (and may
// have been withdrawn since) does not arrive behind everybody's back.
bool FileOutbound::wanted(const Batch& batch) const {
  if (batch.state != BatchState::kOpen) return batch.state == BatchState::kStaged;
  return std::any_of(batch.rows.begin(), batch.rows.end(),
                     [this](const BatchRow& row) { return waiters_.contains(row.message_id); });
}

void FileOutbound::work() {
  if (!loaded_ || clock_.steady_ms() < not_before_ms_) return;
  std::vector<std::uint64_t> numbers;
  for (const auto& [number, batch] : book_.batches()) {
    if (wanted(batch)) numbers.push_back(number);
  }
  for (const std::uint64_t number : numbers) {
    const auto status = hand_over_.run(number, [this] {
      expire();
      return !arrivals_.stopping();
    });
    if (status.has_error()) return failed(status.error());
    backoff_ms_ = 0;
    last_code_ = nullptr;
    settle(book_.batches().at(number));
  }
}

void FileOutbound::failed(const Error& error) {
  last_code_ = error.code;
  loaded_ = false;
  backoff_ms_ = std::clamp(backoff_ms_ * 2, options_.retry_first_ms, options_.retry_max_ms);
  not_before_ms_ = clock_.steady_ms() + backoff_ms_;
}

// Answers those who wait for a batch that is done.
void FileOutbound::settle(const Batch& batch) {
  if (!options_.ack_folder.empty() && !batch.answered) return;
  for (const BatchRow& row : batch.rows) {
    if (batch.refused_lines.contains(row.line)) {
      finish(row.message_id, DeliveryVerdict::kRefused, &codes::kBatchRefused);
    } else {
      finish(row.message_id, DeliveryVerdict::kDelivered, nullptr);
    }
  }
}

void FileOutbound::look_for_acks() {
  const std::int64_t now_ms = clock_.steady_ms();
  if (options_.ack_folder.empty() || !loaded_ || now_ms < ack_at_ms_ || now_ms < not_before_ms_) return;
  ack_at_ms_ = now_ms + options_.poll_ms;
  std::vector<std::uint64_t> numbers;
  for (const auto& [number, batch] : book_.batches()) {
    const bool awaited = std::any_of(batch.rows.begin(), batch.rows.end(),
                                     [this](const BatchRow& row) { return waiters_.contains(row.message_id); });
    if (batch.state == BatchState::kDone && !batch.answered && awaited) numbers.push_back(number);
  }
  for (const std::uint64_t number : numbers) {
    if (arrivals_.stopping()) return;
    if (auto status = read_one_ack(book_.batches().at(number)); status.has_error()) return failed(status.error());
  }
}

Status FileOutbound::read_one_ack(const Batch& batch) {
  const std::string path = join(options_.ack_folder, batch.name + options_.ack_suffix);
  const auto info = there_->info(path);
  if (info.has_error()) return info.error();
  if (!*info) return {};
  const auto text = read_whole(*there_, path, kMaxAckBytes);
  if (text.has_error()) return text.error();
  auto refused = read_ack(*text, batch.rows);
  if (refused.has_error()) {
    last_code_ = refused.error().code;
    return {};
  }
  if (!*refused) return {};
  if (auto status = hand_over_.answer(batch.number, std::move(**refused)); status.has_error()) return status;
  settle(book_.batches().at(batch.number));
  return {};
}

// Gives back what has waited long enough.
void FileOutbound::expire() {
  const std::int64_t now_ms = clock_.steady_ms();
  for (const Waiter& waiter : arrivals_.take_late(now_ms))
    waiter.done(outcome_of(DeliveryVerdict::kRetry, &codes::kBatchIo));
  std::vector<std::string> late;
  for (const auto& [id, waiter] : waiters_) {
    if (now_ms >= waiter.due_ms) late.push_back(id);
  }
  for (const std::string& id : late) {
    const Batch* batch = book_.of(id);
    const bool unanswered = batch != nullptr && batch->state == BatchState::kDone;
    (void)collector_.remove(id);
    const ErrorCode* why = last_code_ != nullptr ? last_code_ : &codes::kBatchIo;
    finish(id, DeliveryVerdict::kRetry, unanswered ? &codes::kBatchAckMissing : why);
  }
}

void FileOutbound::finish(const std::string& message_id, DeliveryVerdict verdict, const ErrorCode* code) {
  const auto found = waiters_.find(message_id);
  if (found == waiters_.end()) return;
  const Done done = std::move(found->second.done);
  waiters_.erase(found);
  const bool unnamed = verdict != DeliveryVerdict::kDelivered && code == nullptr;
  done(outcome_of(verdict, unnamed ? &codes::kBatchIo : code));
}

// False when the connector is to stop.
bool FileOutbound::wait() {
  const std::int64_t now_ms = clock_.steady_ms();
  std::int64_t until_ms = now_ms + kIdleMs;
  for (const auto& [id, waiter] : waiters_) until_ms = std::min(until_ms, waiter.due_ms);
  if (const auto due = collector_.due_at_ms(); due && loaded_) until_ms = std::min(until_ms, *due);
  if (!waiters_.empty() && not_before_ms_ > now_ms) until_ms = std::min(until_ms, not_before_ms_);
  if (!waiters_.empty() && !options_.ack_folder.empty()) until_ms = std::min(until_ms, std::max(ack_at_ms_, now_ms));
  return arrivals_.wait(now_ms, until_ms, loaded_);
}

}  // namespace tongqu::file
