#pragma once
// A SQLite VFS over the system's, on which the power can be cut and the disk can fill up or fail. Writes since the last
// sync of a file are remembered; after a cut, settle_disk() leaves on the real files what a disk might have: everything
// synced, and of the rest nothing, a prefix, all or a choice by the seed, the last one possibly torn.
//
// Counting starts at arm(); an operation is one write, truncation or sync of a database or WAL file. Syncs are not
// passed on, so a run costs no waiting. Thread-safe.
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace tongqu::test {

class FaultVfs {
 public:
  enum class Fault : std::uint8_t {
    kNone,
    kCut,        // operation n and everything after it fails: the machine is off
    kSyncError,  // sync n fails once with an I/O error
    kFull        // every write that would grow the file system beyond its size fails
  };
  struct Plan {
    Fault fault = Fault::kNone;
    std::uint64_t at = 0;  // 1-based; for kSyncError counted in syncs
    std::uint64_t seed = 0;
  };

  FaultVfs();
  ~FaultVfs();
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;

  [[nodiscard]] const std::string& name() const;
  void arm(const Plan& plan);
  void set_full(bool full);
  [[nodiscard]] std::uint64_t operations() const;
  [[nodiscard]] std::uint64_t syncs() const;
  [[nodiscard]] bool is_cut() const;
  // After every file was closed: makes the real files what the disk kept, and switches the power on again.
  void settle_disk();

  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace tongqu::test
