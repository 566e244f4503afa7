#pragma once
// Records that are kept to be looked up (connector `registry`): a base per partner, filled by its messages, asked by
// queries. The content is sealed; what it is found by is kept as keyed hashes.
//
// Of two records with the same identity the later one stays: by `order`, then `as_of`, then `message_id`, each compared
// as text, byte by byte. So the same message twice, and messages in any order, lead to the same base.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/core/error.hpp"
#include "gateway/core/ids.hpp"

namespace tongqu {

// Bounds of one base. A new record beyond them is not taken; a later version of one that is there always is, unless it
// is larger than what is left.
struct ReferenceLimits {
  std::uint64_t max_records = 1'000'000;
  std::uint64_t max_bytes = std::uint64_t{8} << 30U;  // of sealed contents
};

struct NewReference {
  std::string message_id;
  std::string identity;           // what makes two records the same; not empty
  std::vector<std::string> keys;  // what it is found by
  std::string order;              // may be empty: earlier than everything
  std::string as_of;              // of when the record is; may be empty
  std::string content;
};

enum class ReferencePut : std::uint8_t {
  kStored,  // also when this very message stored it before
  kOlder,   // a later one is there and stays
  kFull,    // not taken: the base is at a limit
};

struct Reference {
  std::string content;
  std::string as_of;
};

// Thread-safe; calls block for the time of a disk.
class ReferenceStore {
 public:
  virtual ~ReferenceStore() = default;
  // One commit for all of them, in their order; what is answered is on the disk. An outcome for each. Fails as a whole
  // with gateway.unavailable.
  [[nodiscard]] virtual Result<std::vector<ReferencePut>> put(const PartnerId& base, const ReferenceLimits& limits,
                                                              const std::vector<NewReference>& records) = 0;
  // The latest record with this key; empty when there is none. Fails with gateway.unavailable, and with what the sealer
  // says of altered content.
  [[nodiscard]] virtual Result<std::optional<Reference>> find(const PartnerId& base, const std::string& key) = 0;
  // The latest `as_of` that the base ever took; empty when it took none. Errors as find().
  [[nodiscard]] virtual Result<std::string> newest(const PartnerId& base) = 0;
};

}  // namespace tongqu
