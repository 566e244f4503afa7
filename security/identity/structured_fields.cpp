#include "security/identity/structured_fields.hpp"

#include <algorithm>

namespace tongqu::sf {
namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_alpha(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_token_char(char c) {
  return is_alpha(c) || is_digit(c) || std::string_view("!#$%&'*+-.^_`|~:/").find(c) != std::string_view::npos;
}

// Recursive descent of RFC 8941 section 4.2. Every function leaves failed_ set on a syntax error.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text), failed_(text.size() > kMaxFieldBytes) {}

  std::optional<Dictionary> dictionary() {
    Dictionary made;
    skip_spaces();
    while (!failed_ && !at_end()) {
      std::string name = key();
      Member member;
      if (take('=')) {
        member = this->member();
      } else {
        member.items.push_back({BareItem(true), {}});
        member.parameters = parameters();
      }
      put(made.members, made.repeated, std::move(name), std::move(member));
      separator();
    }
    return finish(std::move(made));
  }

  std::optional<std::vector<Member>> list() {
    std::vector<Member> made;
    skip_spaces();
    while (!failed_ && !at_end()) {
      made.push_back(member());
      if (made.size() > kMaxMembers) failed_ = true;
      separator();
    }
    return finish(std::move(made));
  }

  std::optional<Item> item_only() {
    skip_spaces();
    Item made = item();
    return finish(std::move(made));
  }

 private:
  template <class T>
  std::optional<T> finish(T made) {
    skip_spaces();
    if (failed_ || !at_end()) return std::nullopt;
    return made;
  }

  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[at_]; }
  bool take(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) failed_ = true;
  }
  void skip_spaces() {
    while (take(' ')) {
    }
  }

  // Optional white space, a comma, optional white space; no comma at the end.
  void separator() {
    skip_optional_space();
    if (at_end()) return;
    expect(',');
    skip_optional_space();
    if (at_end()) failed_ = true;
  }
  void skip_optional_space() {
    while (take(' ') || take('\t')) {
    }
  }

  template <class T>
  void put(std::vector<std::pair<std::string, T>>& into, bool& repeated, std::string name, T value) {
    const auto known = std::find_if(into.begin(), into.end(), [&](const auto& one) { return one.first == name; });
    if (known != into.end()) {
      repeated = true;
      known->second = std::move(value);
      return;
    }
    into.emplace_back(std::move(name), std::move(value));
    if (into.size() > kMaxMembers) failed_ = true;
  }

  std::string key() {
    std::string made;
    if (!is_lower(peek()) && peek() != '*') failed_ = true;
    while (!failed_ && !at_end() &&
           (is_lower(peek()) || is_digit(peek()) || std::string_view("_-.*").find(peek()) != std::string_view::npos))
      made.push_back(text_[at_++]);
    return made;
  }

  Member member() {
    Member made;
    if (peek() != '(') {
      made.items.push_back({bare_item(), {}});
      made.parameters = parameters();
      return made;
    }
    made.is_list = true;
    expect('(');
    while (!failed_) {
      skip_spaces();
      if (take(')')) {
        made.parameters = parameters();
        return made;
      }
      made.items.push_back(item());
      if (made.items.size() > kMaxMembers || (peek() != ' ' && peek() != ')')) failed_ = true;
    }
    return made;
  }

  Item item() {
    BareItem value = bare_item();
    return {std::move(value), parameters()};
  }

  Parameters parameters() {
    Parameters made;
    while (!failed_ && take(';')) {
      skip_spaces();
      std::string name = key();
      BareItem value(true);
      if (take('=')) value = bare_item();
      put(made.items, made.repeated, std::move(name), std::move(value));
    }
    return made;
  }

  BareItem bare_item() {
    const char c = peek();
    if (c == '-' || is_digit(c)) return number();
    if (c == '"') return text();
    if (c == ':') return binary();
    if (c == '?') return boolean();
    if (c == '*' || is_alpha(c)) return token();
    failed_ = true;
    return false;
  }

  BareItem number() {
    const bool negative = take('-');
    std::int64_t whole = 0;
    std::size_t digits = 0;
    for (; is_digit(peek()) && digits <= 15; ++digits) whole = whole * 10 + (text_[at_++] - '0');
    if (digits == 0 || digits > 15) failed_ = true;
    if (failed_ || !take('.')) return negative ? -whole : whole;
    std::int64_t thousandths = 0;
    std::size_t decimals = 0;
    for (; is_digit(peek()) && decimals <= 3; ++decimals) thousandths = thousandths * 10 + (text_[at_++] - '0');
    if (digits > 12 || decimals == 0 || decimals > 3) failed_ = true;
    for (; decimals < 3; ++decimals) thousandths *= 10;
    if (failed_) return false;
    thousandths += whole * 1000;
    return Decimal{negative ? -thousandths : thousandths};
  }

  BareItem text() {
    std::string made;
    expect('"');
    while (!failed_) {
      if (at_end()) {
        failed_ = true;
        break;
      }
      const char c = text_[at_++];
      if (c == '"') break;
      if (c == '\\') {
        if (peek() != '"' && peek() != '\\') {
          failed_ = true;
        } else {
          made.push_back(text_[at_++]);
        }
      } else if (c < 0x20 || c > 0x7E) {
        failed_ = true;
      } else {
        made.push_back(c);
      }
    }
    return made;
  }

  BareItem binary() {
    expect(':');
    const auto end = text_.find(':', at_);
    if (end == std::string_view::npos) {
      failed_ = true;
      return false;
    }
    auto bytes = from_base64(text_.substr(at_, end - at_));
    at_ = end + 1;
    if (!bytes) {
      failed_ = true;
      return false;
    }
    return Binary{std::move(*bytes)};
  }

  BareItem boolean() {
    expect('?');
    if (take('1')) return true;
    expect('0');
    return false;
  }

  BareItem token() {
    Token made;
    while (!at_end() && is_token_char(peek())) made.text.push_back(text_[at_++]);
    return made;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool failed_;
};

std::string decimal_text(std::int64_t thousandths) {
  std::string out = thousandths < 0 ? "-" : "";
  const std::int64_t size = thousandths < 0 ? -thousandths : thousandths;
  std::string fraction = std::to_string(size % 1000 + 1000).substr(1);
  while (fraction.size() > 1 && fraction.back() == '0') fraction.pop_back();
  return out + std::to_string(size / 1000) + "." + fraction;
}

template <class T>
const T* find_in(const std::vector<std::pair<std::string, T>>& members, std::string_view key) {
  for (const auto& [name, value] : members) {
    if (name == key) return &value;
  }
  return nullptr;
}

}  // namespace

const BareItem* Parameters::find(std::string_view key) const { return find_in(items, key); }
const Member* Dictionary::find(std::string_view key) const { return find_in(members, key); }

std::optional<Dictionary> parse_dictionary(std::string_view field) { return Parser(field).dictionary(); }
std::optional<std::vector<Member>> parse_list(std::string_view field) { return Parser(field).list(); }
std::optional<Item> parse_item(std::string_view field) { return Parser(field).item_only(); }

std::string serialize(const BareItem& item) {
  struct Writer {
    std::string operator()(std::int64_t value) const { return std::to_string(value); }
    std::string operator()(const Decimal& value) const { return decimal_text(value.thousandths); }
    std::string operator()(const std::string& value) const {
      std::string out = "\"";
      for (const char c : value) {
        if (c == '"' || c == '\\') out.push_back('\\');
        out.push_back(c);
      }
      return out + '"';
    }
    std::string operator()(const Token& value) const { return value.text; }
    std::string operator()(const Binary& value) const { return ":" + to_base64(value.bytes) + ":"; }
    std::string operator()(bool value) const { return value ? "?1" : "?0"; }
  };
  return std::visit(Writer{}, item);
}

void append_parameters(std::string& out, const Parameters& parameters) {
  for (const auto& [name, value] : parameters.items) {
    out.append(";").append(name);
    if (value != BareItem(true)) out.append("=").append(serialize(value));
  }
}

std::string serialize(const Member& member) {
  std::string out;
  if (member.is_list) out.push_back('(');
  for (std::size_t i = 0; i < member.items.size(); ++i) {
    if (i != 0) out.push_back(' ');
    out += serialize(member.items[i].value);
    append_parameters(out, member.items[i].parameters);
  }
  if (member.is_list) out.push_back(')');
  append_parameters(out, member.parameters);
  return out;
}

}  // namespace tongqu::sf
