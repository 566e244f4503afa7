#pragma once
// What the dry runs of imports say, whatever they read. Codes, fields and counts, never a value.
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

#include "gateway/app/rehearsal.hpp"

namespace tongqu::app {

// Says on standard error how far the rows are, while it lives. `rows` is called from a thread of its own.
class Progress {
 public:
  explicit Progress(std::function<std::uint64_t()> rows) : rows_(std::move(rows)), thread_([this] { run(); }) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

 private:
  void run();

  const std::function<std::uint64_t()> rows_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::thread thread_;
};

// Prints what would wait for a person and what would be kept and flagged; nothing when there is none of it.
void print_findings(const RehearsalCounts& counts, Lang lang);

}  // namespace tongqu::app
