#pragma once
// SM3 (GB/T 32905) of many short texts at once, eight of them side by side in vector registers. OpenSSL 3.0 and
// libgcrypt hash one text at a time, in plain C: the commitments of one record (some 200 blocks) were the largest part
// of the line's time in suite gm. The vectors need no special machine: AVX2 and AVX-512 are used where they are.
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "gateway/core/crypto.hpp"

namespace tongqu {

// Where hashing begins: the state after `bytes` bytes, a multiple of 64. Default: the standard's initial value.
struct Sm3Start {
  std::array<std::uint32_t, 8> state{0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600,
                                     0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e};
  std::uint64_t bytes = 0;
};

// The state after one more block.
[[nodiscard]] Sm3Start sm3_after(const Sm3Start& start, const std::array<unsigned char, 64>& block);

// out[i] = SM3(what led to `start` ‖ prefix ‖ texts[i]). `out` has as many places as there are texts.
void sm3_each(const Sm3Start& start, std::string_view prefix, std::span<const std::string_view> texts,
              std::span<Digest32> out);

// The forms of the eight-fold compression, for tests: each that this machine can run. State and block are by word,
// then by lane.
using Sm3Lanes = std::array<std::array<std::uint32_t, 8>, 8>;
using Sm3Block = std::array<std::array<std::uint32_t, 8>, 16>;
using Sm3Compress = void (*)(Sm3Lanes& state, const Sm3Block& block);
[[nodiscard]] std::span<const Sm3Compress> sm3_compressions();  // the best one first

}  // namespace tongqu
