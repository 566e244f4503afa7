#pragma once
// Several faults of one question as one error.
#include <utility>
#include <vector>

#include "gateway/core/error.hpp"

namespace tongqu {

// The first gives the error its code and parameter. `faults` is not empty.
[[nodiscard]] inline Error error_of(std::vector<Fault> faults) {
  Error error = make_error(*faults.front().code, faults.front().param);
  error.faults = std::move(faults);
  return error;
}

}  // namespace tongqu
