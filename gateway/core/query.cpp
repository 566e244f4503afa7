#include "gateway/core/query.hpp"

#include <array>

namespace tongqu {

std::string_view name_of(AnswerOrigin origin) {
  static constexpr std::array<std::string_view, 4> kNames{"upstream", "shared", "cache", "stale"};
  return kNames[static_cast<std::size_t>(origin)];
}

}  // namespace tongqu
