#pragma once
// The arithmetic of the name network, once for each instruction set. All of them give the same bits: matrices are
// multiplied in integers, what lies between is IEEE single precision without fused operations.
#include <cstddef>
#include <cstdint>

namespace tongqu::network {

// Inputs of matrices are whole numbers of 1/kUnit; with them and weights up to kMaxWeight no sum of 256 leaves 32 bits.
inline constexpr int kUnit = 4096;
inline constexpr int kMaxWeight = 2047;
inline constexpr std::size_t kColumnBlock = 32;
inline constexpr std::size_t kTagBlock = 64;  // room for the tags of one character

// out[i][j] = Σ in[i][k] · w[k][j]. `weights`: blocks of kColumnBlock columns; in a block pairs of rows, in a pair each
// column's two weights. `rows` is even, `columns` a multiple of kColumnBlock, strides are in elements.
struct Product {
  const std::int16_t* weights;
  std::size_t rows, columns;
  const std::int16_t* in;
  std::size_t in_stride, count;
  std::int32_t* out;
  std::size_t out_stride;
};

// The same in bytes, where a sum may be off by half a part in 127 of each input: out[i][j] = Σ (in[i][k] − kByteZero) ·
// w[k][j]. `weights`: blocks of kColumnBlock columns; in a block fours of rows, in a four each column's four weights.
// `zeros`: of each column −kByteZero · Σ w[k][j]; `wide_weights`: the same as Product wants them, for processors
// without an instruction for bytes. `rows` is a multiple of four.
inline constexpr int kByteUnit = 127;
inline constexpr int kByteZero = 128;
inline constexpr std::size_t kMaxByteRows = 256;
struct ByteProduct {
  const std::int8_t* weights;
  const std::int16_t* wide_weights;
  const std::int32_t* zeros;
  std::size_t rows, columns;
  const std::uint8_t* in;
  std::size_t in_stride, count;
  std::int32_t* out;
  std::size_t out_stride;
};

// One step of a gated recurrent unit over `size` states of one text. u, r: sums of the recurrent product, with their
// scales; x: the input's part, order u, r, candidate.
struct Gates {
  const std::int32_t* sums;   // 2 · size
  const float* scales;        // 2 · size
  const float* x;             // 2 · size
  const float* state;         // size
  float* update;              // size, out
  std::int16_t* reset_state;  // size, out: r ∘ h in units
  std::size_t size;
};
struct Candidate {
  const std::int32_t* sums;  // size
  const float* scales;
  const float* x;
  const float* update;
  float* state;         // in and out
  std::int16_t* units;  // out: the state in units
  std::uint8_t* bytes;  // out: the state in 1/kByteUnit, from kByteZero
  std::size_t size;
};

// out[i] = sums[i] · (scales[i] · input_scale) + bias[i].
struct Affine {
  const std::int32_t* sums;
  const float* scales;
  const float* bias;
  float input_scale;
  float* out;
  std::size_t size;
};

// One step of Viterbi: for each tag the best score of a way that ends in it, and the tag it comes from (the lowest of
// equal ones). Scores of kTagBlock; `transition`: of each tag kTagBlock scores, to every tag.
struct TagStep {
  const float* transition;
  std::size_t tags;
  const float* score;
  const float* emission;
  float* next;
  std::int32_t* came_from;
};

struct Kernels {
  const char* name;
  void (*multiply)(const Product&);
  void (*multiply_bytes)(const ByteProduct&);
  void (*gates)(const Gates&);
  void (*candidate)(const Candidate&);
  void (*tag_step)(const TagStep&);
  void (*affine)(const Affine&);
};

const Kernels& portable_kernels();
const Kernels* avx2_kernels();    // null where the processor lacks them
const Kernels* avx512_kernels();  // null where the processor lacks AVX-512 VNNI
const Kernels& best_kernels();

}  // namespace tongqu::network
