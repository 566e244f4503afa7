#include "security/privacy/text_span.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <memory>
#include <optional>

#include "gateway/core/text.hpp"

namespace tongqu {
namespace {

// Fewer digits in a row than the shortest telephone number are words: 三五, 一二.
constexpr std::size_t kLeastDigits = 7;
// Far enough to the left of a Chinese digit for the digits of one number.
constexpr std::size_t kMaxReach = 48;
constexpr std::size_t kMaxMarkup = 16;

constexpr std::u32string_view kDigitRows[] = {U"〇一二三四五六七八九", U"零壹贰叁肆伍陆柒捌玖", U"⓪①②③④⑤⑥⑦⑧⑨",
                                              U"○壱弐参四伍陸柒捌玖"};

bool is_invisible(char32_t c) {
  return (c >= 0x200B && c <= 0x200F) || (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF || c == 0x00AD || c == 0x180E ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0xFE00 && c <= 0xFE0F);
}

char32_t slow_fold(char32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;
  if (c >= U'a' && c <= U'z') return c - 32;
  if (c < 0x80) return c;
  if (c == 0x3000 || c == 0x00A0 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029) return U' ';
  if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212) return U'-';
  return is_invisible(c) ? U'\0' : c;
}

// What most characters need not ask: is there anything to do for this one?
struct Tables {
  CharacterSet folds, digits, asks;  // asks: either
  std::array<char32_t, 0x80> ascii{};
  Tables() {
    for (char32_t c = 0; c < 0x10000; ++c) {
      if (slow_fold(c) != c) folds.add(c);
    }
    for (char32_t c = 0; c < 0x80; ++c) ascii[c] = slow_fold(c);
    for (const std::u32string_view row : kDigitRows) {
      for (const char32_t c : row) digits.add(c);
    }
    digits.add(U'幺');
    for (char32_t c = 0; c < 0x10000; ++c) {
      if (folds.holds(c) || digits.holds(c)) asks.add(c);
    }
  }
};

const Tables& tables() {
  static const auto kTables = std::make_unique<Tables>();
  return *kTables;
}

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }

// One blank or dash between two digits of a number, and any number of what has no width.
bool is_between(char32_t c) { return is_blank(c) || c == U'-'; }

bool is_name_of_tag(std::u32string_view name) {
  static constexpr std::u32string_view kTags[] = {U"BR", U"P",  U"DIV", U"SPAN", U"B",  U"I",     U"U",
                                                  U"TD", U"TR", U"LI",  U"UL",   U"EM", U"STRONG"};
  return std::ranges::find(kTags, name) != std::ranges::end(kTags);
}

struct Markup {
  std::size_t size = 0;  // 0: none
  char32_t character = U'\0';
};

std::optional<char32_t> number_of_entity(std::u32string_view digits) {
  const bool hex = digits.starts_with(U'X');
  if (hex) digits.remove_prefix(1);
  if (digits.empty()) return std::nullopt;
  char32_t value = 0;
  for (const char32_t c : digits) {
    const bool letter = hex && c >= U'A' && c <= U'F';
    if (!is_digit(c) && !letter) return std::nullopt;
    value = value * (hex ? 16 : 10) + (letter ? c - U'A' + 10 : c - U'0');
    if (value > 0x10FFFF) return std::nullopt;
  }
  return value;
}

// `rest` begins with '&'.
Markup entity_at(std::u32string_view rest) {
  static constexpr std::u32string_view kBlanks[] = {U"NBSP", U"ENSP", U"EMSP", U"THINSP", U"ZWNJ", U"ZWJ", U"SHY"};
  const std::size_t end = rest.substr(0, kMaxMarkup).find(U';');
  if (end == std::u32string_view::npos) return {};
  const std::u32string_view name = rest.substr(1, end - 1);
  if (name == U"AMP" && rest.substr(end + 1).starts_with(U"NBSP;")) return {end + 6, U'\0'};
  if (std::ranges::find(kBlanks, name) != std::ranges::end(kBlanks)) return {end + 1, U'\0'};
  if (!name.starts_with(U'#')) return {};
  const auto value = number_of_entity(name.substr(1));
  if (!value) return {};
  const char32_t folded = folded_character(*value);
  return {end + 1, is_blank(folded) ? U'\0' : folded};
}

// `rest` begins with '<' or an escaped one; a tag that holds nothing but its name.
Markup tag_at(std::u32string_view rest, std::u32string_view open, std::u32string_view close) {
  const std::size_t end = rest.substr(0, kMaxMarkup + open.size()).find(close, open.size());
  if (end == std::u32string_view::npos) return {};
  std::u32string_view name = rest.substr(open.size(), end - open.size());
  while (!name.empty() && (name.front() == U'/' || is_blank(name.front()))) name.remove_prefix(1);
  while (!name.empty() && (name.back() == U'/' || is_blank(name.back()))) name.remove_suffix(1);
  return is_name_of_tag(name) ? Markup{end + close.size(), U'\0'} : Markup{};
}

}  // namespace

std::string_view name_of(SpanType type) {
  static constexpr std::array<std::string_view, 9> kNames{"ID",       "BANK_CARD", "PHONE",   "EMAIL", "PLATE",
                                                          "PASSPORT", "ACCOUNT",   "ADDRESS", "PERSON"};
  return kNames[static_cast<std::size_t>(type)];
}

char32_t digit_of(char32_t c) {
  if (c > 0xFFFF || !tables().digits.holds(c)) return U'\0';
  if (c == U'幺') return U'1';
  for (const std::u32string_view row : kDigitRows) {
    if (const auto at = row.find(c); at != std::u32string_view::npos) return U'0' + static_cast<char32_t>(at);
  }
  return U'\0';
}

char32_t folded_character(char32_t c) {
  const Tables& table = tables();
  if (c < 0x80) return table.ascii[c];
  return c < 0x10000 && table.folds.holds(c) ? slow_fold(c) : c;
}

char32_t take_code_point(std::string_view utf8, std::size_t& at) {
  const std::size_t before = at;
  const auto c = next_code_point(utf8, at);
  if (c && at > before) return *c;
  at = before + 1;
  return U'\xFFFD';
}

namespace {

constexpr std::size_t kKeptRooms = 2;  // of a thread

// Rooms that were given back, of this thread.
std::vector<std::u32string>& kept_rooms() {
  thread_local std::vector<std::u32string> rooms;
  return rooms;
}

// Bytes with which no character begins, in eight.
int continuations(const char* bytes) {
  std::uint64_t eight = 0;
  std::memcpy(&eight, bytes, sizeof eight);
  return std::popcount(eight >> 7U & ~eight >> 6U & 0x0101010101010101U);
}

std::size_t count_beginnings(std::string_view utf8) {
  std::size_t size = utf8.size();
  std::size_t at = 0;
  for (; at + 8 <= utf8.size(); at += 8) size -= static_cast<std::size_t>(continuations(utf8.data() + at));
  for (; at < utf8.size(); ++at) size -= (static_cast<unsigned char>(utf8[at]) & 0xC0) == 0x80;
  return size;
}

}  // namespace

CharacterRoom::CharacterRoom(std::size_t size) {
  if (size >= kLeastKept && size <= kMostKept) {
    auto& kept = kept_rooms();
    if (!kept.empty()) {
      characters = std::move(kept.back());
      kept.pop_back();
    }
  }
  characters.resize(size);
}

CharacterRoom::~CharacterRoom() {
  if (characters.size() < kLeastKept || characters.capacity() > kMostKept) return;
  auto& kept = kept_rooms();
  if (kept.capacity() == 0) kept.reserve(kKeptRooms);
  if (kept.size() == kKeptRooms) return;
  kept.push_back(std::move(characters));
}

FoldedText::FoldedText(std::string_view utf8) : text_(count_beginnings(utf8)), folded_(text_.characters.size()) {
  std::vector<std::uint32_t> digits;
  bool markup = false;
  fold_all(utf8, digits, markup);
  if (markup) fold_markup();
  if (!digits.empty()) fold_digits(digits);
}

void FoldedText::fold_all(std::string_view utf8, std::vector<std::uint32_t>& digits, bool& markup) {
  const Tables& table = tables();
  const char* const bytes = utf8.data();
  char32_t* text = text_.characters.data();
  char32_t* folded = folded_.characters.data();
  std::size_t count = 0;
  const auto byte = [bytes](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  for (std::size_t at = 0; at < utf8.size(); ++count) {
    const unsigned char first = byte(at);
    if (first < 0x80) {
      ++at;
      markup = markup || first == '<' || first == '&';
      text[count] = first;
      folded[count] = table.ascii[first];
      continue;
    }
    char32_t c = 0;
    // Three bytes of U+1000 to U+CFFF: nearly all Chinese text.
    if (first >= 0xE1 && first <= 0xEC && at + 2 < utf8.size() && (byte(at + 1) & 0xC0) == 0x80 &&
        (byte(at + 2) & 0xC0) == 0x80) {
      c = (first & 0xFU) << 12 | (byte(at + 1) & 0x3FU) << 6 | (byte(at + 2) & 0x3FU);
      at += 3;
    } else {
      c = take_code_point(utf8, at);
      // A byte that belongs to no character was not counted, perhaps.
      if (c == U'\xFFFD') {
        text_.characters.push_back(U'\0');
        folded_.characters.push_back(U'\0');
        text = text_.characters.data();
        folded = folded_.characters.data();
      }
    }
    text[count] = c;
    folded[count] = c;
    if (c > 0xFFFF || !table.asks.holds(c)) continue;
    if (table.digits.holds(c)) digits.push_back(static_cast<std::uint32_t>(count));
    if (table.folds.holds(c)) folded[count] = slow_fold(c);
  }
  text_.characters.resize(count);
  folded_.characters.resize(count);
}

std::size_t FoldedText::end_of(std::size_t i) const {
  const std::u32string& text = text_.characters;
  std::size_t end = i + 1;
  if (i >= text.size() || text[i] != U'&' || folded()[i] == U'&') return end;
  while (end < text.size() && end < i + kMaxMarkup && text[end - 1] != U';') ++end;
  return end;
}

void FoldedText::fold_markup() {
  std::u32string& folded = folded_.characters;
  for (std::size_t i = folded.find_first_of(U"<&"); i != std::u32string::npos; i = folded.find_first_of(U"<&", i)) {
    const std::u32string_view rest = std::u32string_view(folded).substr(i, 2 * kMaxMarkup);
    Markup found = rest.front() == U'<' ? tag_at(rest, U"<", U">") : entity_at(rest);
    if (found.size == 0 && rest.starts_with(U"&LT;")) found = tag_at(rest, U"&LT;", U"&GT;");
    if (found.size > 0) {
      std::fill_n(folded.begin() + static_cast<std::ptrdiff_t>(i), found.size, U'\0');
      folded[i] = found.character;
    }
    i += std::max<std::size_t>(found.size, 1);
  }
}

void FoldedText::fold_digits(const std::vector<std::uint32_t>& places) {
  std::u32string& folded = folded_.characters;
  const auto counts = [&](std::size_t i) { return is_digit(folded[i]) || digit_of(folded[i]) != U'\0'; };
  std::size_t done = 0;
  for (const std::uint32_t place : places) {
    if (place < done) continue;
    // Digits, with one sign and what has no width between two of them.
    std::size_t begin = place;
    std::size_t signs = 0;
    for (std::size_t i = place; i > done && place - i < kMaxReach && signs <= 1; --i) {
      if (counts(i - 1))
        begin = i - 1, signs = 0;
      else if (is_between(folded[i - 1]))
        signs += folded[i - 1] != U'\0';
      else
        break;
    }
    std::size_t end = place;
    std::size_t digits = 0;
    signs = 0;
    for (std::size_t i = begin; i < folded.size() && signs <= 1; ++i) {
      if (counts(i))
        end = i + 1, ++digits, signs = 0;
      else if (is_between(folded[i]))
        signs += folded[i] != U'\0';
      else
        break;
    }
    for (std::size_t i = begin; i < end && digits >= kLeastDigits; ++i) {
      if (const char32_t digit = digit_of(folded[i])) folded[i] = digit;
    }
    done = std::max<std::size_t>(end, place + 1);
  }
}

void join_spans(std::vector<TextSpan>& spans) {
  std::ranges::sort(spans, [](const TextSpan& a, const TextSpan& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
  });
  std::size_t kept = 0;
  for (const TextSpan& span : spans) {
    if (span.begin >= span.end) continue;
    if (kept == 0 || span.begin >= spans[kept - 1].end) {
      spans[kept++] = span;
      continue;
    }
    TextSpan& last = spans[kept - 1];
    const bool longer = span.end - span.begin > last.end - last.begin;
    const TextSpan kind = longer ? span : last;
    last = {last.begin, std::max(last.end, span.end), kind.type, kind.reason};
  }
  spans.resize(kept);
}

}  // namespace tongqu
