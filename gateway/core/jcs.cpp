#include "gateway/core/jcs.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "gateway/core/text.hpp"

namespace tongqu {

namespace codes {
const ErrorCode kJcsNumber{"jcs.number", ErrorKind::kInternal,
                           "A canonical entry holds a number that is not an integer below 2^53.",
                           "规范化条目中含有不是 2^53 以内整数的数值。"};
}

namespace {

constexpr std::int64_t kMaxSafe = (std::int64_t{1} << 53) - 1;

// Order of RFC 8785 3.2.3. UTF-8 order and UTF-16 order differ only above U+FFFF: surrogates sort below U+E000.
bool utf16_less(std::string_view a, std::string_view b) {
  const auto key = [](char32_t cp) { return cp > 0xFFFF ? 0xD800U + (cp >> 16U) : cp; };
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    const char32_t x = next_code_point(a, i).value_or(0);
    const char32_t y = next_code_point(b, j).value_or(0);
    if (x == y) continue;
    const bool same_class = (x > 0xFFFF) == (y > 0xFFFF);
    return same_class ? x < y : key(x) < key(y);
  }
  return i >= a.size() && j < b.size();
}

bool append_number(std::string& out, std::string_view text) {
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size() || value > kMaxSafe || value < -kMaxSafe) return false;
  out += std::to_string(value);
  return true;
}

bool append_node(std::string& out, const Node& node);

bool append_object(std::string& out, const Node& node) {
  std::vector<const Node*> members;
  members.reserve(node.count);
  for (const Node& child : children(node)) members.push_back(&child);
  std::sort(members.begin(), members.end(), [](const Node* a, const Node* b) { return utf16_less(a->name, b->name); });
  out.push_back('{');
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i != 0) out.push_back(',');
    append_json_string(out, members[i]->name);
    out.push_back(':');
    if (!append_node(out, *members[i])) return false;
  }
  out.push_back('}');
  return true;
}

bool append_list(std::string& out, const Node& node) {
  out.push_back('[');
  for (const Node* child = node.first; child != nullptr; child = child->next) {
    if (child != node.first) out.push_back(',');
    if (!append_node(out, *child)) return false;
  }
  out.push_back(']');
  return true;
}

bool append_node(std::string& out, const Node& node) {
  switch (node.kind) {
    case Kind::kNull: out += "null"; return true;
    case Kind::kBoolean: out += node.text; return true;
    case Kind::kNumber: return append_number(out, node.text);
    case Kind::kText: append_json_string(out, node.text); return true;
    case Kind::kList: return append_list(out, node);
    case Kind::kObject: return append_object(out, node);
  }
  return false;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  out.push_back('"');
  std::size_t plain = 0;  // begin of what needs no escape and is copied at once
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, plain, i - plain);
    plain = i + 1;
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        out += "\\u00";
        out.push_back(kHex[static_cast<unsigned char>(c) >> 4U]);
        out.push_back(kHex[static_cast<unsigned char>(c) & 15U]);
    }
  }
  out.append(text, plain);
  out.push_back('"');
}

Result<std::string> to_jcs(const Node& node) {
  std::string out;
  if (!append_node(out, node)) return make_error(codes::kJcsNumber);
  return out;
}

}  // namespace tongqu
