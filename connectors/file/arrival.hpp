#pragma once
// Which files of a folder are whole. No I/O: listings go in, names come out.
//
//   stable   the same size and modification time in two looks, so that a file being written is left alone
//   marker   <name><marker> is there: the partner makes it when it has finished
//   renamed  the partner writes under another name and renames; what matches the pattern is whole
//
// With `sidecar` the manifest beside the file has to be there (and whole) as well. Never looked at: names that begin
// with a dot or end like a temporary file (.tmp .part .filepart .swp ~), our own reports, markers and manifests, names
// with control characters or longer than 200 bytes.
#include <map>
#include <string>
#include <vector>

#include "connectors/support/file_system.hpp"

namespace tongqu::file {

inline constexpr std::string_view kErrorsSuffix = ".errors.csv";
inline constexpr std::string_view kResultSuffix = ".result.csv";

enum class Ready : std::uint8_t { kStable, kMarker, kRenamed };

struct ArrivalRule {
  Ready ready = Ready::kStable;
  std::string pattern = "*";   // as fits() takes it
  std::string marker = ".ok";  // Ready::kMarker
  bool sidecar = false;
};

class Arrival {
 public:
  explicit Arrival(ArrivalRule rule) : rule_(std::move(rule)) {}
  // Files that are whole, oldest first, by name among equals. Each call is one look.
  [[nodiscard]] std::vector<FileInfo> look(const Listing& listing);
  // Files that arrive with `name` and are moved with it.
  [[nodiscard]] std::vector<std::string> companions(const std::string& name) const;

 private:
  [[nodiscard]] bool candidate(const std::string& name) const;
  [[nodiscard]] bool unchanged(const FileInfo& file) const;

  ArrivalRule rule_;
  std::map<std::string, FileInfo> before_;  // of the last look; as many as the listing had
};

}  // namespace tongqu::file
