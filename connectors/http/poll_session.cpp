#include "connectors/http/poll_session.hpp"

#include <algorithm>
#include <charconv>

#include "connectors/http/http_codes.hpp"
#include "gateway/core/jcs.hpp"

namespace tongqu {
namespace {

constexpr std::size_t kMaxKeyBytes = 128;
constexpr std::size_t kMaxPositionBytes = 512;
constexpr DecodeLimits kLimits{.max_bytes = 16U << 20U, .max_depth = 64, .max_nodes = 1'000'000};

// RFC 3986: everything but unreserved characters.
std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain) {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(kDigits[byte >> 4U]);
    out.push_back(kDigits[byte & 15U]);
  }
  return out;
}

bool is_key(const Node* node) {
  return node != nullptr && (node->kind == Kind::kText || node->kind == Kind::kNumber) && !node->text.empty() &&
         node->text.size() <= kMaxKeyBytes;
}

Error not_agreed(std::string what) { return make_error(codes::kPollAnswer, std::move(what)); }

}  // namespace

HttpRequest PollSession::request(const std::string& position) const {
  HttpRequest request;
  request.method = options_.method;
  request.target = options_.target;
  request.headers = options_.headers;
  auto parameters = options_.parameters;
  if (!position.empty()) parameters.emplace_back(options_.position_parameter, position);
  if (options_.method == "GET") {
    for (const auto& [name, value] : parameters) {
      request.target += request.target.find('?') == std::string::npos ? '?' : '&';
      request.target += percent_encoded(name) + '=' + percent_encoded(value);
    }
    return request;
  }
  request.headers.emplace_back("Content-Type", "application/json");
  for (const auto& [name, value] : parameters) {
    request.body += request.body.empty() ? '{' : ',';
    append_json_string(request.body, name);
    request.body.push_back(':');
    append_json_string(request.body, value);
  }
  request.body += request.body.empty() ? "{}" : "}";
  return request;
}

Result<PolledBatch> PollSession::read(const net::HttpResponseIn& answer, const AnswerReader& reader,
                                      const std::string& position) const {
  Document document;
  const bool readable = json_.decode(answer.body, kLimits, document).has_value();
  const Answer meaning = reader.read(answer, readable ? &document.root() : nullptr);
  if (meaning.code != nullptr) {
    return make_error(*meaning.code, meaning.detail.empty() ? std::to_string(answer.status) : meaning.detail);
  }
  if (!readable) return not_agreed("JSON");
  const Node& root = document.root();
  const Node* list = options_.items_path.empty() ? &root : at_path(root, options_.items_path);
  // Some partners leave the list out, or say null, when it is empty.
  const bool none = list == nullptr || list->kind == Kind::kNull;
  if (!none && list->kind != Kind::kList) return not_agreed("items");
  PolledBatch batch;
  if (!none) {
    if (list->count > options_.max_items) return not_agreed("more than max_items");
    for (const Node& entry : children(*list)) {
      PolledItem item;
      const Node* key = at_path(entry, options_.key_path);
      if (entry.kind == Kind::kObject && is_key(key) && json_.encode(entry, item.body).has_value())
        item.key = key->text;
      batch.items.push_back(std::move(item));
    }
  }
  auto next = next_position(root, position, batch.items.size());
  if (next.has_error()) return next.error();
  batch.next = std::move(*next);
  batch.more = !batch.items.empty() && batch.next != position;
  return batch;
}

Result<std::string> PollSession::next_position(const Node& root, const std::string& position, std::size_t count) const {
  if (options_.position == PollOptions::Position::kPage) {
    std::uint64_t page = 0;
    const auto [end, failed] = std::from_chars(position.data(), position.data() + position.size(), page);
    if (failed != std::errc{} || end != position.data() + position.size()) return not_agreed("page");
    return std::to_string(count < options_.max_items ? page : page + 1);
  }
  const Node* next = at_path(root, options_.next_path);
  if (next == nullptr || next->kind == Kind::kNull) return position;
  if ((next->kind != Kind::kText && next->kind != Kind::kNumber) || next->text.size() > kMaxPositionBytes)
    return not_agreed("next position");
  return next->text.empty() ? position : std::string(next->text);
}

HttpRequest PollSession::acknowledgement(const PollSettled& settled) const {
  HttpRequest request;
  request.method = "POST";
  request.target = options_.ack_target;
  request.headers = options_.headers;
  request.headers.emplace_back("Content-Type", "application/json");
  std::string taken;
  std::string failed;
  for (const auto& [key, code] : settled) {
    const bool as_failed = !code.empty() && !options_.ack_failed.empty();
    std::string& out = as_failed ? failed : taken;
    if (!out.empty()) out.push_back(',');
    if (as_failed) out += "{\"id\":";
    append_json_string(out, key);
    if (!as_failed) continue;
    out += ",\"code\":";
    append_json_string(out, code);
    out.push_back('}');
  }
  request.body = "{";
  append_json_string(request.body, options_.ack_ids);
  request.body += ":[" + taken + "]";
  if (!options_.ack_failed.empty()) {
    request.body.push_back(',');
    append_json_string(request.body, options_.ack_failed);
    request.body += ":[" + failed + "]";
  }
  request.body.push_back('}');
  return request;
}

std::int64_t poll_backoff_ms(int failures, std::int64_t first_ms, std::int64_t max_ms, std::int64_t retry_after_ms) {
  std::int64_t wait_ms = first_ms;
  for (int i = 1; i < failures && wait_ms < max_ms; ++i) wait_ms *= 2;
  return std::min(std::max(wait_ms, retry_after_ms), max_ms);
}

}  // namespace tongqu
