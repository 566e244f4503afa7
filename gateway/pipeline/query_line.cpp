#include "gateway/pipeline/query_line.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <future>
#include <mutex>

#include "gateway/core/jcs.hpp"
#include "gateway/pipeline/pipeline_codes.hpp"

namespace tongqu {
namespace {

constexpr std::size_t kPageRows = 1000;
constexpr std::size_t kNotesAtOnce = 1000;  // of one answer; far below what the store queues

std::string disclosed(const std::string& message, const Digest32& ledger) {
  std::string out = "[{\"ledger\":\"" + to_hex(as_text(ledger)) + "\",\"message\":";
  append_json_string(out, message);
  return out + "}]";
}

// What the steps learn of a request, made anew whenever it is needed.
Exchange start(const std::shared_ptr<const Plan>& plan, InboundMessage in) {
  Exchange exchange;
  exchange.in = std::move(in);
  exchange.plan = plan;
  return exchange;
}

}  // namespace

// One asker: while it leads, with its documents; while it waits, with its request only.
class QueryLine::OneAsker final : public WaitingAsker, public std::enable_shared_from_this<OneAsker> {
 public:
  OneAsker(QueryLine& line, std::unique_ptr<Exchange> exchange, Done done)
      : line_(line),
        plan_(exchange->plan),
        partner_(exchange->partner),
        service_(exchange->service),
        id_(exchange->id),
        identity_(exchange->in.identity),
        source_(exchange->in.source_address),
        started_ms_(line.parts_.tools.clock.steady_ms()),
        done_(std::move(done)),
        exchange_(std::move(exchange)) {}

  void park() override {
    in_ = std::move(exchange_->in);
    exchange_.reset();
  }

  void lead(Led done) override {
    Exchange again;
    if (exchange_ == nullptr) {
      again = start(plan_, in_);
      again.partner = partner_;
      again.service = service_;
      again.id = id_;
      if (auto status = steps::run_question(again, line_.parts_.tools, line_.parts_.store); status.has_error()) {
        return done(status.error());
      }
    }
    Exchange& leading = exchange_ == nullptr ? again : *exchange_;
    if (auto status = steps::render_question(leading); status.has_error()) return done(status.error());
    auto leaving = asked(leading);
    exchange_.reset();
    nonce_used_ = true;
    line_.parts_.store.note(std::move(leaving.first), [self = shared_from_this(), message = std::move(leaving.second),
                                                       done = std::move(done)](const Status& status) {
      if (status.has_error()) return done(status.error());
      done(message);
    });
  }

  [[nodiscard]] const ExchangeId& exchange() const override { return id_; }

  // The note of this asker's answer, closing `asked` if that is open.
  [[nodiscard]] QueryNote answered(const ShownAnswer& shown, AnswerOrigin origin, const SharedAnswer& answer) const {
    const LineTools& tools = line_.parts_.tools;
    QueryNote note = base(QueryNote::Kind::kAnswered, shown.ledger(), shown.ledger_digest());
    if (origin == AnswerOrigin::kUpstream || origin == AnswerOrigin::kShared) note.query = answer.asked;
    if (!nonce_used_) {
      note.nonce = identity_.nonce;
      note.nonce_expires_ms = identity_.nonce_expires_ms;
    }
    AuditEntryBuilder entry("answered", tools.clock.now());
    describe(entry);
    entry.text("question", answer.asked.str())
        .text("from", name_of(origin))
        .text("result", answer.found ? steps::kFound : steps::kNotFound)
        .number("age", answer.age_ms / 1000)
        .canonical("disclosed", disclosed(id_.str() + '-' + partner_->id.str(), shown.ledger_digest()));
    note.entry = entry.finish();
    return note;
  }

  const InboundService& service() const { return *service_; }
  const PartnerId& partner() const { return partner_->id; }
  const std::string& source() const { return source_; }
  std::int64_t started_ms() const { return started_ms_; }
  const Done& done() const { return done_; }

 private:
  [[nodiscard]] QueryNote base(QueryNote::Kind kind, std::string ledger, const Digest32& ledger_digest) const {
    QueryNote note;
    note.kind = kind;
    note.partner = partner_->id;
    note.service = service_->service;
    note.at = line_.parts_.tools.clock.now();
    note.ledger = std::move(ledger);
    note.ledger_digest = std::string(as_text(ledger_digest));
    return note;
  }

  void describe(AuditEntryBuilder& entry) const {
    entry.text("exchange", id_.str())
        .text("partner", partner_->id.str())
        .text("service", service_->service.str())
        .text("config", plan_->id.str())
        .text("method", identity_.method);
  }

  [[nodiscard]] std::pair<QueryNote, OutboundMessage> asked(const Exchange& exchange) const {
    const RecipientPlan& registry = *exchange.recipients.front();
    const OutboundBytes& bytes = *exchange.rendered.front().bytes;
    OutboundMessage message{id_.str() + '-' + registry.partner.str(), registry.service, bytes.bytes(),
                            bytes.content_type(), 1};
    std::string ledger = bytes.disclosure().to_ledger();
    const Digest32 digest = line_.parts_.tools.suite.hash({ledger});
    QueryNote note = base(QueryNote::Kind::kAsked, std::move(ledger), digest);
    note.query = id_;
    note.recipient = registry.partner;
    note.nonce = identity_.nonce;
    note.nonce_expires_ms = identity_.nonce_expires_ms;
    AuditEntryBuilder entry("asked", line_.parts_.tools.clock.now());
    describe(entry);
    entry.text("recipient", registry.partner.str()).canonical("disclosed", disclosed(message.message_id, digest));
    note.entry = entry.finish();
    return {std::move(note), std::move(message)};
  }

  QueryLine& line_;
  const std::shared_ptr<const Plan> plan_;  // second owner: keeps what the pointers below point to
  const PartnerPlan* const partner_;
  const InboundService* const service_;
  const ExchangeId id_;
  const Identity identity_;
  const std::string source_;
  const std::int64_t started_ms_;
  const Done done_;
  std::unique_ptr<Exchange> exchange_;
  InboundMessage in_;
  std::atomic<bool> nonce_used_ = false;
};

// What an asker is shown, or why nothing is.
struct QueryLine::Rendered {
  std::shared_ptr<const ShownAnswer> shown;
  Error error;
};

QueryLine::QueryLine(Parts parts) : parts_(std::move(parts)) {}

bool QueryLine::answers(const ServiceId& service) const {
  const auto plan = parts_.plan();
  return plan->queries.contains(service.str());
}

void QueryLine::ask(InboundMessage message, std::int64_t wait_ms, Done done) {
  const std::int64_t began_ms = parts_.tools.clock.steady_ms();
  auto exchange = std::make_unique<Exchange>(start(parts_.plan(), std::move(message)));
  Status status = steps::admit(*exchange, parts_.limiter, parts_.tools.clock);
  if (status.has_value() && !exchange->service->answer) status = make_error(codes::kNoRoute);
  if (status.has_value()) status = steps::run_question(*exchange, parts_.tools, parts_.store);
  Result<std::string> identity =
      status.has_value() ? steps::question_identity(*exchange, parts_.tools) : Result<std::string>(status.error());
  if (identity.has_error()) {
    parts_.intake.turned_back(exchange->in.source_address, exchange->in.identity.partner.str(), identity.error());
    return done(identity.error());
  }
  const RecipientPlan& registry = *exchange->recipients.front();
  const QueryTerms& terms = exchange->plan->queries.at(exchange->service->service.str());
  SharedQuestion question;
  question.identity = std::move(*identity);
  question.recipient = registry.partner;
  question.service = registry.service;
  question.times = terms.times;
  question.translate = [this, plan = exchange->plan, &registry](const QueryOutcome& outcome) {
    auto answer = steps::read_answer(outcome, registry.answers, registry.partner, parts_.tools.json);
    if (answer.has_error() && parts_.bad_answer) parts_.bad_answer(registry.partner, answer.error());
    return answer;
  };
  const std::int64_t wait = std::min(wait_ms > 0 ? wait_ms : terms.wait_ms, terms.max_wait_ms);
  auto asker = std::make_shared<OneAsker>(*this, std::move(exchange), std::move(done));
  parts_.calls.ask(std::move(question), began_ms + wait, std::move(asker));
}

// Askers of one service of one partner see the same: what one of them was shown serves the next, while it is kept.
QueryLine::Rendered QueryLine::view_for(const OneAsker& asker, const AnswerContent& content) const {
  const std::string audience = asker.partner().str() + '/' + asker.service().service.str();
  Rendered rendered{content.shown(audience), {}};
  if (rendered.shown != nullptr) return rendered;
  auto made = make_view(*asker.service().answer, content);
  if (made.has_error()) {
    rendered.error = made.error();
    return rendered;
  }
  rendered.shown = std::make_shared<const ShownAnswer>(std::move(*made));
  content.keep(audience, *rendered.shown);
  return rendered;
}

Result<ShownAnswer> QueryLine::make_view(const AskerAnswer& plan, const AnswerContent& content) const {
  const auto json = content.record();
  if (json.has_error()) return json.error();
  Document record;
  auto status = parts_.tools.json.decode(*json, DecodeLimits{.max_bytes = 16U << 20U}, record);
  if (status.has_error()) return status.error();
  const auto bytes = steps::view_answer(record, plan);
  if (bytes.has_error()) return bytes.error();
  return ShownAnswer(**bytes, parts_.tools.suite);
}

// Askers of one answer. Askers of one partner under one configuration see the same: it is made once for all of them.
// Their notes are written some at a time: the store's queue is for everybody, and ten thousand at once would fill it.
class QueryLine::Round : public std::enable_shared_from_this<QueryLine::Round> {
 public:
  Round(QueryLine& line, SharedAnswer answer) : line_(line), answer_(std::move(answer)) {}

  void add(std::shared_ptr<OneAsker> asker, AnswerOrigin origin, std::shared_ptr<const Rendered> rendered) {
    left_.push_back({std::move(asker), origin, std::move(rendered)});
  }
  void go_on() {
    std::unique_lock lock(mutex_);
    if (is_going_) return;  // a note that is refused at once comes back into the loop below
    is_going_ = true;
    while (!left_.empty() && open_ < kNotesAtOnce) {
      const Waiting next = std::move(left_.front());
      left_.pop_front();
      ++open_;
      lock.unlock();
      line_.answer_one(next.asker, next.origin, *next.rendered, answer_, [self = shared_from_this()] {
        {
          const std::lock_guard back(self->mutex_);
          --self->open_;
        }
        self->go_on();
      });
      lock.lock();
    }
    is_going_ = false;
  }

 private:
  struct Waiting {
    std::shared_ptr<OneAsker> asker;
    AnswerOrigin origin = AnswerOrigin::kUpstream;
    std::shared_ptr<const Rendered> rendered;
  };
  QueryLine& line_;
  const SharedAnswer answer_;
  std::mutex mutex_;
  std::deque<Waiting> left_;
  std::size_t open_ = 0;  // notes with the store
  bool is_going_ = false;
};

void QueryLine::answer(std::vector<std::pair<Asker, AnswerOrigin>> askers, const SharedAnswer& answer,
                       const AnswerContent& content) {
  std::map<const InboundService*, std::shared_ptr<const Rendered>> made;
  const auto round = std::make_shared<Round>(*this, answer);  // second owners: the callbacks of the notes
  for (auto& [waiting, origin] : askers) {
    auto asker = std::static_pointer_cast<OneAsker>(std::move(waiting));
    auto found = made.find(&asker->service());
    if (found == made.end()) {
      auto rendered = std::make_shared<const Rendered>(view_for(*asker, content));
      found = made.emplace(&asker->service(), std::move(rendered)).first;
    }
    round->add(std::move(asker), origin, found->second);
  }
  round->go_on();
}

void QueryLine::answer_one(const std::shared_ptr<OneAsker>& asker, AnswerOrigin origin, const Rendered& rendered,
                           const SharedAnswer& answer, std::function<void()> after) {
  if (rendered.shown == nullptr) {
    // The question was right; the fault lies in the configuration or in what the registry said, and is not the asker's.
    if (parts_.bad_answer) parts_.bad_answer(asker->partner(), rendered.error);
    finish(*asker, make_error(codes::kAnswerInvalid, answer.asked.str()));
    return after();
  }
  Answered answered{asker->exchange(), rendered.shown->bytes(), rendered.shown->content_type(), origin, answer.age_ms};
  parts_.store.note(
      asker->answered(*rendered.shown, origin, answer),
      [this, asker, answered = std::move(answered), after = std::move(after)](const Status& status) mutable {
        finish(*asker, status.has_error() ? Result<Answered>(status.error()) : Result<Answered>(std::move(answered)));
        after();
      });
}

void QueryLine::fail(std::vector<Asker> askers, const Error& error) {
  Error told = error;
  told.faults.clear();  // paths of the registry's answer are not the asker's business
  for (const Asker& waiting : askers) {
    const auto& asker = static_cast<const OneAsker&>(*waiting);
    // A question that could not be rendered is the asker's to mend; its faults are its own.
    finish(asker, error.kind() == ErrorKind::kInvalid ? error : told);
  }
}

void QueryLine::finish(const OneAsker& asker, Result<Answered> result) {
  const std::int64_t waited_ms = parts_.tools.clock.steady_ms() - asker.started_ms();
  {
    const std::lock_guard lock(mutex_);
    QueryCounts& counts = counts_[{asker.partner().str(), asker.service().service.str()}];
    counts.partner = asker.partner();
    counts.service = asker.service().service;
    if (result.has_error()) {
      ++counts.failed;
    } else {
      counts.wait_ms_sum += waited_ms;
      switch (result->origin) {
        case AnswerOrigin::kUpstream: ++counts.upstream; break;
        case AnswerOrigin::kShared: ++counts.shared; break;
        case AnswerOrigin::kCache: ++counts.cache; break;
        case AnswerOrigin::kStale: ++counts.stale; break;
      }
    }
  }
  if (result.has_error()) parts_.intake.turned_back(asker.source(), asker.partner().str(), result.error());
  asker.done()(std::move(result));
}

void QueryLine::over(const ExchangeId& asked, const SharedQuestion& question, const ErrorCode& why) {
  OpenQuery query;
  query.query = asked;
  query.recipient = question.recipient;
  query.service = question.service;
  // What cannot be closed now stays open in the store and is closed by close_abandoned.
  abandon(query, why, [](const Status&) {});
}

void QueryLine::abandon(const OpenQuery& query, const ErrorCode& why, const Store::Done& done) {
  QueryNote note;
  note.kind = QueryNote::Kind::kAbandoned;
  note.query = query.query;
  note.at = parts_.tools.clock.now();
  note.entry = AuditEntryBuilder("abandoned", note.at)
                   .text("exchange", query.query.str())
                   .text("recipient", query.recipient.str())
                   .text("service", query.service.str())
                   .text("config", parts_.plan()->id.str())
                   .text("code", why.id)
                   .finish();
  parts_.store.note(std::move(note), done);
}

Result<std::size_t> QueryLine::close_abandoned(Instant asked_before) {
  std::size_t closed = 0;
  for (;;) {
    auto open = parts_.store.open_queries(asked_before, kPageRows);
    if (open.has_error()) return open.error();
    if (open->empty()) return closed;
    std::vector<std::future<Status>> results;
    for (const OpenQuery& query : *open) {
      auto committed = std::make_shared<std::promise<Status>>();  // second owner: the store's writer
      results.push_back(committed->get_future());
      abandon(query, codes::kAbandoned, [committed](const Status& status) { committed->set_value(status); });
    }
    Status failed;
    for (auto& result : results) {
      const Status status = result.get();
      if (status.has_value()) ++closed;
      // Not open any more: somebody else closed it meanwhile.
      if (status.has_error() && status.error().kind() != ErrorKind::kNotFound) failed = status;
    }
    if (failed.has_error()) return failed.error();
  }
}

std::vector<QueryCounts> QueryLine::counts() const {
  const std::lock_guard lock(mutex_);
  std::vector<QueryCounts> out;
  out.reserve(counts_.size());
  for (const auto& [key, counts] : counts_) out.push_back(counts);
  return out;
}

}  // namespace tongqu
