#include <algorithm>
#include <tuple>

#include "transforms/tables/file_table.hpp"
#include "transforms/tables/table_layout.hpp"
#include "transforms/tables/tables_codes.hpp"

namespace tongqu {

namespace {

namespace fs = std::filesystem;

Result<std::vector<fs::path>> csv_files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  try {
    if (!fs::exists(folder)) return files;
    for (const auto& set : fs::directory_iterator(folder)) {
      if (!set.is_directory()) continue;
      for (const auto& file : fs::directory_iterator(set.path())) {
        if (file.is_regular_file() && file.path().extension() == ".csv") files.push_back(file.path());
      }
    }
  } catch (const fs::filesystem_error&) {
    return make_error(codes::kTableUnreadable, folder.string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void append(std::vector<Fault>& all, std::vector<Fault> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

Result<std::unique_ptr<FolderTables>> FolderTables::load(const fs::path& folder, std::string_view today) {
  std::unique_ptr<FolderTables> set(new FolderTables(std::string(today)));
  std::vector<Fault> faults;
  auto found = csv_files_below(folder);
  if (found.has_error()) return found.error();
  const std::vector<fs::path>& files = found.value();
  if (files.size() > kMaxTables) return make_error(codes::kTableLimit, std::to_string(kMaxTables) + " tables");
  for (const fs::path& path : files) {
    const std::string file = path.string();
    auto text = read_table_file(path);
    if (text.has_error()) return text.error();
    auto table = FileTable::parse(text.value(), file);
    if (table.has_error()) {
      append(faults, table.error().faults);
      continue;
    }
    const std::string stem = path.stem().string();
    const std::string expected = path.parent_path().filename().string() + "/" + stem.substr(0, stem.find('@'));
    const auto version_at = stem.find('@');
    const bool version_fits =
        version_at == std::string::npos || stem.substr(version_at + 1) == table.value()->version();
    if (table.value()->name() != expected || !version_fits) {
      faults.push_back(
          table_fault(codes::kTableName, file, {1, 1}, version_fits ? expected : expected + stem.substr(version_at)));
    }
    set->tables_.push_back(std::move(table).value());
  }
  auto& tables = set->tables_;
  const auto key = [](const auto& t) { return std::tie(t->name(), t->head().valid_from, t->version()); };
  std::sort(tables.begin(), tables.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const auto same = [&](const auto& other) {
      return other->name() == tables[i]->name() && other->version() == tables[i]->version();
    };
    if (std::any_of(tables.begin(), tables.begin() + static_cast<std::ptrdiff_t>(i), same)) {
      const std::string full = tables[i]->name() + "@" + tables[i]->version();
      faults.push_back(table_fault(codes::kTableTwice, folder.string(), {}, full));
    }
  }
  if (!faults.empty()) return table_error(folder.string(), std::move(faults));
  return set;
}

Status FolderTables::add(std::unique_ptr<FileTable> table) {
  const auto same = [&](const auto& other) { return other->name() == table->name(); };
  if (std::any_of(tables_.begin(), tables_.end(), same)) return make_error(codes::kTableTwice, table->name());
  tables_.push_back(std::move(table));
  return {};
}

const CodeTable* FolderTables::find_table(std::string_view name) const {
  const auto at = name.find('@');
  const std::string_view base = name.substr(0, at);
  const FileTable* best = nullptr;
  for (const auto& table : tables_) {
    if (table->name() != base) continue;
    if (at != std::string_view::npos) {
      if (table->version() == name.substr(at + 1)) return table.get();
      continue;
    }
    if (best == nullptr || table->head().valid_from <= today_) best = table.get();
  }
  return best;
}

}  // namespace tongqu
