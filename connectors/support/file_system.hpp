#pragma once
// The seam to folders: a local or mounted one, one behind SFTP, and in tests one that fails or kills at each call. All
// calls block and are made from the connector's own thread. Paths are relative to the root, parts joined by '/'; names
// that come from a listing hold no '/'.
//
// Errors of every call: file.missing, file.denied, file.full, file.io, and those of the way there (sftp.…). After an
// error a call may be repeated; whether it had an effect is not known.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/error.hpp"

namespace tongqu::file {

struct FileInfo {
  std::string name;  // last part of the path
  std::uint64_t size_bytes = 0;
  std::int64_t mtime_ms = 0;
  bool regular = false;  // a plain file: no folder, no link, no device
};

struct Listing {
  std::vector<FileInfo> files;  // plain files only, in no order
  bool cut = false;             // there were more entries than `limit`
};

class FileReader {
 public:
  virtual ~FileReader() = default;
  // Bytes read into `into`; 0 = end of file.
  [[nodiscard]] virtual Result<std::size_t> read(char* into, std::size_t size) = 0;
};

class FileWriter {
 public:
  virtual ~FileWriter() = default;
  [[nodiscard]] virtual Status write(std::string_view bytes) = 0;
  // On disk (as far as the server can promise it) and closed. Without it what was written may be lost.
  [[nodiscard]] virtual Status finish() = 0;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;
  // At most `limit` entries are looked at.
  [[nodiscard]] virtual Result<Listing> list(const std::string& folder, std::size_t limit) = 0;
  // Empty when there is nothing of that name. Does not follow links.
  [[nodiscard]] virtual Result<std::optional<FileInfo>> info(const std::string& path) = 0;
  [[nodiscard]] virtual Result<std::unique_ptr<FileReader>> open(const std::string& path, std::uint64_t offset) = 0;
  // Makes the file, or cuts it at `offset` (≤ its size) and goes on there.
  [[nodiscard]] virtual Result<std::unique_ptr<FileWriter>> write(const std::string& path, std::uint64_t offset) = 0;
  // Takes the place of a file of that name, at once.
  [[nodiscard]] virtual Status rename(const std::string& from, const std::string& to) = 0;
  // Well also when there is nothing of that name.
  [[nodiscard]] virtual Status remove(const std::string& path) = 0;
  // With the folders above it; well also when it is there.
  [[nodiscard]] virtual Status make_folder(const std::string& path) = 0;
  // Renames and removals in `folder` so far are on disk. Does nothing where the server has no such call.
  [[nodiscard]] virtual Status sync_folder(const std::string& folder) = 0;
  // Calls that still wait `grace_ms` later fail then, and so do new ones. From any thread, also while a call waits.
  virtual void cut(std::int64_t /*grace_ms*/) {}
};

// Reads a whole file of at most `max_bytes`; file.too-large above.
[[nodiscard]] Result<std::string> read_whole(FileSystem& files, const std::string& path, std::size_t max_bytes);
// Under a temporary name in the same folder, then renamed: whoever looks sees nothing, the old file or the new one.
[[nodiscard]] Status replace_file(FileSystem& files, const std::string& path, std::string_view bytes);
// "a/b" of "a/b/c"; "" without one.
[[nodiscard]] std::string folder_of(const std::string& path);
[[nodiscard]] std::string name_of(const std::string& path);
// "a/b"; the other part alone when one is empty.
[[nodiscard]] std::string join(const std::string& folder, const std::string& name);

}  // namespace tongqu::file
