// Any bytes in any chunks give the same records; a record is what stood in the file, in order and without overlap; from
// the end of each record the rest is cut as before. The first byte chooses form and chunk.
#include <cstdint>
#include <cstdlib>
#include <tuple>
#include <vector>

#include "connectors/file/row_splitter.hpp"

namespace {

using tongqu::file::CsvForm;
using tongqu::file::RowSplitter;
using Cut = std::vector<std::tuple<std::string, std::uint64_t, std::uint64_t, std::uint64_t>>;

Cut cut(std::string_view text, std::size_t chunk, const CsvForm& form, std::uint64_t offset, std::uint64_t line) {
  RowSplitter splitter(form, offset, line);
  Cut records;
  std::size_t fed = offset;
  for (;;) {
    switch (splitter.next(fed >= text.size())) {
      case RowSplitter::Step::kRecord:
        records.emplace_back(splitter.record().bytes, splitter.record().line, splitter.record().begin,
                             splitter.record().end);
        break;
      case RowSplitter::Step::kMore:
        splitter.feed(text.substr(fed, chunk));
        fed += chunk;
        break;
      case RowSplitter::Step::kEnd: return records;
      case RowSplitter::Step::kFault:
        records.emplace_back(splitter.fault().id, splitter.fault_line(), 0, 0);
        return records;
    }
  }
}

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 4096) return 0;
  CsvForm form;
  if ((data[0] & 1U) != 0) form.charset = tongqu::file::Charset::kGb18030;
  form.separator = (data[0] & 2U) != 0 ? '|' : ',';
  form.max_record_bytes = (data[0] & 4U) != 0 ? 20 : 10'000;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Cut whole = cut(text, text.size() + 1, form, 0, 1);
  require(cut(text, 1 + (data[0] >> 4U), form, 0, 1) == whole);
  std::uint64_t behind = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const auto& [bytes, line, begin, end] = whole[i];
    if (end == 0) break;
    require(begin >= behind && text.substr(begin).starts_with(bytes) && begin + bytes.size() <= end);
    behind = end;
    static_cast<void>(tongqu::file::split_fields(bytes));
  }
  if (whole.size() > 1 && std::get<3>(whole[0]) != 0 && std::get<3>(whole[1]) != 0) {
    const auto rest = cut(text, 7, form, std::get<3>(whole[0]), std::get<1>(whole[1]));
    require(rest.size() + 1 == whole.size() && std::get<0>(rest[0]) == std::get<0>(whole[1]));
  }
  return 0;
}
