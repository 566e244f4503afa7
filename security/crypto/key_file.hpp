#pragma once
// One wrapped key in a file that is written once. What stands there is unreadable without the master key.
#include <filesystem>
#include <optional>
#include <string_view>

#include "gateway/core/error.hpp"
#include "gateway/core/text.hpp"

namespace tongqu {

inline constexpr std::size_t kMaxKeyFileBytes = 4096;

// Empty when there is no such file. Fails with crypto.month-store (which step); a file above the limit is refused.
[[nodiscard]] Result<std::optional<Bytes>> load_key_file(const std::filesystem::path& file);
// Keeps `wrapped` durably, mode 0600, unless the file is there already, and returns what is kept now: of two that race
// the first wins. The folder exists. Fails as above.
[[nodiscard]] Result<Bytes> keep_key_file(const std::filesystem::path& file, std::string_view wrapped);

}  // namespace tongqu
