#pragma once
// The seam between fetching and the protocols that fetch.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/core/error.hpp"

namespace tongqu::fetch {

// What is here already: `offset_bytes` of a content of `size_bytes`, as it was when it had `validator`. All zero and
// empty: nothing.
struct FetchFrom {
  std::uint64_t offset_bytes = 0;
  std::uint64_t size_bytes = 0;
  std::string validator;
};

// Takes the content. False: nothing more is wanted.
class ContentTaker {
 public:
  virtual ~ContentTaker() = default;
  // What now comes: from `now.offset_bytes` on, which is 0 or that of FetchFrom. Once, before the first piece.
  [[nodiscard]] virtual bool begin(const FetchFrom& now) = 0;
  [[nodiscard]] virtual bool take(std::string_view piece) = 0;
};

struct FetchFailure {
  const ErrorCode* code = nullptr;  // never null
  bool final = false;               // trying again does not help
  std::int64_t retry_after_ms = 0;  // as the source wishes; 0 = it has none
};

// Blocking; one thread at a time, but for interrupt().
class FetchSource {
 public:
  virtual ~FetchSource() = default;
  // Nothing: the source ended the content, or the taker wanted no more.
  [[nodiscard]] virtual std::optional<FetchFailure> fetch(const std::string& url, const FetchFrom& from,
                                                          ContentTaker& taker) = 0;
  // From any thread: what runs, and every later call, fails soon.
  virtual void interrupt() = 0;
};

}  // namespace tongqu::fetch
