// Whatever is read as a table must be written and read again to the same, and pieces must make no difference. A form of
// the same bytes too.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "transforms/codecs/csv_table.hpp"
#include "transforms/codecs/form_codec.hpp"

namespace {

using namespace tongqu;  // NOLINT

const FieldNode& fields() {
  static const FieldNode kRoot = [] {
    FieldNode root;
    root.type = FieldType::kObject;
    for (const char* name : {"a", "b"}) {
      root.members.emplace_back().name = name;
      root.members.back().type = FieldType::kText;
    }
    return root;
  }();
  return kRoot;
}

// Every row and the first fault, as one text.
std::string read_all(std::string_view bytes, Charset charset, std::size_t step) {
  auto whole = pull_from(bytes);
  CsvReader reader({',', charset}, {4096, 16, 1024},
                   [&](char* buffer, std::size_t size) { return whole(buffer, std::min(size, step)); });
  CsvRow row;
  std::string out;
  for (;;) {
    const auto read = reader.next(row);
    if (read.has_error()) {
      out.append(read.error().code->id).append(read.error().param);
      if (read.error().code->id == "csv.ragged") continue;
      return out;
    }
    if (!*read) return out;
    for (std::size_t i = 0; i < row.size(); ++i) {
      out.append(row.cell(i)).append("|").append(std::to_string(row.position(i).column)).append("|");
    }
    out += '\n';
  }
}

void check_rows(std::string_view bytes, const CsvFormat& format) {
  CsvTableReader reader(format, fields(), {}, pull_from(bytes));
  const CsvTableWriter writer(format, fields());
  Document row;
  for (;;) {
    const auto read = reader.next(row);
    if (read.has_error() || !*read) return;
    std::string once;
    if (writer.append_row(row.root(), once).has_error()) std::abort();
    CsvTableReader again(format, fields(), {}, pull_from(once));
    Document back;
    const auto second = again.next(back);
    if (second.has_error() || !*second) std::abort();
    // GB18030 wrote some characters as private use before its edition of 2022: these are read as the characters
    // themselves, so there the bytes are what has to be the same.
    std::string twice;
    if (writer.append_row(back.root(), twice).has_error() || once != twice) std::abort();
    if (format.dialect.charset == Charset::kGb18030) continue;
    for (const FieldNode& field : fields().members) {
      if (back.root().find(field.name)->text != row.root().find(field.name)->text) std::abort();
    }
  }
}

void check_form(std::string_view bytes, Charset charset) {
  const FormCodec codec(charset, fields());
  Document first;
  if (codec.decode(bytes, {}, first).has_error()) return;
  std::string once;
  Document second;
  std::string twice;
  if (codec.encode(first.root(), once).has_error()) std::abort();
  DecodeLimits limits;
  limits.max_bytes *= 8;
  if (codec.decode(once, limits, second).has_error()) std::abort();
  if (codec.encode(second.root(), twice).has_error() || once != twice) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const Charset charset : {Charset::kUtf8, Charset::kGb18030, Charset::kUtf16}) {
    if (read_all(bytes, charset, 1) != read_all(bytes, charset, 4096)) std::abort();
  }
  for (const Charset charset : {Charset::kUtf8, Charset::kGb18030}) {
    CsvFormat format;
    format.header = CsvHeader::kNone;
    format.dialect.charset = charset;
    check_rows(bytes, format);
    check_form(bytes, charset);
  }
  return 0;
}
