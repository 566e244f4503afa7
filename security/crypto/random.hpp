#pragma once
// Random bytes of the library's generator, and wiping of what must not stay in memory.
#include <cstddef>

#include "gateway/core/error.hpp"
#include "gateway/core/text.hpp"

namespace tongqu {

// Fails with crypto.unavailable when the generator has no entropy. Thread-safe. Not for a process that forked: parent
// and child would give out the same bytes.
[[nodiscard]] Result<Bytes> random_bytes(std::size_t count);

// Overwrites the bytes in a way the compiler does not remove, then empties the string.
void cleanse(Bytes& secret);

// Wipes a string at the end of a scope. `secret` outlives this object.
class ScopedCleanse {
 public:
  explicit ScopedCleanse(Bytes& secret) : secret_(secret) {}
  ScopedCleanse(const ScopedCleanse&) = delete;
  ScopedCleanse& operator=(const ScopedCleanse&) = delete;
  ~ScopedCleanse() { cleanse(secret_); }

 private:
  Bytes& secret_;
};

}  // namespace tongqu
