#pragma once
// Structured fields of RFC 8941 (the types that RFC 9421 and RFC 9530 use), parsed strictly.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "gateway/core/text.hpp"

namespace tongqu::sf {

// More of anything in one field is refused.
inline constexpr std::size_t kMaxFieldBytes = 16 * 1024;
inline constexpr std::size_t kMaxMembers = 64;

struct Token {
  std::string text;
  friend bool operator==(const Token&, const Token&) = default;
};
struct Binary {
  Bytes bytes;
  friend bool operator==(const Binary&, const Binary&) = default;
};
struct Decimal {
  std::int64_t thousandths = 0;
  friend bool operator==(const Decimal&, const Decimal&) = default;
};
using BareItem = std::variant<std::int64_t, Decimal, std::string, Token, Binary, bool>;

// In the order of first appearance; a repeated key keeps its place and takes the last value (RFC 8941 4.2.3.2).
// `repeated` tells whether that happened, because signatures refuse it.
struct Parameters {
  std::vector<std::pair<std::string, BareItem>> items;
  bool repeated = false;
  [[nodiscard]] const BareItem* find(std::string_view key) const;
};
struct Item {
  BareItem value;
  Parameters parameters;
};
struct Member {
  bool is_list = false;
  std::vector<Item> items;  // of the inner list; exactly one for an item
  Parameters parameters;    // of the inner list or of the item
};
struct Dictionary {
  std::vector<std::pair<std::string, Member>> members;
  bool repeated = false;
  [[nodiscard]] const Member* find(std::string_view key) const;
};

// Empty on any syntax error.
[[nodiscard]] std::optional<Dictionary> parse_dictionary(std::string_view field);
[[nodiscard]] std::optional<std::vector<Member>> parse_list(std::string_view field);
[[nodiscard]] std::optional<Item> parse_item(std::string_view field);

// RFC 8941 section 4.1. Values that no parser made (control characters in a string, …) are the caller's fault.
[[nodiscard]] std::string serialize(const BareItem& item);
[[nodiscard]] std::string serialize(const Member& member);
void append_parameters(std::string& out, const Parameters& parameters);

}  // namespace tongqu::sf
