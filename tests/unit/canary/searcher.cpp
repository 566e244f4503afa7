#include "tests/unit/canary/searcher.hpp"

#include <cstring>

namespace tongqu::canary_test {
namespace {

std::uint64_t hash_at(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  word *= 0x9E3779B97F4A7C15ULL;
  return word ^ (word >> 29U);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The text with separators between two digits taken out; empty when there are none.
std::string joined_digits(std::string_view text) {
  static constexpr std::string_view kSeparators = " -./(),+";
  std::string out;
  bool changed = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool between = kSeparators.find(text[i]) != std::string_view::npos && i > 0 && i + 1 < text.size() &&
                         is_digit(text[i - 1]) && is_digit(text[i + 1]);
    if (between) {
      changed = true;
    } else {
      out.push_back(text[i]);
    }
  }
  return changed ? out : std::string();
}

}  // namespace

void Searcher::add(const Canary& canary, std::uint32_t index) {
  for (Form& form : forms_of(canary.core)) {
    const std::uint64_t hash = hash_at(form.bytes.data());
    const std::size_t bit = hash % kBits;
    bits_[bit / 64] |= 1ULL << (bit % 64);
    std::uint32_t& slot = slots_[(hash >> 32U) % kSlots];
    patterns_.push_back({std::move(form.bytes), form.name, index, slot});
    slot = static_cast<std::uint32_t>(patterns_.size() - 1);
  }
}

void Searcher::scan_folded(std::string_view text, Told& told, const OnHit& on_hit) const {
  for (std::size_t i = 0; i + kMinFormBytes <= text.size(); ++i) {
    const std::uint64_t hash = hash_at(text.data() + i);
    const std::size_t bit = hash % kBits;
    if ((bits_[bit / 64] >> (bit % 64) & 1U) == 0) continue;
    for (std::uint32_t at = slots_[(hash >> 32U) % kSlots]; at != kNone; at = patterns_[at].next) {
      const Pattern& pattern = patterns_[at];
      if (text.substr(i, pattern.bytes.size()) != pattern.bytes) continue;
      if (told.emplace(pattern.canary, pattern.form).second) on_hit({pattern.canary, pattern.form});
    }
  }
}

void Searcher::scan(std::string_view bytes, bool is_text, const OnHit& on_hit) const {
  const std::string text = folded(bytes);
  Told told;
  scan_folded(text, told, on_hit);
  if (!is_text) return;
  if (const std::string joined = joined_digits(text); !joined.empty()) scan_folded(joined, told, on_hit);
}

}  // namespace tongqu::canary_test
