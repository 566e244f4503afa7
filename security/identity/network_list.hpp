#pragma once
// Networks from which a partner may come: CIDR blocks of IPv4 and IPv6.
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/error.hpp"

namespace tongqu {

// Immutable after create; thread-safe.
class NetworkList {
 public:
  // "10.1.0.0/16", "2001:db8::/32", or a single address. Fails with identity.setup (param = the block) when a block
  // is malformed or has bits behind its prefix. An empty list contains nothing.
  [[nodiscard]] static Result<NetworkList> create(std::span<const std::string> blocks);

  // `address` as in Peer::address. An IPv4 address mapped into IPv6 is the IPv4 address. False when malformed.
  [[nodiscard]] bool contains(std::string_view address) const;

 private:
  struct Block {
    std::array<std::uint8_t, 16> address{};  // IPv4 mapped into ::ffff:0:0/96
    unsigned prefix_bits = 0;
  };
  std::vector<Block> blocks_;
};

}  // namespace tongqu
