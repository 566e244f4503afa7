#include "security/privacy/network_kernels_body.hpp"

namespace tongqu::network {

const Kernels& portable_kernels() {
  static constexpr Kernels kKernels{"portable", multiply, multiply_bytes, gates, candidate, tag_step, affine};
  return kKernels;
}

const Kernels& best_kernels() {
  if (const Kernels* found = avx512_kernels()) return *found;
  if (const Kernels* found = avx2_kernels()) return *found;
  return portable_kernels();
}

}  // namespace tongqu::network
