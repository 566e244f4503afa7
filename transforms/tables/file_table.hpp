#pragma once
// Code tables in CSV files that a spreadsheet opens (docs: config/tables/README.md).
//
//   #table,city-a/problem          name: folder and file under config/tables
//   #title,城市A问题类别            what it is, for people
//   #version,2024-01
//   #direction,in                  in: the partner's → canonical; out: canonical → the partner's
//   #key,code                      code: looked up by from_code; name: by from_name, exactly
//   #valid_from,2024-01-01
//   #source,assumed                where it comes from
//   from_code,from_name,to_code,to_name,lossy,note
//
// An empty cell is no code; 0 is one. A key may stand in several rows only when exactly one of them says "default"
// under lossy: that one is found, and its hit is lossy.
#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateway/core/error.hpp"
#include "gateway/core/mapper.hpp"

namespace tongqu {

struct TableHead {
  std::string name;
  std::string title;
  std::string version;     // [0-9A-Za-z.-]{1,20}
  std::string valid_from;  // YYYY-MM-DD
  std::string source;
  bool outbound = false;
  bool keyed_by_name = false;
};

struct TableRow {
  std::string from_code, from_name, to_code, to_name, note;
  bool is_default = false;
};

// One table of one version. Immutable, thread-safe.
class FileTable final : public CodeTable {
 public:
  // `file` stands in the faults. Fails with kTableFile and all faults of the text.
  [[nodiscard]] static Result<std::unique_ptr<FileTable>> parse(std::string_view text, const std::string& file);

  // Of rows that another source of this program made and checked.
  [[nodiscard]] static std::unique_ptr<FileTable> make(TableHead head, std::vector<TableRow> rows);

  [[nodiscard]] const Hit* find(std::string_view from) const override;
  [[nodiscard]] const std::string& name() const override { return head_.name; }
  [[nodiscard]] const std::string& version() const override { return head_.version; }
  [[nodiscard]] const TableHead& head() const { return head_; }
  [[nodiscard]] const std::vector<TableRow>& rows() const { return rows_; }

 private:
  FileTable(TableHead head, std::vector<TableRow> rows);
  TableHead head_;
  std::vector<TableRow> rows_;  // never changed after construction: hits_ points into it
  std::unordered_map<std::string_view, Hit> hits_;
};

// All tables of a folder: <folder>/<set>/<name>.csv or <name>@<version>.csv. Immutable, thread-safe.
class FolderTables final : public TableSet {
 public:
  static constexpr std::size_t kMaxTables = 1'000;

  // Fails with kTableFile and the faults of all files at once, so that an integrator mends them in one go; a missing
  // folder is an empty set. `today` is YYYY-MM-DD in Beijing.
  [[nodiscard]] static Result<std::unique_ptr<FolderTables>> load(const std::filesystem::path& folder,
                                                                  std::string_view today);

  // "city-a/problem": the version with the latest valid_from up to today, else the first to come.
  // "city-a/problem@2024-01": that version. nullptr: no such table.
  [[nodiscard]] const CodeTable* find_table(std::string_view name) const override;
  // Adds a table of another source; fails with kTableTwice when the name is taken. Before the set is shared.
  [[nodiscard]] Status add(std::unique_ptr<FileTable> table);
  // By name, then valid_from.
  [[nodiscard]] const std::vector<std::unique_ptr<FileTable>>& tables() const { return tables_; }

 private:
  explicit FolderTables(std::string today) : today_(std::move(today)) {}
  std::string today_;
  std::vector<std::unique_ptr<FileTable>> tables_;
};

}  // namespace tongqu
