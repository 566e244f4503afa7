// Included once by each network_kernels_*.cpp, which is compiled for its instruction set. Nothing from the standard
// library is called here: an inline function compiled for a newer processor must not be the one that the whole program
// uses.
#include "security/privacy/network_products_body.hpp"

namespace tongqu::network {
namespace {

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
