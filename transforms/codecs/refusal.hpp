#pragma once
// An error with its one fault: what most decoders end with.
#include <string>
#include <string_view>

#include "gateway/core/error.hpp"

namespace tongqu {

[[nodiscard]] inline Error refusal(const ErrorCode& code, std::string_view path, Position position,
                                   std::string param = {}) {
  Error error = make_error(code, param);
  error.faults.push_back(Fault{&code, std::string(path), {}, std::move(param), position, Grade::kError});
  return error;
}

}  // namespace tongqu
