#include "connectors/support/file_system.hpp"

#include "connectors/support/folder_codes.hpp"

namespace tongqu::file {

Result<std::string> read_whole(FileSystem& files, const std::string& path, std::size_t max_bytes) {
  auto reader = files.open(path, 0);
  if (reader.has_error()) return reader.error();
  std::string bytes;
  std::string chunk(std::size_t{64} << 10U, '\0');
  for (;;) {
    const auto got = (*reader)->read(chunk.data(), chunk.size());
    if (got.has_error()) return got.error();
    if (*got == 0) return bytes;
    bytes.append(chunk, 0, *got);
    if (bytes.size() > max_bytes) return make_error(codes::kFileTooLarge, std::to_string(max_bytes));
  }
}

Status replace_file(FileSystem& files, const std::string& path, std::string_view bytes) {
  const std::string temporary = join(folder_of(path), "." + name_of(path) + ".tmp");
  auto writer = files.write(temporary, 0);
  if (writer.has_error()) return writer.error();
  if (auto status = (*writer)->write(bytes); status.has_error()) return status;
  if (auto status = (*writer)->finish(); status.has_error()) return status;
  if (auto status = files.rename(temporary, path); status.has_error()) return status;
  return files.sync_folder(folder_of(path));
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

std::string name_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

std::string join(const std::string& folder, const std::string& name) {
  if (folder.empty()) return name;
  return name.empty() ? folder : folder + '/' + name;
}

}  // namespace tongqu::file
