#pragma once
// The parameters of Baidu's small lexical-analysis network (two bidirectional GRU layers, a CRF), as Debian's package
// python3-jieba carries them (folder jieba/lac_small). Nothing of Python or Paddle is needed to read them.
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "gateway/core/error.hpp"

namespace tongqu::network {

inline constexpr std::size_t kEmbedding = 128;
inline constexpr std::size_t kState = 128;
inline constexpr std::size_t kDirections = 4;  // layer 1 forward and backward, layer 2 forward and backward

// Row-major.
struct Matrix {
  std::size_t rows = 0, columns = 0;
  std::vector<float> values;
};

struct Parameters {
  std::unordered_map<char32_t, std::uint32_t> rows_of;  // of the embedding, by character
  std::uint32_t unknown_row = 0;
  std::vector<std::string> tags;  // by id: "PER-B", "n-I", "O"
  Matrix embedding;               // characters × kEmbedding
  Matrix input[kDirections];      // 128 or 256 × 3·kState: update, reset, candidate
  std::vector<float> input_bias[kDirections];
  std::vector<float> recurrent[kDirections];  // kState × 2·kState for the gates, then kState × kState
  std::vector<float> recurrent_bias[kDirections];
  Matrix emission;  // 2·kState × tags
  std::vector<float> emission_bias;
  Matrix transition;  // row 0 start, row 1 end, rows 2… from × to
};

// Reads `folder` (which holds word.dic, tag.dic and model_baseline/). privacy.network with the file's name and what is
// wrong with it: missing, not of the expected form or shape.
[[nodiscard]] Result<Parameters> read_parameters(const std::string& folder);

}  // namespace tongqu::network
