#pragma once
// A Sealer for what one process keeps in memory for a while (answers of registries) and nobody ever writes to disk: one
// key for the life of the process, no key per exchange, nothing wrapped. The suite's cipher in GCM (SM4-GCM as in
// RFC 8998, AES-256-GCM), whose key schedule each thread keeps: opening a kibibyte costs a third of the sealing of
// sealing.hpp, which derives two keys for each value because its blobs lie on disk for years.
//
//   blob = number of the blob (12 bytes, never used twice under one key) ‖ ciphertext ‖ tag (16 bytes)
//   additional data = length of context (4 bytes) ‖ context ‖ exchange of the key
#include <memory>

#include "gateway/core/crypto.hpp"

namespace tongqu {

// make_key() gives the same key each time, for whatever exchange, with an empty wrapped form; unwrap() fails with
// crypto.wrapped-key. seal() and open() take keys of this sealer only and fail with crypto.key for any other. After
// kMaxMemoryBlobs blobs seal() fails with crypto.unavailable: what would be kept is made anew instead.
// Thread-safe. Fails with crypto.unavailable.
inline constexpr std::uint64_t kMaxMemoryBlobs = std::uint64_t{1} << 32U;
[[nodiscard]] Result<std::unique_ptr<Sealer>> make_memory_sealer(SuiteId suite);

}  // namespace tongqu
