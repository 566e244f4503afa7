#pragma once
// The network's weights as the kernels want them.
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "security/privacy/name_network.hpp"
#include "security/privacy/network_file.hpp"

namespace tongqu {
namespace network {

// Weights as whole numbers, each column with a scale of its own.
class IntegerMatrix {
 public:
  IntegerMatrix() = default;
  // `values`: rows × columns, row-major; rows even, columns a multiple of kColumnBlock.
  IntegerMatrix(std::span<const float> values, std::size_t rows, std::size_t columns);
  // `count` inputs of `rows` units each, `in_stride` apart, to `count` times `columns` sums.
  void multiply(const Kernels& kernels, const std::int16_t* in, std::size_t in_stride, std::size_t count,
                std::int32_t* out) const {
    kernels.multiply({weights_.data(), rows_, columns_, in, in_stride, count, out, columns_});
  }
  // What a sum of column j has to be multiplied with, for inputs in units.
  [[nodiscard]] const std::vector<float>& scales() const { return scales_; }
  [[nodiscard]] std::size_t columns() const { return columns_; }

 private:
  std::size_t rows_ = 0, columns_ = 0;
  std::vector<std::int16_t> weights_;
  std::vector<float> scales_;
};

// The same with weights and inputs in bytes: twice as fast where the processor has an instruction for it. Taken where
// scores were measured to stay within 0.02 of the published computation; everywhere they do not.
class ByteMatrix {
 public:
  ByteMatrix() = default;
  // Rows a multiple of four, at most kMaxByteRows; columns a multiple of kColumnBlock.
  ByteMatrix(std::span<const float> values, std::size_t rows, std::size_t columns);
  void multiply(const Kernels& kernels, const std::uint8_t* in, std::size_t in_stride, std::size_t count,
                std::int32_t* out) const {
    kernels.multiply_bytes(
        {weights_.data(), wide_weights_.data(), zeros_.data(), rows_, columns_, in, in_stride, count, out, columns_});
  }
  [[nodiscard]] const std::vector<float>& scales() const { return scales_; }

 private:
  std::size_t rows_ = 0, columns_ = 0;
  std::vector<std::int8_t> weights_;
  std::vector<std::int16_t> wide_weights_;
  std::vector<std::int32_t> zeros_;
  std::vector<float> scales_;
};

struct Direction {
  IntegerMatrix characters;  // layer 1: from the embedding to 3·kState
  ByteMatrix states;         // layer 2: from layer 1's states to 3·kState
  std::vector<float> bias;   // of input and recurrence together
  ByteMatrix gates;          // kState to 2·kState
  IntegerMatrix candidate;   // kState to kState
};

}  // namespace network

class NameNetwork::Parts {
 public:
  explicit Parts(const network::Parameters& from);

  // Row of a character in the embedding; full-width letters, digits and signs as their narrow forms.
  [[nodiscard]] std::uint32_t row_of(char32_t character) const;

  std::unordered_map<char32_t, std::uint32_t> rows_of;
  std::uint32_t unknown_row = 0;
  std::vector<std::int16_t> embedding;  // rows × kEmbedding, in units of each row's scale
  std::vector<float> embedding_scales;
  network::Direction directions[network::kDirections];
  network::IntegerMatrix emission;  // columns padded
  std::vector<float> emission_bias;
  std::vector<float> start, end;       // of the CRF, by tag
  std::vector<float> transition_from;  // of each tag kTagBlock scores
  std::size_t tags = 0;
  std::vector<float> favours;  // of each of kTagBlock: NameNetwork::kFavour for PER, else 0
  // Of each tag: its kind's number, and whether it begins a word. Kinds have their names.
  std::vector<std::uint8_t> kind_of;
  std::vector<bool> begins;
  std::vector<std::string> kinds;
};

}  // namespace tongqu
