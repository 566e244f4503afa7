#pragma once
// Ways to spoil a sound configuration. Each gives back what the proof has to name.
#include <functional>
#include <string>
#include <vector>

#include "tests/unit/proof/world.hpp"

namespace tongqu::proof_test {

struct Leak {
  std::string source;   // "$.s", or a route's field
  std::string to;       // output field or "when"
  std::string partner;  // whom it would have reached, or the route
};
struct LeakKind {
  const char* name;
  Leak (*spoil)(World&, Random&);
};
[[nodiscard]] const std::vector<LeakKind>& leak_kinds();

}  // namespace tongqu::proof_test
