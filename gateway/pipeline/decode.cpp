// Step "decode". Takes: bytes. Gives: the received document, the matter's number, the de-duplication key.
// May turn back with: decode.content-type, the codec's codes, validate.not-keyed.
#include "gateway/pipeline/pipeline_codes.hpp"
#include "gateway/pipeline/steps.hpp"

namespace tongqu::steps {
namespace {

// Numbers and rounds may come as JSON numbers; anything else does not identify.
std::string_view scalar_at(const Document& document, const std::string& path) {
  if (path.empty()) return {};
  const Node* node = at_path(document.root(), path);
  if (node == nullptr || (node->kind != Kind::kText && node->kind != Kind::kNumber)) return {};
  return node->text;
}

// Parts are prefixed by their length: no two different lists of parts give the same key.
void append_part(std::string& key, std::string_view part) {
  key += std::to_string(part.size());
  key.push_back(':');
  key += part;
}

// Compares the places of the first faults; an error without a place reaches nowhere.
bool reaches_further(const Error& a, const Error& b) {
  if (a.faults.empty() || b.faults.empty()) return !a.faults.empty();
  const Position& at = a.faults.front().position;
  const Position& other = b.faults.front().position;
  return at.line != other.line ? at.line > other.line : at.column > other.column;
}

}  // namespace

// RFC 7303: text/xml is an alias of application/xml.
bool is_same_format(std::string_view got, std::string_view expected) {
  return got == expected || (got == "text/xml" && expected == "application/xml");
}

namespace {

Status decode_as(const InboundService& form, Exchange& exchange) {
  if (!is_same_format(exchange.in.content_type, form.codec->content_type())) {
    return make_error(codes::kContentType, std::string(form.codec->content_type()));
  }
  return form.codec->decode(exchange.in.body, form.limits, exchange.received);
}

// Where no form reads the message, the error of the one that read furthest is of most use: another root element is a
// fault at the beginning, a mistake in the right form stands behind it.
Status decode_in_some_form(Exchange& exchange) {
  const InboundService& first = *exchange.service;
  Status worst = decode_as(first, exchange);
  for (auto form = first.other_forms.begin(); worst.has_error() && form != first.other_forms.end(); ++form) {
    Status status = decode_as(*form, exchange);
    if (status.has_value()) exchange.service = &*form;
    if (status.has_value() || reaches_further(status.error(), worst.error())) worst = std::move(status);
  }
  return worst;
}

}  // namespace

Status decode(Exchange& exchange, const Suite& suite) {
  if (auto status = decode_in_some_form(exchange); status.has_error()) return status;
  const InboundService& service = *exchange.service;
  const DedupRule& rule = service.dedup;
  const std::string_view number = scalar_at(exchange.received, rule.number_path);
  if (!rule.number_path.empty() && number.empty()) {
    Error error = make_error(codes::kNotKeyed, rule.number_path);
    error.faults.push_back({&codes::kNotKeyed, rule.number_path, {}, rule.number_path, {}, Grade::kError});
    return error;
  }
  exchange.matter = MatterNo(number);
  const std::string_view operation = scalar_at(exchange.received, rule.operation_path);
  exchange.operation = operation.empty() ? service.operation : std::string(operation);
  exchange.body_digest = suite.hash({exchange.in.body});

  std::string& key = exchange.dedup_key;
  append_part(key, exchange.partner->id.str());
  append_part(key, service.service.str());
  if (!exchange.in.idempotency_key.empty()) {
    key.push_back('k');
    append_part(key, exchange.in.idempotency_key);
    return {};
  }
  // Another body under the same number is a new version (重派, 补充), so the digest is part of this key.
  key.push_back('r');
  append_part(key, number);
  append_part(key, operation);
  append_part(key, scalar_at(exchange.received, rule.round_path));
  append_part(key, to_hex(as_text(exchange.body_digest)));
  return {};
}

}  // namespace tongqu::steps
