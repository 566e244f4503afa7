#include "security/crypto/month_keys.hpp"

#include <sys/stat.h>

#include <cerrno>

#include "security/crypto/crypto_codes.hpp"
#include "security/crypto/key_file.hpp"

namespace tongqu {
namespace {

Error store_error(const char* operation) { return make_error(codes::kCryptoMonthStore, operation); }

class MonthKeyFiles final : public MonthKeys {
 public:
  explicit MonthKeyFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

  [[nodiscard]] Result<std::optional<Bytes>> load(std::string_view month) const override {
    if (!is_month(month)) return std::optional<Bytes>{};
    return load_key_file(path_of(month));
  }

  [[nodiscard]] Result<Bytes> keep(std::string_view month, std::string_view wrapped) override {
    if (!is_month(month)) return store_error("name");
    return keep_key_file(path_of(month), wrapped);
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
