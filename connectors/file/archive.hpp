#pragma once
// ZIP through libarchive. Reading is bounded in entries, bytes and ratio; what is unpacked lies under names of our own,
// so that no name of the archive can leave the folder; links, encrypted entries and names with "..", a leading "/", "\"
// or control characters make the whole archive one that is turned back. Names are UTF-8, or GB18030 where they are not
// UTF-8 (archives of Chinese Windows programs carry GBK without saying so).
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/support/file_system.hpp"

namespace tongqu::file {

struct UnpackLimits {
  std::size_t max_entries = 100;
  std::uint64_t max_bytes = std::uint64_t{4} << 30U;
  std::uint64_t max_ratio = 200;  // unpacked to packed bytes; small archives (unpacked up to 1 MiB) are not held to it
};

struct Member {
  std::string name;   // UTF-8, its last part
  std::string path;   // in the spool
  std::string place;  // UTF-8, its whole name in the archive; no two members have the same
};

// Unpacks the archive at `source` (a file of this machine) into `spool`, as <prefix>0, <prefix>1, … in the archive's
// order. Errors: file.archive-…, and those of the spool.
[[nodiscard]] Result<std::vector<Member>> unpack(const std::filesystem::path& source, FileSystem& spool,
                                                 const std::string& prefix, const UnpackLimits& limits);

struct ZipEntry {
  std::string name;  // ASCII
  std::string_view bytes;
};
// A ZIP (deflate) of `entries`. The same entries and time give the same bytes. Fails with file.io.
[[nodiscard]] Result<std::string> make_zip(const std::vector<ZipEntry>& entries, std::int64_t time_s);

// `text` as UTF-8: itself when it is UTF-8, else read as GB18030; empty when it is neither.
[[nodiscard]] std::string to_utf8(std::string_view text);

}  // namespace tongqu::file
