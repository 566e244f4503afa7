#include "transforms/mapping/html_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace tongqu::mapping {
namespace {

constexpr std::size_t kMaxTagBytes = 4096;  // longer: the '<' was text
constexpr std::size_t kMaxEntityBytes = 12;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_alnum(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }
char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same(std::string_view a, std::string_view lower) {
  return a.size() == lower.size() &&
         std::equal(a.begin(), a.end(), lower.begin(), [](char x, char y) { return to_lower(x) == y; });
}

// Only forms whose UTF-8 is not longer than the entity.
std::optional<char32_t> named(std::string_view name) {
  struct Entity {
    std::string_view name;
    char32_t code_point;
  };
  static constexpr std::array<Entity, 16> kEntities{{{"amp", U'&'},
                                                     {"lt", U'<'},
                                                     {"gt", U'>'},
                                                     {"quot", U'"'},
                                                     {"apos", U'\''},
                                                     {"nbsp", U' '},
                                                     {"ensp", U' '},
                                                     {"emsp", U' '},
                                                     {"middot", 0xB7},
                                                     {"ldquo", 0x201C},
                                                     {"rdquo", 0x201D},
                                                     {"lsquo", 0x2018},
                                                     {"rsquo", 0x2019},
                                                     {"hellip", 0x2026},
                                                     {"mdash", 0x2014},
                                                     {"yen", 0xA5}}};
  for (const Entity& entity : kEntities) {
    if (entity.name == name) return entity.code_point;
  }
  return std::nullopt;
}

std::optional<char32_t> numbered(std::string_view digits) {
  const bool hex = digits.starts_with('x') || digits.starts_with('X');
  if (hex) digits.remove_prefix(1);
  std::uint32_t value = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value, hex ? 16 : 10);
  if (failed != std::errc{} || digits.empty() || end != digits.data() + digits.size()) return std::nullopt;
  if (value == 0 || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return std::nullopt;
  if (value < 0x20 && value != '\n' && value != '\t') return U' ';
  return value;
}

char* put_utf8(char* out, char32_t c) {
  const auto put = [&out](char32_t byte) { *out++ = static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0U | c >> 6U);
    put(0x80U | (c & 0x3FU));
  } else if (c < 0x10000) {
    put(0xE0U | c >> 12U);
    put(0x80U | (c >> 6U & 0x3FU));
    put(0x80U | (c & 0x3FU));
  } else {
    put(0xF0U | c >> 18U);
    put(0x80U | (c >> 12U & 0x3FU));
    put(0x80U | (c >> 6U & 0x3FU));
    put(0x80U | (c & 0x3FU));
  }
  return out;
}

bool breaks_line(std::string_view name, bool closing) {
  if (same(name, "br")) return true;
  static constexpr std::array<std::string_view, 5> kBlocks{"p", "div", "li", "tr", "h1"};
  return closing && std::any_of(kBlocks.begin(), kBlocks.end(), [&](std::string_view b) { return same(name, b); });
}

class Stripper {
 public:
  Stripper(std::string_view html, char* out) : html_(html), begin_(out), out_(out) {}

  std::size_t run() {
    while (at_ < html_.size()) {
      const char c = html_[at_];
      if (c == '<' && tag()) continue;
      if (c == '&' && entity()) continue;
      if (c == '\r') {
        if (at_ + 1 >= html_.size() || html_[at_ + 1] != '\n') *out_++ = '\n';
        ++at_;
        continue;
      }
      *out_++ = c;
      ++at_;
    }
    return static_cast<std::size_t>(out_ - begin_);
  }

 private:
  // False when the '<' is text.
  bool tag() {
    if (html_.substr(at_).starts_with("<!--")) {
      // An open comment swallows nothing: what a citizen wrote must not vanish.
      const auto end = no_more_comments_ ? html_.npos : html_.find("-->", at_ + 4);
      no_more_comments_ = end == html_.npos;
      if (no_more_comments_) return false;
      at_ = end + 3;
      return true;
    }
    std::size_t at = at_ + 1;
    const bool closing = at < html_.size() && html_[at] == '/';
    if (closing) ++at;
    const std::size_t name_begin = at;
    if (at >= html_.size() || !(is_letter(html_[at]) || html_[at] == '!' || html_[at] == '?')) return false;
    while (at < html_.size() && is_alnum(html_[at])) ++at;
    const std::string_view name = html_.substr(name_begin, at - name_begin);
    const auto end = html_.substr(at, kMaxTagBytes).find_first_of("<>");
    if (end == html_.npos || html_[at + end] != '>') return false;
    at_ = at + end + 1;
    if (breaks_line(name, closing)) *out_++ = '\n';
    if (!closing && same(name, "script")) skip_to("</script");
    if (!closing && same(name, "style")) skip_to("</style");
    return true;
  }

  void skip_to(std::string_view end_tag) {
    if (no_more_end_tags_) return;
    const auto found = std::search(html_.begin() + static_cast<std::ptrdiff_t>(at_), html_.end(), end_tag.begin(),
                                   end_tag.end(), [](char a, char b) { return to_lower(a) == b; });
    no_more_end_tags_ = found == html_.end();
    if (!no_more_end_tags_) at_ = static_cast<std::size_t>(found - html_.begin());
  }

  bool entity() {
    const std::string_view rest = html_.substr(at_, kMaxEntityBytes);
    const auto end = rest.find(';');
    if (end == rest.npos || end < 2) return false;
    const std::string_view name = rest.substr(1, end - 1);
    const auto code_point = name[0] == '#' ? numbered(name.substr(1)) : named(name);
    if (!code_point) return false;
    out_ = put_utf8(out_, *code_point);
    at_ += end + 1;
    return true;
  }

  std::string_view html_;
  std::size_t at_ = 0;
  char* begin_;
  char* out_;
  // Each search that found nothing ends all others of its kind, so that the whole stays linear.
  bool no_more_comments_ = false;
  bool no_more_end_tags_ = false;
};

}  // namespace

std::size_t strip_html(std::string_view html, char* out) { return Stripper(html, out).run(); }

}  // namespace tongqu::mapping
