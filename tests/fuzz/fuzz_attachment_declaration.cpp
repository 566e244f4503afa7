// The declaration of an attachment: what is taken is within its bounds.
#include <cstdint>
#include <cstdlib>

#include "connectors/http/attachment_declaration.hpp"
#include "transforms/codecs/json_codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const tongqu::JsonCodec json;
  const auto read = tongqu::read_declaration({reinterpret_cast<const char*>(data), size}, json);
  if (read.has_value() && (read->size_bytes == 0 || read->name.empty() || read->type.empty())) std::abort();
  return 0;
}
