#include "connectors/support/http_address.hpp"

#include <charconv>

namespace tongqu {

std::optional<HttpAddress> parse_http_url(std::string_view url) {
  HttpAddress address;
  if (url.starts_with("https://")) {
    address.origin.tls = true;
    url.remove_prefix(8);
  } else if (url.starts_with("http://")) {
    url.remove_prefix(7);
  } else {
    return std::nullopt;
  }
  address.origin.port = address.origin.tls ? 443 : 80;
  const auto slash = url.find_first_of("/?");
  std::string_view authority = url.substr(0, slash);
  address.target = slash == std::string_view::npos ? "/" : std::string(url.substr(slash));
  if (address.target.starts_with('?')) address.target.insert(0, "/");
  const auto bracket = authority.find(']');
  const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon != std::string_view::npos) {
    const std::string_view digits = authority.substr(colon + 1);
    const auto [end, bad] = std::from_chars(digits.data(), digits.data() + digits.size(), address.origin.port);
    if (digits.empty() || bad != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    authority = authority.substr(0, colon);
  }
  if (authority.starts_with('[') && authority.ends_with(']')) authority = authority.substr(1, authority.size() - 2);
  if (authority.empty() || authority.find('@') != std::string_view::npos) return std::nullopt;
  address.origin.host = authority;
  return address;
}

}  // namespace tongqu
