#include "connectors/database/database_inbound.hpp"

#include <sys/random.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "connectors/database/database_codes.hpp"
#include "connectors/support/intake_answer.hpp"
#include "gateway/core/text.hpp"

namespace tongqu::database {
namespace {

using Do = IntakeProtocol::Do;
using Verdict = IntakeProtocol::Verdict;

std::int64_t steady_now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::string make_token() {
  std::string bytes(12, '\0');
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) std::abort();
  return to_hex(bytes);
}

}  // namespace

// One table: drives the protocol with a connection and the line.
class DatabaseInbound::Reader : public std::enable_shared_from_this<DatabaseInbound::Reader> {
 public:
  Reader(PartnerId partner, Dialect dialect, ReaderOptions options, std::shared_ptr<DeadlineWatch> watch,
         std::shared_ptr<SqlSource> source, const Clock& clock, const Codec& json, const Suite& suite, Intake& intake)
      : partner_(std::move(partner)),
        dialect_(dialect),
        options_(std::move(options)),
        protocol_(options_.limits),
        watch_(std::move(watch)),
        source_(std::move(source)),
        clock_(clock),
        json_(json),
        suite_(suite),
        intake_(intake) {}

  void start() {
    const std::lock_guard lock(mutex_);
    if (started_ || stopping_) return;
    started_ = true;
    thread_ = std::thread([self = shared_from_this()] { self->run(); });
  }

  void begin_stop() {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }

  // Waits until the thread is done or the time is over. A thread that its database holds is left behind: it owns what
  // it needs, reaches neither the line nor the clock any more, and ends when the database lets go of it.
  void end_stop(std::chrono::steady_clock::time_point until) {
    std::unique_lock lock(mutex_);
    if (!started_) return;
    changed_.wait_until(lock, until, [this] { return ended_; });
    abandoned_ = true;
    changed_.notify_all();
    const bool ended = ended_;
    std::thread thread = std::move(thread_);
    lock.unlock();
    if (!thread.joinable()) return;
    if (ended) {
      thread.join();
    } else {
      thread.detach();
    }
  }

  void add_to(InboundHealth& sum) const {
    const std::lock_guard lock(mutex_);
    sum.last_success_ms = std::max(sum.last_success_ms, health_.last_success_ms);
    if (health_.last_code != nullptr) sum.last_code = health_.last_code;
    sum.accepted += health_.accepted;
    sum.turned_back += health_.turned_back;
  }

 private:
  struct Answer {
    std::uint64_t batch = 0;
    std::size_t row = 0;
    Verdict verdict = Verdict::kLater;
    const ErrorCode* code = nullptr;
  };

  void run() {
    while (step()) {
    }
    session_.reset();
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }

  bool step() {
    if (!take_news()) return false;
    const IntakeProtocol::Step step = protocol_.next(steady_now_ms());
    switch (step.what) {
      case Do::kOpen: open(); break;
      case Do::kClaim: claim(); break;
      case Do::kHandOver: hand_over(step.row); break;
      case Do::kSettle: settle(); break;
      case Do::kAwait:
      case Do::kSleep: wait(step.wait_ms); break;
      case Do::kStop: return false;
    }
    const std::lock_guard lock(mutex_);
    health_.last_code = protocol_.trouble();
    return true;
  }

  // Brings answers of the line and the wish to stop to the protocol. False: left behind, touch nothing more.
  bool take_news() {
    const std::lock_guard lock(mutex_);
    if (abandoned_) return false;
    if (stopping_) protocol_.stop();
    for (const Answer& answer : answers_) {
      if (answer.batch == batch_) protocol_.answered(answer.row, answer.verdict, answer.code);
    }
    answers_.clear();
    return true;
  }

  void wait(std::int64_t ms) {
    std::unique_lock lock(mutex_);
    const bool stopping = stopping_;
    changed_.wait_for(lock, std::chrono::milliseconds(ms),
                      [&] { return !answers_.empty() || stopping_ != stopping || abandoned_; });
  }

  void fail(const Error& error) {
    if (session_ != nullptr && error.code == &codes::kDbData) session_->rollback();
    session_.reset();
    protocol_.failed(*error.code, steady_now_ms());
  }

  void open() {
    auto opened = source_->open();
    if (opened.has_error()) return fail(opened.error());
    session_ = std::move(*opened);
    protocol_.opened();
  }

  void claim() {
    ++batch_;
    token_ = make_token();
    std::vector<IntakeProtocol::Claimed> rows;
    if (auto status = claim_rows(rows); status.has_error()) return fail(status.error());
    protocol_.claimed(std::move(rows), steady_now_ms());
    const std::lock_guard gate(gate_);
    if (closed_) return;
    const std::lock_guard lock(mutex_);
    health_.last_success_ms = clock_.now().ms;
  }

  // The candidates are read under the same transaction only where they are locked by it; elsewhere the read would pin a
  // snapshot that the updates then collide with.
  Status claim_rows(std::vector<IntakeProtocol::Claimed>& rows) {
    Instant now;
    {
      const std::lock_guard gate(gate_);
      if (closed_) return make_error(codes::kDbUnreachable);
      now = clock_.now();
    }
    const ClaimMark mark{token_, now, {now.ms - options_.limits.lease_ms}};
    const bool locked = dialect_.skip_locked != SkipLocked::kNo;
    if (locked) {
      if (auto status = session_->begin(); status.has_error()) return status;
    }
    auto found = session_->execute(candidates(dialect_, options_.table, mark, options_.limits.batch_rows));
    if (found.has_error()) return found.error();
    if (!locked) {
      if (found->rows.empty()) return {};
      if (auto status = session_->begin(); status.has_error()) return status;
    }
    for (const SqlRow& row : found->rows) {
      if (row.empty() || !row[kCandidateId]) continue;
      auto changed = session_->execute(claim_row(dialect_, options_.table, mark, *row[kCandidateId]));
      if (changed.has_error()) return changed.error();
      if (changed->changed != 1) continue;
      const bool again = row[kCandidateState] == options_.table.states.taken;
      rows.push_back({*row[kCandidateId], row[kCandidateMatter].value_or(""), again});
    }
    return session_->commit();
  }

  void hand_over(std::size_t row) {
    const std::string& id = protocol_.id_of(row);
    auto fetched = session_->execute(fetch_row(dialect_, options_.table, id, options_.rules.max_bytes));
    if (fetched.has_error()) {
      // A value that the server itself cannot hand out (a broken encoding) is a poison row, no trouble of the database.
      if (fetched.error().code == &codes::kDbData) return turn_back(row, codes::kDbData);
      return fail(fetched.error());
    }
    if (fetched->rows.empty()) return turn_back(row, codes::kDbRowGone);
    // The gate: stop() does not return while the line or anything of the gateway is used, and nothing is afterwards.
    const std::lock_guard gate(gate_);
    if (closed_) return protocol_.answered(row, Verdict::kLater, nullptr);
    auto message = row_message(options_.table, options_.rules, fetched->rows.front(), json_, suite_);
    if (message.has_error()) return turn_back(row, *message.error().code);
    give(row, id, std::move(*message));
  }

  void turn_back(std::size_t row, const ErrorCode& code) {
    protocol_.answered(row, Verdict::kTurnedBack, &code);
    const std::lock_guard lock(mutex_);
    ++health_.turned_back;
  }

  // Behind the gate.
  void give(std::size_t row, const std::string& id, RowMessage message) {
    InboundMessage in;
    in.service = std::move(message.service);
    in.body = std::move(message.body);
    in.content_type = std::move(message.content_type);
    if (options_.identity == RowIdentity::kRow) in.idempotency_key = row_key(options_.table, id, suite_);
    in.identity.partner = partner_;
    in.identity.method = "database";
    in.received_at = clock_.now();
    in.source_address = "database:" + options_.table.table;
    // Before the call: the answer may come from within it.
    protocol_.handed(row);
    intake_.accept(std::move(in), [self = shared_from_this(), batch = batch_, row](Result<Accepted> result) {
      self->answer(batch, row, result);
    });
  }

  void answer(std::uint64_t batch, std::size_t row, const Result<Accepted>& result) {
    Answer answer{batch, row, Verdict::kTaken, nullptr};
    if (result.has_error()) {
      answer.code = result.error().code;
      answer.verdict = is_offered_again(result.error()) ? Verdict::kLater : Verdict::kTurnedBack;
    } else if (result->repeated && !options_.table.states.duplicate.empty()) {
      answer.verdict = Verdict::kKnown;
    }
    const std::lock_guard lock(mutex_);
    if (result.has_value()) ++health_.accepted;
    if (answer.verdict == Verdict::kTurnedBack) ++health_.turned_back;
    answers_.push_back(answer);
    changed_.notify_all();
  }

  void settle() {
    Status status = settle_rows(true);
    // The error column may be too narrow for a code; the state matters more.
    if (status.has_error() && status.error().code == &codes::kDbData) {
      session_->rollback();
      status = settle_rows(false);
    }
    if (status.has_error()) return fail(status.error());
    protocol_.settled(steady_now_ms());
  }

  Status settle_rows(bool with_codes) {
    if (auto status = session_->begin(); status.has_error()) return status;
    for (const IntakeProtocol::Settlement& row : protocol_.settlements()) {
      const std::string_view code = with_codes && row.code != nullptr ? row.code->id : std::string_view();
      auto changed = session_->execute(settle_row(dialect_, options_.table, token_, row.id, row.state, code));
      if (changed.has_error()) return changed.error();
    }
    return session_->commit();
  }

 public:
  void close_gate() {
    const std::lock_guard gate(gate_);
    closed_ = true;
  }

 private:
  const PartnerId partner_;
  const Dialect dialect_;
  const ReaderOptions options_;
  // Of the thread alone:
  IntakeProtocol protocol_;
  std::unique_ptr<SqlSession> session_;
  std::string token_;
  std::uint64_t batch_ = 0;

  const std::shared_ptr<DeadlineWatch> watch_;
  const std::shared_ptr<SqlSource> source_;
  const Clock& clock_;
  const Codec& json_;
  const Suite& suite_;
  Intake& intake_;

  std::mutex gate_;
  bool closed_ = false;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Answer> answers_;
  InboundHealth health_;
  bool started_ = false, stopping_ = false, abandoned_ = false, ended_ = false;
  std::thread thread_;
};

DatabaseInbound::DatabaseInbound(DatabaseInboundOptions options, std::shared_ptr<DeadlineWatch> watch,
                                 std::shared_ptr<SqlSource> source, const Clock& clock, const Codec& json,
                                 const Suite& suite, Intake& intake) {
  for (ReaderOptions& table : options.tables)
    readers_.push_back(std::make_shared<Reader>(options.partner, options.dialect, std::move(table), watch, source,
                                                clock, json, suite, intake));
}

DatabaseInbound::~DatabaseInbound() { stop(0); }

void DatabaseInbound::start() {
  for (const auto& reader : readers_) reader->start();
}

void DatabaseInbound::stop(std::int64_t grace_ms) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(grace_ms);
  for (const auto& reader : readers_) reader->begin_stop();
  for (const auto& reader : readers_) {
    reader->end_stop(until);
    reader->close_gate();
  }
}

InboundHealth DatabaseInbound::health() const {
  InboundHealth sum;
  for (const auto& reader : readers_) reader->add_to(sum);
  return sum;
}

}  // namespace tongqu::database
