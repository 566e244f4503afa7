#include "transforms/mapping/date_pattern.hpp"

#include <array>
#include <charconv>

#include "gateway/core/clock.hpp"
#include "transforms/mapping/mapping_codes.hpp"

namespace tongqu::mapping {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr std::string_view kOffset = "+08:00";
constexpr std::int64_t kBeijingMinutes = 8 * 60;
// Years 0000 to 9999, the range of the patterns.
constexpr std::int64_t kMinMs = -62'167'219'200'000 - kBeijingMinutes * 60'000;
constexpr std::int64_t kMaxMs = 253'402'300'799'999 - kBeijingMinutes * 60'000;

std::optional<int> take_digits(std::string_view& text, std::size_t width) {
  if (text.size() < width) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(0, width)) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(width);
  return value;
}

// "Z" or "+08:00"; minutes.
std::optional<std::int64_t> take_offset(std::string_view& text) {
  if (text.starts_with('Z')) {
    text.remove_prefix(1);
    return 0;
  }
  if (text.size() < 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const bool west = text[0] == '-';
  text.remove_prefix(1);
  const auto hours = take_digits(text, 2);
  text.remove_prefix(1);
  const auto minutes = take_digits(text, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::int64_t offset = *hours * 60 + *minutes;
  return west ? -offset : offset;
}

void put_digits(char*& at, int value, std::size_t width) {
  for (std::size_t i = width; i-- > 0; value /= 10) at[i] = static_cast<char>('0' + value % 10);
  at += width;
}

}  // namespace

bool DatePattern::add_part(std::string_view letters) {
  static constexpr std::array<std::string_view, 8> kParts{"yyyy", "MM", "dd", "HH", "mm", "ss", "SSS", "XXX"};
  for (std::size_t i = 0; i < kParts.size(); ++i) {
    if (letters != kParts[i]) continue;
    const auto part = static_cast<Part>(i);
    for (const Piece& piece : pieces_) {
      if (piece.part == part) return false;
    }
    pieces_.push_back({part, letters.size(), {}});
    format_bytes_ += 8;
    return true;
  }
  return false;
}

std::optional<DatePattern> DatePattern::create(std::string_view pattern) {
  DatePattern out;
  out.text_ = pattern;
  out.epoch_ = pattern == "epoch_ms";
  if (out.epoch_) return out;
  const auto literal = [&out](char c) {
    if (out.pieces_.empty() || out.pieces_.back().part != Part::kLiteral) out.pieces_.emplace_back();
    out.pieces_.back().literal.push_back(c);
    ++out.format_bytes_;
  };
  for (std::size_t at = 0; at < pattern.size();) {
    if (pattern[at] == '\'') {
      const auto end = pattern.find('\'', at + 1);
      if (end == std::string_view::npos) return std::nullopt;
      for (const char c : pattern.substr(at + 1, end - at - 1)) literal(c);
      at = end + 1;
    } else if (is_letter(pattern[at])) {
      std::size_t end = at;
      while (end < pattern.size() && pattern[end] == pattern[at]) ++end;
      if (!out.add_part(pattern.substr(at, end - at))) return std::nullopt;
      at = end;
    } else if (is_digit(pattern[at])) {
      return std::nullopt;
    } else {
      literal(pattern[at++]);
    }
  }
  bool year = false;
  for (const Piece& piece : out.pieces_) year = year || piece.part == Part::kYear;
  if (!year || out.format_bytes_ > 256) return std::nullopt;
  return out;
}

bool DatePattern::all_zeros(std::string_view text) const {
  for (const Piece& piece : pieces_) {
    if (piece.part == Part::kLiteral) {
      if (!text.starts_with(piece.literal)) return false;
      text.remove_prefix(piece.literal.size());
    } else if (piece.part == Part::kOffset) {
      if (!take_offset(text)) return false;
    } else {
      const auto value = take_digits(text, piece.width);
      if (!value || *value != 0) return false;
    }
  }
  return text.empty();
}

Value DatePattern::parse(std::string_view text) const {
  const Value wrong = Value::of_fault(codes::kMapDate, text_);
  if (epoch_) {
    const Value ms = parse_integer(text);
    if (ms.state != State::kValue || ms.integer < kMinMs || ms.integer > kMaxMs) return wrong;
    return Value::of_instant(ms.integer);
  }
  // Databases write a date that is not there as 00000000, whatever the pattern of the others.
  if (!text.empty() && text.find_first_not_of('0') == std::string_view::npos && text.size() >= 8)
    return Value::absent();
  if (all_zeros(text)) return Value::absent();
  CivilTime civil{0, 1, 1, 0, 0, 0, 0};
  std::int64_t offset_minutes = kBeijingMinutes;
  for (const Piece& piece : pieces_) {
    if (piece.part == Part::kLiteral) {
      if (!text.starts_with(piece.literal)) return wrong;
      text.remove_prefix(piece.literal.size());
      continue;
    }
    if (piece.part == Part::kOffset) {
      const auto offset = take_offset(text);
      if (!offset) return wrong;
      offset_minutes = *offset;
      continue;
    }
    const auto value = take_digits(text, piece.width);
    if (!value) return wrong;
    const std::array<int*, 7> fields{&civil.year,   &civil.month,  &civil.day,        &civil.hour,
                                     &civil.minute, &civil.second, &civil.millisecond};
    *fields[static_cast<std::size_t>(piece.part)] = *value;
  }
  const auto at = text.empty() ? from_beijing(civil) : std::nullopt;
  if (!at) return wrong;
  return Value::of_instant(at->ms + (kBeijingMinutes - offset_minutes) * 60'000);
}

Value DatePattern::format(std::int64_t ms, Scratch& scratch) const {
  char* room = scratch.allocate(epoch_ ? 24 : format_bytes_ + 8);
  if (room == nullptr) return text_too_long();
  char* at = room;
  if (epoch_) {
    at = std::to_chars(room, room + 24, ms).ptr;
    return Value::of_text({room, static_cast<std::size_t>(at - room)});
  }
  if (ms < kMinMs || ms > kMaxMs) return Value::of_fault(codes::kMapDate, text_);
  const CivilTime c = to_beijing({ms});
  const std::array<int, 7> fields{c.year, c.month, c.day, c.hour, c.minute, c.second, c.millisecond};
  for (const Piece& piece : pieces_) {
    if (piece.part == Part::kLiteral) {
      at = std::copy(piece.literal.begin(), piece.literal.end(), at);
    } else if (piece.part == Part::kOffset) {
      at = std::copy(kOffset.begin(), kOffset.end(), at);
    } else {
      put_digits(at, fields[static_cast<std::size_t>(piece.part)], piece.width);
    }
  }
  return Value::of_text({room, static_cast<std::size_t>(at - room)});
}

}  // namespace tongqu::mapping
