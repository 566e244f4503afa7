#pragma once
// One attempt to fetch one attachment: what is here already, the source, the store, and what follows from how it ended.
#include <vector>

#include "connectors/fetch/fetch_source.hpp"
#include "gateway/core/attachment_fetch.hpp"

namespace tongqu::fetch {

struct FetchTerms {
  std::uint64_t max_bytes = 0;
  std::vector<std::string> types;
  std::int64_t first_wait_ms = 5'000;  // doubled by every attempt that took nothing, up to max_wait_ms
  std::int64_t max_wait_ms = 600'000;
  std::int64_t deadline_ms = 3LL * 24 * 3600 * 1000;  // from the message on
};

enum class FetchEnd : std::uint8_t {
  kStored,
  kRefused,  // for good, or until a person retries
  kPutOff,
  kStopped,  // by us; nothing is counted
  kStore     // the store failed: nothing is known, and the attachment stays as it is
};
struct FetchOutcome {
  FetchEnd end = FetchEnd::kStored;
  const ErrorCode* code = nullptr;  // why, unless stored
};

[[nodiscard]] FetchOutcome fetch_once(const AttachmentId& id, const FetchTerms& terms, FetchStore& store,
                                      FetchSource& source, const Clock& clock);

}  // namespace tongqu::fetch
