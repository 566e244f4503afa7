#pragma once
#include "gateway/core/store.hpp"

namespace tongqu {

// Blocks until the entry is on disk; what it stands for is done or shown after that only. Errors: those of
// Store::append. Not on the store's own thread.
[[nodiscard]] Status append_now(Store& store, AuditDraft entry);

}  // namespace tongqu
