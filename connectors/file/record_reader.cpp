#include "connectors/file/record_reader.hpp"

namespace tongqu::file {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{64} << 10U;

}  // namespace

RecordReader::RecordReader(std::unique_ptr<FileReader> reader, const CsvForm& form, std::uint64_t offset,
                           std::uint64_t line, RunningHash* hash)
    : reader_(std::move(reader)), splitter_(form, offset, line), hash_(hash), chunk_(kChunkBytes, '\0') {}

Result<const Record*> RecordReader::next() {
  for (;;) {
    switch (splitter_.next(at_end_)) {
      case RowSplitter::Step::kRecord: return &splitter_.record();
      case RowSplitter::Step::kEnd: return static_cast<const Record*>(nullptr);
      case RowSplitter::Step::kFault: return make_error(splitter_.fault());
      case RowSplitter::Step::kMore: break;
    }
    const auto got = reader_->read(chunk_.data(), chunk_.size());
    if (got.has_error()) return got.error();
    at_end_ = *got == 0;
    bytes_read_ += *got;
    const std::string_view bytes = std::string_view(chunk_).substr(0, *got);
    if (hash_ != nullptr) hash_->update(bytes);
    splitter_.feed(bytes);
  }
}

}  // namespace tongqu::file
