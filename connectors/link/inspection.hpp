#pragma once
// Files that came over the link and cannot be used: being written still, or bad.
#include <map>
#include <string>

#include "connectors/support/file_system.hpp"
#include "gateway/core/clock.hpp"

namespace tongqu::link {

// Where the files of the other side are, and where ours; all blocking, on the connector's own thread.
struct Folders {
  file::FileSystem& out;    // what goes to the other side
  file::FileSystem& in;     // what came from it
  file::FileSystem& state;  // of this machine only
};

class Inspection {
 public:
  static constexpr std::size_t kMaxListing = 10'000;
  static constexpr std::size_t kMaxQuarantined = 1'000;  // files; further ones are removed

  // `settle_ms`: a file that cannot be read is bad when it has not changed for so long.
  Inspection(file::FileSystem& in, file::FileSystem& state, std::int64_t settle_ms)
      : in_(in), state_(state), settle_ms_(settle_ms) {}

  // To be told of every look at an unusable file; true when it has been the same for long enough.
  [[nodiscard]] bool settled(const file::FileInfo& file, std::int64_t steady_ms);
  // Copies it beside a file that says why (code and place), both in the state folder below `quarantine`, and removes
  // it. What is larger than `max_bytes` is not copied.
  [[nodiscard]] Status quarantine(const file::FileInfo& file, const Error& why, std::size_t max_bytes, Instant now);
  // Files that are no longer in the folder are forgotten.
  void keep_only(const std::vector<file::FileInfo>& present);

 private:
  struct Seen {
    std::uint64_t size_bytes = 0;
    std::int64_t mtime_ms = 0;
    std::int64_t since_ms = 0;  // steady
  };
  file::FileSystem& in_;
  file::FileSystem& state_;
  std::int64_t settle_ms_;
  std::map<std::string, Seen> seen_;
};

}  // namespace tongqu::link
