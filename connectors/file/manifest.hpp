#pragma once
// The manifest that goes with a file: what it should hold, so that half a file is never taken for a whole one. CSV,
// UTF-8:
//
//   file,rows,bytes,algorithm,digest
//   penalty-20261125.csv,1024,204800,sm3,66c7f0f4…
//
// One line a file; rows without the header line; digest in hex of the file's bytes. It lies inside the ZIP as
// manifest.csv, or beside the file as <name>.manifest. (assumed: no partner publishes a form)
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/error.hpp"

namespace tongqu::file {

inline constexpr std::string_view kManifestName = "manifest.csv";
inline constexpr std::string_view kManifestSuffix = ".manifest";
inline constexpr std::size_t kMaxManifestEntries = 1000;
inline constexpr std::size_t kMaxManifestBytes = std::size_t{1} << 20U;

struct ManifestEntry {
  std::string file;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  std::string algorithm;
  std::string digest;  // hex, lower case
  friend bool operator==(const ManifestEntry&, const ManifestEntry&) = default;
};

// file.manifest-form with the line for anything that is not exactly of this form: a header that differs, a line with
// other than five fields, a number with sign or leading zero, a name twice, more than kMaxManifestEntries lines.
[[nodiscard]] Result<std::vector<ManifestEntry>> read_manifest(std::string_view text);
[[nodiscard]] std::string write_manifest(const std::vector<ManifestEntry>& entries);

// Holds what a file is against what its manifest says: file.manifest-size, -rows, -algorithm, -digest; in this order.
[[nodiscard]] Status check_entry(const ManifestEntry& says, const ManifestEntry& is);

}  // namespace tongqu::file
