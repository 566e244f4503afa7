#include "connectors/http/partner_api.hpp"

#include <charconv>

#include "connectors/http/attachment_api.hpp"
#include "connectors/http/form_files.hpp"
#include "connectors/http/http_codes.hpp"
#include "connectors/http/multipart.hpp"
#include "gateway/core/jcs.hpp"
#include "gateway/net/problem.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kExchangePrefix = "/exchange/v1/";
constexpr std::string_view kJson = "application/json";
constexpr std::string_view kTimeoutHeader = "Tongqu-Timeout-Ms";
constexpr std::string_view kLanguageHeader = "Accept-Language";
constexpr std::uint64_t kMaxTimeoutMs = 600'000;

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

// Value of a query parameter; the partner interface has numbers only, so nothing needs unescaping.
std::string_view query_value(std::string_view target, std::string_view name) {
  const auto mark = target.find('?');
  if (mark == std::string_view::npos) return {};
  std::string_view rest = target.substr(mark + 1);
  while (!rest.empty()) {
    const auto end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    if (pair.starts_with(name) && pair.size() > name.size() && pair[name.size()] == '=')
      return pair.substr(name.size() + 1);
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return {};
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

HttpResponse json(int status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.headers.emplace_back("Content-Type", kJson);
  response.body = std::move(body);
  return response;
}

HttpResponse receipt_response(const Accepted& accepted) {
  HttpResponse response = json(202, accepted.receipt);
  response.headers.emplace_back("Tongqu-Exchange", accepted.exchange.str());
  response.headers.emplace_back("Tongqu-State", accepted.held ? "held" : "stored");
  if (accepted.repeated) response.headers.emplace_back("Tongqu-Repeated", "true");
  return response;
}

HttpResponse answer_response(Answered answer) {
  HttpResponse response;
  response.headers.emplace_back("Content-Type", std::move(answer.content_type));
  response.headers.emplace_back("Tongqu-Exchange", answer.exchange.str());
  response.headers.emplace_back("Tongqu-Answer", name_of(answer.origin));
  response.headers.emplace_back("Age", std::to_string(answer.age_ms / 1000));
  response.body = std::move(answer.body);
  return response;
}

std::string pulled_json(const std::vector<PulledMessage>& messages) {
  std::string out = "{\"messages\":[";
  for (const PulledMessage& message : messages) {
    if (out.back() != '[') out.push_back(',');
    out += "{\"id\":";
    append_json_string(out, message.message_id);
    out += ",\"service\":";
    append_json_string(out, message.service.str());
    out += ",\"contentType\":";
    append_json_string(out, message.content_type);
    // JSON bodies travel as JSON; other formats as base64, so that no byte is lost.
    if (message.content_type == kJson) {
      out += ",\"body\":" + message.body;
    } else {
      out += ",\"bodyBase64\":\"" + to_base64(message.body) + '"';
    }
    out.push_back('}');
  }
  return out + "]}";
}

// "x001/234" → 1234; empty on anything that is not a C2SP tile index.
std::optional<std::uint64_t> tile_index(std::string_view text) {
  std::uint64_t index = 0;
  while (text.starts_with('x')) {
    const auto group = number(text.substr(1, 3));
    if (!group || text.size() < 5 || text[4] != '/') return std::nullopt;
    index = index * 1000 + *group;
    text.remove_prefix(5);
  }
  const auto last = number(text);
  if (!last || text.size() != 3 || index > 1'000'000'000'000) return std::nullopt;
  return index * 1000 + *last;
}

}  // namespace

PartnerApi::PartnerApi(PartnerApiOptions options, std::function<std::shared_ptr<const Authenticator>()> authenticator,
                       Intake& intake, PullInbox& inbox, Store& store)
    : options_(std::move(options)),
      authenticator_(std::move(authenticator)),
      intake_(intake),
      inbox_(inbox),
      store_(store) {}

HttpResponse PartnerApi::problem(const HttpRequest& request, const Error& error) const {
  const bool later = error.kind() == ErrorKind::kUnavailable || error.kind() == ErrorKind::kRateLimited;
  const int known_s = static_cast<int>(std::min<std::int64_t>((error.retry_after_ms + 999) / 1000, 86'400));
  return problem_response(error, preferred_language(header(request.headers, kLanguageHeader)), {},
                          !later        ? 0
                          : known_s > 0 ? known_s
                                        : options_.retry_after_s);
}

void PartnerApi::handle(HttpRequest request, Done done) {
  const std::string path(path_of(request.target));
  const bool get = request.method == "GET";
  const bool describe = path == "/openapi.json" && get;
  // A legacy listener tells nothing to callers without credentials.
  if (describe && request.peer.only_partner.empty()) return done(json(200, options_.openapi));
  if (options_.attachments != nullptr && AttachmentApi::owns(path))
    return options_.attachments->handle(std::move(request), std::move(done));
  auto identity = authenticator_()->authenticate(request);
  if (identity.has_error()) {
    intake_.turned_back(request.peer.address, {}, identity.error());
    return done(problem(request, identity.error()));
  }
  if (describe) return done(json(200, options_.openapi));
  if (path.starts_with("/log/") && get) return done(log(request, path));
  if (!path.starts_with(kExchangePrefix)) return done(problem(request, make_error(codes::kNoSuchPath)));
  const std::string rest = path.substr(kExchangePrefix.size());
  if (get && (rest == "units" || rest == "codes" || rest.starts_with("codes/")))
    return done(catalogue(request, rest, *identity));
  if (rest == "inbox" && get) return inbox(request, *identity, done);
  if (rest.starts_with("inbox/") && rest.ends_with("/ack") && !get) {
    return acknowledge(request, std::string_view(rest).substr(6, rest.size() - 10), *identity, done);
  }
  if (rest.starts_with("exchanges/") && get) {
    std::string id = rest.substr(10);
    if (!id.ends_with("/receipt")) return done(status_of(request, id, *identity));
    id.resize(id.size() - 8);
    return done(receipts_of(request, id, *identity));
  }
  if (rest.find('/') != std::string::npos || rest.empty())
    return done(problem(request, make_error(codes::kNoSuchPath)));
  if (request.method != "POST") {
    HttpResponse response = problem(request, make_error(codes::kMethod, "POST"));
    response.status = 405;
    response.headers.emplace_back("Allow", "POST");
    return done(std::move(response));
  }
  exchange(std::move(request), rest, std::move(*identity), std::move(done));
}

std::unique_ptr<BodySink> PartnerApi::stream_body(const HttpRequest& head) {
  const bool theirs = options_.attachments != nullptr && AttachmentApi::owns(head.target);
  return theirs ? options_.attachments->stream_body(head) : nullptr;
}

HttpResponse PartnerApi::catalogue(const HttpRequest& request, std::string_view what, const Identity& identity) {
  if (!options_.catalogue) return problem(request, make_error(codes::kNoSuchPath));
  auto page = options_.catalogue(identity.partner, what);
  if (page.has_error()) return problem(request, page.error());
  const bool known = header(request.headers, "If-None-Match") == page->tag;
  HttpResponse response = json(known ? 304 : 200, known ? std::string() : *page->json);
  response.headers.emplace_back("ETag", page->tag);
  response.headers.emplace_back("Cache-Control", "private, no-cache");  // "ask again whether it is the same"
  return response;
}

void PartnerApi::exchange(HttpRequest request, std::string_view service, Identity identity, Done done) {
  InboundMessage message;
  message.service = ServiceId(service);
  message.body = std::move(request.body);
  message.content_type = media_type(header(request.headers, "Content-Type"));
  message.idempotency_key = header(request.headers, "Idempotency-Key");
  message.traceparent = header(request.headers, "traceparent");
  message.identity = std::move(identity);
  message.received_at = request.received_at;
  message.source_address = request.peer.address;
  request.body.clear();
  if (message.content_type == "multipart/form-data") {
    if (auto status = unpack(header(request.headers, "Content-Type"), message); status.has_error())
      return done(problem(request, status.error()));
  }
  if (options_.queries != nullptr && options_.queries->answers(message.service)) {
    return query(request, std::move(message), std::move(done));
  }
  intake_.accept(std::move(message),
                 [this, request = std::move(request), done = std::move(done)](Result<Accepted> accepted) {
                   done(accepted.has_value() ? receipt_response(*accepted) : problem(request, accepted.error()));
                 });
}

void PartnerApi::query(const HttpRequest& request, InboundMessage message, Done done) {
  std::int64_t wait_ms = 0;
  if (const auto wish = header(request.headers, kTimeoutHeader); !wish.empty()) {
    const auto value = number(wish);
    if (!value || *value == 0 || *value > kMaxTimeoutMs) {
      const Error error = make_error(codes::kTimeoutHeader, std::to_string(kMaxTimeoutMs));
      intake_.turned_back(message.source_address, message.identity.partner.str(), error);
      return done(problem(request, error));
    }
    wait_ms = static_cast<std::int64_t>(*value);
  }
  HttpRequest asked;  // what is needed of it to answer in the asker's language
  if (const auto language = header(request.headers, kLanguageHeader); !language.empty()) {
    asked.headers.emplace_back(kLanguageHeader, language);
  }
  options_.queries->ask(
      std::move(message), wait_ms, [this, asked = std::move(asked), done = std::move(done)](Result<Answered> answer) {
        done(answer.has_value() ? answer_response(std::move(*answer)) : problem(asked, answer.error()));
      });
}

Status PartnerApi::unpack(std::string_view content_type, InboundMessage& message) const {
  auto parts = parse_multipart(content_type, message.body);
  if (parts.has_error()) return parts.error();
  const auto document = document_part(*parts);
  if (document.has_error()) return document.error();
  const bool asked = options_.queries != nullptr && options_.queries->answers(message.service);
  const std::string member =
      asked || !options_.files_member ? std::string() : options_.files_member(message.identity.partner);
  std::vector<FormPart> files;
  Error refused = make_error(codes::kAttachmentsNotTaken, message.service.str());
  for (std::size_t i = 0; i < parts->size(); ++i) {
    FormPart& part = (*parts)[i];
    if (i == *document) continue;
    if (part.is_file && !member.empty()) {
      // What a form sends for a field in which no file was chosen.
      if (!part.body.empty() || !part.file_name.empty()) files.push_back(std::move(part));
      continue;
    }
    // The digest tells the sender which file is meant; a file's name would be the sender's words.
    std::string what = "part " + std::to_string(i + 1) + ", " + std::to_string(part.body.size()) + " bytes";
    if (options_.digest) what += ", " + options_.digest(part.body);
    refused.faults.push_back({&codes::kAttachmentsNotTaken, "$", {}, std::move(what), {}, Grade::kError});
  }
  if (!refused.faults.empty()) return refused;
  const FormPart& part = (*parts)[*document];
  message.content_type = part.content_type.empty() ? std::string(kJson) : part.content_type;
  if (!files.empty() && message.content_type != kJson) return make_error(codes::kFilesDocument);
  auto body = document_with_files(part.body, member, files);
  if (body.has_error()) return body.error();
  message.body = std::move(*body);
  return {};
}

HttpResponse PartnerApi::status_of(const HttpRequest& request, std::string_view id, const Identity& identity) {
  auto row = store_.exchange(ExchangeId(id));
  if (row.has_error() || row->partner != identity.partner) {
    return problem(request, make_error(codes::kNotFound, "exchange"));
  }
  std::string body = "{\"exchange\":";
  append_json_string(body, row->exchange.str());
  body += ",\"findings\":" + (row->findings.empty() ? "[]" : row->findings);
  body += ",\"receivedAt\":";
  append_json_string(body, to_beijing_text({row->received_ms}));
  body += ",\"service\":";
  append_json_string(body, row->service.str());
  body += ",\"state\":";
  append_json_string(body, row->state);
  body += ",\"version\":" + std::to_string(row->version) + "}";
  return json(200, std::move(body));
}

HttpResponse PartnerApi::receipts_of(const HttpRequest& request, std::string_view id, const Identity& identity) {
  auto row = store_.exchange(ExchangeId(id));
  if (row.has_error() || row->partner != identity.partner) {
    return problem(request, make_error(codes::kNotFound, "exchange"));
  }
  auto stored = store_.receipt("stored", row->exchange.str());
  if (stored.has_error()) return problem(request, stored.error());
  // The receipt as it was answered, unless the delivered ones are asked for.
  if (query_value(request.target, "kind") != "delivered") return json(200, std::move(*stored));
  OutboxFilter filter;
  filter.exchange = row->exchange;
  auto messages = store_.outbox(filter);
  if (messages.has_error()) return problem(request, messages.error());
  std::string body = "[";
  for (const OutboxRow& message : *messages) {
    auto delivered = store_.receipt("delivered", message.message_id);
    if (delivered.has_error()) continue;
    if (body.size() > 1) body.push_back(',');
    body += *delivered;
  }
  return json(200, body + "]");
}

void PartnerApi::inbox(const HttpRequest& request, const Identity& identity, const Done& done) {
  const PullLimits limits = options_.pull_limits ? options_.pull_limits(identity.partner) : PullLimits{};
  std::size_t limit = std::min<std::size_t>(10, limits.max_items);
  if (const auto wish = query_value(request.target, "limit"); !wish.empty()) {
    const auto value = number(wish);
    if (!value || *value == 0 || *value > limits.max_items)
      return done(problem(request, make_error(codes::kQuery, "limit")));
    limit = *value;
  }
  auto messages = inbox_.take(identity.partner, limit, limits.lease_ms);
  done(messages.has_value() ? json(200, pulled_json(*messages)) : problem(request, messages.error()));
}

void PartnerApi::acknowledge(const HttpRequest& request, std::string_view message, const Identity& identity,
                             const Done& done) {
  inbox_.acknowledge(identity.partner, std::string(message), [this, request, done](Status status) {
    done(status.has_value() ? json(200, "{\"acknowledged\":true}") : problem(request, status.error()));
  });
}

HttpResponse PartnerApi::log(const HttpRequest& request, std::string_view path) {
  HttpResponse response;
  if (path == "/log/checkpoint") {
    auto note = store_.checkpoint();
    if (note.has_error()) return problem(request, note.error());
    response.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
    response.body = std::move(*note);
    return response;
  }
  if (!path.starts_with("/log/tile/")) return problem(request, make_error(codes::kNoSuchPath));
  std::string_view rest = path.substr(10);
  const auto slash = rest.find('/');
  if (slash == std::string_view::npos) return problem(request, make_error(codes::kNoSuchPath));
  const auto level = number(rest.substr(0, slash));
  rest.remove_prefix(slash + 1);
  std::size_t width = 256;
  if (const auto partial = rest.find(".p/"); partial != std::string_view::npos) {
    const auto wish = number(rest.substr(partial + 3));
    if (!wish || *wish == 0 || *wish > 255) return problem(request, make_error(codes::kNoSuchPath));
    width = *wish;
    rest = rest.substr(0, partial);
  }
  const auto index = tile_index(rest);
  if (!level || *level > 7 || !index) return problem(request, make_error(codes::kNoSuchPath));
  auto hashes =
      *level == 0 ? store_.leaf_tile(*index) : store_.node_tile(static_cast<std::uint32_t>(*level) * 8, *index);
  if (hashes.has_error() || hashes->size() < width) return problem(request, make_error(codes::kNotFound, "tile"));
  for (std::size_t i = 0; i < width; ++i) response.body += as_text((*hashes)[i]);
  response.headers.emplace_back("Content-Type", "application/octet-stream");
  return response;
}

}  // namespace tongqu
