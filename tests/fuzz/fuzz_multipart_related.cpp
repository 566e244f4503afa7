// First line: the media type. Rest: the body. Parts never hold more than the message.
#include <cstdint>
#include <cstdlib>

#include "connectors/soap/multipart.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tongqu::soap;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto line = bytes.find('\n');
  if (line == std::string_view::npos) return 0;
  const std::string_view body = bytes.substr(line + 1);
  auto related = parse_related(parse_media_type(bytes.substr(0, line)), body);
  if (related.has_error()) return 0;
  std::size_t total = related->root.body.size();
  for (const Part& part : related->others) total += part.body.size();
  if (total > body.size() || related->others.size() > kMaxParts) std::abort();
  static_cast<void>(inner_document(related->root.body));
  return 0;
}
