#pragma once
// One connector at a time works in a partner's state folder: the one of the new configuration waits for the old one,
// and a second gateway by mistake waits for ever. The lock goes with the process.
#include <filesystem>
#include <memory>

#include "gateway/core/error.hpp"

namespace tongqu::file {

class StateLock {
 public:
  // Makes the folder (mode 0700) when it is missing. Empty when another holds the lock; asks without waiting.
  [[nodiscard]] static Result<std::unique_ptr<StateLock>> take(const std::filesystem::path& folder);
  StateLock(const StateLock&) = delete;
  StateLock& operator=(const StateLock&) = delete;
  ~StateLock();

 private:
  explicit StateLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace tongqu::file
