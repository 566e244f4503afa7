#include "transforms/content/strip_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "gateway/core/attachment_copy_codes.hpp"

namespace tongqu {
namespace {

constexpr std::size_t kPieceBytes = 64 * 1024;
constexpr auto kTypes =
    std::to_array<std::string_view>({"image/jpeg", "image/png", "application/pdf", "video/mp4", "video/quicktime",
                                     "video/3gpp", "audio/mp4", "audio/mpeg", "audio/wav", "audio/aac", "audio/amr"});
// Exit status of tongqu-strip (transforms/strip/outcome.hpp).
constexpr int kLimit = 11;
constexpr int kNotClean = 12;
constexpr int kUnknownType = 13;
constexpr int kIo = 14;

Error unavailable() { return make_error(codes::kUnavailable, "attachment copy"); }

class Descriptor {
 public:
  explicit Descriptor(int file = -1) : file_(file) {}
  Descriptor(Descriptor&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  ~Descriptor() {
    if (file_ >= 0) ::close(file_);
  }
  [[nodiscard]] int get() const { return file_; }

 private:
  int file_;
};

class FileContent final : public StrippedContent {
 public:
  FileContent(Descriptor file, std::uint64_t size) : file_(std::move(file)), size_(size) {}
  [[nodiscard]] std::uint64_t size_bytes() const override { return size_; }
  [[nodiscard]] Result<Bytes> read(std::uint64_t offset_bytes) override {
    Bytes piece(static_cast<std::size_t>(std::min<std::uint64_t>(kPieceBytes, size_ - offset_bytes)), '\0');
    const auto got = ::pread(file_.get(), piece.data(), piece.size(), static_cast<off_t>(offset_bytes));
    if (got <= 0) return unavailable();
    piece.resize(static_cast<std::size_t>(got));
    return piece;
  }

 private:
  Descriptor file_;
  std::uint64_t size_;
};

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto taken = ::write(file, bytes.data(), bytes.size());
    if (taken < 0 && errno == EINTR) continue;
    if (taken <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(taken));
  }
  return true;
}

class StripProcess final : public Stripper {
 public:
  explicit StripProcess(StripOptions options) : options_(std::move(options)) {}

  [[nodiscard]] bool knows(std::string_view media_type) const override {
    return std::ranges::find(kTypes, media_type) != kTypes.end();
  }

  [[nodiscard]] Result<std::unique_ptr<StrippedContent>> strip(AttachmentReader& original) override {
    const Attachment& attachment = original.attachment();
    Descriptor in = nameless(attachment.size_bytes);
    Descriptor out = nameless(attachment.size_bytes);
    if (in.get() < 0 || out.get() < 0) return unavailable();
    for (std::uint64_t at = 0; at < attachment.size_bytes;) {
      const auto piece = original.read(at);
      if (piece.has_error()) return piece.error();
      if (!write_all(in.get(), *piece)) return unavailable();
      at += piece->size();
    }
    if (::lseek(in.get(), 0, SEEK_SET) != 0) return unavailable();
    if (auto status = run(attachment.type, in.get(), out.get()); status.has_error()) return status.error();
    struct stat about{};
    if (::fstat(out.get(), &about) != 0) return unavailable();
    if (about.st_size <= 0) return make_error(codes::kAttachmentNoCopy);
    return std::unique_ptr<StrippedContent>(
        std::make_unique<FileContent>(std::move(out), static_cast<std::uint64_t>(about.st_size)));
  }

 private:
  // Without a name from its first moment: a crash leaves nothing behind that could be opened.
  [[nodiscard]] Descriptor nameless(std::uint64_t size_bytes) const {
    if (size_bytes <= options_.max_memory_bytes)
      return Descriptor(static_cast<int>(::memfd_create("attachment", MFD_CLOEXEC)));
    // A full disk must not be taken for a damaged content: that would be for good.
    struct statvfs disk{};
    if (::statvfs(options_.folder.c_str(), &disk) != 0 ||
        static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize < 3 * size_bytes)
      return Descriptor();
    return Descriptor(::open(options_.folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR));
  }

  [[nodiscard]] Status run(const std::string& type, int in, int out) const {
    const auto child = start(type, in, out);
    if (child < 0) return unavailable();
    bool late = false;
    const int status = wait(child, late);
    if (late) return make_error(codes::kAttachmentNoCopyLimit);
    if (WIFSIGNALED(status)) {
      const int signal = WTERMSIG(status);
      return make_error(signal == SIGXCPU || signal == SIGXFSZ || signal == SIGKILL ? codes::kAttachmentNoCopyLimit
                                                                                    : codes::kAttachmentNoCopy);
    }
    switch (WEXITSTATUS(status)) {
      case 0: return {};
      case kLimit: return make_error(codes::kAttachmentNoCopyLimit);
      case kNotClean: return make_error(codes::kAttachmentNoCopyLeft);
      case kUnknownType: return make_error(codes::kAttachmentNoCopyType);
      case kIo: return unavailable();
      default: return make_error(codes::kAttachmentNoCopy);
    }
  }

  // No environment, no descriptor but the two and a closed door for errors.
  [[nodiscard]] pid_t start(const std::string& type, int in, int out) const {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    if (posix_spawn_file_actions_init(&actions) != 0) return -1;
    if (posix_spawnattr_init(&attributes) != 0) {
      posix_spawn_file_actions_destroy(&actions);
      return -1;
    }
    posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    std::string program = options_.program.string();
    std::string word = type;
    std::array<char*, 3> words{program.data(), word.data(), nullptr};
    std::array<char*, 1> environment{nullptr};
    pid_t child = -1;
    if (posix_spawn(&child, program.c_str(), &actions, &attributes, words.data(), environment.data()) != 0) child = -1;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return child;
  }

  [[nodiscard]] int wait(pid_t child, bool& late) const {
    const int handle = static_cast<int>(::syscall(SYS_pidfd_open, child, 0));
    if (handle >= 0) {
      pollfd over{handle, POLLIN, 0};
      int ready = 0;
      do {
        ready = ::poll(&over, 1, static_cast<int>(options_.timeout_ms));
      } while (ready < 0 && errno == EINTR);
      late = ready == 0;
      ::close(handle);
    }
    // Without a handle the process's own limit of time ends it.
    if (late) ::kill(child, SIGKILL);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
  }

  StripOptions options_;
};

}  // namespace

Result<std::unique_ptr<Stripper>> make_strip_process(StripOptions options) {
  if (::access(options.program.c_str(), X_OK) != 0) return make_error(codes::kUnavailable, "tongqu-strip");
  return std::unique_ptr<Stripper>(std::make_unique<StripProcess>(std::move(options)));
}

}  // namespace tongqu
