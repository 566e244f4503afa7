#pragma once
// Sealed values (定向加密): a field that only the holder of one private key can read, and that opens only as the field
// of the message that it was made for.
//
//   sealed:v1:<suite>:<key id>:<base64url, no padding>     of   length of context (2 bytes, big-endian) ‖ context ‖
//   sealed
//
// context = recipient ‖ "\n" ‖ service ‖ "\n" ‖ canonical path; what `sealed` is says
// security/crypto/public_sealing.hpp.
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/core/clock.hpp"
#include "gateway/core/ids.hpp"
#include "security/crypto/public_sealing.hpp"

namespace tongqu {

// Where a sealed value belongs.
struct SealedPlace {
  std::string recipient;
  std::string service;
  std::string path;  // canonical, list elements as "[]"
  friend bool operator==(const SealedPlace&, const SealedPlace&) = default;
};

// Immutable and thread-safe.
class ValueSealer {
 public:
  // `expires`: from then on nothing is sealed; with it goes `clock`, which outlives this.
  ValueSealer(std::unique_ptr<PublicSealer> sealer, std::optional<Instant> expires, const Clock* clock);
  // Fails with privacy.seal-expired, privacy.seal-place (a name above 1 KiB or with a line break) and what PublicSealer
  // fails with. No error carries the value.
  [[nodiscard]] Result<std::string> seal(const SealedPlace& place, std::string_view value) const;

 private:
  std::unique_ptr<PublicSealer> sealer_;
  std::optional<Instant> expires_;
  const Clock* clock_;
};

struct OpenedValue {
  SealedPlace place;
  std::string value;
};
// Fails with privacy.sealed-form when the text is no sealed value, privacy.sealed-key when it was made for another key,
// and crypto.sealed on any change. The caller compares the place with where it found the value.
[[nodiscard]] Result<OpenedValue> open_sealed(const PublicOpener& opener, std::string_view text);
// The same, and fails with crypto.sealed when the value belongs elsewhere.
[[nodiscard]] Result<std::string> open_sealed_at(const PublicOpener& opener, const SealedPlace& place,
                                                 std::string_view text);

}  // namespace tongqu
