// The Range header against contents of several sizes: a part lies inside, whatever was asked.
#include <cstdint>
#include <cstdlib>

#include "connectors/http/byte_range.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view header(reinterpret_cast<const char*>(data), size);
  for (const std::uint64_t content : {1ULL, 10ULL, 65536ULL, 999'999'999'999'999'999ULL}) {
    const tongqu::ByteRange range = tongqu::parse_byte_range(header, content);
    const bool inside = range.first <= range.last && range.last < content;
    if (range.kind == tongqu::ByteRange::Kind::kPart && !inside) std::abort();
  }
  return 0;
}
