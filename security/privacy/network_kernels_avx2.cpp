#include "security/privacy/network_kernels_body.hpp"

namespace tongqu::network {

const Kernels* avx2_kernels() {
#if defined(__AVX2__)
  static constexpr Kernels kKernels{"avx2", multiply, multiply_bytes, gates, candidate, tag_step, affine};
  return __builtin_cpu_supports("avx2") ? &kKernels : nullptr;
#else
  return nullptr;  // built for another kind of processor
#endif
}

}  // namespace tongqu::network
