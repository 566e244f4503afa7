#pragma once
// Why a certificate is not accepted; thrown inside this folder only, caught by check_certificate().
#include <string>

namespace tongqu::checker {

struct Refusal {
  std::string reason;
};
[[noreturn]] inline void refuse(std::string reason) { throw Refusal{std::move(reason)}; }

}  // namespace tongqu::checker
