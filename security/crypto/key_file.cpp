#include "security/crypto/key_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "security/crypto/crypto_codes.hpp"
#include "security/crypto/random.hpp"

namespace tongqu {
namespace {

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

Error store_error(const char* operation) { return make_error(codes::kCryptoMonthStore, operation); }

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::write(descriptor, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
  return true;
}

bool sync_folder(const std::filesystem::path& folder) {
  const File file{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  return file.is_open() && ::fsync(file.get()) == 0;
}

}  // namespace

Result<std::optional<Bytes>> load_key_file(const std::filesystem::path& file) {
  const File opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!opened.is_open()) {
    if (errno == ENOENT) return std::optional<Bytes>{};
    return store_error("open");
  }
  Bytes bytes(kMaxKeyFileBytes + 1, '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got = ::read(opened.get(), bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return store_error("read");
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > kMaxKeyFileBytes) return store_error("read");
  bytes.resize(size);
  return std::optional<Bytes>{std::move(bytes)};
}

// link() refuses an existing name, rename() would replace it: the first writer wins.
Result<Bytes> keep_key_file(const std::filesystem::path& file, std::string_view wrapped) {
  const auto unique = random_bytes(8);
  if (unique.has_error()) return unique.error();
  const std::string beside = file.string() + "." + to_hex(*unique);
  bool done = false;
  {
    const File made{::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR)};
    if (!made.is_open()) return store_error("create");
    done = write_all(made.get(), wrapped) && ::fsync(made.get()) == 0;
  }
  const bool linked = done && ::link(beside.c_str(), file.c_str()) == 0;
  const bool existed = done && !linked && errno == EEXIST;
  ::unlink(beside.c_str());
  if (!linked && !existed) return store_error("write");
  if (!sync_folder(file.parent_path())) return store_error("sync");
  auto kept = load_key_file(file);
  if (kept.has_error()) return kept.error();
  if (!kept->has_value()) return store_error("read back");
  return std::move(**kept);
}

}  // namespace tongqu
