#include "gateway/admin/grant_api.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "gateway/admin/admin_codes.hpp"
#include "gateway/admin/admin_json.hpp"

namespace tongqu {
namespace {

constexpr std::int64_t kHourMs = 60 * 60 * 1000;
constexpr std::size_t kMaxTextBytes = 200;

std::string text_of(const Node& body, std::string_view name) {
  const Node* member = body.find(name);
  return member != nullptr && member->kind == Kind::kText ? std::string(member->text) : std::string();
}

std::string joined(const std::vector<std::string>& labels) {
  std::string out;
  for (const std::string& label : labels) out += (out.empty() ? "" : " ") + label;
  return out;
}

bool of_informant(const std::string& label) { return label.ends_with("/informant"); }

void put(Document& out, Node& list, const GrantRow& row, Instant now, bool with_reason) {
  Node& o = *out.add_object(list);
  const bool over = row.state <= GrantState::kInForce && row.until_ms <= now.ms;
  out.add_text(o, "grant", row.id);
  out.add_text(o, "kind", name_of(row.kind));
  out.add_text(o, "state", over ? "over" : name_of(row.state));
  out.add_text(o, "recipient", row.recipient.str());
  out.add_text(o, "service", row.service.str());
  out.add_text(o, "exchange", row.exchange.str());
  out.add_text(o, "partner", row.partner.str());
  out.add_text(o, "matter", row.matter.str());
  out.add_text(o, "labels", joined(row.labels));
  out.add_text(o, "askedBy", row.asked_by);
  put_time(out, o, "askedAt", row.asked_ms);
  out.add_text(o, "decidedBy", row.decided_by);
  put_time(out, o, "decidedAt", row.decided_ms);
  put_time(out, o, "until", row.until_ms);
  if (with_reason) out.add_text(o, "reason", row.reason);
}

Document done_with(const std::string& id) {
  Document out;
  out.set_root(out.make(Kind::kObject));
  out.append(out.root(), out.make(Kind::kBoolean, "true"), "done");
  out.add_text(out.root(), "grant", id);
  return out;
}

}  // namespace

Result<Document> GrantApi::get(std::string_view path, const std::map<std::string, std::string>& query) {
  const Instant now = parts_.clock.now();
  Document out;
  out.set_root(out.make(Kind::kObject));
  if (!path.empty()) {
    auto row = parts_.grants.grant_row(std::string(path));
    if (row.has_error()) return row.error();
    put(out, *out.add_list(out.root(), "grants"), *row, now, true);
    return out;
  }
  const auto given = [&query](const char* name) {
    const auto found = query.find(name);
    return found == query.end() ? std::string() : found->second;
  };
  GrantFilter filter;
  filter.all = given("all") == "true";
  filter.before = given("before");
  if (const std::string limit = given("limit"); !limit.empty()) {
    const auto [end, failed] = std::from_chars(limit.data(), limit.data() + limit.size(), filter.limit);
    if (failed != std::errc{} || end != limit.data() + limit.size() || filter.limit > kMaxPageRows)
      return make_error(codes::kAdminParameter, "limit");
  }
  auto rows = parts_.grants.grants(filter, now);
  if (rows.has_error()) return rows.error();
  Node* list = out.add_list(out.root(), "grants");
  for (const GrantRow& row : *rows) put(out, *list, row, now, false);
  return out;
}

void GrantApi::post(std::string_view path, const Node& body, const ActBy& by, const Done& done) {
  if (path == "ask") return open(body, Condition::kApproved, by, done);
  if (path == "confirm-danger") return open(body, Condition::kDanger, by, done);
  const auto slash = path.find('/');
  const std::string id(path.substr(0, slash));
  const std::string_view verb = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
  if (verb == "approve") return decide(id, GrantAct::Kind::kApprove, by, done);
  if (verb == "refuse") return decide(id, GrantAct::Kind::kRefuse, by, done);
  if (verb == "withdraw") return decide(id, GrantAct::Kind::kWithdraw, by, done);
  if (verb == "resend") return resend(id, body, by, done);
  done(make_error(codes::kAdminPath));
}

// What was asked for, as far as it can be understood.
Result<GrantRow> GrantApi::row_of(const Node& body, Condition kind) const {
  GrantRow row;
  row.kind = kind;
  row.recipient = PartnerId(text_of(body, "recipient"));
  row.service = ServiceId(text_of(body, "service"));
  row.exchange = ExchangeId(text_of(body, "exchange"));
  row.partner = PartnerId(text_of(body, "partner"));
  row.matter = MatterNo(text_of(body, "matter"));
  for (const auto& [name, text] : {std::pair<const char*, const std::string&>{"recipient", row.recipient.str()},
                                   {"service", row.service.str()},
                                   {"partner", row.partner.str()},
                                   {"matter", row.matter.str()}}) {
    const bool needed = name[0] == 'r' || name[0] == 's' || row.exchange.empty();
    if ((needed && text.empty()) || text.size() > kMaxTextBytes) return make_error(codes::kAdminParameter, name);
  }
  if (!row.exchange.empty() && (!row.partner.empty() || !row.matter.empty() || !is_exchange_id(row.exchange.str())))
    return make_error(codes::kAdminParameter, "exchange");
  if (const Node* labels = body.find("labels"); labels != nullptr) {
    if (labels->kind != Kind::kList || labels->count > kMaxLabels) return make_error(codes::kAdminParameter, "labels");
    for (const Node& label : children(*labels)) row.labels.emplace_back(label.text);
  }
  const GrantLimits limits = parts_.limits();
  const Instant now = parts_.clock.now();
  row.until_ms = now.ms + (kind == Condition::kDanger ? limits.danger_ms : limits.default_ms);
  if (const std::string until = text_of(body, "until"); !until.empty()) {
    const auto end = parse_rfc3339(until);
    if (!end) return make_error(codes::kAdminParameter, "until");
    row.until_ms = end->ms;
  }
  return row;
}

// Whether it may be asked for at all: what no rule gives is not waited for, and nothing is granted without an end.
Status GrantApi::fits(const GrantRow& row, Instant now) const {
  const std::vector<std::string> labels = parts_.conditional(row.recipient, row.service, row.kind);
  if (labels.empty()) return make_error(codes::kGrantNoRule);
  for (const std::string& label : row.labels) {
    if (std::find(labels.begin(), labels.end(), label) == labels.end()) return make_error(codes::kGrantLabel, label);
    if (of_informant(label) && (row.kind != Condition::kApproved || row.exchange.empty()))
      return make_error(codes::kGrantInformant);
  }
  // Without labels a grant is for everybody but informants: is there anything?
  if (row.labels.empty() && std::all_of(labels.begin(), labels.end(), of_informant))
    return make_error(codes::kGrantInformant);
  const GrantLimits limits = parts_.limits();
  const std::int64_t longest = row.kind == Condition::kDanger ? limits.danger_ms : limits.max_ms;
  if (row.until_ms <= now.ms || row.until_ms > now.ms + longest)
    return make_error(codes::kGrantEnd, std::to_string(longest / kHourMs));
  if (row.exchange.empty()) return {};
  auto exchange = parts_.store.exchange(row.exchange);
  return exchange.has_error() ? Status(exchange.error()) : Status();
}

void GrantApi::open(const Node& body, Condition kind, const ActBy& by, const Done& done) {
  auto row = row_of(body, kind);
  if (row.has_error()) return done(row.error());
  const Instant now = parts_.clock.now();
  if (auto status = fits(*row, now); status.has_error()) return done(status.error());
  row->id = make_exchange_id(now.ms).str();
  row->reason = by.reason;
  GrantAct act;
  act.kind = kind == Condition::kDanger ? GrantAct::Kind::kConfirm : GrantAct::Kind::kAsk;
  act.row = *row;
  act.max_open = parts_.limits().max_open;
  submit(std::move(act), *row, kind == Condition::kDanger ? "grant-danger-confirmed" : "grant-asked", by, done);
}

void GrantApi::decide(const std::string& id, GrantAct::Kind kind, const ActBy& by, const Done& done) {
  auto row = parts_.grants.grant_row(id);
  if (row.has_error()) return done(row.error());
  // The writer looks again: this is for the entry alone.
  const bool over = row->state == GrantState::kAsked && row->until_ms <= parts_.clock.now().ms;
  if (kind == GrantAct::Kind::kApprove && over) return note_over(*row, by, done);
  GrantAct act;
  act.kind = kind;
  act.id = id;
  const std::string_view word = kind == GrantAct::Kind::kApprove  ? "grant-approved"
                                : kind == GrantAct::Kind::kRefuse ? "grant-refused"
                                                                  : "grant-withdrawn";
  submit(std::move(act), *row, word, by, done);
}

void GrantApi::resend(const std::string& id, const Node& body, const ActBy& by, const Done& done) {
  auto row = parts_.grants.grant_row(id);
  if (row.has_error()) return done(row.error());
  const Instant now = parts_.clock.now();
  if (row->state == GrantState::kInForce && row->until_ms <= now.ms) return note_over(*row, by, done);
  const std::string message_id = text_of(body, "message");
  auto message = parts_.store.message(message_id);
  if (message.has_error()) return done(message.error());
  auto exchange = parts_.store.exchange(message->exchange);
  if (exchange.has_error()) return done(exchange.error());
  const GrantQuestion question{message->recipient, message->service, message->exchange, exchange->partner,
                               exchange->matter};
  if (row->state != GrantState::kInForce || !covers(*row, question))
    return done(make_error(codes::kGrantOtherMessage, std::string(name_of(row->state))));
  parts_.rework.replace(message_id, by, [done, id](Status status) {
    if (status.has_error()) return done(status.error());
    done(done_with(id));
  });
}

void GrantApi::note_over(const GrantRow& row, const ActBy& by, const Done& done) {
  GrantAct act;
  act.kind = GrantAct::Kind::kExpired;
  act.id = row.id;
  submit(std::move(act), row, "grant-over", by,
         [done](Result<Document> noted) { done(noted.has_error() ? noted.error() : make_error(codes::kGrantOver)); });
}

// The number of a matter may be an informant's: the entry commits to it with a salted digest.
void GrantApi::submit(GrantAct act, const GrantRow& row, std::string_view kind, const ActBy& by, const Done& done) {
  act.actor = by.actor;
  act.reason = by.reason;
  act.at = parts_.clock.now();
  AuditEntryBuilder entry(kind, act.at);
  const auto digest = [&](const std::string& text) { return to_hex(as_text(parts_.suite.hash({entry.salt(), text}))); };
  entry.text("actor", by.actor)
      .text("reason", digest(by.reason))
      .text("grant", row.id)
      .text("condition", name_of(row.kind))
      .text("recipient", row.recipient.str())
      .text("service", row.service.str())
      .text("labels", joined(row.labels))
      .text("until", to_beijing_text({row.until_ms}));
  if (row.exchange.empty()) {
    entry.text("partner", row.partner.str()).text("matter", digest(row.matter.str()));
  } else {
    entry.text("exchange", row.exchange.str());
  }
  act.entry = entry.finish();
  parts_.grants.grant(std::move(act), [done, id = row.id](Status status) {
    if (status.has_error()) return done(status.error());
    done(done_with(id));
  });
}

namespace codes {

const ErrorCode kGrantNoRule{"grants.no-rule", ErrorKind::kConflict,
                             "No rule gives this recipient anything of this service on that condition.",
                             "没有任何规则在该条件下向该接收方提供此服务的内容。"};
const ErrorCode kGrantLabel{"grants.label", ErrorKind::kInvalid, "No rule with that condition has the label {}.",
                            "附该条件的规则中没有标签 {}。"};
const ErrorCode kGrantEnd{"grants.end", ErrorKind::kInvalid,
                          "A grant has an end that lies ahead, at most {} hours from now.",
                          "准予须有截止时间，且距今不超过 {} 小时。"};
const ErrorCode kGrantInformant{
    "grants.informant", ErrorKind::kForbidden,
    "An informant's data is granted by an approval for one exchange that names the label, and in no other way.",
    "举报人信息只能逐条交换、写明标签、经审批准予，别无其他方式。"};
const ErrorCode kGrantOtherMessage{"grants.other-message", ErrorKind::kConflict,
                                   "The grant (state: {}) is not in force for this message.",
                                   "该准予（状态：{}）对此报文不适用或未生效。"};

std::span<const ErrorCode* const> grant_api_codes() {
  static constexpr std::array<const ErrorCode*, 5> kAll{&kGrantNoRule, &kGrantLabel, &kGrantEnd, &kGrantInformant,
                                                        &kGrantOtherMessage};
  return kAll;
}

}  // namespace codes
}  // namespace tongqu
