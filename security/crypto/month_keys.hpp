#pragma once
// Where the wrapped month keys live. A month is "2026-11" (Beijing time).
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

#include "gateway/core/error.hpp"
#include "gateway/core/text.hpp"

namespace tongqu {

// Thread-safe. What it keeps is wrapped under the master key; it never sees a plain key.
// Fails with crypto.month-store when reading or writing fails.
class MonthKeys {
 public:
  virtual ~MonthKeys() = default;
  // Empty when the month has no key yet.
  [[nodiscard]] virtual Result<std::optional<Bytes>> load(std::string_view month) const = 0;
  // Keeps `wrapped` durably unless the month already has a key, and returns the one that is kept now: two processes
  // that race for a new month end up with the same key.
  [[nodiscard]] virtual Result<Bytes> keep(std::string_view month, std::string_view wrapped) = 0;
};

// Files <folder>/month-YYYY-MM.key, mode 0600, written beside, synced and linked into place; never overwritten.
// The folder is created (mode 0700) when it is missing. A file above 4 KiB is refused.
[[nodiscard]] Result<std::unique_ptr<MonthKeys>> open_month_key_files(const std::filesystem::path& folder);

// True for "YYYY-MM" with a month between 01 and 12.
[[nodiscard]] bool is_month(std::string_view text);

}  // namespace tongqu
