#include "gateway/core/random.hpp"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace tongqu {
namespace {

// getrandom gives up to 256 bytes at once, uninterrupted (getrandom(2)).
constexpr std::size_t kSupplyBytes = 256;

void generate(char* out, std::size_t count) {
  if (getrandom(out, count, 0) != static_cast<ssize_t>(count)) std::abort();
}

}  // namespace

void fill_random(void* out, std::size_t count) {
  thread_local std::array<char, kSupplyBytes> supply;
  thread_local std::size_t left = 0;
  auto* to = static_cast<char*>(out);
  while (count > 0) {
    if (left == 0) {
      generate(supply.data(), supply.size());
      left = supply.size();
    }
    const std::size_t part = std::min(count, left);
    left -= part;
    std::copy_n(supply.data() + left, part, to);
    to += part;
    count -= part;
  }
}

}  // namespace tongqu
