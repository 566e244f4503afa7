#include "security/identity/credentials.hpp"

#include <algorithm>

#include "gateway/core/text.hpp"
#include "security/crypto/random.hpp"
#include "security/identity/identity_codes.hpp"

namespace tongqu {

Result<std::string> random_nonce() {
  const auto bytes = random_bytes(16);
  if (bytes.has_error()) return bytes.error();
  return to_hex(*bytes);
}

bool is_nonce(std::string_view text) {
  return text.size() >= 16 && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
         });
}

std::optional<std::string_view> only_header(const Headers& headers, std::string_view name) {
  if (header_count(headers, name) != 1) return std::nullopt;
  return header(headers, name);
}

void set_header(Headers& headers, std::string_view name, std::string value) {
  std::erase_if(headers, [name](const auto& one) { return header_count({one}, name) != 0; });
  headers.emplace_back(name, std::move(value));
}

bool is_one_line(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; });
}

Error refused() { return make_error(codes::kIdentityRefused); }
Error clock_error(Instant now) { return make_error(codes::kIdentityClock, to_beijing_text(now)); }

}  // namespace tongqu
