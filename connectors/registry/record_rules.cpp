#include "connectors/registry/record_rules.hpp"

#include <algorithm>

#include "connectors/registry/registry_codes.hpp"

namespace tongqu::registry {
namespace {

constexpr std::string_view kEach = "[*]";
constexpr std::size_t kMaxAsOfBytes = 64;

std::string scalar(const Node* node) {
  if (node == nullptr || (node->kind != Kind::kText && node->kind != Kind::kNumber)) return {};
  return std::string(node->text);
}

// Values at a path; none is empty.
std::vector<std::string> values_at(const Node& root, const std::string& path) {
  std::vector<std::string> values;
  const auto add = [&values](std::string value) {
    if (!value.empty()) values.push_back(std::move(value));
  };
  const auto each = path.find(kEach);
  if (each == std::string::npos) {
    add(scalar(at_path(root, path)));
    return values;
  }
  const Node* list = at_path(root, std::string_view(path).substr(0, each));
  std::string_view rest = std::string_view(path).substr(each + kEach.size());
  if (rest.starts_with('.')) rest.remove_prefix(1);
  if (list == nullptr || list->kind != Kind::kList) return values;
  for (const Node& element : children(*list)) add(scalar(rest.empty() ? &element : at_path(element, rest)));
  return values;
}

std::string first_at(const Node& root, const std::string& path) {
  auto values = values_at(root, path);
  return values.empty() ? std::string() : std::move(values.front());
}

// Parts are prefixed by their length: no two lists of parts give the same text.
void append_part(std::string& out, std::string_view part) {
  out += std::to_string(part.size());
  out.push_back(':');
  out += part;
}

// A key begins with the names of its fields, so that another order of the rules finds what was stored before.
std::string name_of(const KeyRule& rule) {
  std::string name;
  for (const std::string& path : rule.record) append_part(name, path);
  return name + '=';
}

// Every combination of the values, behind the rule's name; false when there are too many.
bool add_keys(const Node& root, const KeyRule& rule, std::vector<std::string>& keys) {
  std::vector<std::string> made{name_of(rule)};
  for (const std::string& path : rule.record) {
    std::vector<std::string> longer;
    const auto values = values_at(root, path);
    if (made.size() * values.size() > kMaxKeys) return false;
    for (const std::string& key : made) {
      for (const std::string& value : values) append_part(longer.emplace_back(key), value);
    }
    made = std::move(longer);
  }
  keys.insert(keys.end(), made.begin(), made.end());
  return keys.size() <= kMaxKeys;
}

Result<Document> read(const std::string& body, const Codec& json) {
  Document document;
  DecodeLimits limits;
  limits.max_bytes = limits.max_text_bytes = std::max(limits.max_bytes, body.size());
  if (json.decode(body, limits, document).has_error() || document.root().kind != Kind::kObject)
    return make_error(codes::kRegistryRecord, "JSON");
  return document;
}

void append_json(std::string& out, std::string_view text) {
  out.push_back('"');
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20) continue;
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  out.push_back('"');
}

}  // namespace

Result<NewReference> read_record(const OutboundMessage& message, const RecordRules& rules, const Codec& json) {
  auto document = read(message.body, json);
  if (document.has_error()) return document.error();
  const Node& root = document->root();
  NewReference record;
  record.message_id = message.message_id;
  bool identified = false;
  for (const std::string& path : rules.identity) {
    const std::string value = first_at(root, path);
    identified |= !value.empty();
    append_part(record.identity, value);
  }
  if (!identified) return make_error(codes::kRegistryRecord, "identity");
  for (const std::string& path : rules.order) {
    record.order = first_at(root, path);
    if (!record.order.empty()) break;
  }
  if (!rules.as_of.empty()) record.as_of = first_at(root, rules.as_of);
  if (record.as_of.size() > kMaxAsOfBytes) return make_error(codes::kRegistryRecord, "as_of");
  for (const KeyRule& rule : rules.keys) {
    if (!add_keys(root, rule, record.keys)) return make_error(codes::kRegistryRecord, "keys");
  }
  if (record.keys.empty()) return make_error(codes::kRegistryRecord, "keys");
  record.content = message.body;
  return record;
}

Result<std::string> read_question(const OutboundMessage& question, const RecordRules& rules, const Codec& json) {
  const auto document = read(question.body, json);
  if (document.has_error()) return make_error(codes::kRegistryQuestion);
  for (const KeyRule& rule : rules.keys) {
    std::string key = name_of(rule);
    bool whole = true;
    for (const std::string& path : rule.question) {
      const std::string value = first_at(document->root(), path);
      whole &= !value.empty();
      append_part(key, value);
    }
    if (whole) return key;
  }
  return make_error(codes::kRegistryQuestion);
}

std::string write_answer(const Reference* found, const std::string& as_of) {
  std::string out = found == nullptr ? R"({"found":false)" : R"({"found":true)";
  if (!as_of.empty()) {
    out += R"(,"as_of":)";
    append_json(out, as_of);
  }
  if (found != nullptr) out += R"(,"record":)" + found->content;
  return out + "}";
}

}  // namespace tongqu::registry
