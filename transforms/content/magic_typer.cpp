#include "transforms/content/magic_typer.hpp"

#include <magic.h>

#include <mutex>

namespace tongqu {
namespace {

struct CloseMagic {
  void operator()(magic_set* handle) const { magic_close(handle); }
};

// Only the container is asked for. What looks into archives, tar headers, text encodings and office files is left out:
// no permitted type needs it, and every parser less is one that hostile content cannot reach.
constexpr int kFlags = MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR | MAGIC_NO_CHECK_ELF |
                       MAGIC_NO_CHECK_CDF | MAGIC_NO_CHECK_TOKENS | MAGIC_NO_CHECK_CSV | MAGIC_NO_CHECK_JSON;

// What the library's data base leaves to chance. MP3 without an ID3 tag begins with a frame: eleven set bits, a version
// and layer III, a bit rate and a sampling rate that exist; a second frame where the first one ends settles it.
constexpr std::uint16_t kBitRates1[] = {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0};
constexpr std::uint16_t kBitRates2[] = {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0};
constexpr std::uint32_t kSamplingRates[] = {44100, 48000, 32000, 0};

// Bytes of the layer III frame that begins at `text`; 0 = none does.
std::size_t mp3_frame_bytes(std::string_view text) {
  if (text.size() < 4) return 0;
  const auto at = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const unsigned version = at(1) >> 3U & 3U;  // 0: 2.5, 2: 2, 3: 1
  const bool is_frame = at(0) == 0xFF && (at(1) & 0xE0U) == 0xE0U && version != 1 && (at(1) >> 1U & 3U) == 1;
  if (!is_frame) return 0;
  const std::uint32_t rate = kSamplingRates[at(2) >> 2U & 3U] >> (version == 3 ? 0U : version == 2 ? 1U : 2U);
  const std::uint32_t kbits = version == 3 ? kBitRates1[at(2) >> 4U] : kBitRates2[at(2) >> 4U];
  if (rate == 0 || kbits == 0) return 0;
  return (version == 3 ? 144'000U : 72'000U) * kbits / rate + (at(2) >> 1U & 1U);
}

bool is_mp3(std::string_view bytes) {
  const std::size_t first = mp3_frame_bytes(bytes);
  return first != 0 && (first >= bytes.size() || mp3_frame_bytes(bytes.substr(first)) != 0);
}

class MagicTyper final : public ContentTyper {
 public:
  explicit MagicTyper(std::unique_ptr<magic_set, CloseMagic> handle) : handle_(std::move(handle)) {}

  [[nodiscard]] Result<std::string> type_of(std::string_view first_bytes) const override {
    if (is_mp3(first_bytes)) return std::string("audio/mpeg");
    const std::lock_guard lock(mutex_);
    const char* found = magic_buffer(handle_.get(), first_bytes.data(), first_bytes.size());
    if (found == nullptr) return make_error(codes::kInternal);
    return media_type_name(found);
  }

 private:
  mutable std::mutex mutex_;  // guards handle_
  std::unique_ptr<magic_set, CloseMagic> handle_;
};

}  // namespace

Result<std::unique_ptr<ContentTyper>> make_magic_typer() {
  std::unique_ptr<magic_set, CloseMagic> handle(magic_open(kFlags));
  if (!handle || magic_load(handle.get(), nullptr) != 0) return make_error(codes::kInternal);
  return std::unique_ptr<ContentTyper>(std::make_unique<MagicTyper>(std::move(handle)));
}

}  // namespace tongqu
