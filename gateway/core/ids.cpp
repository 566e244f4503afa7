#include "gateway/core/ids.hpp"

#include <array>
#include <cstring>
#include <mutex>

#include "gateway/core/random.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

struct UlidState {
  std::mutex mutex;
  std::int64_t last_ms = -1;
  std::array<std::uint8_t, 10> random{};
};

void count_up(std::array<std::uint8_t, 10>& value) {
  for (std::size_t i = value.size(); i-- > 0;) {
    if (++value[i] != 0) return;
  }
}

std::string encode(std::int64_t ms, const std::array<std::uint8_t, 10>& random) {
  std::string out(26, '0');
  auto time = static_cast<std::uint64_t>(ms);
  for (int i = 9; i >= 0; --i, time >>= 5U) out[static_cast<std::size_t>(i)] = kAlphabet[time & 31U];
  // 80 bits = 16 characters of 5 bits.
  for (std::size_t i = 0; i < 16; ++i) {
    const std::size_t bit = i * 5;
    std::uint32_t window = static_cast<std::uint32_t>(random[bit / 8]) << 8U;
    if (bit / 8 + 1 < random.size()) window |= random[bit / 8 + 1];
    out[10 + i] = kAlphabet[(window >> (11U - bit % 8)) & 31U];
  }
  return out;
}

}  // namespace

ExchangeId make_exchange_id(std::int64_t unix_ms) {
  static UlidState state;
  const std::lock_guard lock(state.mutex);
  if (unix_ms > state.last_ms) {
    state.last_ms = unix_ms;
    fill_random(state.random.data(), state.random.size());
    state.random[0] &= 0x7FU;  // room to count up
  } else {
    count_up(state.random);
  }
  return ExchangeId(encode(state.last_ms, state.random));
}

bool is_exchange_id(std::string_view text) {
  if (text.size() != 26 || text[0] > '7') return false;
  for (const char c : text) {
    if (kAlphabet.find(c) == std::string_view::npos) return false;
  }
  return true;
}

}  // namespace tongqu
