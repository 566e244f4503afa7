#pragma once
// Random messages of a random configuration, with a canary in every secret field; some are faulty.
#include <string>
#include <vector>

#include "tests/unit/canary/canary.hpp"
#include "tests/unit/proof/world.hpp"

namespace tongqu::canary_test {

struct Message {
  std::string partner, target, content_type, body;
  bool is_query = false;
  std::string number;          // of a question: by which its answer is found
  std::string answer;          // of a question: what the registry says
  const char* fault = "none";  // what is wrong with it
  std::vector<Canary> canaries;
};

// `next_number` counts the canaries of the whole run.
[[nodiscard]] Message make_message(const proof_test::World& world, proof_test::Random& random,
                                   std::uint32_t& next_number);

}  // namespace tongqu::canary_test
