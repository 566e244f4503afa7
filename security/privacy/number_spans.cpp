#include "security/privacy/number_spans.hpp"

#include <algorithm>
#include <optional>

#include "security/privacy/number_rules.hpp"

namespace tongqu {
namespace {

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool is_letter(char32_t c) { return c >= U'A' && c <= U'Z'; }
bool is_separator(char32_t c) {
  return c == U' ' || c == U'-' || c == U'\n' || c == U'\r' || c == U'\t' || c == U'.' || c == U'·' || c == U'_' ||
         c == U'\0' || c == U'(' || c == U')' || c == U'/';
}

// Digits without anything between them.
struct Piece {
  std::size_t begin = 0, end = 0;
  [[nodiscard]] std::size_t size() const { return end - begin; }
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
  // Pieces of one number: at most so many, with at most two characters between two of them.
  static constexpr std::size_t kMaxPieces = 19;
  static constexpr std::size_t kMaxGap = 2;
  static constexpr std::size_t kMaxDigits = 19;

  void collect() {
    const std::u32string& folded = text_.folded();
    for (std::size_t i = 0; i < folded.size();) {
      if (!is_digit(folded[i])) {
        ++i;
        continue;
      }
      Piece piece{i, i};
      while (piece.end < folded.size() && is_digit(folded[piece.end])) ++piece.end;
      pieces_.push_back(piece);
      i = piece.end;
    }
  }

  // The last piece that may belong to one number with piece `first`.
  [[nodiscard]] std::size_t last_of_group(std::size_t first) const {
    std::size_t last = first;
    while (last + 1 < pieces_.size() && last - first + 1 < kMaxPieces) {
      const std::size_t gap_begin = pieces_[last].end;
      const std::size_t gap_end = pieces_[last + 1].begin;
      if (gap_end - gap_begin > kMaxGap) break;
      bool separated = true;
      for (std::size_t i = gap_begin; i < gap_end; ++i) separated = separated && is_separator(text_.at(i));
      if (!separated) break;
      ++last;
    }
    return last;
  }

  // Tries the piece alone, then with its neighbours, the longest kind of number first. The piece behind what was used.
  std::size_t look_at(std::size_t first) {
    if (in_code(pieces_[first])) return first + 1;
    if (take(first, first)) return first + 1;
    if (pieces_[first].size() >= 20) return first + 1;
    const std::size_t last = last_of_group(first);
    std::size_t digits = pieces_[first].size();
    std::size_t best = first;
    for (std::size_t i = first + 1; i <= last; ++i) {
      digits += pieces_[i].size();
      if (digits > kMaxDigits || classify(first, i)) {
        best = digits > kMaxDigits ? best : i;
        if (digits > kMaxDigits) break;
      }
    }
    if (best > first && take(first, best)) return best + 1;
    return first + 1;
  }

  // Part of a longer code of letters and digits: a social credit code, an order number.
  [[nodiscard]] bool in_code(const Piece& piece) const {
    std::size_t begin = piece.begin;
    std::size_t end = piece.end;
    while (begin > 0 && (is_digit(text_.at(begin - 1)) || is_letter(text_.at(begin - 1)))) --begin;
    while (is_digit(text_.at(end)) || is_letter(text_.at(end))) ++end;
    const std::size_t length = end - begin;
    if (length == piece.size()) return false;
    const bool id_with_x = begin == piece.begin && length == piece.size() + 1 && text_.at(end - 1) == U'X';
    if (id_with_x) return false;
    return length >= 15 || end != piece.end;
  }

  [[nodiscard]] std::string digits_of(std::size_t first, std::size_t last) const {
    std::string out;
    for (std::size_t i = first; i <= last; ++i) {
      for (std::size_t at = pieces_[i].begin; at < pieces_[i].end; ++at) out.push_back(static_cast<char>(text_.at(at)));
    }
    if (text_.at(pieces_[last].end) == U'X' && out.size() == 17) out.push_back('X');
    return out;
  }

  [[nodiscard]] std::optional<NumberKind> classify(std::size_t first, std::size_t last) const {
    const std::string digits = digits_of(first, last);
    auto kind = kind_of_number(digits);
    if (!kind && (digits.size() == 7 || digits.size() == 8) && has_phone_cue(pieces_[first].begin))
      kind = NumberKind{SpanType::kPhone, "landline after a cue word"};
    return kind;
  }

  bool take(std::size_t first, std::size_t last) {
    const auto kind = classify(first, last);
    if (!kind) return false;
    std::size_t end = pieces_[last].end;
    if (kind->type == SpanType::kId && text_.at(end) == U'X') ++end;
    std::size_t begin = pieces_[first].begin;
    if (kind->type == SpanType::kPhone && begin > 0 && text_.at(begin - 1) == U'+') --begin;
    spans_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), kind->type, kind->reason});
    return true;
  }

  [[nodiscard]] bool has_phone_cue(std::size_t at) const {
    static constexpr std::u32string_view kCues[] = {U"电话", U"座机", U"固话", U"TEL", U"联系方式", U"传真"};
    constexpr std::size_t kNear = 8;
    const std::size_t from = at > kNear ? at - kNear : 0;
    const std::u32string_view before = std::u32string_view(text_.folded()).substr(from, at - from);
    return std::ranges::any_of(kCues, [&](std::u32string_view cue) { return before.find(cue) != before.npos; });
  }

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
