#include "connectors/link/file_name.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace tongqu::link {
namespace {

constexpr std::size_t kDigits = 10;
constexpr std::array<std::string_view, 4> kTails{"", "-ack", "-gap", "-list"};

}  // namespace

std::string number_text(std::uint64_t number) {
  std::string digits = std::to_string(number);
  if (digits.size() < kDigits) digits.insert(0, kDigits - digits.size(), '0');
  return digits;
}

std::string file_name(std::string_view link, FileName name, std::string_view extension) {
  std::string out(link);
  out.push_back('-');
  out += number_text(name.number);
  out += kTails[static_cast<std::size_t>(name.kind)];
  out += extension;
  return out;
}

std::optional<FileName> read_file_name(std::string_view text, std::string_view link, std::string_view extension) {
  if (!text.starts_with(link) || !text.ends_with(extension)) return std::nullopt;
  const std::size_t least = link.size() + 1 + kDigits + extension.size();
  if (text.size() < least || text[link.size()] != '-') return std::nullopt;
  const std::string_view digits = text.substr(link.size() + 1, kDigits);
  if (!std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  const std::string_view tail = text.substr(link.size() + 1 + kDigits, text.size() - least);
  const auto found = std::find(kTails.begin(), kTails.end(), tail);
  if (found == kTails.end()) return std::nullopt;
  FileName name{static_cast<FileKind>(found - kTails.begin()), 0};
  std::from_chars(digits.data(), digits.data() + digits.size(), name.number);
  if (name.number == 0) return std::nullopt;
  return name;
}

}  // namespace tongqu::link
