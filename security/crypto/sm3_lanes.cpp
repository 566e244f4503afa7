#include "security/crypto/sm3_lanes.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

namespace tongqu {
namespace {

constexpr std::size_t kLanes = 8;
constexpr std::size_t kBlockBytes = 64;

// One word of eight texts.
using Words = std::uint32_t __attribute__((vector_size(kLanes * sizeof(std::uint32_t))));

// Nothing here passes a vector to a call that is not inlined, so the calling convention does not matter.
#pragma clang diagnostic ignored "-Wpsabi"
#define TONGQU_INLINE inline __attribute__((always_inline))

template <class W>
TONGQU_INLINE W rotated(const W& word, unsigned count) {
  return word << count | word >> (32 - count);
}

constexpr std::uint32_t round_constant(unsigned j) {
  const std::uint32_t t = j < 16 ? 0x79cc4519 : 0x7a879d8a;
  const unsigned count = j % 32;
  return count == 0 ? t : t << count | t >> (32 - count);
}

// GB/T 32905 5.3.3, one round; the caller names the registers anew instead of moving them.
template <bool first, class W>
TONGQU_INLINE void one_round(const W& a, W& b, const W& c, W& d, const W& e, W& f, const W& g, W& h, std::uint32_t t,
                             const W& w, const W& w4) {
  const W a12 = rotated(a, 12);
  const W ss1 = rotated(W(a12 + e + t), 7);
  const W ss2 = ss1 ^ a12;
  const W ff = first ? a ^ b ^ c : (a & b) | ((a | b) & c);
  const W gg = first ? e ^ f ^ g : ((f ^ g) & e) ^ g;
  const W tt2 = gg + h + ss1 + w;
  d = ff + d + ss2 + (w ^ w4);
  b = rotated(b, 9);
  h = tt2 ^ rotated(tt2, 9) ^ rotated(tt2, 17);
  f = rotated(f, 19);
}

// 5.3.2: the word behind the sixteen of the ring, put in the place of the oldest.
template <class W>
TONGQU_INLINE void expand(W* ring, unsigned j) {
  const W x = ring[j % 16] ^ ring[(j + 7) % 16] ^ rotated(ring[(j + 13) % 16], 15);
  ring[j % 16] = x ^ rotated(x, 15) ^ rotated(x, 23) ^ rotated(ring[(j + 3) % 16], 7) ^ ring[(j + 10) % 16];
}

template <bool first, class W>
TONGQU_INLINE void four_rounds(W* s, W* ring, unsigned j) {
  // Round j needs the words j and j + 4; the four behind the ring's end replace four that were used.
  if (j >= 12) {
    for (unsigned k = 4; k < 8; ++k) expand(ring, j + k);
  }
  const auto w = [ring](unsigned i) -> const W& { return ring[i % 16]; };
  one_round<first>(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], round_constant(j), w(j), w(j + 4));
  one_round<first>(s[3], s[0], s[1], s[2], s[7], s[4], s[5], s[6], round_constant(j + 1), w(j + 1), w(j + 5));
  one_round<first>(s[2], s[3], s[0], s[1], s[6], s[7], s[4], s[5], round_constant(j + 2), w(j + 2), w(j + 6));
  one_round<first>(s[1], s[2], s[3], s[0], s[5], s[6], s[7], s[4], round_constant(j + 3), w(j + 3), w(j + 7));
}

template <class W>
TONGQU_INLINE void compress(W* state, W* ring) {
  W s[8];
  for (unsigned i = 0; i < 8; ++i) s[i] = state[i];
  for (unsigned j = 0; j < 16; j += 4) four_rounds<true>(s, ring, j);
  for (unsigned j = 16; j < 64; j += 4) four_rounds<false>(s, ring, j);
  for (unsigned i = 0; i < 8; ++i) state[i] ^= s[i];
}

TONGQU_INLINE void compress_lanes(Sm3Lanes& state, const Sm3Block& block) {
  Words words[8];
  Words ring[16];
  std::memcpy(words, state.data(), sizeof(words));
  std::memcpy(ring, block.data(), sizeof(ring));
  compress(words, ring);
  std::memcpy(state.data(), words, sizeof(words));
}

void compress_plain(Sm3Lanes& state, const Sm3Block& block) { compress_lanes(state, block); }
#if defined(__x86_64__)
__attribute__((target("avx2"))) void compress_avx2(Sm3Lanes& state, const Sm3Block& block) {
  compress_lanes(state, block);
}
// Rotations and three-way logic are one instruction each here.
__attribute__((target("avx2,avx512f,avx512vl"))) void compress_avx512(Sm3Lanes& state, const Sm3Block& block) {
  compress_lanes(state, block);
}
#endif

std::vector<Sm3Compress> usable_compressions() {
  std::vector<Sm3Compress> usable;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512f")) usable.push_back(compress_avx512);
  if (__builtin_cpu_supports("avx2")) usable.push_back(compress_avx2);
#endif
  usable.push_back(compress_plain);
  return usable;
}

std::uint32_t word_at(const unsigned char* bytes) {
  return static_cast<std::uint32_t>(bytes[0]) << 24U | static_cast<std::uint32_t>(bytes[1]) << 16U |
         static_cast<std::uint32_t>(bytes[2]) << 8U | bytes[3];
}

void put_word(unsigned char* bytes, std::uint32_t word) {
  for (const unsigned shift : {24U, 16U, 8U, 0U}) *bytes++ = static_cast<unsigned char>(word >> shift);
}

// One text on its way through a lane: gives its blocks, the padded ones at the end included.
class Feed {
 public:
  Feed() = default;
  Feed(std::size_t number, std::string_view prefix, std::string_view text, std::uint64_t bytes_before)
      : number_(number),
        prefix_(prefix),
        text_(text),
        bits_((bytes_before + prefix.size() + text.size()) * 8),
        stage_(Stage::kText) {}

  [[nodiscard]] bool active() const { return stage_ != Stage::kDone; }
  [[nodiscard]] std::size_t number() const { return number_; }

  void next(unsigned char* block) {
    std::size_t filled = take(prefix_, block, 0);
    filled = take(text_, block, filled);
    if (filled == kBlockBytes) return;
    if (stage_ == Stage::kText) block[filled++] = 0x80;
    stage_ = Stage::kPadded;
    std::memset(block + filled, 0, kBlockBytes - filled);
    if (filled > kBlockBytes - 8) return;
    put_word(block + kBlockBytes - 8, static_cast<std::uint32_t>(bits_ >> 32U));
    put_word(block + kBlockBytes - 4, static_cast<std::uint32_t>(bits_));
    stage_ = Stage::kDone;
  }

 private:
  enum class Stage : std::uint8_t { kText, kPadded, kDone };

  static std::size_t take(std::string_view& part, unsigned char* block, std::size_t filled) {
    const std::size_t size = std::min(part.size(), kBlockBytes - filled);
    if (size != 0) std::memcpy(block + filled, part.data(), size);
    part.remove_prefix(size);
    return filled + size;
  }

  std::size_t number_ = 0;
  std::string_view prefix_;
  std::string_view text_;
  std::uint64_t bits_ = 0;
  Stage stage_ = Stage::kDone;
};

// Eight texts at a time; a lane whose text ends takes the next one, so that long and short ones share the work.
class Lanes {
 public:
  Lanes(const Sm3Start& start, std::string_view prefix, std::span<const std::string_view> texts,
        std::span<Digest32> out)
      : start_(start), prefix_(prefix), texts_(texts), out_(out) {}

  void run() {
    while (fill()) {
      compress_best()(state_, block_);
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        if (busy_[lane] && !feeds_[lane].active()) finish(lane);
      }
    }
  }

 private:
  static Sm3Compress compress_best() { return sm3_compressions().front(); }

  // The next block of each lane; false when every text has its digest.
  bool fill() {
    bool any = false;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      if (!busy_[lane]) {
        if (next_ == texts_.size()) continue;  // the lane computes on what it has, for nobody
        feeds_[lane] = Feed(next_, prefix_, texts_[next_], start_.bytes);
        ++next_;
        busy_[lane] = true;
        for (std::size_t i = 0; i < 8; ++i) state_[i][lane] = start_.state[i];
      }
      any = true;
      std::array<unsigned char, kBlockBytes> bytes;
      feeds_[lane].next(bytes.data());
      for (std::size_t i = 0; i < 16; ++i) block_[i][lane] = word_at(bytes.data() + 4 * i);
    }
    return any;
  }

  void finish(std::size_t lane) {
    Digest32& digest = out_[feeds_[lane].number()];
    for (std::size_t i = 0; i < 8; ++i) put_word(digest.data() + 4 * i, state_[i][lane]);
    busy_[lane] = false;
  }

  const Sm3Start& start_;
  std::string_view prefix_;
  std::span<const std::string_view> texts_;
  std::span<Digest32> out_;
  std::size_t next_ = 0;
  std::array<Feed, kLanes> feeds_;
  std::array<bool, kLanes> busy_{};
  alignas(Words) Sm3Lanes state_{};
  alignas(Words) Sm3Block block_{};
};

}  // namespace

Sm3Start sm3_after(const Sm3Start& start, const std::array<unsigned char, 64>& block) {
  Sm3Start after = start;
  std::array<std::uint32_t, 16> ring{};
  for (std::size_t i = 0; i < ring.size(); ++i) ring[i] = word_at(block.data() + 4 * i);
  compress(after.state.data(), ring.data());
  after.bytes += kBlockBytes;
  return after;
}

void sm3_each(const Sm3Start& start, std::string_view prefix, std::span<const std::string_view> texts,
              std::span<Digest32> out) {
  Lanes(start, prefix, texts, out).run();
}

std::span<const Sm3Compress> sm3_compressions() {
  static const std::vector<Sm3Compress> usable = usable_compressions();
  return usable;
}

}  // namespace tongqu
