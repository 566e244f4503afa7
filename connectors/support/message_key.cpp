#include "connectors/support/message_key.hpp"

#include <algorithm>

#include "gateway/core/text.hpp"

namespace tongqu {

std::string message_key(const Suite& suite, std::string_view prefix, std::string_view text) {
  // '#' is kept out, so that no text can look like a hash.
  const bool plain = !text.empty() && text.size() <= kMaxPlainKeyBytes &&
                     std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F && c != '#'; });
  if (!plain) return digest_key(suite, prefix, {text});
  return std::string(prefix).append(text);
}

std::string digest_key(const Suite& suite, std::string_view prefix, std::initializer_list<std::string_view> parts) {
  std::string all;
  for (const std::string_view part : parts) all.append(std::to_string(part.size())).append(":").append(part);
  return std::string(prefix).append("#").append(to_hex(as_text(suite.hash({all}))));
}

std::string media_type_of(std::string_view content_type) {
  content_type = content_type.substr(0, content_type.find(';'));
  constexpr std::string_view kSpace = " \t";
  const auto first = content_type.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  content_type = content_type.substr(first, content_type.find_last_not_of(kSpace) - first + 1);
  std::string lower(content_type);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

}  // namespace tongqu
