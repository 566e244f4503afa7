#pragma once
// A code table or the units as partners tell one another (services codes.publish, unit.directory; docs/directories.md):
// a set of rows with a digest, whole or as what changed since another set. Nothing here is personal data.
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/crypto.hpp"
#include "gateway/core/document.hpp"
#include "transforms/tables/file_table.hpp"
#include "transforms/tables/unit_table.hpp"

namespace tongqu::app {

// What the rows are of. The columns are the members of the service's records, in the order of the digest.
enum class DirectoryKind : std::uint8_t { kCodes, kUnits };
[[nodiscard]] std::span<const std::string_view> columns_of(DirectoryKind kind);

// One cell for each column; no cell holds a control character.
using DirectoryRow = std::vector<std::string>;
using DirectoryRows = std::set<DirectoryRow>;

struct Directory {
  DirectoryKind kind = DirectoryKind::kCodes;
  std::string table;  // "national/problem-category"; units: empty
  std::string title;
  std::string version;
  std::string valid_from;  // YYYY-MM-DD; units: empty
  std::string source;
  DirectoryRows rows;
};

[[nodiscard]] Directory directory_of(const FileTable& table);
// With what `partner` calls the units, and nobody else's codes.
[[nodiscard]] Directory directory_of(const UnitTable& units, std::string_view partner);

// "sm3:…" or "sha-256:…" (lower-case hex): the hash of all rows, each its cells parted by TAB and ended by LF, the
// rows sorted by their bytes.
[[nodiscard]] std::string digest_of(const DirectoryRows& rows, const Suite& suite);
// The rows as that text, and back. Lines with another number of cells are left out.
[[nodiscard]] std::string lines_of(const DirectoryRows& rows);
[[nodiscard]] DirectoryRows rows_of_lines(std::string_view lines, DirectoryKind kind);

// How a message is made. `base` null: the whole.
struct Publication {
  std::string id;  // of the directory and whom it is for: "directory/national/problem-category"
  std::string to;
  std::int64_t number = 0;  // rises with each message of the directory
};
// The document of the gateway's own schemas (config/partners/catalogue.*.json), as JSON.
[[nodiscard]] std::string publication_json(const Publication& head, const Directory& now, const DirectoryRows* base,
                                           const Suite& suite);

// What a canonical record of codes.publish (it has a `table`) or unit.directory says, taken together with the rows that
// are here. `hash` gives the suite of a digest's name ("sm3", "sha-256"), null for any other.
// Fails with directory.base (the delta is of other rows than these), directory.digest (what comes out is not what the
// sender says it is), directory.record.
struct Received {
  Directory directory;
  std::size_t added = 0, removed = 0;  // against `here`
};
using SuiteByName = std::function<const Suite*(std::string_view hash_name)>;
[[nodiscard]] Result<Received> read_publication(const Node& record, const DirectoryRows& here, const SuiteByName& hash);

// The directory as a file of the configuration: a code table `name` that gives each code as it is, or units `name` with
// a column of codes of `partner`.
[[nodiscard]] std::string directory_csv(const Directory& directory, std::string_view name, std::string_view partner);

}  // namespace tongqu::app
