#include "connectors/file/row_feeder.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <limits>
#include <mutex>

#include "connectors/file/file_codes.hpp"
#include "connectors/file/naming.hpp"
#include "connectors/file/report.hpp"
#include "connectors/file/verify.hpp"
#include "connectors/support/intake_answer.hpp"
#include "gateway/core/text.hpp"

namespace tongqu::file {
namespace {

constexpr std::int64_t kFirstWaitMs = 50;
constexpr std::int64_t kLongestWaitMs = 10'000;
constexpr std::size_t kMaxFileNameBytes = 300;
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

RowAnswer answer_of(Result<Accepted> result) {
  RowAnswer answer;
  if (result.has_value()) {
    answer.kind = result->held ? RowAnswer::Kind::kHeld : RowAnswer::Kind::kTaken;
    answer.repeated = result->repeated;
    return answer;
  }
  answer.kind = is_offered_again(result.error()) ? RowAnswer::Kind::kLater : RowAnswer::Kind::kRefused;
  answer.error = result.error();
  return answer;
}

}  // namespace

struct RowFeeder::Answers {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::pair<std::uint64_t, RowAnswer>> come;
  std::int64_t stop_at_ms = kNever;  // steady; set by stop()
};

RowFeeder::RowFeeder(const ImportOptions& options, FileSystem& spool, const Clock& clock, Intake& intake,
                     ImportCounts& counts, ImportState& state)
    : options_(options),
      spool_(spool),
      clock_(clock),
      intake_(intake),
      counts_(counts),
      state_(state),
      answers_(std::make_shared<Answers>()) {}

RowFeeder::~RowFeeder() = default;

void RowFeeder::stop(std::int64_t grace_ms) {
  const std::lock_guard lock(answers_->mutex);
  answers_->stop_at_ms = std::min(answers_->stop_at_ms, clock_.steady_ms() + grace_ms);
  answers_->changed.notify_all();
}

void RowFeeder::begin(bool resumed) {
  // Late answers to an earlier run find a box that nobody reads.
  auto fresh = std::make_shared<Answers>();
  {
    const std::lock_guard lock(answers_->mutex);
    fresh->stop_at_ms = answers_->stop_at_ms;
  }
  answers_ = std::move(fresh);
  pending_errors_.clear();
  saved_rows_ = state_.rows;
  resumed_rows_ = resumed ? state_.intended_rows : 0;
  again_wait_ms_ = 0;
}

Status RowFeeder::save() {
  if (!pending_errors_.empty()) {
    auto writer = spool_.write(kSpoolErrors, state_.error_bytes);
    if (writer.has_error()) return writer.error();
    if (auto status = (*writer)->write(pending_errors_); status.has_error()) return status;
    if (auto status = (*writer)->finish(); status.has_error()) return status;
    state_.error_bytes += pending_errors_.size();
    pending_errors_.clear();
  }
  if (auto status = replace_file(spool_, kSpoolState, write_state(state_)); status.has_error()) return status;
  saved_rows_ = state_.rows;
  return {};
}

Status RowFeeder::open() {
  exhausted_ = false;
  records_.reset();
  next_message_ = state_.offset;
  if (options_.content == Content::kMessage) return {};
  const Part& part = parts_.front();
  if (state_.offset == 0) {
    state_.offset = part.header_end;
    state_.line = part.header_lines + 1;
  }
  auto reader = spool_.open(part.path, state_.offset);
  if (reader.has_error()) return reader.error();
  records_ = std::make_unique<RecordReader>(std::move(*reader), options_.csv, state_.offset, state_.line);
  return {};
}

Status RowFeeder::feed(const Part& part) {
  parts_ = {&part, 1};
  return run();
}

Status RowFeeder::feed_messages(const std::vector<Part>& parts) {
  parts_ = parts;
  return run();
}

Status RowFeeder::run() {
  if (auto status = open(); status.has_error()) return status;
  RowLedger ledger(state_, options_.parallel);
  ledger.resumed(resumed_rows_);
  if (auto status = pump(ledger); status.has_error()) return status;
  ++state_.member;
  state_.offset = 0;
  state_.line = 1;
  return save();
}

Status RowFeeder::pump(RowLedger& ledger) {
  for (;;) {
    collect(ledger);
    settle(ledger);
    const std::int64_t now_ms = clock_.steady_ms();
    std::int64_t stop_at_ms = 0;
    {
      const std::lock_guard lock(answers_->mutex);
      stop_at_ms = answers_->stop_at_ms;
    }
    const bool stopping = stop_at_ms != kNever;
    if (stopping && (ledger.quiet() || now_ms >= stop_at_ms)) {
      const Status saved = save();
      return saved.has_error() ? saved : Status(make_error(codes::kBatchStopped));
    }
    if (exhausted_ && ledger.idle()) return {};
    if (state_.rows - saved_rows_ >= options_.checkpoint_rows) {
      if (auto status = save(); status.has_error()) return status;
    }
    if (again_at_ms_ != 0 && now_ms >= again_at_ms_) {
      again_at_ms_ = 0;
      for (const std::uint64_t ticket : ledger.take_later()) send(ledger, ticket);
    }
    if (!stopping && !exhausted_ && ledger.room()) {
      if (auto status = hand_over(ledger); status.has_error()) return status;
    }
    wait();
  }
}

// Fills up what may be under way.
Status RowFeeder::hand_over(RowLedger& ledger) {
  while (ledger.room()) {
    if (ledger.must_intend()) {
      ledger.intend(options_.checkpoint_rows + options_.parallel);
      if (auto status = save(); status.has_error()) return status;
    }
    RowPlace place;
    std::string message;
    const auto more = options_.content == Content::kRows ? next_row(place, message) : next_message(place, message);
    if (more.has_error()) return more.error();
    if (!*more) {
      exhausted_ = true;
      return {};
    }
    send(ledger, ledger.begin(place, std::move(message)));
    collect(ledger);  // the line may answer at once; a put-off row stops the others here
    settle(ledger);
  }
  return {};
}

Result<bool> RowFeeder::next_row(RowPlace& place, std::string& message) {
  const auto record = records_->next();
  // It could be cut when it was verified: the spool is not what it was.
  if (record.has_error() && !record.error().retryable()) return make_error(codes::kFileState, kSpoolSource);
  if (record.has_error()) return record.error();
  if (*record == nullptr) return false;
  place = {(*record)->line, (*record)->end, (*record)->next_line};
  const Part& part = parts_.front();
  message.reserve(part.header.size() + (*record)->bytes.size() + 2);
  message.append(part.header).append("\n").append((*record)->bytes).append("\n");
  return true;
}

Result<bool> RowFeeder::next_message(RowPlace& place, std::string& message) {
  const auto ignored = [](const Part& part) { return part.rule != nullptr && part.rule->ignore; };
  while (next_message_ < parts_.size() && ignored(parts_[next_message_])) ++next_message_;
  if (next_message_ >= parts_.size()) return false;
  const Part& part = parts_[next_message_++];
  place = {next_message_, next_message_, next_message_ + 1};
  if (part.fault != nullptr) return true;
  auto whole = read_whole(spool_, part.path, options_.max_message_bytes);
  if (whole.has_error()) return whole.error();
  message = std::move(*whole);
  return true;
}

const Part& RowFeeder::part_of(const RowPlace& place) const {
  return options_.content == Content::kRows ? parts_.front() : parts_[place.line - 1];
}

// Without an idempotency key: exports overlap, and the same record in two files is one. `dedup` of the service says
// what is the same; a row that was handed over before a crash is told in the same way.
InboundMessage RowFeeder::message_of(const RowPlace& place, std::string body) const {
  const Part& part = part_of(place);
  InboundMessage message;
  message.service = part.rule == nullptr ? options_.service : part.rule->service;
  message.body = std::move(body);
  message.content_type = part.rule == nullptr ? options_.content_type : part.rule->content_type;
  message.identity.partner = options_.partner;
  message.identity.method = options_.protocol;
  message.received_at = clock_.now();
  message.source_address = options_.protocol;
  if (options_.content == Content::kMessage) {
    message.file = part.name.empty() ? state_.name : state_.name + "/" + name_of(part.name);
    if (!is_utf8(message.file) || message.file.size() > kMaxFileNameBytes) message.file = "-";
    const auto day = options_.dated_by == DatedBy::kName ? day_in_name(state_.name) : std::nullopt;
    message.file_at = day ? *day : Instant{static_cast<std::int64_t>(state_.mtime_ms)};
  }
  return message;
}

void RowFeeder::send(RowLedger& ledger, std::uint64_t ticket) {
  const RowPlace place = ledger.place(ticket);
  if (const ErrorCode* fault = part_of(place).fault; fault != nullptr) {
    RowAnswer refused;
    refused.kind = RowAnswer::Kind::kRefused;
    refused.error = make_error(*fault, std::to_string(options_.max_message_bytes));
    return ledger.answer(ticket, std::move(refused));
  }
  intake_.accept(message_of(place, ledger.message(ticket)), [box = answers_, ticket](Result<Accepted> result) {
    RowAnswer answer = answer_of(std::move(result));
    const std::lock_guard lock(box->mutex);
    box->come.emplace_back(ticket, std::move(answer));
    box->changed.notify_all();
  });
}

void RowFeeder::collect(RowLedger& ledger) {
  std::vector<std::pair<std::uint64_t, RowAnswer>> come;
  {
    const std::lock_guard lock(answers_->mutex);
    come.swap(answers_->come);
  }
  for (auto& [ticket, answer] : come) {
    if (answer.kind != RowAnswer::Kind::kLater) {
      again_wait_ms_ = 0;
    } else if (again_at_ms_ == 0) {
      again_wait_ms_ = std::clamp(again_wait_ms_ * 2, kFirstWaitMs, kLongestWaitMs);
      again_at_ms_ = clock_.steady_ms() + again_wait_ms_;
    }
    ledger.answer(ticket, std::move(answer));
  }
}

void RowFeeder::settle(RowLedger& ledger) {
  while (const auto settled = ledger.settle()) {
    ++(settled->error ? counts_.turned_back : counts_.accepted);
    if (!settled->error || state_.error_lines >= options_.max_error_lines) continue;
    const Part& part = part_of(settled->place);
    ErrorPlace place;
    place.with_member = options_.zip;
    place.member = part.name;
    if (options_.content == Content::kRows) {
      place.line = settled->place.line;
      place.header_lines = part.header_lines;
    }
    std::uint64_t lines = 0;
    pending_errors_ += error_lines(place, *settled->error, lines);
    state_.error_lines += lines;
  }
}

// Until an answer comes, something put off is due, or stop() is called; the clock may be a test's own, so the wait is
// short.
void RowFeeder::wait() {
  constexpr std::chrono::milliseconds kLook{20};
  std::unique_lock lock(answers_->mutex);
  if (answers_->come.empty()) answers_->changed.wait_for(lock, kLook);
}

}  // namespace tongqu::file
