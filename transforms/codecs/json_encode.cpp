#include <array>

#include "transforms/codecs/codecs_codes.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu {
namespace {

// 0: written as it is; 'u': \u00XX; else the letter behind the backslash.
constexpr std::array<char, 256> make_escapes() {
  std::array<char, 256> table{};
  for (std::size_t c = 0; c < 0x20; ++c) table[c] = 'u';
  table['"'] = '"';
  table['\\'] = '\\';
  table['\b'] = 'b';
  table['\f'] = 'f';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  return table;
}
constexpr std::array<char, 256> kEscapes = make_escapes();

// Same form as append_json_string of the core, in runs instead of characters: this is the hot path.
void append_text(std::string& out, std::string_view text) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  out.push_back('"');
  std::size_t written = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const char escape = kEscapes[c];
    if (escape == 0) continue;
    out.append(text, written, i - written);
    out.push_back('\\');
    out.push_back(escape);
    if (escape == 'u') {
      out += "00";
      out.push_back(kHex[c >> 4U]);
      out.push_back(kHex[c & 15U]);
    }
    written = i + 1;
  }
  out.append(text, written);
  out.push_back('"');
}

class Writer {
 public:
  Writer(std::string& out, bool pretty) : out_(out), pretty_(pretty) {}

  // nullptr when done, else what stood in the way.
  const ErrorCode* write(const Node& node) {
    switch (node.kind) {
      case Kind::kNull: out_ += "null"; return nullptr;
      case Kind::kBoolean: out_ += node.text; return nullptr;
      case Kind::kNumber: return write_number(node);
      case Kind::kText: append_text(out_, node.text); return nullptr;
      case Kind::kList: return write_children(node, '[', ']');
      case Kind::kObject: return write_children(node, '{', '}');
    }
    return nullptr;
  }

 private:
  const ErrorCode* write_number(const Node& node) {
    if (is_json_number(node.text)) {
      out_ += node.text;
    } else if (pretty_) {
      append_text(out_, node.text);
    } else {
      return &codes::kJsonEncodeNumber;
    }
    return nullptr;
  }

  const ErrorCode* write_children(const Node& node, char open, char close) {
    if (depth_ >= kMaxJsonDepth) {
      if (!pretty_) return &codes::kJsonDepth;
      out_ += "null";
      return nullptr;
    }
    ++depth_;
    out_.push_back(open);
    for (const Node* child = node.first; child != nullptr; child = child->next) {
      if (child != node.first) out_.push_back(',');
      new_line();
      if (node.kind == Kind::kObject) {
        append_text(out_, child->name);
        out_ += pretty_ ? ": " : ":";
      }
      if (const ErrorCode* code = write(*child); code != nullptr) return code;
    }
    --depth_;
    if (node.first != nullptr) new_line();
    out_.push_back(close);
    return nullptr;
  }

  void new_line() {
    if (!pretty_) return;
    out_.push_back('\n');
    out_.append(depth_ * 2, ' ');
  }

  std::string& out_;
  bool pretty_;
  std::size_t depth_ = 0;
};

std::size_t skip_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
  return at;
}

}  // namespace

bool is_json_number(std::string_view text) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  std::size_t end = skip_digits(text, at);
  if (end == at || (text[at] == '0' && end > at + 1)) return false;
  at = end;
  if (at < text.size() && text[at] == '.') {
    end = skip_digits(text, at + 1);
    if (end == at + 1) return false;
    at = end;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    end = skip_digits(text, at);
    if (end == at) return false;
    at = end;
  }
  return at == text.size();
}

Status JsonCodec::encode(const Node& node, std::string& out) const {
  const std::size_t before = out.size();
  if (const ErrorCode* code = Writer(out, false).write(node); code != nullptr) {
    out.resize(before);
    return make_error(*code, code == &codes::kJsonDepth ? std::to_string(kMaxJsonDepth) : std::string{});
  }
  return {};
}

std::string to_pretty_json(const Node& node) {
  std::string out;
  static_cast<void>(Writer(out, true).write(node));
  return out;
}

}  // namespace tongqu
