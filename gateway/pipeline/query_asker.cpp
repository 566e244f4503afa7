#include "gateway/pipeline/query_asker.hpp"

#include "gateway/core/jcs.hpp"

namespace tongqu {
namespace {

std::string disclosed(const std::string& message, const Digest32& ledger) {
  std::string out = "[{\"ledger\":\"" + to_hex(as_text(ledger)) + "\",\"message\":";
  append_json_string(out, message);
  return out + "}]";
}

}  // namespace

Exchange start_question(const std::shared_ptr<const Plan>& plan, InboundMessage in) {
  Exchange exchange;
  exchange.in = std::move(in);
  exchange.plan = plan;
  return exchange;
}

QueryAsker::QueryAsker(const LineTools& tools, Store& store, std::unique_ptr<Exchange> exchange,
                       std::vector<PersonMark> persons, QueryDesk::Done done)
    : tools_(tools),
      store_(store),
      plan_(exchange->plan),
      partner_(exchange->partner),
      service_(exchange->service),
      audience_(partner_->id.str() + '/' + service_->service.str()),
      id_(exchange->id),
      identity_(exchange->in.identity),
      source_(exchange->in.source_address),
      started_ms_(tools.clock.steady_ms()),
      persons_(std::move(persons)),
      done_(std::move(done)),
      exchange_(std::move(exchange)) {
  if (exchange_->route == nullptr) QueryAsker::park();
}

void QueryAsker::park() {
  if (exchange_ == nullptr) return;
  in_ = std::move(exchange_->in);
  exchange_.reset();
}

void QueryAsker::forget_request() {
  exchange_.reset();
  in_ = {};
}

void QueryAsker::lead(Led done) {
  Exchange again;
  if (exchange_ == nullptr) {
    again = start_question(plan_, in_);
    again.partner = partner_;
    again.service = service_;
    again.id = id_;
    if (auto status = steps::run_question(again, tools_, store_); status.has_error()) return done(status.error());
  }
  Exchange& leading = exchange_ == nullptr ? again : *exchange_;
  if (auto status = steps::render_question(leading); status.has_error()) return done(status.error());
  auto leaving = asked(leading);
  exchange_.reset();
  nonce_used_ = true;
  store_.note(std::move(leaving.first), [self = shared_from_this(), message = std::move(leaving.second),
                                         done = std::move(done)](const Status& status) {
    if (status.has_error()) return done(status.error());
    done(message);
  });
}

QueryNote QueryAsker::answered(const ShownAnswer& shown, AnswerOrigin origin, const SharedAnswer& answer) const {
  QueryNote note = base(QueryNote::Kind::kAnswered, shown.ledger(), shown.ledger_digest());
  note.persons.insert(note.persons.end(), shown.persons().begin(), shown.persons().end());
  if (origin == AnswerOrigin::kUpstream || origin == AnswerOrigin::kShared) note.query = answer.asked;
  if (!nonce_used_) {
    note.nonce = identity_.nonce;
    note.nonce_expires_ms = identity_.nonce_expires_ms;
  }
  AuditEntryBuilder entry("answered", note.at);
  describe(entry);
  entry.text("question", answer.asked.str())
      .text("from", name_of(origin))
      .text("result", answer.found ? steps::kFound : steps::kNotFound)
      .number("age", answer.age_ms / 1000)
      .canonical("disclosed", disclosed(id_.str() + '-' + partner_->id.str(), shown.ledger_digest()));
  note.entry = entry.finish();
  return note;
}

QueryNote QueryAsker::base(QueryNote::Kind kind, std::string ledger, const Digest32& ledger_digest) const {
  QueryNote note;
  note.kind = kind;
  note.partner = partner_->id;
  note.service = service_->service;
  note.at = tools_.clock.now();
  note.ledger = std::move(ledger);
  note.ledger_digest = std::string(as_text(ledger_digest));
  note.exchange = id_;
  note.persons = persons_;
  return note;
}

void QueryAsker::describe(AuditEntryBuilder& entry) const {
  entry.text("exchange", id_.str())
      .text("partner", partner_->id.str())
      .text("service", service_->service.str())
      .text("config", plan_->id.str())
      .text("method", identity_.method);
}

std::pair<QueryNote, OutboundMessage> QueryAsker::asked(const Exchange& exchange) const {
  const RecipientPlan& registry = *exchange.recipients.front();
  const OutboundBytes& bytes = *exchange.rendered.front().bytes;
  OutboundMessage message{id_.str() + '-' + registry.partner.str(), registry.service, bytes.bytes(),
                          bytes.content_type(), 1};
  std::string ledger = bytes.disclosure().to_ledger();
  const Digest32 digest = tools_.suite.hash({ledger});
  QueryNote note = base(QueryNote::Kind::kAsked, std::move(ledger), digest);
  note.query = id_;
  note.recipient = registry.partner;
  note.nonce = identity_.nonce;
  note.nonce_expires_ms = identity_.nonce_expires_ms;
  AuditEntryBuilder entry("asked", note.at);
  describe(entry);
  entry.text("recipient", registry.partner.str()).canonical("disclosed", disclosed(message.message_id, digest));
  note.entry = entry.finish();
  return {std::move(note), std::move(message)};
}

}  // namespace tongqu
