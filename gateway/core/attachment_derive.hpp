#pragma once
// Derivatives: copies of attachments without position, device and names (docs/attachments.md).
//
//   want_derivative ──► wanted ──(original stored and clean)──► made | impossible
//
// A derivative is an attachment of its own, sealed under its own key; its owner is kDeriver and nobody can ask for it
// by its id. Destroying the original destroys it too.
#include <optional>

#include "gateway/core/attachments.hpp"

namespace tongqu {

// The owner of derivatives: no partner can be called so.
inline constexpr std::string_view kDeriver = "@derived";

enum class DerivativeState : std::uint8_t { kWanted, kMade, kImpossible };
[[nodiscard]] std::string_view name_of(DerivativeState state);  // "wanted", "made", "impossible"

struct Derivative {
  AttachmentId original;
  DerivativeState state = DerivativeState::kWanted;
  AttachmentId copy;  // of kMade
  std::string code;   // why it is impossible; else empty
};

// All calls block on the disk. Thread-safe. gateway.unavailable when the disk fails.
class DerivativeStore {
 public:
  virtual ~DerivativeStore() = default;
  // From now on one is made; what is known already stays as it is. Also of an attachment whose content is not there
  // yet.
  [[nodiscard]] virtual Status want_derivative(const AttachmentId& original) = 0;
  // Nothing: none was wanted.
  [[nodiscard]] virtual Result<std::optional<Derivative>> derivative(const AttachmentId& original) = 0;
  // Originals whose derivative can be made now, by id, behind `after`: wanted, and with a clean verdict; with
  // `without_scan` stored is enough.
  [[nodiscard]] virtual Result<std::vector<AttachmentId>> underived(const AttachmentId& after, std::size_t limit,
                                                                    bool without_scan) = 0;
  // `copy` (stored, owner kDeriver) becomes the derivative, and readable, in one step.
  [[nodiscard]] virtual Status settle_derivative(const AttachmentId& original, const AttachmentId& copy) = 0;
  // There will be none, because of `code`.
  [[nodiscard]] virtual Status no_derivative(const AttachmentId& original, std::string_view code) = 0;
};

// A content without a name in the file system: gone with its descriptor, also after a crash. One thread at a time.
class StrippedContent {
 public:
  virtual ~StrippedContent() = default;
  [[nodiscard]] virtual std::uint64_t size_bytes() const = 0;
  // At most 64 KiB from `offset_bytes`; at least one byte below the size.
  [[nodiscard]] virtual Result<Bytes> read(std::uint64_t offset_bytes) = 0;
};

// Makes the copy. Blocking; one thread at a time.
class Stripper {
 public:
  virtual ~Stripper() = default;
  // Whether there is a proven way for the media type.
  [[nodiscard]] virtual bool knows(std::string_view media_type) const = 0;
  // Errors: of kind unavailable (disk, no process: try again); any other says for good why there is no copy.
  [[nodiscard]] virtual Result<std::unique_ptr<StrippedContent>> strip(AttachmentReader& original) = 0;
};

}  // namespace tongqu
