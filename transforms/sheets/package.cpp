#include "transforms/sheets/package.hpp"

#include <archive.h>
#include <archive_entry.h>

#include "transforms/sheets/sheets_codes.hpp"

namespace tongqu::sheets {
namespace {

struct Close {
  void operator()(archive* a) const { archive_read_free(a); }
};
using Archive = std::unique_ptr<archive, Close>;

// Appends one part; false when more would be unpacked than is left of the limit.
bool read_part(archive* from, std::size_t& left_bytes, std::string& out, bool& sound) {
  std::array<char, 64 * 1024> block{};
  for (;;) {
    const la_ssize_t got = archive_read_data(from, block.data(), block.size());
    if (got == 0) return true;
    if (got < 0) {
      sound = false;
      return true;
    }
    if (static_cast<std::size_t>(got) > left_bytes) return false;
    left_bytes -= static_cast<std::size_t>(got);
    out.append(block.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

Result<Package> unpack(std::string_view bytes, const WorkbookLimits& limits) {
  if (bytes.size() > limits.max_file_bytes)
    return make_error(codes::kSheetLimit, std::to_string(limits.max_file_bytes) + " B");
  const Archive from(archive_read_new());
  archive_read_support_format_zip(from.get());
  if (archive_read_open_memory(from.get(), bytes.data(), bytes.size()) != ARCHIVE_OK)
    return make_error(codes::kSheetUnreadable);
  Package parts;
  std::size_t left_bytes = limits.max_unpacked_bytes;
  std::size_t count = 0;
  archive_entry* entry = nullptr;
  int status = ARCHIVE_OK;
  while ((status = archive_read_next_header(from.get(), &entry)) == ARCHIVE_OK) {
    if (++count > limits.max_parts) return make_error(codes::kSheetLimit, std::to_string(limits.max_parts));
    const char* name = archive_entry_pathname_utf8(entry);
    if (name == nullptr || !std::string_view(name).starts_with("xl/")) continue;
    bool sound = true;
    if (!read_part(from.get(), left_bytes, parts[name], sound))
      return make_error(codes::kSheetLimit, std::to_string(limits.max_unpacked_bytes) + " B");
    if (!sound) return make_error(codes::kSheetUnreadable);
  }
  if (status != ARCHIVE_EOF || parts.empty()) return make_error(codes::kSheetUnreadable);
  return parts;
}

}  // namespace tongqu::sheets
