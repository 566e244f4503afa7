#include "gateway/app/directory_rows.hpp"

#include <algorithm>
#include <array>

#include "gateway/app/app_codes.hpp"
#include "gateway/core/jcs.hpp"
#include "gateway/core/text.hpp"

namespace tongqu::app {
namespace {

constexpr std::array<std::string_view, 3> kCodeColumns{"code", "name", "note"};
constexpr std::array<std::string_view, 10> kUnitColumns{
    "id", "name", "level", "parent", "divisions", "zone", "acts_in_name_of", "valid_from", "valid_to", "code"};

std::string_view text_of(const Node& object, std::string_view name) {
  const Node* member = object.find(name);
  return member != nullptr && member->is_scalar() ? member->text : std::string_view{};
}

void put(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  if (out.back() != '{') out += ',';
  append_json_string(out, name);
  out += ':';
  append_json_string(out, value);
}

void put_rows(std::string& out, std::string_view name, DirectoryKind kind, const std::vector<DirectoryRow>& rows) {
  out += ',';
  append_json_string(out, name);
  out += ":[";
  for (const DirectoryRow& row : rows) {
    out += out.back() == '[' ? "{" : ",{";
    for (std::size_t i = 0; i < row.size(); ++i) put(out, columns_of(kind)[i], row[i]);
    out += '}';
  }
  out += ']';
}

std::vector<DirectoryRow> without(const DirectoryRows& rows, const DirectoryRows& others) {
  std::vector<DirectoryRow> out;
  std::set_difference(rows.begin(), rows.end(), others.begin(), others.end(), std::back_inserter(out));
  return out;
}

std::vector<DirectoryRow> rows_in(const Node& record, std::string_view name, DirectoryKind kind) {
  std::vector<DirectoryRow> out;
  const Node* list = record.find(name);
  if (list == nullptr) return out;
  for (const Node& item : children(*list)) {
    DirectoryRow& row = out.emplace_back();
    for (const std::string_view column : columns_of(kind)) row.emplace_back(text_of(item, column));
  }
  return out;
}

// A cell as a spreadsheet reads it.
std::string cell(std::string_view text) {
  if (text.find_first_of("\",") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) out.append(c == '"' ? 2 : 1, c);
  return out + '"';
}

std::string csv_line(std::initializer_list<std::string_view> cells) {
  std::string out;
  for (const std::string_view text : cells) out += (out.empty() ? "" : ",") + cell(text);
  return out + '\n';
}

bool is_text(const DirectoryRow& row) {
  return std::none_of(row.begin(), row.end(), [](const std::string& text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  });
}

}  // namespace

std::span<const std::string_view> columns_of(DirectoryKind kind) {
  if (kind == DirectoryKind::kCodes) return kCodeColumns;
  return kUnitColumns;
}

Directory directory_of(const FileTable& table) {
  Directory out{DirectoryKind::kCodes,
                table.name(),
                table.head().title,
                table.version(),
                table.head().valid_from,
                table.head().source,
                {}};
  for (const TableRow& row : table.rows()) out.rows.insert({row.to_code, row.to_name, row.note});
  return out;
}

Directory directory_of(const UnitTable& units, std::string_view partner) {
  Directory out{DirectoryKind::kUnits, {}, {}, units.version(), {}, {}, {}};
  for (const Unit& unit : units.units()) {
    std::string divisions;
    for (const std::string& code : unit.divisions) divisions += (divisions.empty() ? "" : " ") + code;
    const auto code = unit.codes.find(partner);
    out.rows.insert({unit.id, unit.name, std::to_string(static_cast<int>(unit.level)), unit.parent, divisions,
                     unit.zone ? "yes" : "", unit.acts_in_name_of, unit.valid_from, unit.valid_to,
                     code == unit.codes.end() ? std::string() : code->second});
  }
  return out;
}

std::string lines_of(const DirectoryRows& rows) {
  std::vector<std::string> lines;
  lines.reserve(rows.size());
  for (const DirectoryRow& row : rows) {
    std::string& line = lines.emplace_back();
    for (const std::string& text : row) line += text + '\t';
    line.back() = '\n';
  }
  std::sort(lines.begin(), lines.end());
  std::string out;
  for (const std::string& line : lines) out += line;
  return out;
}

DirectoryRows rows_of_lines(std::string_view lines, DirectoryKind kind) {
  DirectoryRows out;
  while (!lines.empty()) {
    std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(lines.size(), line.size() + 1));
    DirectoryRow row;
    for (auto tab = line.find('\t'); tab != std::string_view::npos; tab = line.find('\t')) {
      row.emplace_back(line.substr(0, tab));
      line.remove_prefix(tab + 1);
    }
    row.emplace_back(line);
    if (row.size() == columns_of(kind).size()) out.insert(std::move(row));
  }
  return out;
}

std::string digest_of(const DirectoryRows& rows, const Suite& suite) {
  return std::string(suite.hash_name()) + ":" + to_hex(as_text(suite.hash({lines_of(rows)})));
}

std::string publication_json(const Publication& head, const Directory& now, const DirectoryRows* base,
                             const Suite& suite) {
  std::string out = "{";
  put(out, "id", head.id);
  put(out, "to", head.to);
  out += ",\"number\":" + std::to_string(head.number);
  put(out, "table", now.table);
  put(out, "title", now.title);
  put(out, "version", now.version);
  put(out, "valid_from", now.valid_from);
  put(out, "source", now.source);
  put(out, "form", base == nullptr ? "whole" : "delta");
  if (base != nullptr) put(out, "base", digest_of(*base, suite));
  put(out, "digest", digest_of(now.rows, suite));
  put_rows(out, "rows", now.kind, without(now.rows, base == nullptr ? DirectoryRows() : *base));
  if (base != nullptr) put_rows(out, "removed", now.kind, without(*base, now.rows));
  return out + "}";
}

Result<Received> read_publication(const Node& record, const DirectoryRows& here, const SuiteByName& hash) {
  Received out;
  Directory& directory = out.directory;
  directory.kind = record.find("table") != nullptr ? DirectoryKind::kCodes : DirectoryKind::kUnits;
  directory.table = text_of(record, "table");
  directory.title = text_of(record, "title");
  directory.version = text_of(record, "version");
  directory.valid_from = text_of(record, "valid_from");
  directory.source = text_of(record, "source");
  const std::string_view digest = text_of(record, "digest");
  const Suite* suite = hash(digest.substr(0, digest.find(':')));
  if (suite == nullptr || directory.version.empty()) return make_error(codes::kDirectoryRecord);
  if (text_of(record, "form") == "delta") {
    const std::string_view base = text_of(record, "base");
    const Suite* of_base = hash(base.substr(0, base.find(':')));
    if (of_base == nullptr) return make_error(codes::kDirectoryRecord);
    if (digest_of(here, *of_base) != base) return make_error(codes::kDirectoryBase);
    directory.rows = here;
    for (const DirectoryRow& row : rows_in(record, "removed", directory.kind)) directory.rows.erase(row);
  }
  for (DirectoryRow& row : rows_in(record, "rows", directory.kind)) {
    if (!is_text(row)) return make_error(codes::kDirectoryRecord);
    directory.rows.insert(std::move(row));
  }
  if (digest_of(directory.rows, *suite) != digest) return make_error(codes::kDirectoryDigest);
  out.added = without(directory.rows, here).size();
  out.removed = without(here, directory.rows).size();
  return out;
}

std::string directory_csv(const Directory& directory, std::string_view name, std::string_view partner) {
  const bool codes = directory.kind == DirectoryKind::kCodes;
  std::string out = csv_line({codes ? "#table" : "#units", name});
  out += csv_line({"#title", directory.title.empty() ? name : std::string_view(directory.title)});
  out += csv_line({"#version", directory.version});
  if (codes) {
    out += "#direction,in\n#key,code\n";
    out += csv_line({"#valid_from", directory.valid_from});
  }
  const std::string source = directory.source.empty() ? "from " + std::string(partner) : directory.source;
  out += csv_line({"#source", source});
  if (codes) {
    out += "from_code,from_name,to_code,to_name,lossy,note\n";
    for (const DirectoryRow& r : directory.rows) out += csv_line({r[0], r[1], r[0], r[1], "", r[2]});
    return out;
  }
  out += "id,name,level,parent,divisions,zone,acts_in_name_of,valid_from,valid_to,note,code:" + std::string(partner);
  out += '\n';
  for (const DirectoryRow& r : directory.rows)
    out += csv_line({r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8], "", r[9]});
  return out;
}

}  // namespace tongqu::app
