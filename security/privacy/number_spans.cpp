#include "security/privacy/number_spans.hpp"

#include <algorithm>
#include <optional>

#include "security/privacy/number_rules.hpp"

namespace tongqu {
namespace {

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool is_letter(char32_t c) { return c >= U'A' && c <= U'Z'; }
bool is_separator(char32_t c) {
  return is_blank(c) || c == U'-' || c == U'.' || c == U'·' || c == U'_' || c == U'(' || c == U')' || c == U'/';
}

// Digits with nothing between them but what has no width.
struct Piece {
  std::size_t begin = 0, end = 0, digits = 0;
};

class NumberFinder {
 public:
  explicit NumberFinder(const FoldedText& text) : text_(text) {}

  std::vector<TextSpan> run() {
    collect();
    for (std::size_t i = 0; i < pieces_.size();) i = look_at(i);
    return std::move(spans_);
  }

 private:
  // Between two pieces of one number: so many signs, or so many blanks behind a line break, and a tag or two.
  static constexpr std::size_t kMaxSigns = 2;
  static constexpr std::size_t kMaxBlanks = 8;
  static constexpr std::size_t kMaxGap = 40;
  static constexpr std::size_t kMaxDigits = 19;
  static constexpr std::size_t kMaxLetters = 32;

  void collect() {
    const std::u32string& folded = text_.folded();
    for (std::size_t i = 0; i < folded.size();) {
      if (!is_digit(folded[i])) {
        ++i;
        continue;
      }
      Piece piece{i, text_.end_of(i), 1};
      while (is_digit(text_.at(piece.end))) piece.end = text_.end_of(piece.end), ++piece.digits;
      pieces_.push_back(piece);
      i = piece.end;
    }
  }

  // Whether piece `i` and the one before it may belong to one number.
  [[nodiscard]] bool joined(std::size_t i) const {
    const std::size_t begin = pieces_[i - 1].end;
    const std::size_t end = pieces_[i].begin;
    if (end - begin > kMaxGap) return false;
    std::size_t signs = 0;
    std::size_t blanks = 0;
    bool line = false;
    for (std::size_t at = begin; at < end; ++at) {
      const char32_t c = text_.at(at);
      if (!is_separator(c)) return false;
      // (0531)88776655; another one begins something else.
      if (c == U'(' && text_.at(pieces_[i].end) != U')') return false;
      line = line || c == U'\n' || c == U'\r';
      if (c == U'\0') continue;
      (is_blank(c) ? blanks : signs) += 1;
    }
    return line ? signs + blanks <= kMaxBlanks : signs + blanks <= kMaxSigns;
  }

  // Tries the piece alone, then with its neighbours, the longest number first. The piece behind what was used.
  std::size_t look_at(std::size_t first) {
    if (in_code(first) || pieces_[first].digits > kMaxDigits) return first + 1;
    std::size_t digits = pieces_[first].digits;
    std::size_t last = first;
    while (last + 1 < pieces_.size() && last - first < kMaxDigits && joined(last + 1) && !in_code(last + 1)) {
      ++last;
      digits += pieces_[last].digits;
    }
    if (digits > kMaxDigits && is_row_of_fours(first, last)) return last + 1;
    for (; last > first; --last) {
      if (digits <= kMaxDigits && is_plausible(first, last) && take(first, last)) return last + 1;
      digits -= pieces_[last].digits;
    }
    take(first, first);
    return first + 1;
  }

  // A number of twenty digits and more that is written in fours.
  [[nodiscard]] bool is_row_of_fours(std::size_t first, std::size_t last) const {
    for (std::size_t i = first; i < last; ++i) {
      if (pieces_[i].digits != 4) return false;
    }
    return last > first && pieces_[last].digits <= 4;
  }

  // A decimal fraction, an address of the internet and a row of short numbers are no telephones.
  [[nodiscard]] bool is_plausible(std::size_t first, std::size_t last) const {
    std::size_t points = 0;
    std::size_t ones = 0;
    for (std::size_t i = first; i <= last; ++i) {
      ones += pieces_[i].digits == 1;
      if (i > first) points += text_.at(pieces_[i - 1].end) == U'.';
    }
    const std::size_t count = last - first + 1;
    if (points > 0 && (count == 4 || pieces_[first].digits < 3)) return false;
    if (ones < count) return ones <= 2;
    // Single digits: all of them or none.
    const auto single = [&](std::size_t i) { return pieces_[i].digits == 1; };
    return !(first > 0 && single(first - 1) && joined(first)) &&
           !(last + 1 < pieces_.size() && single(last + 1) && joined(last + 1));
  }

  // Part of a longer code of letters and digits: a social credit code, an order number, a model.
  [[nodiscard]] bool in_code(std::size_t i) const {
    const Piece& piece = pieces_[i];
    std::size_t before = 0;
    while (before < kMaxLetters && before < piece.begin && is_letter(text_.at(piece.begin - 1 - before))) ++before;
    std::size_t after = 0;
    while (after < kMaxLetters && is_letter(text_.at(piece.end + after))) ++after;
    const bool digit_before = before < piece.begin && is_digit(text_.at(piece.begin - 1 - before)) && before > 0;
    const bool digit_after = after > 0 && is_digit(text_.at(piece.end + after));
    if (piece.digits == 17 && text_.at(piece.end) == U'X' && before == 0) return false;
    if (digit_before || digit_after || (piece.digits == 17 && after == 1)) return true;
    return before > 0 && (after > 0 || (piece.digits > 11 && !is_cue_of_letters(piece.begin, before)));
  }

  [[nodiscard]] bool is_cue_of_letters(std::size_t end, std::size_t count) const {
    static constexpr std::u32string_view kCues[] = {U"ID", U"NO", U"TEL", U"SFZ", U"CARD", U"SJ", U"PHONE", U"KH"};
    const std::u32string_view word = std::u32string_view(text_.folded()).substr(end - count, count);
    return std::ranges::find(kCues, word) != std::ranges::end(kCues);
  }

  // Where the X of an identity number that ends at `end` ends, if it has one.
  [[nodiscard]] std::size_t end_of_x(std::size_t end) const {
    std::size_t at = end;
    while (at < std::min(end + kMaxGap, text_.size()) && is_blank(text_.at(at))) ++at;
    return text_.at(at) == U'X' && !is_letter(text_.at(at + 1)) ? at + 1 : end;
  }

  bool take(std::size_t first, std::size_t last) {
    std::string digits;
    for (std::size_t i = first; i <= last; ++i) {
      for (std::size_t at = pieces_[i].begin; at < pieces_[i].end; ++at) {
        if (is_digit(text_.at(at))) digits.push_back(static_cast<char>(text_.at(at)));
      }
    }
    if (digits.size() < 7) return false;
    std::size_t begin = pieces_[first].begin;
    std::size_t end = pieces_[last].end;
    if (digits.size() == 17 && end_of_x(end) != end) digits.push_back('X'), end = end_of_x(end);
    const auto kind = kind_of_number(digits, cue_before(text_, begin));
    if (!kind) return false;
    if (kind->type == SpanType::kPhone) {
      if (is_amount(end)) return false;
      if (kind->reason == "landline" && is_fraction(begin)) return false;
      const bool closed = std::u32string_view(text_.folded()).substr(begin, end - begin).find(U')') != kNone;
      if (begin > 0 && (text_.at(begin - 1) == U'+' || (closed && text_.at(begin - 1) == U'('))) --begin;
      if (kind->reason.starts_with("landline")) end = end_of_extension(end);
    }
    spans_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), kind->type, kind->reason});
    return true;
  }

  // Behind the point of a decimal fraction.
  [[nodiscard]] bool is_fraction(std::size_t begin) const {
    return begin > 1 && text_.at(begin - 1) == U'.' && is_digit(text_.at(begin - 2));
  }

  [[nodiscard]] bool is_amount(std::size_t end) const {
    if (text_.at(end) == U'.' && is_digit(text_.at(end + 1)) && is_digit(text_.at(end + 2))) end += 3;
    return text_.at(end) == U'元' || text_.at(end) == U'%';
  }

  // 88776655-802, 88776655转802
  [[nodiscard]] std::size_t end_of_extension(std::size_t end) const {
    std::size_t at = end;
    if (text_.at(at) != U'-' && text_.at(at) != U'转') return end;
    ++at;
    const std::size_t begin = at;
    while (at < begin + 6 && is_digit(text_.at(at))) ++at;
    return at > begin && !is_digit(text_.at(at)) ? at : end;
  }

  static constexpr std::size_t kNone = std::u32string_view::npos;
  const FoldedText& text_;
  std::vector<Piece> pieces_;
  std::vector<TextSpan> spans_;
};

}  // namespace

std::vector<TextSpan> find_numbers(const FoldedText& text) {
  std::vector<TextSpan> spans = NumberFinder(text).run();
  find_written_codes(text, spans);
  return spans;
}

}  // namespace tongqu
