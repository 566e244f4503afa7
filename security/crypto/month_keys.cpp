#include "security/crypto/month_keys.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "security/crypto/crypto_codes.hpp"
#include "security/crypto/random.hpp"

namespace tongqu {
namespace {

constexpr std::size_t kMaxFileBytes = 4096;

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

class MonthKeyFiles final : public MonthKeys {
 public:
  explicit MonthKeyFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

  [[nodiscard]] Result<std::optional<Bytes>> load(std::string_view month) const override {
    if (!is_month(month)) return std::optional<Bytes>{};
    const File file{::open(path_of(month).c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file.is_open()) {
      if (errno == ENOENT) return std::optional<Bytes>{};
      return store_error("open");
    }
    Bytes bytes(kMaxFileBytes + 1, '\0');
    std::size_t size = 0;
    while (size < bytes.size()) {
      const ssize_t got = ::read(file.get(), bytes.data() + size, bytes.size() - size);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return store_error("read");
      if (got == 0) break;
      size += static_cast<std::size_t>(got);
    }
    if (size > kMaxFileBytes) return store_error("read");
    bytes.resize(size);
    return std::optional<Bytes>{std::move(bytes)};
  }

  // link() refuses an existing name, rename() would replace it: the first writer of a month wins.
  [[nodiscard]] Result<Bytes> keep(std::string_view month, std::string_view wrapped) override {
    if (!is_month(month)) return store_error("name");
    const auto unique = random_bytes(8);
    if (unique.has_error()) return unique.error();
    const std::string place = path_of(month);
    const std::string beside = place + "." + to_hex(*unique);
    bool done = false;
    {
      const File file{::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR)};
      if (!file.is_open()) return store_error("create");
      done = write_all(file.get(), wrapped) && ::fsync(file.get()) == 0;
    }
    const bool linked = done && ::link(beside.c_str(), place.c_str()) == 0;
    const bool existed = done && !linked && errno == EEXIST;
    ::unlink(beside.c_str());
    if (!linked && !existed) return store_error("write");
    if (!sync_folder(folder_)) return store_error("sync");
    const auto kept = load(month);
    if (kept.has_error()) return kept.error();
    if (!kept->has_value()) return store_error("read back");
    return **kept;
  }

 private:
  [[nodiscard]] std::string path_of(std::string_view month) const {
    return (folder_ / ("month-" + std::string(month) + ".key")).string();
  }

  std::filesystem::path folder_;
};

}  // namespace

bool is_month(std::string_view text) {
  if (text.size() != 7 || text[4] != '-') return false;
  for (const std::size_t i : {0U, 1U, 2U, 3U, 5U, 6U}) {
    if (text[i] < '0' || text[i] > '9') return false;
  }
  const int month = (text[5] - '0') * 10 + (text[6] - '0');
  return month >= 1 && month <= 12;
}

Result<std::unique_ptr<MonthKeys>> open_month_key_files(const std::filesystem::path& folder) {
  std::error_code failed;
  if (!std::filesystem::is_directory(folder, failed)) {
    std::filesystem::create_directories(folder.parent_path(), failed);
    if (::mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST) return store_error("create the folder");
    if (!std::filesystem::is_directory(folder, failed)) return store_error("create the folder");
  }
  return std::unique_ptr<MonthKeys>{std::make_unique<MonthKeyFiles>(folder)};
}

}  // namespace tongqu
