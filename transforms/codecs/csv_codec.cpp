// takes bytes, gives a document of one row, may turn back with csv.* and charset.*
#include "transforms/codecs/csv_codec.hpp"

#include <algorithm>

#include "transforms/codecs/codecs_codes.hpp"
#include "transforms/codecs/refusal.hpp"

namespace tongqu {

Status CsvCodec::decode(std::string_view bytes, const DecodeLimits& limits, Document& out) const {
  out.clear();
  if (bytes.size() > limits.max_bytes) return refusal(codes::kCsvBytes, "$", {}, std::to_string(limits.max_bytes));
  CsvLimits csv;
  csv.max_row_bytes = limits.max_bytes * 3;  // two bytes of GBK are three of UTF-8
  csv.max_columns = std::min(csv.max_columns, limits.max_nodes);
  csv.max_cell_bytes = limits.max_text_bytes;
  CsvTableReader reader(format_, fields_, csv, pull_from(bytes));
  const auto read = reader.next(out);
  if (read.has_error()) return read.error();
  if (!*read) return refusal(codes::kCsvRows, "$", {1, 1});
  Document second;
  const auto more = reader.next(second);
  if (more.has_error()) return more.error();
  if (*more) return refusal(codes::kCsvRows, "$", second.root().position);
  return {};
}

Status CsvCodec::encode(const Node& node, std::string& out) const {
  const std::size_t before = out.size();
  const CsvTableWriter writer(format_, fields_);
  Status written = writer.append_head(out);
  if (written.has_value()) written = writer.append_row(node, out);
  if (written.has_error()) out.resize(before);
  return written;
}

}  // namespace tongqu
