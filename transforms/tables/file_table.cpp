#include "transforms/tables/file_table.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "transforms/tables/table_layout.hpp"
#include "transforms/tables/tables_codes.hpp"

namespace tongqu {

namespace {

constexpr std::array<HeadWord, 7> kHead{{{"table", true},
                                         {"title", true},
                                         {"version", true},
                                         {"direction", true},
                                         {"key", true},
                                         {"valid_from", true},
                                         {"source", true}}};
enum Column : std::size_t { kFromCode, kFromName, kToCode, kToName, kLossy, kNote, kColumns };
constexpr std::array<std::string_view, kColumns> kColumnNames{"from_code", "from_name", "to_code",
                                                              "to_name",   "lossy",     "note"};

bool is_version(std::string_view text) {
  return !text.empty() && text.size() <= 20 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-';
  });
}

class TableBuilder {
 public:
  TableBuilder(TableParts parts, const std::string& file, std::vector<Fault>& faults)
      : parts_(std::move(parts)), file_(file), faults_(faults) {}

  TableHead head() {
    TableHead head;
    head.name = parts_.head_text("table");
    head.title = parts_.head_text("title");
    head.version = parts_.head_text("version");
    head.valid_from = parts_.head_text("valid_from");
    head.source = parts_.head_text("source");
    head.outbound = parts_.head_text("direction") == "out";
    head.keyed_by_name = parts_.head_text("key") == "name";
    expect("version", is_version(head.version), "[0-9A-Za-z.-]{1,20}");
    expect("valid_from", is_table_date(head.valid_from), "YYYY-MM-DD");
    expect("direction", head.outbound || parts_.head_text("direction") == "in", "in, out");
    expect("key", head.keyed_by_name || parts_.head_text("key") == "code", "code, name");
    return head;
  }

  std::vector<TableRow> rows(bool keyed_by_name) {
    const Column key = keyed_by_name ? kFromName : kFromCode;
    std::vector<TableRow> out;
    out.reserve(parts_.rows.size());
    for (CsvRow& row : parts_.rows) {
      for (const Column column : {key, kToCode}) {
        if (row[column].text.empty())
          fault(codes::kTableCellEmpty, row[column].position, std::string(kColumnNames[column]));
      }
      const std::string& lossy = row[kLossy].text;
      if (!lossy.empty() && lossy != "default") fault(codes::kTableCellValue, row[kLossy].position, "default");
      seen_[row[key].text].push_back({row[key].position, lossy == "default"});
      out.push_back({row[kFromCode].text, row[kFromName].text, row[kToCode].text, row[kToName].text, row[kNote].text,
                     lossy == "default"});
    }
    check_duplicates();
    return out;
  }

 private:
  struct Use {
    Position position;
    bool is_default;
  };

  void fault(const ErrorCode& code, Position position, std::string param) {
    faults_.push_back(table_fault(code, file_, position, std::move(param)));
  }

  void expect(std::string_view word, bool holds, std::string_view expected) {
    const auto found = parts_.head.find(word);
    if (holds || found == parts_.head.end() || found->second.text.empty()) return;  // absence is told already
    fault(codes::kTableHeadValue, found->second.position, std::string(expected));
  }

  void check_duplicates() {
    for (const auto& [key, uses] : seen_) {
      const auto defaults = std::count_if(uses.begin(), uses.end(), [](const Use& use) { return use.is_default; });
      if (uses.size() < 2 || defaults == 1 || key.empty()) continue;
      for (std::size_t i = 1; i < uses.size(); ++i) {
        fault(codes::kTableDuplicate, uses[i].position, std::to_string(uses[0].position.line));
      }
    }
  }

  TableParts parts_;
  const std::string& file_;
  std::vector<Fault>& faults_;
  std::map<std::string, std::vector<Use>> seen_;
};

}  // namespace

FileTable::FileTable(TableHead head, std::vector<TableRow> rows) : head_(std::move(head)), rows_(std::move(rows)) {
  hits_.reserve(rows_.size());
  for (const TableRow& row : rows_) {
    const std::string_view key = head_.keyed_by_name ? row.from_name : row.from_code;
    const Hit hit{row.to_code, row.to_name, row.is_default};
    if (row.is_default) {
      hits_[key] = hit;
    } else {
      hits_.emplace(key, hit);
    }
  }
}

Result<std::unique_ptr<FileTable>> FileTable::parse(std::string_view text, const std::string& file) {
  auto rows = read_csv(text, file);
  if (rows.has_error()) return rows.error();
  std::vector<Fault> faults;
  TableBuilder builder(take_apart(std::move(rows).value(), {kHead, kColumnNames}, file, faults), file, faults);
  TableHead head = builder.head();
  std::vector<TableRow> table_rows = builder.rows(head.keyed_by_name);
  if (!faults.empty()) {
    std::sort(faults.begin(), faults.end(), [](const Fault& a, const Fault& b) {
      return std::pair(a.position.line, a.position.column) < std::pair(b.position.line, b.position.column);
    });
    return table_error(file, std::move(faults));
  }
  return std::unique_ptr<FileTable>(new FileTable(std::move(head), std::move(table_rows)));
}

std::unique_ptr<FileTable> FileTable::make(TableHead head, std::vector<TableRow> rows) {
  return std::unique_ptr<FileTable>(new FileTable(std::move(head), std::move(rows)));
}

const CodeTable::Hit* FileTable::find(std::string_view from) const {
  const auto found = hits_.find(from);
  return found == hits_.end() ? nullptr : &found->second;
}

}  // namespace tongqu
