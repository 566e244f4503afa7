#pragma once
// Tables in CSV by a schema: each row is an object with the fields of the schema as members. Values are texts; an empty
// cell is an empty text.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/document.hpp"
#include "gateway/core/field_tree.hpp"
#include "transforms/codecs/csv_reader.hpp"

namespace tongqu {

enum class CsvHeader : std::uint8_t {
  kNames,   // the first row has the names of the fields
  kTitles,  // the first row has their Chinese titles
  kNone     // no such row; columns are in the order of the schema
};

struct CsvFormat {
  CsvDialect dialect;
  CsvHeader header = CsvHeader::kNames;
  bool mark = false;  // write a byte order mark in front of UTF-8
};

// Rows as objects, for files of any length. Not thread-safe.
class CsvTableReader {
 public:
  // `fields` (an object of scalars) outlives the reader.
  CsvTableReader(const CsvFormat& format, const FieldNode& fields, CsvLimits limits, CsvReader::Pull pull);

  // The next row into `out` (cleared first); false at the end. A column whose heading the schema does not know keeps
  // the heading as its name; one without heading must be empty. Errors: those of CsvReader; csv.heading (a heading
  // twice, or a value under none). After csv.ragged and a value under no heading, both
  // in a row behind the headings, the reader goes on.
  [[nodiscard]] Result<bool> next(Document& out);

 private:
  Status read_header();
  std::string name_of_heading(std::string_view heading) const;

  CsvFormat format_;
  const FieldNode& fields_;
  CsvReader reader_;
  CsvRow row_;
  std::vector<std::string> names_;  // of the columns; empty = no heading
  bool has_header_ = false;
  Error header_failure_;
};

// Appends rows to bytes. Thread-safe.
class CsvTableWriter {
 public:
  // `fields` outlives the writer.
  CsvTableWriter(const CsvFormat& format, const FieldNode& fields) : format_(format), fields_(fields) {}

  // What stands before the first row: mark and headings.
  [[nodiscard]] Status append_head(std::string& out) const;
  // A row: the members in the order of the schema, absent and null ones as empty cells. Fails with csv.encode-shape
  // (a member that is no scalar or that the schema does not know) or charset.unencodable; then `out` is as it was.
  [[nodiscard]] Status append_row(const Node& object, std::string& out) const;

 private:
  [[nodiscard]] Status append_line(std::span<const std::string_view> cells, std::string& out) const;

  CsvFormat format_;
  const FieldNode& fields_;
};

}  // namespace tongqu
