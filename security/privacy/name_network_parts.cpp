#include "security/privacy/name_network_parts.hpp"

#include <algorithm>
#include <cmath>

namespace tongqu {
namespace network {
namespace {

float largest(std::span<const float> values, std::size_t begin, std::size_t step) {
  float out = 0;
  for (std::size_t i = begin; i < values.size(); i += step) out = std::max(out, std::fabs(values[i]));
  return out;
}

std::int16_t whole(float value, float scale) {
  return scale == 0 ? std::int16_t{0} : static_cast<std::int16_t>(std::lrint(value / scale));
}

}  // namespace

IntegerMatrix::IntegerMatrix(std::span<const float> values, std::size_t rows, std::size_t columns)
    : rows_(rows), columns_(columns), weights_(rows * columns), scales_(columns) {
  for (std::size_t j = 0; j < columns; ++j) {
    const float scale = largest(values, j, columns) / kMaxWeight;
    scales_[j] = scale / kUnit;
    std::int16_t* const block = weights_.data() + j / kColumnBlock * kColumnBlock * rows;
    for (std::size_t i = 0; i < rows; ++i) {
      block[(i / 2 * kColumnBlock + j % kColumnBlock) * 2 + i % 2] = whole(values[i * columns + j], scale);
    }
  }
}

ByteMatrix::ByteMatrix(std::span<const float> values, std::size_t rows, std::size_t columns)
    : rows_(rows),
      columns_(columns),
      weights_(rows * columns),
      wide_weights_(rows * columns),
      zeros_(columns),
      scales_(columns) {
  for (std::size_t j = 0; j < columns; ++j) {
    const float scale = largest(values, j, columns) / kByteUnit;
    scales_[j] = scale / kByteUnit;
    std::int8_t* const block = weights_.data() + j / kColumnBlock * kColumnBlock * rows;
    std::int16_t* const wide = wide_weights_.data() + j / kColumnBlock * kColumnBlock * rows;
    for (std::size_t i = 0; i < rows; ++i) {
      const std::int16_t weight = whole(values[i * columns + j], scale);
      block[(i / 4 * kColumnBlock + j % kColumnBlock) * 4 + i % 4] = static_cast<std::int8_t>(weight);
      wide[(i / 2 * kColumnBlock + j % kColumnBlock) * 2 + i % 2] = weight;
      zeros_[j] -= kByteZero * weight;
    }
  }
}

}  // namespace network

namespace {

using namespace network;  // NOLINT(google-build-using-namespace): one room

Matrix padded(const Matrix& from, std::size_t columns) {
  Matrix out{from.rows, columns, std::vector<float>(from.rows * columns)};
  for (std::size_t i = 0; i < from.rows; ++i) {
    std::copy_n(from.values.begin() + static_cast<std::ptrdiff_t>(i * from.columns), from.columns,
                out.values.begin() + static_cast<std::ptrdiff_t>(i * columns));
  }
  return out;
}

Direction direction_of(const Parameters& from, std::size_t i) {
  Direction out;
  const Matrix& input = from.input[i];
  if (input.rows == kEmbedding) {
    out.characters = IntegerMatrix(input.values, input.rows, input.columns);
  } else {
    out.states = ByteMatrix(input.values, input.rows, input.columns);
  }
  out.bias.resize(3 * kState);
  for (std::size_t j = 0; j < out.bias.size(); ++j) out.bias[j] = from.input_bias[i][j] + from.recurrent_bias[i][j];
  const std::span<const float> recurrent = from.recurrent[i];
  out.gates = ByteMatrix(recurrent.first(kState * 2 * kState), kState, 2 * kState);
  out.candidate = IntegerMatrix(recurrent.subspan(kState * 2 * kState), kState, kState);
  return out;
}

}  // namespace

NameNetwork::Parts::Parts(const Parameters& from)
    : rows_of(from.rows_of), unknown_row(from.unknown_row), tags(from.tags.size()) {
  embedding.resize(from.embedding.values.size());
  embedding_scales.resize(from.embedding.rows);
  for (std::size_t row = 0; row < from.embedding.rows; ++row) {
    const auto values = std::span(from.embedding.values).subspan(row * kEmbedding, kEmbedding);
    const float scale = largest(values, 0, 1) / kUnit;
    for (std::size_t i = 0; i < kEmbedding; ++i) embedding[row * kEmbedding + i] = whole(values[i], scale);
    embedding_scales[row] = scale * kUnit;  // the scales of matrices are for inputs in units
  }
  for (std::size_t i = 0; i < kDirections; ++i) directions[i] = direction_of(from, i);
  const std::size_t columns = (tags + kColumnBlock - 1) / kColumnBlock * kColumnBlock;
  emission = IntegerMatrix(padded(from.emission, columns).values, from.emission.rows, columns);
  emission_bias = from.emission_bias;
  transition_from.resize(tags * kTagBlock);
  for (std::size_t a = 0; a < tags; ++a) {
    start.push_back(from.transition.values[a]);
    end.push_back(from.transition.values[tags + a]);
    for (std::size_t b = 0; b < tags; ++b)
      transition_from[a * kTagBlock + b] = from.transition.values[(a + 2) * tags + b];
  }
  favours.resize(kTagBlock);
  for (std::size_t tag = 0; tag < tags; ++tag) favours[tag] = from.tags[tag].starts_with("PER-") ? kFavour : 0.0F;
  for (const std::string& tag : from.tags) {
    const std::size_t dash = tag.rfind('-');
    const std::string kind = tag.substr(0, dash);
    const auto known = std::find(kinds.begin(), kinds.end(), kind);
    kind_of.push_back(static_cast<std::uint8_t>(known - kinds.begin()));
    if (known == kinds.end()) kinds.push_back(kind);
    begins.push_back(dash == std::string::npos || tag.substr(dash) == "-B");
  }
}

std::uint32_t NameNetwork::Parts::row_of(char32_t character) const {
  if (character >= 0xFF01 && character <= 0xFF5E) character -= 0xFEE0;
  if (character == 0x3000) character = U' ';
  const auto found = rows_of.find(character);
  return found == rows_of.end() ? unknown_row : found->second;
}

}  // namespace tongqu
