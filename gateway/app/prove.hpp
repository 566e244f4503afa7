#pragma once
// Inclusion of one stored entry in the newest checkpoint.
#include "gateway/core/crypto.hpp"
#include "gateway/core/store.hpp"

namespace tongqu::app {

// Receipt-shaped text (docs/formats.md, section 5) with `receipt` = "proof". Fails with kNotFound beyond the log.
[[nodiscard]] Result<std::string> prove_entry(Store& store, const Suite& suite, std::uint64_t index);

}  // namespace tongqu::app
