// Included once by each network_kernels_*.cpp, which is compiled for its instruction set. Nothing from the standard
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

// tanh as a quotient of polynomials (the seventh convergent of its continued fraction), off by less than 1e-4 before it
// is cut to the range.
inline float tanh_of(float x) {
  x = x < -4.9F ? -4.9F : x > 4.9F ? 4.9F : x;
  const float s = x * x;
  const float up = x * (135135.0F + s * (17325.0F + s * (378.0F + s)));
  const float down = 135135.0F + s * (62370.0F + s * (3150.0F + s * 28.0F));
  const float y = up / down;
  return y < -1.0F ? -1.0F : y > 1.0F ? 1.0F : y;
}
inline float sigmoid_of(float x) { return 0.5F + 0.5F * tanh_of(0.5F * x); }
// To the nearest; |x| ≤ 1, so that the added number leaves the fraction no room.
inline std::int16_t units_of(float x) { return static_cast<std::int16_t>(__builtin_rintf(x * kUnit)); }

void gates(const Gates& g) {
  for (std::size_t i = 0; i < g.size; ++i) {
    g.update[i] = sigmoid_of(static_cast<float>(g.sums[i]) * g.scales[i] + g.x[i]);
  }
  const std::int32_t* sums = g.sums + g.size;
  const float* scales = g.scales + g.size;
  const float* x = g.x + g.size;
  for (std::size_t i = 0; i < g.size; ++i) {
    g.reset_state[i] = units_of(sigmoid_of(static_cast<float>(sums[i]) * scales[i] + x[i]) * g.state[i]);
  }
}

void candidate(const Candidate& c) {
  for (std::size_t i = 0; i < c.size; ++i) {
    const float wanted = tanh_of(static_cast<float>(c.sums[i]) * c.scales[i] + c.x[i]);
    const float state = (1.0F - c.update[i]) * c.state[i] + c.update[i] * wanted;
    c.state[i] = state;
    c.units[i] = units_of(state);
  }
  // On their own: a pointer to bytes may point to anything, which keeps a loop from being done in lanes.
  const float* __restrict state = c.state;
  std::uint8_t* __restrict bytes = c.bytes;
  for (std::size_t i = 0; i < c.size; ++i) {
    bytes[i] = static_cast<std::uint8_t>(static_cast<int>(__builtin_rintf(state[i] * kByteUnit)) + kByteZero);
  }
}

void affine(const Affine& a) {
  for (std::size_t i = 0; i < a.size; ++i) {
    a.out[i] = static_cast<float>(a.sums[i]) * (a.scales[i] * a.input_scale) + a.bias[i];
  }
}

void tag_step(const TagStep& step) {
  float best[kTagBlock];
  std::int32_t from_tag[kTagBlock];
  for (std::size_t to = 0; to < kTagBlock; ++to) {
    best[to] = step.score[0] + step.transition[to];
    from_tag[to] = 0;
  }
  for (std::size_t from = 1; from < step.tags; ++from) {
    const float* const transition = step.transition + from * kTagBlock;
    const float score = step.score[from];
    for (std::size_t to = 0; to < kTagBlock; ++to) {
      const float reached = score + transition[to];
      from_tag[to] = reached > best[to] ? static_cast<std::int32_t>(from) : from_tag[to];
      best[to] = reached > best[to] ? reached : best[to];
    }
  }
  for (std::size_t to = 0; to < kTagBlock; ++to) {
    step.next[to] = best[to] + step.emission[to];
    step.came_from[to] = from_tag[to];
  }
}

}  // namespace
}  // namespace tongqu::network
