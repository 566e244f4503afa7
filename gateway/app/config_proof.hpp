#pragma once
// The compiled configuration → what the static proof of disclosure asks for.
#include <deque>
#include <memory>

#include "security/proof/proof.hpp"

namespace tongqu {

struct CompiledConfig;

// Points into the CompiledConfig that it was made of.
struct ConfigProof {
  std::deque<ProofMapping> mappings;  // addresses stay
  ProofInput input;
  ProofResult result;
};

// `config` has everything but the proof, its plan included, and outlives the result.
[[nodiscard]] std::shared_ptr<ConfigProof> prove_config(const CompiledConfig& config);

}  // namespace tongqu
