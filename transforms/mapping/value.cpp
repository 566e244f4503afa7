#include "transforms/mapping/value.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <cstring>

#include "gateway/core/clock.hpp"
#include "transforms/mapping/mapping_codes.hpp"

namespace tongqu::mapping {
namespace {

constexpr std::size_t kMaxDecimalDigits = 38;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t count_digits(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  return count;
}

// sign, whole, fraction, exponent of a number; false when the text is none.
struct Parts {
  bool negative = false;
  std::string_view whole, fraction;
  int exponent = 0;
  bool plain = true;  // neither '+', nor exponent, nor leading zeros
};

bool take_apart(std::string_view text, Parts& parts) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    parts.negative = text[0] == '-';
    parts.plain = parts.negative;
    text.remove_prefix(1);
  }
  const std::size_t whole = count_digits(text);
  if (whole == 0) return false;
  parts.whole = text.substr(0, whole);
  if (whole > 1 && text[0] == '0') parts.plain = false;
  text.remove_prefix(whole);
  if (text.starts_with('.')) {
    const std::size_t fraction = count_digits(text.substr(1));
    if (fraction == 0) return false;
    parts.fraction = text.substr(1, fraction);
    text.remove_prefix(fraction + 1);
  }
  if (text.empty()) return true;
  if (text[0] != 'e' && text[0] != 'E') return false;
  parts.plain = false;
  text.remove_prefix(1);
  const bool down = text.starts_with('-');
  if (down || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || count_digits(text) != text.size()) return false;
  // Anything that long is out of range whatever its digits are.
  if (text.size() > 4) text = "9999";
  std::from_chars(text.data(), text.data() + text.size(), parts.exponent);
  if (down) parts.exponent = -parts.exponent;
  return true;
}

std::string_view strip_zeros(std::string_view whole) {
  while (whole.size() > 1 && whole[0] == '0') whole.remove_prefix(1);
  return whole;
}

// Writes the digits with the point moved by the exponent.
Value write_out(const Parts& parts, Scratch& scratch) {
  std::array<char, 2 * kMaxDecimalDigits> digits{};
  const std::size_t all = parts.whole.size() + parts.fraction.size();
  if (all > digits.size()) return Value::of_fault(codes::kMapNumberRange, "decimal");
  std::memcpy(digits.data(), parts.whole.data(), parts.whole.size());
  if (!parts.fraction.empty())
    std::memcpy(digits.data() + parts.whole.size(), parts.fraction.data(), parts.fraction.size());
  const int point = static_cast<int>(parts.whole.size()) + parts.exponent;  // digits before the point
  const int size = static_cast<int>(all);
  if (point > static_cast<int>(kMaxDecimalDigits) || size - point > static_cast<int>(kMaxDecimalDigits))
    return Value::of_fault(codes::kMapNumberRange, "decimal");
  char* room = scratch.allocate(3 * kMaxDecimalDigits + 4);
  if (room == nullptr) return text_too_long();
  char* at = room;
  if (parts.negative) *at++ = '-';
  char* const first = at;
  for (int i = 0; i < point; ++i) {
    const char digit = i < size ? digits[static_cast<std::size_t>(i)] : '0';
    if (at == first && digit == '0' && i + 1 < point) continue;  // no leading zeros
    *at++ = digit;
  }
  if (point <= 0) *at++ = '0';
  if (size > point) {
    *at++ = '.';
    for (int i = point; i < size; ++i) *at++ = i < 0 ? '0' : digits[static_cast<std::size_t>(i)];
  }
  const auto whole_digits = static_cast<std::size_t>(at - first);
  if (whole_digits > kMaxDecimalDigits + 1) return Value::of_fault(codes::kMapNumberRange, "decimal");
  return Value::of_decimal({room, static_cast<std::size_t>(at - room)});
}

// The text of an XML element that holds nothing else; nullptr when it holds more.
const Node* only_text(const Node& node) {
  if (node.kind != Kind::kObject) return nullptr;
  const Node* text = nullptr;
  for (const Node& child : children(node)) {
    if (child.name == "#text") {
      text = &child;
    } else if (!child.name.starts_with('@')) {
      return nullptr;
    }
  }
  return text;
}

Value wrong_type(FieldType type) { return Value::of_fault(codes::kMapSourceType, name_of(type)); }

Value read_boolean(const Node& node) {
  if (node.text == "true") return Value::of_boolean(true);
  if (node.text == "false") return Value::of_boolean(false);
  return wrong_type(FieldType::kBoolean);
}

}  // namespace

char* Scratch::allocate(std::size_t bytes) {
  if (bytes > kMaxTextBytes || bytes > left_) return nullptr;
  left_ -= bytes;
  return out_.allocate(bytes);
}

Value text_too_long() { return Value::of_fault(codes::kMapLimitText, "1048576"); }
Value list_too_long() { return Value::of_fault(codes::kMapLimitList, "10000"); }

Value read_scalar(const Node& given, FieldType type, bool empty_absent, Scratch& scratch) {
  const Node* text = only_text(given);
  const Node& node = text != nullptr ? *text : given;
  if (node.kind == Kind::kNull) return Value::absent();
  if (node.kind == Kind::kText && node.text.empty() && empty_absent) return Value::absent();
  if (!node.is_scalar()) return wrong_type(type);
  Value read;
  switch (type) {
    case FieldType::kText: return node.kind == Kind::kText ? Value::of_text(node.text) : wrong_type(type);
    case FieldType::kBoolean: return node.kind == Kind::kNumber ? wrong_type(type) : read_boolean(node);
    case FieldType::kInteger: {
      if (node.kind == Kind::kBoolean) return wrong_type(type);
      read = parse_integer(node.text);
      if (read.state != State::kFault || node.kind != Kind::kNumber) break;
      // JSON knows one kind of number: 1.0 and 1e3 are whole.
      const Value decimal = parse_decimal(node.text, scratch);
      const auto point = decimal.text.find('.');
      if (decimal.state != State::kValue) break;
      if (point != std::string_view::npos && decimal.text.find_first_not_of('0', point + 1) != std::string_view::npos)
        break;
      read = parse_integer(decimal.text.substr(0, point));
      break;
    }
    case FieldType::kDecimal:
      if (node.kind == Kind::kBoolean) return wrong_type(type);
      read = parse_decimal(node.text, scratch);
      break;
    case FieldType::kInstant: {
      const auto at = node.kind == Kind::kText ? parse_rfc3339(node.text) : std::nullopt;
      return at ? Value::of_instant(at->ms) : wrong_type(type);
    }
    default: return wrong_type(type);
  }
  return read.state == State::kFault && read.fault == &codes::kMapNumber ? wrong_type(type) : read;
}

Value instant_text(std::int64_t ms, Scratch& scratch) {
  constexpr std::size_t kRoom = 40;
  char* room = scratch.allocate(kRoom);
  if (room == nullptr) return text_too_long();
  const CivilTime c = to_beijing({ms});
  const int size = std::snprintf(room, kRoom, "%04d-%02d-%02dT%02d:%02d:%02d.%03d+08:00", c.year, c.month, c.day,
                                 c.hour, c.minute, c.second, c.millisecond);
  return Value::of_text({room, std::min(static_cast<std::size_t>(size), kRoom - 1)});
}

Value parse_integer(std::string_view text) {
  std::string_view digits = text;
  if (digits.starts_with('-') || digits.starts_with('+')) digits.remove_prefix(1);
  if (digits.empty() || count_digits(digits) != digits.size()) return Value::of_fault(codes::kMapNumber, "integer");
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{}) return Value::of_fault(codes::kMapNumberRange, "integer");
  return Value::of_integer(value);
}

Value parse_decimal(std::string_view text, Scratch& scratch) {
  Parts parts;
  if (!take_apart(text, parts)) return Value::of_fault(codes::kMapNumber, "decimal");
  if (parts.plain && parts.whole.size() + parts.fraction.size() <= kMaxDecimalDigits) return Value::of_decimal(text);
  parts.whole = strip_zeros(parts.whole);
  if (parts.whole.size() + parts.fraction.size() > kMaxDecimalDigits)
    return Value::of_fault(codes::kMapNumberRange, "decimal");
  return write_out(parts, scratch);
}

int compare_decimals(std::string_view a, std::string_view b) {
  Parts left, right;
  take_apart(a, left);
  take_apart(b, right);
  const auto trim = [](Parts& parts) {
    parts.whole = strip_zeros(parts.whole);
    while (parts.fraction.ends_with('0')) parts.fraction.remove_suffix(1);
    if (parts.whole == "0" && parts.fraction.empty()) parts.negative = false;
  };
  trim(left);
  trim(right);
  if (left.negative != right.negative) return left.negative ? -1 : 1;
  int order = 0;
  if (left.whole.size() != right.whole.size()) {
    order = left.whole.size() < right.whole.size() ? -1 : 1;
  } else {
    order = left.whole.compare(right.whole);
    if (order == 0) order = left.fraction.compare(right.fraction);
  }
  return left.negative ? -order : order;
}

}  // namespace tongqu::mapping
