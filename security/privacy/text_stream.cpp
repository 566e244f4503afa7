#include "security/privacy/text_stream.hpp"

#include <algorithm>

#include "gateway/core/text.hpp"

namespace tongqu {
namespace {

bool goes_on(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

// The begin of the character that `at` stands in; a character has at most four bytes.
std::size_t character_begin(std::string_view utf8, std::size_t at) {
  for (int i = 0; i < 3 && at > 0 && at < utf8.size() && goes_on(utf8[at]); ++i) --at;
  return at;
}

// The same, forwards: no character is left out.
std::size_t character_end(std::string_view utf8, std::size_t at) {
  for (int i = 0; i < 3 && at < utf8.size() && goes_on(utf8[at]); ++i) ++at;
  return at;
}

}  // namespace

TextStream::TextStream(const TextScrubber& scrubber, const RecordPersons& persons, Sink sink)
    : scrubber_(scrubber), persons_(persons), sink_(std::move(sink)) {}

bool TextStream::push(std::string_view utf8) {
  while (good_ && !utf8.empty()) {
    const std::string_view some = utf8.substr(0, kWindowBytes);
    utf8.remove_prefix(some.size());
    held_.append(some);
    while (good_ && held_.size() - begin_ >= kWindowBytes + kContextBytes) good_ = step(cut());
  }
  return good_;
}

bool TextStream::finish() {
  while (good_ && held_.size() - begin_ > kWindowBytes) good_ = step(cut());
  if (good_ && held_.size() > begin_) good_ = step(held_.size());
  return good_;
}

// Behind the last line or sentence that ends in the window's second half, else where the window is full.
std::size_t TextStream::cut() const {
  const std::size_t full = character_begin(held_, begin_ + kWindowBytes);
  const std::string_view half = std::string_view(held_).substr(0, full).substr(begin_ + kWindowBytes / 2);
  std::size_t end = 0;
  for (const std::string_view sign : {"\n", "。", "！", "？"}) {
    const std::size_t at = half.rfind(sign);
    if (at != std::string_view::npos) end = std::max(end, at + sign.size());
  }
  return end > 0 ? begin_ + kWindowBytes / 2 + end : full;
}

bool TextStream::step(std::size_t core_end) {
  const std::string_view held = held_;
  const std::size_t seen_end =
      core_end == held.size() ? core_end : character_begin(held, std::min(core_end + kContextBytes, held.size()));
  const std::size_t seen_begin = character_end(held, begin_ > kContextBytes ? begin_ - kContextBytes : 0);
  const std::string_view seen = held.substr(seen_begin, seen_end - seen_begin);
  if (!is_utf8(held.substr(begin_, core_end - begin_))) return false;
  auto [part, part_end] = scrubber_.scrub_part(seen, begin_ - seen_begin, core_end - seen_begin, persons_);
  const std::size_t end = seen_begin + part_end;
  sink_({std::move(part), put_out_});
  put_out_ += count_code_points(held.substr(begin_, end - begin_));
  // What stands before is context; more of it is not needed.
  const std::size_t keep = end > kContextBytes ? character_begin(held, end - kContextBytes) : 0;
  held_.erase(0, keep);
  begin_ = end - keep;
  return true;
}

}  // namespace tongqu
