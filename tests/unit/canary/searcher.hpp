#pragma once
// Finds any of very many texts in bytes, in one pass: the first eight bytes of each text are hashed, a table of bits
// says where a closer look is worth it.
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/unit/canary/canary.hpp"

namespace tongqu::canary_test {

class Searcher {
 public:
  struct Hit {
    std::uint32_t canary;  // index
    const char* form;
  };
  using OnHit = std::function<void(const Hit&)>;

  Searcher() : bits_(kBits / 64) {}
  // All forms of the canary's core.
  void add(const Canary& canary, std::uint32_t index);
  // `is_text`: digits that are parted by separators ("139 0000-0001") are looked at without them too. One canary is
  // told once for each form. Bytes of the texts themselves, ASCII letters in any case.
  void scan(std::string_view bytes, bool is_text, const OnHit& on_hit) const;
  [[nodiscard]] std::size_t patterns() const { return patterns_.size(); }

 private:
  struct Pattern {
    std::string bytes;
    const char* form;
    std::uint32_t canary;
    std::uint32_t next;  // of the same slot; kNone = last
  };
  static constexpr std::uint32_t kNone = 0xFFFFFFFFU;
  static constexpr std::size_t kBits = 1U << 25U;
  static constexpr std::size_t kSlots = 1U << 20U;
  using Told = std::set<std::pair<std::uint32_t, const char*>>;
  void scan_folded(std::string_view text, Told& told, const OnHit& on_hit) const;

  std::vector<std::uint64_t> bits_;
  std::vector<std::uint32_t> slots_ = std::vector<std::uint32_t>(kSlots, kNone);
  std::vector<Pattern> patterns_;
};

}  // namespace tongqu::canary_test
