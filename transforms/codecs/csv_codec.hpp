#pragma once
// CSV with one row as a message: an object of texts. For files of many rows see csv_table.hpp.
#include <string>
#include <string_view>

#include "gateway/core/codec.hpp"
#include "transforms/codecs/csv_table.hpp"

namespace tongqu {

// Thread-safe.
class CsvCodec final : public Codec {
 public:
  // `fields` (an object of scalars) outlives the codec.
  CsvCodec(const CsvFormat& format, const FieldNode& fields) : format_(format), fields_(fields) {}

  // The headings, if the format has them, and exactly one row, else csv.rows. Errors: csv.* and charset.*, with
  // position. Of the limits max_bytes, max_nodes (cells) and max_text_bytes (one cell) count.
  [[nodiscard]] Status decode(std::string_view bytes, const DecodeLimits& limits, Document& out) const override;
  // As CsvTableWriter.
  [[nodiscard]] Status encode(const Node& node, std::string& out) const override;
  [[nodiscard]] std::string_view content_type() const override { return "text/csv"; }

 private:
  CsvFormat format_;
  const FieldNode& fields_;
};

}  // namespace tongqu
