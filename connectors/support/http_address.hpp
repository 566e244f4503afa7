#pragma once
// Addresses of the configuration, taken apart.
#include <optional>
#include <string>
#include <string_view>

#include "gateway/net/http_client.hpp"

namespace tongqu {

// Address in parts. Empty on anything but http(s)://host[:port][/path][?query]. IPv6 hosts in brackets.
struct HttpAddress {
  net::Origin origin;
  std::string target;
};
[[nodiscard]] std::optional<HttpAddress> parse_http_url(std::string_view url);

}  // namespace tongqu
