// Whatever decodes must encode, and decode again to the same.
#include <cstdint>
#include <cstdlib>

#include "transforms/codecs/json_codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const tongqu::JsonCodec codec;
  tongqu::Document first;
  if (codec.decode(bytes, {}, first).has_error()) return 0;
  std::string once;
  if (codec.encode(first.root(), once).has_error()) std::abort();
  tongqu::Document second;
  tongqu::DecodeLimits limits;
  limits.max_bytes = 8 * limits.max_bytes;
  if (codec.decode(once, limits, second).has_error()) std::abort();
  std::string twice;
  if (codec.encode(second.root(), twice).has_error() || once != twice) std::abort();
  static_cast<void>(tongqu::to_pretty_json(first.root()));
  return 0;
}
