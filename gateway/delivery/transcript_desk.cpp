#include "gateway/delivery/transcript_desk.hpp"

#include <algorithm>
#include <future>

#include "gateway/core/jcs.hpp"
#include "gateway/delivery/desk_codes.hpp"
#include "gateway/delivery/form_values.hpp"
#include "gateway/delivery/settling.hpp"

namespace tongqu {
namespace {

constexpr std::size_t kMaxTold = 100;  // handed to the line at once
constexpr std::string_view kMethod = "person";

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto from = text.find_first_not_of(kSpace);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(kSpace) - from + 1);
}

// The platform's numbers are opaque; their form is all that can be checked.
bool well_formed(std::string_view number, const TranscriptPartner& partner) {
  return number.size() >= partner.number_min_digits && number.size() <= partner.number_max_digits &&
         std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string digits_of(const TranscriptPartner& partner) {
  return std::to_string(partner.number_min_digits) + "–" + std::to_string(partner.number_max_digits);
}

}  // namespace

TranscriptDesk::TranscriptDesk(TranscriptTools tools, Partners partners, FormOf form_of)
    : tools_(tools), partners_(std::move(partners)), form_of_(std::move(form_of)) {}

Result<TranscriptPartner> TranscriptDesk::partner(const std::string& name) const {
  auto all = partners_();
  if (name.empty() && all.size() == 1) return std::move(all.front());
  for (TranscriptPartner& one : all) {
    if (one.partner.str() == name) return std::move(one);
  }
  return make_error(codes::kTranscriptPartner, name);
}

Status TranscriptDesk::commit(TranscriptAct act) {
  act.at = tools_.clock.now();
  auto answer = std::make_shared<std::promise<Status>>();  // second owner: the store's writer
  auto done = answer->get_future();
  tools_.transcripts.transcribe(std::move(act), [answer](Status status) { answer->set_value(std::move(status)); });
  return done.get();
}

AuditDraft TranscriptDesk::handed_entry(const TranscriptPartner& partner, std::int64_t batch, bool again,
                                        const std::string& actor, const std::string& disclosed) const {
  AuditEntryBuilder entry("handed-out", tools_.clock.now());
  entry.text("recipient", partner.partner.str())
      .text("method", kMethod)
      .text("actor", actor)
      .number("batch", batch)
      .number("again", again ? 1 : 0)
      .canonical("disclosed", disclosed);
  if (!partner.config.empty()) entry.text("config", partner.config.str());
  return entry.finish();
}

Status TranscriptDesk::add(const TranscriptPartner& partner, TranscriptRow row, HandedBatch& out,
                           std::string& disclosed) {
  auto body = open_payload(tools_.sealer, row.row);
  if (body.has_error() && body.error().retryable()) return body.error();
  const TranscriptForm form = form_of_(row);
  Document document;
  const Codec& codec = form.codec == nullptr ? tools_.json : *form.codec;
  if (body.has_error() || codec.decode(*body, DecodeLimits{}, document).has_error()) {
    if (row.row.state != OutboxState::kQueued) return {};
    tools_.store.settle(settle_unreadable(row.row, partner.config, tools_.clock.now()), [](const Status&) {});
    return {};
  }
  auto found =
      std::find_if(out.forms.begin(), out.forms.end(), [&](const FormColumns& f) { return f.name == form.name; });
  if (found == out.forms.end()) {
    found = out.forms.insert(out.forms.end(),
                             {form.name, form.fields == nullptr ? form.name : form.fields->title_zh,
                              form.fields == nullptr ? form_columns(document.root()) : form_columns(*form.fields)});
  }
  HandedRow handed;
  handed.form = static_cast<std::size_t>(found - out.forms.begin());
  for (const auto& [path, title] : found->columns) handed.values.push_back(form_value(document.root(), path));
  if (disclosed.size() > 1) disclosed.push_back(',');
  disclosed += "{\"ledger\":\"" + to_hex(as_text(tools_.suite.hash({row.row.ledger}))) + "\",\"message\":";
  append_json_string(disclosed, row.row.message_id);
  disclosed.push_back('}');
  row.row.sealed.clear();
  row.row.wrapped_key.clear();
  row.row.ledger.clear();
  handed.row = std::move(row);
  out.rows.push_back(std::move(handed));
  return {};
}

Result<HandedBatch> TranscriptDesk::read(const TranscriptPartner& partner, TranscriptFilter filter,
                                         std::string& disclosed) {
  filter.recipient = partner.partner;
  filter.with_payload = true;
  auto rows = tools_.transcripts.transcript_rows(filter);
  if (rows.has_error()) return rows.error();
  HandedBatch out;
  disclosed = "[";
  for (TranscriptRow& row : *rows) {
    if (auto status = add(partner, std::move(row), out, disclosed); status.has_error()) return status.error();
  }
  disclosed.push_back(']');
  return out;
}

Result<HandedBatch> TranscriptDesk::hand_out(const TranscriptPartner& partner, std::size_t limit,
                                             const std::string& actor) {
  const std::lock_guard lock(batches_);
  TranscriptFilter filter;
  filter.fresh_only = true;
  filter.limit = std::clamp<std::size_t>(limit, 1, kMaxBatchRows);
  std::string disclosed;
  auto out = read(partner, filter, disclosed);
  if (out.has_error() || out->rows.empty()) return out;
  auto last = tools_.transcripts.transcript_batches(partner.partner, 0, 1);
  if (last.has_error()) return last.error();
  out->batch = last->empty() ? 1 : last->front().batch + 1;
  TranscriptAct act;
  act.kind = TranscriptAct::Kind::kHandOut;
  act.recipient = partner.partner;
  act.batch = out->batch;
  act.actor = actor;
  for (HandedRow& row : out->rows) {
    row.row.batch = out->batch;
    act.messages.push_back(row.row.row.message_id);
  }
  act.entry = handed_entry(partner, out->batch, false, actor, disclosed);
  if (auto status = commit(std::move(act)); status.has_error()) return status.error();
  if (auto counts = tools_.transcripts.transcript_counts(partner.partner); counts.has_value())
    out->more = counts->fresh;
  return out;
}

Result<HandedBatch> TranscriptDesk::hand_again(const TranscriptPartner& partner, std::int64_t batch,
                                               const std::string& actor) {
  if (batch <= 0) return make_error(codes::kNotFound, "batch");
  TranscriptFilter filter;
  filter.batch = batch;
  filter.limit = kMaxBatchRows;
  std::string disclosed;
  auto out = read(partner, filter, disclosed);
  if (out.has_error()) return out;
  out->batch = batch;
  TranscriptAct act;
  act.kind = TranscriptAct::Kind::kHandAgain;
  act.recipient = partner.partner;
  act.batch = batch;
  act.actor = actor;
  act.entry = handed_entry(partner, batch, true, actor, disclosed);
  if (auto status = commit(std::move(act)); status.has_error()) return status.error();
  return out;
}

Status TranscriptDesk::written(const TranscriptPartner& partner, std::int64_t batch) {
  TranscriptAct act;
  act.kind = TranscriptAct::Kind::kWritten;
  act.recipient = partner.partner;
  act.batch = batch;
  return commit(std::move(act));
}

Result<OutboxRow> TranscriptDesk::message_of(const TranscriptPartner& partner, const ExchangeId& exchange) {
  if (exchange.empty()) return make_error(codes::kNotFound, "exchange");  // an empty filter would be any
  OutboxFilter filter;
  filter.exchange = exchange;
  filter.recipient = partner.partner;
  auto rows = tools_.store.outbox(filter);
  if (rows.has_error()) return rows.error();
  if (rows->empty()) return make_error(codes::kNotFound, "exchange");
  const auto queued =
      std::find_if(rows->begin(), rows->end(), [](const OutboxRow& row) { return row.state == OutboxState::kQueued; });
  return std::move(queued != rows->end() ? *queued : rows->front());
}

Result<TranscriptDesk::Entered> TranscriptDesk::enter(const TranscriptPartner& partner, const ExchangeId& exchange,
                                                      std::string_view number, const std::string& actor) {
  number = trimmed(number);
  if (!well_formed(number, partner)) return make_error(codes::kTranscriptNumber, digits_of(partner));
  auto row = message_of(partner, exchange);
  if (row.has_error()) return row.error();
  if (row->state != OutboxState::kQueued) {
    auto known = tools_.transcripts.transcript_number(row->message_id);
    if (known.has_error()) return known.error();
    if (!known->has_value()) return make_error(codes::kTranscriptClosed);
    if ((*known)->number == number) return Entered::kBefore;
    return make_error(codes::kTranscriptEntered);
  }
  TranscriptAct act;
  act.kind = TranscriptAct::Kind::kEnter;
  act.recipient = partner.partner;
  act.message = row->message_id;
  act.number = std::string(number);
  act.actor = actor;
  act.tell = !partner.told.empty();
  AuditEntryBuilder entry("delivered", tools_.clock.now());
  entry.text("exchange", row->exchange.str())
      .text("partner", row->sender.str())
      .text("service", row->service.str())
      .text("recipient", partner.partner.str())
      .text("message", row->message_id)
      .text("method", kMethod)
      .text("actor", actor)
      .text("number", to_hex(as_text(tools_.suite.hash({entry.salt(), number}))))
      .number("attempts", row->attempts + 1)
      .number("status", 0);
  if (!partner.config.empty()) entry.text("config", partner.config.str());
  act.entry = entry.finish();
  if (auto status = commit(std::move(act)); status.has_error()) return status.error();
  tell();
  return Entered::kNow;
}

Status TranscriptDesk::revoke(const TranscriptPartner& partner, const ExchangeId& exchange, const std::string& reason,
                              const std::string& actor) {
  auto row = message_of(partner, exchange);
  if (row.has_error()) return row.error();
  auto known = tools_.transcripts.transcript_number(row->message_id);
  if (known.has_error()) return known.error();
  if (!known->has_value()) return make_error(codes::kNotFound, "number");
  TranscriptAct act;
  act.kind = TranscriptAct::Kind::kRevoke;
  act.recipient = partner.partner;
  act.message = row->message_id;
  act.actor = actor;
  // A reason is a sentence of a person and may name somebody: its salted digest proves later which sentence it was.
  AuditEntryBuilder entry("revoked", tools_.clock.now());
  entry.text("exchange", row->exchange.str())
      .text("recipient", partner.partner.str())
      .text("message", row->message_id)
      .text("method", kMethod)
      .text("actor", actor)
      .text("reason", to_hex(as_text(tools_.suite.hash({entry.salt(), reason}))))
      .text("number", to_hex(as_text(tools_.suite.hash({entry.salt(), (*known)->number}))));
  act.entry = entry.finish();
  return commit(std::move(act));
}

void TranscriptDesk::tell() {
  for (const TranscriptPartner& partner : partners_()) {
    if (partner.told.empty()) continue;
    auto untold = tools_.transcripts.transcript_untold(partner.partner, kMaxTold);
    if (untold.has_error()) continue;  // the next call comes here again
    for (const TranscriptNumber& number : *untold) tell_of(partner, number);
  }
}

void TranscriptDesk::tell_of(const TranscriptPartner& partner, const TranscriptNumber& number) {
  Document document;
  document.set_root(document.make(Kind::kObject));
  Node& root = document.root();
  document.add_text(root, "source", number.sender.str());
  document.add_text(root, "no", number.matter.str());
  document.add_text(root, "service", number.service.str());
  document.add_text(root, "national_no", number.number);
  document.add_text(root, "at", to_beijing_text({number.at_ms}));
  InboundMessage message;
  if (tools_.json.encode(root, message.body).has_error()) return;
  message.service = partner.told;
  message.content_type = tools_.json.content_type();
  // A number that was taken back and given anew is another message.
  message.idempotency_key = number.message_id + '@' + std::to_string(number.at_ms);
  message.identity.partner = partner.partner;
  message.identity.method = kMethod;
  message.received_at = tools_.clock.now();
  message.source_address = "transcript";
  tools_.intake.accept(std::move(message),
                       [this, partner = partner.partner, id = number.message_id](const Result<Accepted>& accepted) {
                         // What the line turns back for good is not repeated every minute; the line has counted it.
                         if (accepted.has_error() && accepted.error().retryable()) return;
                         TranscriptAct act;
                         act.kind = TranscriptAct::Kind::kTold;
                         act.recipient = partner;
                         act.message = id;
                         act.at = tools_.clock.now();
                         tools_.transcripts.transcribe(std::move(act), [](const Status&) {});
                       });
}

std::vector<Reminder> TranscriptDesk::remind() {
  std::vector<Reminder> out;
  for (const TranscriptPartner& partner : partners_()) {
    if (partner.remind_after_ms <= 0) continue;
    const Instant now = tools_.clock.now();
    auto overdue = tools_.transcripts.transcript_overdue(partner.partner, {now.ms - partner.remind_after_ms});
    if (overdue.has_error() || overdue->rows == 0) continue;
    TranscriptAct act;
    act.kind = TranscriptAct::Kind::kReminded;
    act.recipient = partner.partner;
    act.up_to_seq = overdue->last_seq;
    AuditEntryBuilder entry("reminded", now);
    act.entry = entry.text("recipient", partner.partner.str()).number("waiting", overdue->rows).finish();
    if (commit(std::move(act)).has_value()) out.push_back({partner.partner, overdue->rows});
  }
  return out;
}

}  // namespace tongqu
