#include "connectors/support/local_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "connectors/support/folder_codes.hpp"

namespace tongqu::file {
namespace {

// A descriptor that is closed when it goes.
class Handle {
 public:
  explicit Handle(int fd) : fd_(fd) {}
  Handle(Handle&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Handle& operator=(Handle&&) = delete;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool valid() const { return fd_ >= 0; }
  [[nodiscard]] int close() { return ::close(std::exchange(fd_, -1)); }

 private:
  int fd_;
};

FileInfo info_of(std::string name, const struct stat& facts) {
  return {std::move(name), static_cast<std::uint64_t>(facts.st_size),
          facts.st_mtim.tv_sec * 1000 + facts.st_mtim.tv_nsec / 1'000'000, S_ISREG(facts.st_mode)};
}

class LocalReader final : public FileReader {
 public:
  explicit LocalReader(Handle handle) : handle_(std::move(handle)) {}
  Result<std::size_t> read(char* into, std::size_t size) override {
    for (;;) {
      const ssize_t got = ::read(handle_.get(), into, size);
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) return file_error("read", errno);
    }
  }

 private:
  Handle handle_;
};

class LocalWriter final : public FileWriter {
 public:
  explicit LocalWriter(Handle handle) : handle_(std::move(handle)) {}
  Status write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t put = ::write(handle_.get(), bytes.data(), bytes.size());
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) return file_error("write", errno);
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return {};
  }
  Status finish() override {
    if (::fsync(handle_.get()) != 0) return file_error("fsync", errno);
    if (handle_.close() != 0) return file_error("close", errno);
    return {};
  }

 private:
  Handle handle_;
};

class LocalFiles final : public FileSystem {
 public:
  LocalFiles(std::filesystem::path root, bool shared) : root_(std::move(root)), shared_(shared) {}

  Result<Listing> list(const std::string& folder, std::size_t limit) override {
    DIR* opened = ::opendir(at(folder).c_str());
    if (opened == nullptr) return file_error("opendir", errno);
    const std::unique_ptr<DIR, int (*)(DIR*)> directory(opened, ::closedir);
    Listing listing;
    std::size_t looked_at = 0;
    for (;;) {
      errno = 0;
      const dirent* entry = ::readdir(directory.get());
      if (entry == nullptr && errno != 0) return file_error("readdir", errno);
      if (entry == nullptr) return listing;
      const std::string_view name = entry->d_name;
      if (name == "." || name == "..") continue;
      if (looked_at++ == limit) {
        listing.cut = true;
        return listing;
      }
      struct stat facts{};
      if (::fstatat(::dirfd(directory.get()), entry->d_name, &facts, AT_SYMLINK_NOFOLLOW) != 0) continue;
      if (S_ISREG(facts.st_mode)) listing.files.push_back(info_of(std::string(name), facts));
    }
  }

  Result<std::optional<FileInfo>> info(const std::string& path) override {
    struct stat facts{};
    if (::lstat(at(path).c_str(), &facts) == 0) return std::optional(info_of(name_of(path), facts));
    if (errno == ENOENT || errno == ENOTDIR) return std::optional<FileInfo>();
    return file_error("stat", errno);
  }

  Result<std::unique_ptr<FileReader>> open(const std::string& path, std::uint64_t offset) override {
    Handle handle(::open(at(path).c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
    if (!handle.valid()) return file_error("open", errno);
    if (offset != 0 && ::lseek(handle.get(), static_cast<off_t>(offset), SEEK_SET) < 0)
      return file_error("seek", errno);
    return std::unique_ptr<FileReader>(std::make_unique<LocalReader>(std::move(handle)));
  }

  Result<std::unique_ptr<FileWriter>> write(const std::string& path, std::uint64_t offset) override {
    Handle handle(::open(at(path).c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, shared_ ? 0640 : 0600));
    if (!handle.valid()) return file_error("open", errno);
    if (::ftruncate(handle.get(), static_cast<off_t>(offset)) != 0) return file_error("truncate", errno);
    if (::lseek(handle.get(), static_cast<off_t>(offset), SEEK_SET) < 0) return file_error("seek", errno);
    return std::unique_ptr<FileWriter>(std::make_unique<LocalWriter>(std::move(handle)));
  }

  Status rename(const std::string& from, const std::string& to) override {
    if (::rename(at(from).c_str(), at(to).c_str()) != 0) return file_error("rename", errno);
    return {};
  }

  Status remove(const std::string& path) override {
    if (::unlink(at(path).c_str()) != 0 && errno != ENOENT) return file_error("unlink", errno);
    return {};
  }

  Status make_folder(const std::string& path) override {
    for (std::size_t slash = path.find('/');; slash = path.find('/', slash + 1)) {
      const std::string part = path.substr(0, slash);
      if (!part.empty() && ::mkdir(at(part).c_str(), shared_ ? 0750 : 0700) != 0 && errno != EEXIST)
        return file_error("mkdir", errno);
      if (slash == std::string::npos) return {};
    }
  }

  Status sync_folder(const std::string& folder) override {
    const Handle handle(::open(at(folder).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!handle.valid()) return file_error("open", errno);
    // Some mounted file systems know no fsync of a folder; a rename is then as lasting as their server makes it.
    if (::fsync(handle.get()) != 0 && errno != EINVAL && errno != ENOTSUP) return file_error("fsync", errno);
    return {};
  }

 private:
  [[nodiscard]] std::filesystem::path at(const std::string& path) const { return path.empty() ? root_ : root_ / path; }

  std::filesystem::path root_;
  bool shared_;
};

}  // namespace

Error file_error(const char* call, int number) {
  const char* word = ::strerrorname_np(number);
  std::string what = std::string(call) + ": " + (word != nullptr ? word : "?");
  switch (number) {
    case ENOENT:
    case ENOTDIR: return make_error(codes::kFileMissing, std::move(what));
    case EACCES:
    case EPERM:
    case EROFS: return make_error(codes::kFileDenied, std::move(what));
    case ENOSPC:
    case EDQUOT: return make_error(codes::kFileFull, std::move(what));
    default: return make_error(codes::kFileIo, std::move(what));
  }
}

std::unique_ptr<FileSystem> make_local_files(std::filesystem::path root, bool shared) {
  return std::make_unique<LocalFiles>(std::move(root), shared);
}

}  // namespace tongqu::file
