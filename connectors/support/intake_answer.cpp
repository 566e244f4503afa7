#include "connectors/support/intake_answer.hpp"

namespace tongqu {

bool is_offered_again(const Error& error) {
  return error.retryable() || error.kind() == ErrorKind::kInternal || error.kind() == ErrorKind::kCorrupt;
}

}  // namespace tongqu
