#include "transforms/sheets/mapping_sheet.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "transforms/mapping/formatter.hpp"
#include "transforms/sheets/sheets_codes.hpp"

namespace tongqu {
namespace {

constexpr std::array<std::string_view, 7> kHeads{"源字段", "中文名", "目标字段", "规则", "代码表", "必填", "备注"};
enum Column : std::size_t { kSource, kTitle, kTarget, kRule, kTable, kRequired, kNote };
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kHeader{
    {{"映射名称", "mapping"}, {"源模式", "from"}, {"目标模式", "to"}}};

// One statement of a formatted mapping: its comment lines and its own, which go on while a brace is open.
struct Statement {
  std::string comment;
  std::string text;
  std::uint32_t line = 0;
  bool apart = false;  // a blank line stands above it
};
constexpr std::string_view kAbout = "说明";  // comments above the header

int open_braces(std::string_view line) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && quoted) {
      ++i;
    } else if (line[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && line[i] == '#') {
      break;
    } else if (!quoted && (line[i] == '{' || line[i] == '}')) {
      depth += line[i] == '{' ? 1 : -1;
    }
  }
  return depth;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

std::vector<Statement> statements_of(std::string_view formatted) {
  std::vector<Statement> out;
  Statement now;
  int depth = 0;
  std::uint32_t number = 0;
  for (const std::string_view line : lines_of(formatted)) {
    ++number;
    const std::string_view bare = trimmed(line);
    if (depth == 0 && bare.empty()) {
      now.apart = true;
      continue;
    }
    if (depth == 0 && bare.starts_with('#')) {
      now.comment += (now.comment.empty() ? "" : "\n") + std::string(trimmed(bare.substr(1)));
      continue;
    }
    if (now.text.empty()) now.line = number;
    now.text += (now.text.empty() ? "" : "\n") + std::string(depth == 0 ? bare : line);
    depth += open_braces(line);
    if (depth > 0) continue;
    out.push_back(std::exchange(now, {}));
  }
  return out;
}

std::string joined(const std::set<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : "\n") + word;
  return out;
}

// A field may have such a name: what is given a value is none of them.
bool is_header(std::string_view text) {
  return std::any_of(kHeader.begin(), kHeader.end(), [text](const auto& h) {
    return text.starts_with(std::string(h.second) + " ") && !trimmed(text.substr(h.second.size())).starts_with('=');
  });
}

// What the statement at `line` reads, as the compiled mapping knows it.
void put_flows(const Mapping& mapping, std::uint32_t first, std::uint32_t last, std::vector<std::string>& row) {
  std::set<std::string> sources;
  std::set<std::string> tables;
  for (const FieldFlow& flow : mapping.flows()) {
    if (flow.line < first || flow.line > last) continue;
    for (const SourceFlow& source : flow.sources) {
      sources.insert(source.path);
      tables.insert(source.tables.begin(), source.tables.end());
    }
  }
  row[kSource] = joined(sources);
  row[kTable] = joined(tables);
}

}  // namespace

Result<Sheet> mapping_to_sheet(std::string_view text, const Mapping& mapping, const FieldNode& target) {
  auto formatted = format_mapping(text);
  if (formatted.has_error()) return formatted.error();
  Sheet sheet;
  sheet.name = kMappingSheetName;
  const std::vector<Statement> statements = statements_of(*formatted);
  std::string about;
  for (const Statement& statement : statements) {
    if (is_header(statement.text) && !statement.comment.empty())
      about += (about.empty() ? "" : "\n") + statement.comment;
  }
  sheet.rows.push_back({std::string(kAbout), about});
  for (const auto& [zh, word] : kHeader) {
    sheet.rows.push_back({std::string(zh), word == "mapping" ? mapping.name()
                                           : word == "from"  ? mapping.source_schema()
                                                             : mapping.target_schema()});
  }
  sheet.rows.emplace_back(kHeads.begin(), kHeads.end());
  for (const Statement& statement : statements) {
    if (is_header(statement.text)) continue;
    if (statement.apart) sheet.rows.emplace_back();
    std::vector<std::string> row(kHeads.size());
    row[kNote] = statement.comment;
    const auto lines = static_cast<std::uint32_t>(std::count(statement.text.begin(), statement.text.end(), '\n'));
    put_flows(mapping, statement.line, statement.line + lines, row);
    const auto equals = statement.text.find('=');
    if (statement.text.starts_with("when ") || equals == std::string::npos) {
      row[kRule] = statement.text;
    } else {
      row[kTarget] = trimmed(std::string_view(statement.text).substr(0, equals));
      row[kRule] = trimmed(std::string_view(statement.text).substr(equals + 1));
      const FieldNode* field = field_at(target, row[kTarget]);
      if (field != nullptr) row[kTitle] = field->title_zh;
      if (field != nullptr && field->required) row[kRequired] = "是";
    }
    sheet.rows.push_back(std::move(row));
  }
  return sheet;
}

namespace {

class Builder {
 public:
  explicit Builder(const Sheet& sheet) : sheet_(sheet) {}

  Result<MappingText> build() {
    std::size_t row = 1;
    for (; row <= sheet_.rows.size() && !find_heads(row); ++row) header(row);
    if (row > sheet_.rows.size()) fault(codes::kSheetHead, std::string(kMappingSheetName), "规则");
    for (const auto& [zh, word] : kHeader) {
      if (!seen_.contains(word)) fault(codes::kSheetHead, std::string(kMappingSheetName), std::string(zh));
    }
    for (++row; row <= sheet_.rows.size(); ++row) statement(row);
    if (faults_.empty()) return MappingText{std::move(text_), std::move(row_of_)};
    Error error = make_error(*faults_.front().code, faults_.front().param);
    error.faults = std::move(faults_);
    return error;
  }

 private:
  std::string cell(std::size_t row, std::size_t column) const {
    if (column >= columns_.size() || columns_[column] == 0) return {};
    const auto& cells = sheet_.rows[row - 1];
    return columns_[column] <= cells.size() ? std::string(trimmed(cells[columns_[column] - 1])) : std::string();
  }
  void fault(const ErrorCode& code, const std::string& path, const std::string& param) {
    faults_.push_back({&code, path, {}, param, {}, Grade::kError});
  }
  void add(std::string_view line, std::size_t row) {
    text_ += line;
    text_.push_back('\n');
    row_of_.push_back(row);
  }

  // The row of headings is the first that names 目标字段 and 规则; the order of the columns is free.
  bool find_heads(std::size_t row) {
    std::vector<std::size_t> found(kHeads.size());
    const auto& cells = sheet_.rows[row - 1];
    for (std::size_t k = 0; k < cells.size(); ++k) {
      const auto head = std::find(kHeads.begin(), kHeads.end(), trimmed(cells[k]));
      if (head != kHeads.end()) found[static_cast<std::size_t>(head - kHeads.begin())] = k + 1;
    }
    if (found[kTarget] == 0 || found[kRule] == 0) return false;
    columns_ = std::move(found);
    return true;
  }

  void header(std::size_t row) {
    const auto& cells = sheet_.rows[row - 1];
    if (cells.size() < 2) return;
    if (trimmed(cells[0]) == kAbout && !cells[1].empty()) comment(cells[1], row);
    for (const auto& [zh, word] : kHeader) {
      if (trimmed(cells[0]) != zh) continue;
      add(std::string(word) + " " + std::string(trimmed(cells[1])), row);
      seen_.insert(word);
    }
  }

  void statement(std::size_t row) {
    const std::string target = cell(row, kTarget);
    std::string rule = cell(row, kRule);
    const std::string source = cell(row, kSource);
    const std::string note = cell(row, kNote);
    if (target.empty() && rule.empty() && note.empty()) return add("", row);
    comment(note, row);
    if (target.empty() && rule.empty()) return;
    if (rule.empty()) {
      if (source.empty() || source.find('\n') != std::string::npos) {
        return fault(codes::kSheetRow, place(row),
                     "第 " + std::to_string(row) + " 行须填写“规则”或一个“源字段” / row " + std::to_string(row) +
                         " needs 规则 or one 源字段");
      }
      const std::string path = source.starts_with('$') ? source : "$." + source;
      const std::string table = cell(row, kTable);
      rule = table.empty() ? path : "lookup(" + table + ", " + path + ")";
    }
    const std::string text = target.empty() ? rule : target + " = " + rule;
    for (const std::string_view line : lines_of(text)) add(line, row);
  }
  void comment(std::string_view text, std::size_t row) {
    for (const std::string_view line : lines_of(text)) add("# " + std::string(trimmed(line)), row);
  }
  static std::string place(std::size_t row) { return std::string(kMappingSheetName) + "!" + std::to_string(row); }

  const Sheet& sheet_;
  std::vector<std::size_t> columns_;
  std::set<std::string_view> seen_;
  std::string text_;
  std::vector<std::size_t> row_of_;
  std::vector<Fault> faults_;
};

}  // namespace

Result<MappingText> sheet_to_mapping(const std::vector<Sheet>& sheets) {
  const auto sheet =
      std::find_if(sheets.begin(), sheets.end(), [](const Sheet& s) { return s.name == kMappingSheetName; });
  if (sheet == sheets.end()) return make_error(codes::kSheetMissing, std::string(kMappingSheetName));
  return Builder(*sheet).build();
}

Error in_rows(const Error& error, const MappingText& text) {
  Error out = error;
  for (Fault& fault : out.faults) {
    const std::size_t line = fault.position.line;
    if (line == 0 || line > text.row_of.size()) continue;
    fault.path = std::string(kMappingSheetName) + "!" + std::to_string(text.row_of[line - 1]) +
                 (fault.path.empty() ? "" : " " + fault.path);
  }
  return out;
}

}  // namespace tongqu
