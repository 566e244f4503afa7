// multipart/form-data: the first line is the Content-Type, the rest the body. Held: parts lie inside the body, in
// order, without overlap, and within their limits.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "connectors/http/form_files.hpp"
#include "connectors/http/multipart.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto line = input.find('\n');
  if (line == std::string_view::npos) return 0;
  const std::string_view body = input.substr(line + 1);
  const auto parts = tongqu::parse_multipart(input.substr(0, line), body);
  if (parts.has_error()) return 0;
  if (parts->size() > tongqu::kMaxParts) std::abort();
  const char* at = body.data();
  for (const tongqu::FormPart& part : *parts) {
    if (part.body.data() < at || part.body.data() + part.body.size() > body.data() + body.size()) std::abort();
    at = part.body.data() + part.body.size();
  }
  const auto document = tongqu::document_part(*parts);
  if (document.has_error()) return 0;
  // Whatever the document is: what is added lies between its text and its closing brace.
  const auto whole = tongqu::document_with_files((*parts)[*document].body, "files", *parts);
  if (whole.has_value() && (!whole->starts_with('{') || !whole->ends_with("]}"))) std::abort();
  return 0;
}
