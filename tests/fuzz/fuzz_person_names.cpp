// Names by rules in any text: without words, and with words of any length and kind as a network might give them. Spans
// are in order, inside the text, none empty, none over another, and the same each time.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "gateway/core/text.hpp"
#include "security/privacy/name_rules.hpp"

namespace {

using namespace tongqu;  // NOLINT

// Whatever is no UTF-8 becomes U+FFFD.
std::string well_formed(std::string_view bytes) {
  std::string out;
  for (std::size_t at = 0; at < bytes.size();) {
    if (const auto c = next_code_point(bytes, at)) {
      append_utf8(out, *c);
    } else {
      append_utf8(out, U'\xFFFD');
      ++at;
    }
  }
  return out;
}

std::vector<NameWord> words_of(std::size_t characters, std::uint32_t seed) {
  std::vector<NameWord> out;
  for (std::uint32_t at = 0; at < characters;) {
    seed = seed * 1664525 + 1013904223;
    const auto end = static_cast<std::uint32_t>(std::min<std::size_t>(characters, at + 1 + (seed >> 16) % 5));
    out.push_back({at, end, static_cast<WordKind>(1 + (seed >> 24) % 7)});
    at = end;
  }
  return out;
}

void check(const FoldedText& text, const std::vector<NameWord>& words) {
  const auto spans = find_person_names(text, words);
  std::size_t free = 0;
  for (const TextSpan& span : spans) {
    const bool good = span.begin >= free && span.begin < span.end && span.end <= text.size() && !span.reason.empty() &&
                      span.type == SpanType::kName;
    if (!good) std::abort();
    free = span.end;
  }
  if (find_person_names(text, words) != spans) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const FoldedText text(well_formed({reinterpret_cast<const char*>(data) + 1, size - 1}));
  check(text, {});
  check(text, words_of(text.size(), data[0]));
  return 0;
}
