#include "connectors/support/state_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "connectors/support/folder_codes.hpp"
#include "connectors/support/local_files.hpp"

namespace tongqu::file {

Result<std::unique_ptr<StateLock>> StateLock::take(const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) return file_error("mkdir", failed.value());
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failed);
  const int fd = ::open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return file_error("open", errno);
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return std::unique_ptr<StateLock>(new StateLock(fd));
  const int number = errno;
  ::close(fd);
  if (number == EWOULDBLOCK) return std::unique_ptr<StateLock>();
  return file_error("flock", number);
}

StateLock::~StateLock() { ::close(fd_); }

}  // namespace tongqu::file
