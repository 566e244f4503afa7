#include "transforms/codecs/json_path.hpp"

#include <algorithm>

#include "gateway/core/text.hpp"

namespace tongqu {
namespace {

constexpr std::size_t kMaxNameCodePoints = 64;
constexpr int kMaxDigitsInARow = 4;

bool looks_like_a_field_name(std::string_view name) {
  if (name.empty() || count_code_points(name) > kMaxNameCodePoints) return false;
  int digits = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto c = static_cast<unsigned char>(name[i]);
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    if (digits > kMaxDigitsInARow || c <= 0x20 || c == 0x7F) return false;
    if (c == '.' || c == '[' || c == ']' || c == '\'' || c == '"' || (c == '@' && i != 0)) return false;
  }
  return true;
}

}  // namespace

void append_path_member(std::string& path, std::string_view name) {
  if (!looks_like_a_field_name(name)) {
    path += "[*]";
    return;
  }
  path.push_back('.');
  path += name;
}

void append_sent_member(std::string& path, std::string_view name) {
  const bool ascii = std::all_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  append_path_member(path, ascii ? name : std::string_view{});
}

void append_path_index(std::string& path, std::size_t index) {
  path.push_back('[');
  path += std::to_string(index);
  path.push_back(']');
}

}  // namespace tongqu
