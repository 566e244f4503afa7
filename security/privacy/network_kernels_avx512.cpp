#include "security/privacy/network_kernels_body.hpp"

namespace tongqu::network {

const Kernels* avx512_kernels() {
#if defined(__AVX512VNNI__)
  static constexpr Kernels kKernels{"avx512", multiply, multiply_bytes, gates, candidate, tag_step, affine};
  return __builtin_cpu_supports("avx512vnni") ? &kKernels : nullptr;
#else
  return nullptr;  // built for another kind of processor
#endif
}

}  // namespace tongqu::network
