#pragma once
// The Stripper that runs the program tongqu-strip (transforms/strip), one process for each content. A parser that
// crashes, loops or eats memory ends that process, and the content has no copy.
#include <filesystem>
#include <memory>

#include "gateway/core/attachment_derive.hpp"

namespace tongqu {

struct StripOptions {
  std::filesystem::path program;
  // Where a large content may lie in clear while it is worked on: as a file without a name, mode 0600, which is gone
  // with its descriptor. Smaller ones stay in memory.
  std::filesystem::path folder;
  std::int64_t timeout_ms = 300'000;              // of one process
  std::uint64_t max_memory_bytes = 16ULL << 20U;  // of a content that stays in memory, and as much for its copy
};

// gateway.unavailable when the program cannot be started.
[[nodiscard]] Result<std::unique_ptr<Stripper>> make_strip_process(StripOptions options);

}  // namespace tongqu
