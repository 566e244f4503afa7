// The products of matrices, for network_kernels_body.hpp alone, under its rules. Nothing from the standard
// library is called here: an inline function compiled for a newer processor must not be the one that the whole program
// uses.
#if defined(__AVX2__)
#include <immintrin.h>
#endif

#include "security/privacy/network_kernels.hpp"

namespace tongqu::network {
namespace {

#if defined(__AVX512VNNI__)

using Lanes = __m512i;
constexpr std::size_t kLanes = 16;
inline Lanes zero() { return _mm512_setzero_si512(); }
inline Lanes load(const std::int16_t* p) { return _mm512_loadu_si512(p); }
inline Lanes pair(const std::int16_t* p) {
  std::int32_t both;
  __builtin_memcpy(&both, p, sizeof both);
  return _mm512_set1_epi32(both);
}
inline Lanes add_products(Lanes sum, Lanes a, Lanes b) { return _mm512_dpwssd_epi32(sum, a, b); }
inline void store(std::int32_t* p, Lanes v) { _mm512_storeu_si512(p, v); }
inline Lanes load(const std::int32_t* p) { return _mm512_loadu_si512(p); }
inline Lanes add_fours(Lanes sum, const std::int8_t* weights, const std::uint8_t* in) {
  std::int32_t four;
  __builtin_memcpy(&four, in, sizeof four);
  return _mm512_dpbusd_epi32(sum, _mm512_set1_epi32(four), _mm512_loadu_si512(weights));
}

#elif defined(__AVX2__)

using Lanes = __m256i;
constexpr std::size_t kLanes = 8;
inline Lanes zero() { return _mm256_setzero_si256(); }
inline Lanes load(const std::int16_t* p) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)); }
inline Lanes pair(const std::int16_t* p) {
  std::int32_t both;
  __builtin_memcpy(&both, p, sizeof both);
  return _mm256_set1_epi32(both);
}
inline Lanes add_products(Lanes sum, Lanes a, Lanes b) { return _mm256_add_epi32(sum, _mm256_madd_epi16(a, b)); }
inline void store(std::int32_t* p, Lanes v) { _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v); }

#else

struct Lanes {
  std::int32_t v[4];
};
constexpr std::size_t kLanes = 4;
inline Lanes zero() { return {{0, 0, 0, 0}}; }
struct Weights {
  std::int16_t v[8];
};
inline Weights load(const std::int16_t* p) {
  Weights w;
  __builtin_memcpy(w.v, p, sizeof w.v);
  return w;
}
inline Weights pair(const std::int16_t* p) { return {{p[0], p[1], p[0], p[1], p[0], p[1], p[0], p[1]}}; }
inline Lanes add_products(Lanes sum, const Weights& a, const Weights& b) {
  for (int i = 0; i < 4; ++i) sum.v[i] += a.v[2 * i] * b.v[2 * i] + a.v[2 * i + 1] * b.v[2 * i + 1];
  return sum;
}
inline void store(std::int32_t* p, const Lanes& v) { __builtin_memcpy(p, v.v, sizeof v.v); }

#endif

// One block of columns for `kInputs` inputs at once: each weight is loaded once for all of them.
template <std::size_t kInputs>
inline void multiply_block(const Product& p, std::size_t block, std::size_t first) {
  constexpr std::size_t kParts = kColumnBlock / kLanes;
  const std::int16_t* weights = p.weights + block * kColumnBlock * p.rows;
  Lanes sums[kInputs][kParts];
  for (auto& input : sums) {
    for (Lanes& part : input) part = zero();
  }
  for (std::size_t k = 0; k < p.rows; k += 2, weights += 2 * kColumnBlock) {
    for (std::size_t part = 0; part < kParts; ++part) {
      const auto w = load(weights + part * 2 * kLanes);
      for (std::size_t i = 0; i < kInputs; ++i) {
        sums[i][part] = add_products(sums[i][part], w, pair(p.in + (first + i) * p.in_stride + k));
      }
    }
  }
  for (std::size_t i = 0; i < kInputs; ++i) {
    std::int32_t* out = p.out + (first + i) * p.out_stride + block * kColumnBlock;
    for (std::size_t part = 0; part < kParts; ++part) store(out + part * kLanes, sums[i][part]);
  }
}

void multiply(const Product& p) {
  // As many sums as there are registers for.
#if defined(__AVX2__) && !defined(__AVX512VNNI__)
  constexpr std::size_t kTogether = 2;
#else
  constexpr std::size_t kTogether = 8;
#endif
  for (std::size_t block = 0; block < p.columns / kColumnBlock; ++block) {
    std::size_t i = 0;
    for (; i + kTogether <= p.count; i += kTogether) multiply_block<kTogether>(p, block, i);
    for (; i + 2 <= p.count; i += 2) multiply_block<2>(p, block, i);
    if (i < p.count) multiply_block<1>(p, block, i);
  }
}

#if defined(__AVX512VNNI__)

template <std::size_t kInputs>
inline void multiply_bytes_block(const ByteProduct& p, std::size_t block, std::size_t first) {
  constexpr std::size_t kParts = kColumnBlock / kLanes;
  const std::int8_t* weights = p.weights + block * kColumnBlock * p.rows;
  Lanes sums[kInputs][kParts];
  for (auto& input : sums) {
    for (std::size_t part = 0; part < kParts; ++part)
      input[part] = load(p.zeros + block * kColumnBlock + part * kLanes);
  }
  for (std::size_t k = 0; k < p.rows; k += 4, weights += 4 * kColumnBlock) {
    for (std::size_t part = 0; part < kParts; ++part) {
      for (std::size_t i = 0; i < kInputs; ++i) {
        sums[i][part] = add_fours(sums[i][part], weights + part * 4 * kLanes, p.in + (first + i) * p.in_stride + k);
      }
    }
  }
  for (std::size_t i = 0; i < kInputs; ++i) {
    std::int32_t* out = p.out + (first + i) * p.out_stride + block * kColumnBlock;
    for (std::size_t part = 0; part < kParts; ++part) store(out + part * kLanes, sums[i][part]);
  }
}

void multiply_bytes(const ByteProduct& p) {
  constexpr std::size_t kTogether = 8;
  for (std::size_t block = 0; block < p.columns / kColumnBlock; ++block) {
    std::size_t i = 0;
    for (; i + kTogether <= p.count; i += kTogether) multiply_bytes_block<kTogether>(p, block, i);
    for (; i + 2 <= p.count; i += 2) multiply_bytes_block<2>(p, block, i);
    if (i < p.count) multiply_bytes_block<1>(p, block, i);
  }
}

#else

// In sixteen bits, which gives the same sums: the older instruction for bytes cuts its sums off.
void multiply_bytes(const ByteProduct& p) {
  constexpr std::size_t kTogether = 8;
  std::int16_t wide[kTogether * kMaxByteRows];
  for (std::size_t first = 0; first < p.count; first += kTogether) {
    const std::size_t count = p.count - first < kTogether ? p.count - first : kTogether;
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t k = 0; k < p.rows; ++k)
        wide[i * p.rows + k] = static_cast<std::int16_t>(p.in[(first + i) * p.in_stride + k] - kByteZero);
    }
    multiply({p.wide_weights, p.rows, p.columns, wide, p.rows, count, p.out + first * p.out_stride, p.out_stride});
  }
}

#endif

}  // namespace
}  // namespace tongqu::network
