#include "gateway/pipeline/query_line.hpp"

#include <algorithm>
#include <deque>
#include <future>
#include <mutex>

#include "gateway/pipeline/pipeline_codes.hpp"
#include "gateway/pipeline/query_asker.hpp"

namespace tongqu {
namespace {

constexpr std::size_t kPageRows = 1000;
constexpr std::size_t kNotesAtOnce = 1000;  // of one answer; far below what the store queues

}  // namespace

// What an asker is shown, or why nothing is.
struct QueryLine::Rendered {
  std::shared_ptr<const ShownAnswer> shown;
  Error error;
};

QueryLine::QueryLine(Parts parts)
    : parts_(std::move(parts)), memory_(parts_.tools.suite, std::move(parts_.question_key)) {}

bool QueryLine::answers(const ServiceId& service) const {
  const auto plan = parts_.plan();
  return plan->queries.contains(service.str());
}

// Reads the question, unless the same request was read before.
Result<KnownQuestion> QueryLine::question_of(Exchange& exchange) {
  const std::string request = memory_.request_key(exchange);
  if (auto known = memory_.find(request, exchange.plan)) return std::move(*known);
  if (auto status = steps::run_question(exchange, parts_.tools, parts_.store); status.has_error()) {
    return status.error();
  }
  const auto identity = steps::question_identity(exchange, parts_.tools);
  if (identity.has_error()) return identity.error();
  KnownQuestion question{exchange.recipients.front(), memory_.identity_of(*identity),
                         steps::persons_of(exchange, parts_.tools)};
  // Who hears only of its own matters is found in the store, which changes.
  const auto& all = exchange.route->recipients;
  const bool fixed = std::none_of(all.begin(), all.end(), [](const RecipientPlan& r) { return r.origin_only; });
  if (fixed) memory_.put(request, exchange.plan, question);
  return question;
}

void QueryLine::ask(InboundMessage message, std::int64_t wait_ms, Done done) {
  const std::int64_t began_ms = parts_.tools.clock.steady_ms();
  auto exchange = std::make_unique<Exchange>(start_question(parts_.plan(), std::move(message)));
  Status status = steps::admit(*exchange, parts_.limiter, parts_.tools.clock);
  if (status.has_value() && !exchange->service->answer) status = make_error(codes::kNoRoute);
  auto known = status.has_value() ? question_of(*exchange) : Result<KnownQuestion>(status.error());
  if (known.has_error()) {
    parts_.intake.turned_back(exchange->in.source_address, exchange->in.identity.partner.str(), known.error());
    return done(known.error());
  }
  const RecipientPlan& registry = *known->registry;
  const QueryTerms& terms = exchange->plan->queries.at(exchange->service->service.str());
  SharedQuestion question;
  question.identity = std::move(known->identity);
  question.recipient = registry.partner;
  question.service = registry.service;
  question.times = terms.times;
  question.translate = [this, plan = exchange->plan, &registry](const QueryOutcome& outcome) {
    auto answer = steps::read_answer(outcome, registry.answers, registry.partner, parts_.tools.json);
    if (answer.has_error() && parts_.bad_answer) parts_.bad_answer(registry.partner, answer.error());
    return answer;
  };
  const std::int64_t wait = std::min(wait_ms > 0 ? wait_ms : terms.wait_ms, terms.max_wait_ms);
  auto asker = std::make_shared<QueryAsker>(parts_.tools, parts_.store, std::move(exchange), std::move(known->persons),
                                            std::move(done));
  parts_.calls.ask(std::move(question), began_ms + wait, std::move(asker));
}

// Askers of one service of one partner see the same: what one of them was shown serves the next, while it is kept.
QueryLine::Rendered QueryLine::view_for(const QueryAsker& asker, const AnswerContent& content) const {
  Rendered rendered{content.shown(asker.audience()), {}};
  if (rendered.shown != nullptr) return rendered;
  auto made = make_view(*asker.service().answer, content);
  if (made.has_error()) {
    rendered.error = made.error();
    return rendered;
  }
  rendered.shown = std::make_shared<const ShownAnswer>(std::move(*made));
  content.keep(asker.audience(), *rendered.shown);
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
  std::vector<PersonMark> persons;
  if (parts_.tools.persons != nullptr) persons = parts_.tools.persons->marks(record.root(), plan.canonical->fields());
  return ShownAnswer(**bytes, parts_.tools.suite, std::move(persons));
}

// Askers of one answer. Askers of one partner under one configuration see the same: it is made once for all of them.
// Their notes are written some at a time: the store's queue is for everybody, and ten thousand at once would fill it.
class QueryLine::Round : public std::enable_shared_from_this<QueryLine::Round> {
 public:
  Round(QueryLine& line, SharedAnswer answer) : line_(line), answer_(std::move(answer)) {}

  void add(std::shared_ptr<QueryAsker> asker, AnswerOrigin origin, std::shared_ptr<const Rendered> rendered) {
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
    std::shared_ptr<QueryAsker> asker;
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
    auto asker = std::static_pointer_cast<QueryAsker>(std::move(waiting));
    if (origin == AnswerOrigin::kCache) asker->forget_request();
    auto found = made.find(&asker->service());
    if (found == made.end()) {
      auto rendered = std::make_shared<const Rendered>(view_for(*asker, content));
      found = made.emplace(&asker->service(), std::move(rendered)).first;
    }
    round->add(std::move(asker), origin, found->second);
  }
  round->go_on();
}

void QueryLine::answer_one(const std::shared_ptr<QueryAsker>& asker, AnswerOrigin origin, const Rendered& rendered,
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
    const auto& asker = static_cast<const QueryAsker&>(*waiting);
    // A question that could not be rendered is the asker's to mend; its faults are its own.
    finish(asker, error.kind() == ErrorKind::kInvalid ? error : told);
  }
}

void QueryLine::finish(const QueryAsker& asker, Result<Answered> result) {
  const std::int64_t waited_ms = parts_.tools.clock.steady_ms() - asker.started_ms();
  {
    const std::lock_guard lock(mutex_);
    const auto [place, is_first] = counts_.try_emplace(asker.audience());
    QueryCounts& counts = place->second;
    if (is_first) {
      counts.partner = asker.partner();
      counts.service = asker.service().service;
    }
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
