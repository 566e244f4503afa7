// The reader of sealed segments on files that anybody may have written. The input's first byte is the size of the
// content, the second says what is put into the file first: 0 the input alone, else a real content that the input
// overwrites from the place that the third byte tells.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>

#include "gateway/store/segment_file.hpp"
#include "security/crypto/sealer.hpp"

namespace {

using namespace tongqu;

// One key for all inputs; a folder of this process.
struct House {
  House() {
    folder = std::filesystem::temp_directory_path() / ("tongqu-fuzz-segments-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    sealer = std::move(
        *make_sealer(SuiteId::kIntl, Bytes(32, 'm'), std::move(*open_month_key_files(folder / "keys")), clock));
    key = *sealer->make_key(ExchangeId("0123456789abcdef0123456789abcdef"));
    overhead = *segment_overhead(*sealer, key);
  }
  ~House() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  SystemClock clock;
  std::filesystem::path folder;
  std::unique_ptr<Sealer> sealer;
  SealKey key;
  std::size_t overhead = 0;
};

SegmentFile file_of(House& house, SegmentFile::Mode mode, SegmentLayout layout) {
  return *SegmentFile::open(house.folder / "content", mode, *house.sealer, house.key, layout);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static House house;
  if (size < 3) return 0;
  const std::string input(reinterpret_cast<const char*>(data) + 3, size - 3);
  const SegmentLayout layout{1 + std::uint64_t{data[0]} * 1000, house.overhead};
  std::filesystem::remove(house.folder / "content");
  if (data[1] != 0) {
    SegmentFile whole = file_of(house, SegmentFile::Mode::kWrite, layout);
    for (std::uint64_t i = 0; i < layout.count(); ++i) (void)whole.write(i, Bytes(layout.plain_bytes(i), 'p'));
  }
  std::ofstream(house.folder / "content", std::ios::app).close();  // makes it, if it is missing
  std::fstream file(house.folder / "content", std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(data[2]);
  file.write(input.data(), static_cast<std::streamsize>(input.size()));
  file.close();
  const SegmentFile read = file_of(house, SegmentFile::Mode::kRead, layout);
  for (std::uint64_t i = 0; i <= layout.count(); ++i) {
    const auto plain = read.read(i);
    // Only what was written under the key comes back.
    if (plain.has_value() && *plain != Bytes(layout.plain_bytes(i), 'p')) std::abort();
    if (plain.has_value() && data[1] == 0) std::abort();
    (void)read.open_tail(i, input);
  }
  return 0;
}
