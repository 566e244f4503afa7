// What reads as a manifest, an acknowledgement or a state is written and read again to the same; nothing else happens.
#include <cstdint>
#include <cstdlib>

#include "connectors/file/batch_content.hpp"
#include "connectors/file/import_state.hpp"
#include "connectors/file/manifest.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tongqu::file;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto manifest = read_manifest(text); manifest.has_value()) {
    const auto again = read_manifest(write_manifest(*manifest));
    if (again.has_error() || *again != *manifest) std::abort();
  }
  if (const auto state = read_state(text); state.has_value()) {
    const auto again = read_state(write_state(*state));
    if (again.has_error() || *again != *state) std::abort();
  }
  static_cast<void>(read_ack(text, {{"a", 2}, {"b", 3}}));
  BatchBook book(1000, 10);
  if (book.read(text) > text.size()) std::abort();
  BatchBook other(1000, 10);
  if (other.read(book.text()) != book.text().size()) std::abort();
  return 0;
}
