#include "gateway/admin/admin_api.hpp"

#include <charconv>

#include "gateway/admin/admin_call.hpp"
#include "gateway/admin/admin_codes.hpp"
#include "gateway/admin/admin_json.hpp"
#include "gateway/core/jcs.hpp"
#include "gateway/net/problem.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kPrefix = "/admin/v1/";

int hex(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                : -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0;
    out.push_back(escape ? static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2])) : text[i]);
    if (escape) i += 2;
  }
  return out;
}

std::map<std::string, std::string> query_of(std::string_view target) {
  std::map<std::string, std::string> query;
  const auto mark = target.find('?');
  std::string_view rest = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos)
      query[percent_decoded(pair.substr(0, equals))] = percent_decoded(pair.substr(equals + 1));
  }
  return query;
}

// Of "exchanges/{id}/explain"; empty for another path.
std::optional<ExchangeId> exchange_of(std::string_view path, std::string_view verb) {
  constexpr std::string_view kFolder = "exchanges/";
  if (!path.starts_with(kFolder) || !path.ends_with(verb)) return std::nullopt;
  return ExchangeId(path.substr(kFolder.size(), path.size() - kFolder.size() - verb.size()));
}

}  // namespace

AdminApi::AdminApi(const Codec& json, Store& store, Rework& rework, AdminHooks hooks)
    : json_(json), store_(store), rework_(rework), hooks_(std::move(hooks)) {}

void AdminApi::fail(const Call& call, const Error& error) { call.done(problem_response(error, call.lang())); }

void AdminApi::answer(const Call& call, const Document& document) {
  std::string body;
  if (auto status = json_.encode(document.root(), body); status.has_error()) return fail(call, status.error());
  call.done(plain(200, "application/json", std::move(body)));
}

void AdminApi::answer(const Call& call, const Result<Document>& document) {
  document.has_error() ? fail(call, document.error()) : answer(call, *document);
}

void AdminApi::handle(HttpRequest request, Done done) {
  Call call{std::move(request), {}, {}, std::move(done), hooks_.people(), nullptr};
  const std::string_view path = std::string_view(call.request.target).substr(0, call.request.target.find('?'));
  if (path == "/healthz") return call.done(plain(200, "text/plain", "ok\n"));
  if (path == "/readyz") {
    const bool ready = store_.checkpoint().has_value();
    return call.done(plain(ready ? 200 : 503, "text/plain", ready ? "ready\n" : "store unavailable\n"));
  }
  const auto asker = call.people->who(header(call.request.headers, "Authorization"));
  if (!asker) return fail(call, make_error(codes::kAdminToken));
  call.person = asker->person;
  if (path == "/metrics") return call.done(plain(200, "text/plain; version=0.0.4", metrics()));
  if (!path.starts_with(kPrefix)) return fail(call, make_error(codes::kAdminPath));
  call.path = path.substr(kPrefix.size());
  call.query = query_of(call.request.target);
  call.request.method == "POST" ? post(call) : get(call);
}

void AdminApi::get(const Call& call) {
  const std::string_view path = call.path;
  if (path == "status") return status(call);
  if (path == "exchanges") return list_exchanges(call);
  if (const auto exchange = exchange_of(path, "/explain"))
    return answer(call, hooks_.explanations->get(*exchange, call.text("under"), call.lang()));
  if (path.starts_with("exchanges/")) return show_exchange(call, path.substr(10));
  if (path == "messages") return list_messages(call);
  if (path == "tasks") return list_tasks(call);
  if (path == "transcript") return answer(call, hooks_.transcripts->get(call.query));
  if (path == "grants" || path.starts_with("grants/"))
    return answer(call, hooks_.grants->get(path.substr(std::min<std::size_t>(path.size(), 7)), call.query));
  if (path == "attachments" || path.starts_with("attachments/"))
    return answer(call, hooks_.attachments->get(path.substr(11), call.query));
  if (path.starts_with("directory/")) {
    std::int64_t task = 0;
    std::from_chars(path.data() + 10, path.data() + path.size(), task);
    return answer(call, hooks_.show_directory(task, call.text("as")));
  }
  if (path.starts_with("audit/")) return audit(call, path.substr(6));
  fail(call, make_error(codes::kAdminPath));
}

void AdminApi::list_exchanges(const Call& call) {
  const auto limit = call.number("limit", 50, kMaxPageRows);
  if (!limit) return fail(call, make_error(codes::kAdminParameter, "limit"));
  // A mistyped id is told: an empty list would say that nothing carries it on.
  for (const char* name : {"origin", "before"}) {
    const std::string id = call.text(name);
    if (!id.empty() && !is_exchange_id(id)) return fail(call, make_error(codes::kAdminParameter, name));
  }
  ExchangeFilter filter;
  filter.partner = PartnerId(call.text("partner"));
  filter.service = ServiceId(call.text("service"));
  filter.matter = MatterNo(call.text("matter"));
  filter.state = call.text("state");
  filter.origin = ExchangeId(call.text("origin"));
  filter.before = ExchangeId(call.text("before"));
  filter.limit = static_cast<std::size_t>(*limit);
  auto rows = store_.exchanges(filter);
  if (rows.has_error()) return fail(call, rows.error());
  Document out;
  out.set_root(out.make(Kind::kObject));
  Node* list = out.add_list(out.root(), "exchanges");
  for (const ExchangeRow& row : *rows) put_exchange(out, *list, row);
  answer(call, out);
}

void AdminApi::show_exchange(const Call& call, std::string_view id) {
  auto row = store_.exchange(ExchangeId(id));
  if (row.has_error()) return fail(call, row.error());
  OutboxFilter filter;
  filter.exchange = row->exchange;
  filter.limit = kMaxPageRows;
  auto messages = store_.outbox(filter);
  if (messages.has_error()) return fail(call, messages.error());
  auto stored = store_.receipt("stored", row->exchange.str());
  Document out;
  out.set_root(out.make(Kind::kObject));
  put_exchange(out, *out.add_list(out.root(), "exchange"), *row);
  out.add_text(out.root(), "findings", row->findings);
  if (stored.has_value()) out.add_text(out.root(), "storedReceipt", *stored);
  Node* list = out.add_list(out.root(), "messages");
  Node* receipts = out.add_list(out.root(), "deliveredReceipts");
  for (const OutboxRow& message : *messages) {
    put_message(out, *list, message);
    if (auto receipt = store_.receipt("delivered", message.message_id); receipt.has_value()) {
      out.append(*receipts, out.make(Kind::kText, *receipt));
    }
  }
  answer(call, out);
}

void AdminApi::list_messages(const Call& call) {
  const auto limit = call.number("limit", 50, kMaxPageRows);
  const auto before = call.number("before", 0, std::numeric_limits<std::int64_t>::max());
  if (!limit || !before) return fail(call, make_error(codes::kAdminParameter, "limit"));
  OutboxFilter filter;
  filter.recipient = PartnerId(call.text("recipient"));
  filter.exchange = ExchangeId(call.text("exchange"));
  filter.before_seq = *before;
  filter.limit = static_cast<std::size_t>(*limit);
  if (const std::string state = call.text("state"); !state.empty()) {
    for (const auto candidate :
         {OutboxState::kQueued, OutboxState::kDelivered, OutboxState::kNoAnswer, OutboxState::kDead,
          OutboxState::kSkipped, OutboxState::kSuperseded, OutboxState::kHeld}) {
      if (name_of(candidate) == state) filter.state = candidate;
    }
    if (!filter.state) return fail(call, make_error(codes::kAdminParameter, "state"));
  }
  auto rows = store_.outbox(filter);
  if (rows.has_error()) return fail(call, rows.error());
  Document out;
  out.set_root(out.make(Kind::kObject));
  Node* list = out.add_list(out.root(), "messages");
  for (const OutboxRow& row : *rows) put_message(out, *list, row);
  answer(call, out);
}

void AdminApi::list_tasks(const Call& call) {
  const auto limit = call.number("limit", 50, kMaxPageRows);
  const auto after = call.number("after", 0, std::numeric_limits<std::int64_t>::max());
  if (!limit || !after) return fail(call, make_error(codes::kAdminParameter, "limit"));
  std::optional<TaskQueue> queue;
  if (const std::string name = call.text("queue"); !name.empty()) {
    queue = task_queue_of(name);
    if (!queue) return fail(call, make_error(codes::kAdminParameter, "queue"));
  }
  auto rows = store_.tasks(queue, call.text("all") != "true", *after, static_cast<std::size_t>(*limit));
  if (rows.has_error()) return fail(call, rows.error());
  Document out;
  out.set_root(out.make(Kind::kObject));
  Node* list = out.add_list(out.root(), "tasks");
  for (const TaskRow& row : *rows) put_task(out, *list, row);
  answer(call, out);
}

void AdminApi::audit(const Call& call, std::string_view rest) {
  if (rest == "checkpoint") {
    auto note = store_.checkpoint();
    if (note.has_error()) return fail(call, note.error());
    return call.done(plain(200, "text/plain; charset=utf-8", std::move(*note)));
  }
  if (rest == "key") return call.done(plain(200, "text/plain; charset=utf-8", hooks_.verifier_key()));
  const auto from = call.number(rest == "proof" ? "index" : "from", 0, std::int64_t{1} << 52);
  const auto limit = call.number("limit", 256, kMaxPageRows);
  if (!from || !limit) return fail(call, make_error(codes::kAdminParameter, "from"));
  if (rest == "proof") {
    auto proof = hooks_.prove(static_cast<std::uint64_t>(*from));
    if (proof.has_error()) return fail(call, proof.error());
    return call.done(plain(200, "application/json", std::move(*proof)));
  }
  if (rest != "entries") return fail(call, make_error(codes::kAdminPath));
  auto rows = store_.audit_entries(static_cast<std::uint64_t>(*from), static_cast<std::size_t>(*limit));
  if (rows.has_error()) return fail(call, rows.error());
  // One canonical entry a line: what is hashed must not be written anew.
  std::string body;
  for (const AuditRow& row : *rows) body += row.entry + '\n';
  call.done(plain(200, "application/jsonl", std::move(body)));
}

void AdminApi::post(const Call& call) {
  if (call.path == "reload") {
    const Lang lang = call.lang();
    std::string report;
    auto active = hooks_.reload(lang, report);
    if (active.has_error()) {
      HttpResponse response = problem_response(active.error(), lang);
      if (!report.empty()) {
        response.body.pop_back();
        response.body += ",\"report\":";
        append_json_string(response.body, report);
        response.body.push_back('}');
      }
      return call.done(std::move(response));
    }
    Document out;
    out.set_root(out.make(Kind::kObject));
    out.add_text(out.root(), "config", *active);
    return answer(call, out);
  }
  Document body;
  if (auto status = json_.decode(call.request.body, DecodeLimits{}, body); status.has_error())
    return fail(call, status.error());
  if (body.root().kind != Kind::kObject) return fail(call, make_error(codes::kAdminBody));
  const Node* reason = body.root().find("reason");
  const Node* actor = body.root().find("actor");
  if (reason == nullptr || reason->kind != Kind::kText || reason->text.empty() ||
      count_code_points(reason->text) > kMaxReasonCodePoints) {
    return fail(call, make_error(codes::kAdminReason, std::to_string(kMaxReasonCodePoints)));
  }
  // A person's token says who it is; what the body claims counts for the installation's token only.
  const std::string claimed =
      actor != nullptr && actor->kind == Kind::kText ? std::string(actor->text.substr(0, 64)) : "admin";
  const ActBy by{call.person != nullptr ? call.person->name : claimed, std::string(reason->text)};
  const std::string_view path = call.path;
  if (path.starts_with("messages/")) return post_message(call, path.substr(9), by);
  if (path.starts_with("tasks/")) return post_task(call, path.substr(6), body.root(), by);
  if (const auto exchange = exchange_of(path, "/explain"))
    return answer(call, hooks_.explanations->post(*exchange, body.root(), call.lang(), call.person, by));
  if (const auto exchange = exchange_of(path, "/matches"))
    return answer(call, hooks_.matches->ask(*exchange, body.root(), by));
  if (path.starts_with("directory/")) return post_directory(call, path.substr(10), body.root(), by);
  if (path == "disclosures") return answer(call, hooks_.disclosures->ask(body.root(), by));
  if (path.starts_with("grants/")) {
    if (call.person == nullptr) return fail(call, make_error(codes::kAdminPerson));
    return hooks_.grants->post(path.substr(7), body.root(), by,
                               [this, call](Result<Document> out) { answer(call, out); });
  }
  if (path.starts_with("transcript/")) return answer(call, hooks_.transcripts->post(path.substr(11), body.root(), by));
  if (path.starts_with("attachments/")) {
    const auto [id, verb] = split_verb(path.substr(12));
    return answer(call, hooks_.attachments->post(AttachmentId(id), verb, by));
  }
  if (path.starts_with("partners/")) return post_partner(call, path.substr(9), by);
  fail(call, make_error(codes::kAdminPath));
}

}  // namespace tongqu
