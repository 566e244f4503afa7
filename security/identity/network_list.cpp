#include "security/identity/network_list.hpp"

#include <arpa/inet.h>

#include <charconv>
#include <optional>

#include "security/identity/identity_codes.hpp"

namespace tongqu {
namespace {

using Address = std::array<std::uint8_t, 16>;
constexpr unsigned kMappedBits = 96;

struct Parsed {
  Address bytes{};
  bool v4 = false;
};

std::optional<Parsed> parse_address(std::string_view text) {
  const std::string owned(text);
  if (owned.size() != text.size() || owned.find('\0') != std::string::npos) return std::nullopt;
  Parsed parsed;
  parsed.v4 = owned.find(':') == std::string::npos;
  if (parsed.v4) {
    parsed.bytes[10] = parsed.bytes[11] = 0xFF;
    if (inet_pton(AF_INET, owned.c_str(), parsed.bytes.data() + 12) != 1) return std::nullopt;
  } else if (inet_pton(AF_INET6, owned.c_str(), parsed.bytes.data()) != 1) {
    return std::nullopt;
  }
  return parsed;
}

bool bit_of(const Address& address, unsigned i) { return (address[i / 8] >> (7 - i % 8) & 1U) != 0; }

}  // namespace

Result<NetworkList> NetworkList::create(std::span<const std::string> texts) {
  NetworkList list;
  for (const std::string& text : texts) {
    const auto slash = text.find('/');
    const auto parsed = parse_address(std::string_view(text).substr(0, slash));
    if (!parsed) return make_error(codes::kIdentitySetup, text);
    Block block{parsed->bytes, 128};
    if (slash != std::string::npos) {
      const char* const end = text.data() + text.size();
      const auto [stop, failed] = std::from_chars(text.data() + slash + 1, end, block.prefix_bits);
      if (failed != std::errc{} || stop != end || block.prefix_bits > (parsed->v4 ? 32U : 128U))
        return make_error(codes::kIdentitySetup, text);
      if (parsed->v4) block.prefix_bits += kMappedBits;
    }
    // Bits behind the prefix are a typing mistake more often than an intention.
    for (unsigned i = block.prefix_bits; i < 128; ++i) {
      if (bit_of(block.address, i)) return make_error(codes::kIdentitySetup, text);
    }
    list.blocks_.push_back(block);
  }
  return list;
}

bool NetworkList::contains(std::string_view text) const {
  const auto parsed = parse_address(text);
  if (!parsed) return false;
  for (const Block& block : blocks_) {
    unsigned i = 0;
    while (i < block.prefix_bits && bit_of(block.address, i) == bit_of(parsed->bytes, i)) ++i;
    if (i == block.prefix_bits) return true;
  }
  return false;
}

}  // namespace tongqu
