#include "transforms/codecs/text_position.hpp"

namespace tongqu {
namespace {

bool is_continuation(char c) { return static_cast<signed char>(c) < -64; }

}  // namespace

Position position_at(std::string_view text, std::size_t offset) { return PositionCounter(text).at(offset); }

Position PositionCounter::at(std::size_t offset) {
  std::uint32_t lines = 0;
  std::uint32_t code_points = 0;
  const char* const data = text_.data();
  for (std::size_t i = offset_; i < offset; ++i) {
    lines += data[i] == '\n' ? 1U : 0U;
    code_points += is_continuation(data[i]) ? 0U : 1U;
  }
  if (lines == 0) {
    position_.column += code_points;
  } else {
    position_.line += lines;
    const std::size_t line_begin = text_.substr(0, offset).rfind('\n') + 1;
    position_.column = 1;
    for (std::size_t i = line_begin; i < offset; ++i) position_.column += is_continuation(data[i]) ? 0U : 1U;
  }
  offset_ = offset;
  return position_;
}

}  // namespace tongqu
