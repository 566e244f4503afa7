#pragma once
// Where the gateway stands in a partner's list, on disk: one small file, replaced as a whole.
#include <filesystem>
#include <string>

#include "gateway/core/error.hpp"

namespace tongqu {

class PollPosition {
 public:
  explicit PollPosition(std::filesystem::path folder) : folder_(std::move(folder)) {}
  // The stored position, or `otherwise` when nothing was stored yet. Fails with http.poll-cursor.
  [[nodiscard]] Result<std::string> load(const std::string& otherwise) const;
  // On disk when it returns; after a failure the earlier one holds. Fails with http.poll-cursor. Makes the folder
  // (0700).
  [[nodiscard]] Status save(const std::string& position) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace tongqu
