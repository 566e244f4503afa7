#include "connectors/database/database_outbound.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "connectors/database/database_codes.hpp"
#include "gateway/core/text.hpp"

namespace tongqu::database {
namespace {

using Do = DeliveryProtocol::Do;

constexpr std::chrono::milliseconds kStopGrace{1000};

SqlValue field_value(const Node* node, const Codec& json) {
  if (node == nullptr || node->kind == Kind::kNull) return {};
  if (node->is_scalar()) return std::string(node->text);
  std::string text;
  if (json.encode(*node, text).has_error()) return {};
  return text;
}

}  // namespace

Result<std::vector<OutboxValue>> outbox_row(const OutboxRules& rules, const OutboundMessage& message,
                                            const std::string& digest, Instant now, const Codec& json) {
  std::vector<OutboxValue> row;
  const auto add = [&row](const std::string& column, SqlValue value, bool time = false) {
    if (!column.empty()) row.push_back({column, std::move(value), time});
  };
  const auto name = rules.service_names.find(message.service.str());
  add(rules.columns.message_id, message.message_id);
  add(rules.columns.service, name == rules.service_names.end() ? message.service.str() : name->second);
  add(rules.columns.body, message.body);
  add(rules.columns.content_type, message.content_type);
  add(rules.columns.created_at, time_value(rules.time_form, now), true);
  add(rules.columns.digest, digest);
  for (const auto& [column, value] : rules.constants) add(column, value);
  if (rules.fields.empty()) return row;
  Document document;
  if (json.decode(message.body, DecodeLimits{}, document).has_error() || document.root().kind != Kind::kObject)
    return make_error(codes::kDbBody);
  for (const FieldColumn& field : rules.fields) add(field.column, field_value(document.root().find(field.field), json));
  return row;
}

class DatabaseOutbound::Workers : public std::enable_shared_from_this<DatabaseOutbound::Workers> {
 public:
  Workers(DatabaseOutboundOptions options, std::shared_ptr<DeadlineWatch> watch, std::shared_ptr<SqlSource> source)
      : options_(std::move(options)),
        table_{options_.rules.table, options_.rules.columns.message_id, options_.rules.columns.digest,
               options_.rules.state},
        watch_(std::move(watch)),
        source_(std::move(source)) {}

  void put(std::string id, std::string digest, std::vector<OutboxValue> row, std::int64_t timeout_ms, Done done) {
    auto job = std::make_shared<Job>(options_.delivery, std::move(digest));
    job->id = std::move(id);
    job->row = std::move(row);
    job->done = std::move(done);
    job->late = watch_->arm(timeout_ms, [weak = weak_from_this(), job] {
      if (const auto self = weak.lock()) self->overdue(*job);
    });
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(job));
    if (queue_.size() > idle_ && threads_ < options_.connections) {
      ++threads_;
      std::thread([self = shared_from_this()] { self->run(); }).detach();
    }
    changed_.notify_all();
  }

  void stop() {
    std::vector<std::shared_ptr<Job>> open;
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      open.assign(queue_.begin(), queue_.end());
      open.insert(open.end(), at_work_.begin(), at_work_.end());
      queue_.clear();
      changed_.notify_all();
    }
    for (const auto& job : open) overdue(*job);
    // Workers that no database holds are gone before the connector is; the others are left behind.
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kStopGrace, [this] { return threads_ == 0; });
  }

 private:
  struct Job {
    Job(const DeliveryRules& rules, std::string digest) : protocol(rules, std::move(digest)) {}
    std::string id;
    std::vector<OutboxValue> row;
    DeadlineWatch::Ticket late = 0;
    std::mutex mutex;  // the three below: the worker and the watch meet here
    DeliveryProtocol protocol;
    bool answered = false;
    Done done;
  };
  using JobPtr = std::shared_ptr<Job>;  // the queue, the worker, the watch

  static void answer(Job& job, const DeliveryOutcome& outcome) {
    Done done;
    {
      const std::lock_guard lock(job.mutex);
      if (job.answered) return;
      job.answered = true;
      done = std::move(job.done);
    }
    done(outcome);
  }

  void overdue(Job& job) {
    DeliveryOutcome outcome;
    {
      const std::lock_guard lock(job.mutex);
      outcome = job.protocol.overdue();
    }
    answer(job, outcome);
    const std::lock_guard lock(mutex_);
    std::erase_if(queue_, [&job](const JobPtr& queued) { return queued.get() == &job; });
    changed_.notify_all();
  }

  static bool is_answered(Job& job) {
    const std::lock_guard lock(job.mutex);
    return job.answered;
  }

  void run() {
    std::unique_ptr<SqlSession> session;
    while (const JobPtr job = take()) {
      work(*job, session);
      watch_->disarm(job->late);
      const std::lock_guard lock(mutex_);
      std::erase(at_work_, job);
    }
    session.reset();
    const std::lock_guard lock(mutex_);
    --threads_;
    changed_.notify_all();
  }

  JobPtr take() {
    std::unique_lock lock(mutex_);
    ++idle_;
    changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    --idle_;
    if (stopping_) return nullptr;
    JobPtr job = std::move(queue_.front());
    queue_.pop_front();
    at_work_.push_back(job);
    return job;
  }

  void work(Job& job, std::unique_ptr<SqlSession>& session) {
    for (;;) {
      Do next = Do::kDone;
      {
        const std::lock_guard lock(job.mutex);
        if (job.answered) return;
        next = job.protocol.next();
        if (next == Do::kInsert) job.protocol.inserting();
      }
      if (next == Do::kDone) break;
      if (next == Do::kWait) {
        wait(job);
        continue;
      }
      if (session == nullptr && !open(job, session)) continue;
      const Status status = next == Do::kLook ? look(job, *session) : insert(job, *session);
      if (status.has_error() && status.error().code != &codes::kDbData) session.reset();
    }
    answer(job, job.protocol.outcome());
  }

  bool open(Job& job, std::unique_ptr<SqlSession>& session) {
    auto opened = source_->open();
    if (opened.has_value()) {
      session = std::move(*opened);
      return true;
    }
    const std::lock_guard lock(job.mutex);
    job.protocol.not_opened(opened.error());
    return false;
  }

  Status look(Job& job, SqlSession& session) {
    auto answer = session.execute(find_message(options_.dialect, table_, job.id));
    Result<std::optional<DeliveryProtocol::Found>> found = std::optional<DeliveryProtocol::Found>();
    if (answer.has_error()) {
      found = answer.error();
    } else if (!answer->rows.empty()) {
      found = std::optional(DeliveryProtocol::Found{answer->rows.front()[1], answer->rows.front()[2]});
    }
    const std::lock_guard lock(job.mutex);
    job.protocol.looked(found);
    return answer.has_error() ? Status(answer.error()) : Status();
  }

  Status insert(Job& job, SqlSession& session) {
    Status status = session.begin();
    if (status.has_value()) {
      auto changed = session.execute(insert_message(options_.dialect, table_, job.row));
      status = changed.has_error() ? Status(changed.error()) : session.commit();
      // After any other error the connection is thrown away, and the server rolls back.
      if (status.has_error() && status.error().code == &codes::kDbData) session.rollback();
    }
    const std::lock_guard lock(job.mutex);
    job.protocol.inserted(status);
    return status;
  }

  void wait(Job& job) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, std::chrono::milliseconds(options_.delivery.poll_ms),
                        [&] { return stopping_ || is_answered(job); });
    }
    const std::lock_guard lock(job.mutex);
    job.protocol.waited();
  }

  const DatabaseOutboundOptions options_;
  const OutboxTable table_;
  const std::shared_ptr<DeadlineWatch> watch_;
  const std::shared_ptr<SqlSource> source_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<JobPtr> queue_;
  std::vector<JobPtr> at_work_;
  std::size_t threads_ = 0, idle_ = 0;
  bool stopping_ = false;

 public:
  const DatabaseOutboundOptions& options() const { return options_; }
};

// What needs the gateway's own parts happens here, on the caller's thread, so that a worker left behind by a database
// that does not let go touches none of them.
DatabaseOutbound::DatabaseOutbound(DatabaseOutboundOptions options, std::shared_ptr<DeadlineWatch> watch,
                                   std::shared_ptr<SqlSource> source, const Clock& clock, const Codec& json,
                                   const Suite& suite)
    : clock_(clock),
      json_(json),
      suite_(suite),
      workers_(std::make_shared<Workers>(std::move(options), std::move(watch), std::move(source))) {}

DatabaseOutbound::~DatabaseOutbound() { workers_->stop(); }

void DatabaseOutbound::deliver(OutboundMessage message, std::int64_t timeout_ms, Done done) {
  const OutboxRules& rules = workers_->options().rules;
  const std::string digest = to_hex(as_text(suite_.hash({message.body})));
  auto row = outbox_row(rules, message, digest, clock_.now(), json_);
  if (row.has_error()) {
    DeliveryOutcome outcome;
    outcome.verdict = DeliveryVerdict::kRefused;
    outcome.code = row.error().code;
    done(outcome);
    return;
  }
  workers_->put(std::move(message.message_id), rules.columns.digest.empty() ? std::string() : digest, std::move(*row),
                timeout_ms, std::move(done));
}

}  // namespace tongqu::database
