#include "checker/json.hpp"

#include "checker/refusal.hpp"

namespace tongqu::checker {
namespace {

constexpr int kMaxDepth = 100;

void append_utf8(std::string& out, unsigned long code) {
  const auto put = [&out](unsigned long byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xC0 | code >> 6U);
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12U);
    put(0x80 | (code >> 6U & 0x3FU));
  } else {
    put(0xF0 | code >> 18U);
    put(0x80 | (code >> 12U & 0x3FU));
    put(0x80 | (code >> 6U & 0x3FU));
  }
  put(0x80 | (code & 0x3FU));
}

class Reader {
 public:
  Reader(std::string_view text, const std::string& name) : text_(text), name_(name) {
    if (text_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
  }

  Json document() {
    Json value = read(0);
    blank();
    if (at_ != text_.size()) bad();
    return value;
  }

 private:
  [[noreturn]] void bad() { refuse(name_ + ": no JSON at byte " + std::to_string(at_)); }
  void blank() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  char peek() {
    blank();
    if (at_ >= text_.size()) bad();
    return text_[at_];
  }
  bool accept(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) bad();
  }

  Json read(int depth) {
    if (depth > kMaxDepth) bad();
    Json out;
    if (accept('{')) {
      out.kind = Json::Kind::kObject;
      while (!accept('}')) {
        if (!out.members.empty()) expect(',');
        expect('"');
        std::string name = text();
        if (out.find(name) != nullptr) bad();
        expect(':');
        Json value = read(depth + 1);
        value.name = std::move(name);
        out.members.push_back(std::move(value));
      }
    } else if (accept('[')) {
      out.kind = Json::Kind::kList;
      while (!accept(']')) {
        if (!out.items.empty()) expect(',');
        out.items.push_back(read(depth + 1));
      }
    } else if (accept('"')) {
      out.kind = Json::Kind::kText;
      out.text = text();
    } else {
      scalar();
    }
    return out;
  }

  void scalar() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && std::string_view(",]} \t\r\n").find(text_[at_]) == std::string_view::npos) ++at_;
    if (at_ == begin) bad();
  }

  unsigned long four_digits() {
    unsigned long value = 0;
    for (int i = 0; i < 4; ++i) {
      const auto digit =
          at_ < text_.size() ? std::string_view("0123456789abcdefABCDEF").find(text_[at_++]) : std::string_view::npos;
      if (digit == std::string_view::npos) bad();
      value = value * 16 + (digit < 16 ? digit : digit - 6);
    }
    return value;
  }

  void escape(std::string& out) {
    if (at_ >= text_.size()) bad();
    const char c = text_[at_++];
    const auto plain = std::string_view("\"\\/bfnrt").find(c);
    if (plain != std::string_view::npos) {
      out.push_back("\"\\/\b\f\n\r\t"[plain]);
      return;
    }
    if (c != 'u') bad();
    unsigned long code = four_digits();
    if (code >= 0xD800 && code < 0xDC00) {
      if (text_.substr(at_, 2) != "\\u") bad();
      at_ += 2;
      code = 0x10000 + ((code - 0xD800) << 10U) + (four_digits() - 0xDC00);
    }
    append_utf8(out, code);
  }

  // Behind the opening quotation mark.
  std::string text() {
    std::string out;
    while (at_ < text_.size() && text_[at_] != '"') {
      const char c = text_[at_++];
      if (c == '\\') {
        escape(out);
      } else {
        out.push_back(c);
      }
    }
    if (at_ >= text_.size()) bad();
    ++at_;
    return out;
  }

  std::string_view text_;
  const std::string& name_;
  std::size_t at_ = 0;
};

}  // namespace

const Json* Json::find(std::string_view wanted) const {
  for (const Json& member : members) {
    if (member.name == wanted) return &member;
  }
  return nullptr;
}

std::string_view Json::text_of(std::string_view wanted) const {
  const Json* found = find(wanted);
  return found == nullptr || found->kind != Kind::kText ? std::string_view() : std::string_view(found->text);
}

Json read_json(std::string_view bytes, const std::string& name) { return Reader(bytes, name).document(); }

}  // namespace tongqu::checker
