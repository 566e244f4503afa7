#include "connectors/file/manifest.hpp"

#include <charconv>
#include <optional>
#include <set>

#include "connectors/file/file_codes.hpp"
#include "connectors/file/row_splitter.hpp"
#include "gateway/core/text.hpp"

namespace tongqu::file {
namespace {

constexpr std::string_view kHeader = "file,rows,bytes,algorithm,digest";
constexpr std::size_t kMaxLineBytes = 4096;

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || bad != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return value;
}

std::optional<ManifestEntry> read_line(std::string_view line) {
  const auto fields = split_fields(line);
  if (fields.size() != 5 || fields[0].empty()) return std::nullopt;
  const auto rows = number(fields[1]);
  const auto bytes = number(fields[2]);
  if (!rows || !bytes) return std::nullopt;
  const auto digest = from_hex(fields[4]);
  if (!digest || digest->empty()) return std::nullopt;
  return ManifestEntry{fields[0], *rows, *bytes, fields[3], to_hex(*digest)};
}

}  // namespace

Result<std::vector<ManifestEntry>> read_manifest(std::string_view text) {
  if (text.size() > kMaxManifestBytes) return make_error(codes::kManifestForm, "1");
  RowSplitter splitter({.max_record_bytes = kMaxLineBytes});
  splitter.feed(text);
  std::vector<ManifestEntry> entries;
  std::set<std::string> names;
  bool header = true;
  for (;;) {
    const auto step = splitter.next(true);
    if (step == RowSplitter::Step::kEnd) break;
    if (step != RowSplitter::Step::kRecord) {
      return make_error(codes::kManifestForm, std::to_string(splitter.fault_line()));
    }
    const Record& record = splitter.record();
    if (header) {
      if (record.bytes != kHeader) return make_error(codes::kManifestForm, std::to_string(record.line));
      header = false;
      continue;
    }
    auto entry = read_line(record.bytes);
    if (!entry || entries.size() == kMaxManifestEntries || !names.insert(entry->file).second) {
      return make_error(codes::kManifestForm, std::to_string(record.line));
    }
    entries.push_back(std::move(*entry));
  }
  if (header || entries.empty()) return make_error(codes::kManifestForm, "1");
  return entries;
}

std::string write_manifest(const std::vector<ManifestEntry>& entries) {
  std::string text = std::string(kHeader) + "\r\n";
  for (const ManifestEntry& entry : entries) {
    text += csv_field(entry.file) + ',' + std::to_string(entry.rows) + ',' + std::to_string(entry.bytes) + ',' +
            entry.algorithm + ',' + entry.digest + "\r\n";
  }
  return text;
}

Status check_entry(const ManifestEntry& says, const ManifestEntry& is) {
  if (says.bytes != is.bytes) return make_error(codes::kManifestSize);
  if (says.rows != is.rows) return make_error(codes::kManifestRows);
  if (says.algorithm != is.algorithm) return make_error(codes::kManifestAlgorithm, is.algorithm);
  if (says.digest != is.digest) return make_error(codes::kManifestDigest);
  return {};
}

}  // namespace tongqu::file
