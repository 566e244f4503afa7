#pragma once
// Attachments: photos, documents, sound and film that belong to a message and are too large for it
// (docs/attachments.md).
//
//   create ──► uploading ──append…──► stored ──► scanned | quarantined     (the last two with a scanner only)
//                  │        │
//                  │        └── content, size or digest does not fit ──► refused
//                  └── not finished in time, or given up by its owner ──► removed
//
// One that the gateway fetches itself is wanted instead of uploading (attachment_fetch.hpp).
//
// On disk: 64 KiB segments, each sealed under the attachment's own data key and bound to the attachment, its number and
// the number of all. What was answered as taken is on disk; after a crash an attachment is either still uploading, from
// the offset that find() tells, or stored.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/clock.hpp"
#include "gateway/core/crypto.hpp"
#include "gateway/core/error.hpp"
#include "gateway/core/ids.hpp"

namespace tongqu {

using AttachmentId = Id<struct AttachmentTag>;  // 32 lower-case hex digits, random
[[nodiscard]] bool is_attachment_id(std::string_view text);

// Where attachments are found on the partner listener, and how a message names one: this path, '/', and the id; or a
// whole URL that ends with it.
inline constexpr std::string_view kAttachmentPath = "/exchange/v1/attachments";
[[nodiscard]] std::string attachment_url(const AttachmentId& id);  // the path
// The id that `url` names; empty for any other text.
[[nodiscard]] AttachmentId attachment_of_url(std::string_view url);

enum class AttachmentState : std::uint8_t { kUploading, kStored, kScanned, kRefused, kQuarantined, kWanted };
[[nodiscard]] std::string_view name_of(
    AttachmentState state);  // "uploading", "stored", "scanned", "refused", "quarantined", "wanted"
[[nodiscard]] std::optional<AttachmentState> attachment_state_of(std::string_view name);

// A media type without parameters, in lower case and under its usual name: "image/jpg" → "image/jpeg".
[[nodiscard]] std::string media_type_name(std::string_view type);
// Whether content of the type `found` may be declared as `declared`, both as of media_type_name: the same, or sound
// alone in the container of films, which nothing but a whole parse could tell from a film.
[[nodiscard]] bool types_fit(std::string_view declared, std::string_view found);
// "image/jpeg" → "jpg"; "bin" for what is not known. For names of files that say nothing of their content.
[[nodiscard]] std::string_view file_ending(std::string_view media_type);
// Whether it is one that file_ending gives for a type that is known.
[[nodiscard]] bool is_file_ending(std::string_view ending);

// What the owner says before the first byte.
struct AttachmentDeclaration {
  PartnerId owner;
  std::string name;  // file name, 1 … 255 bytes of UTF-8; may be personal data: sealed on disk, told to the owner alone
  std::string type;  // media type
  std::uint64_t size_bytes = 0;
  SuiteId hash = SuiteId::kGm;  // of `digest`: SM3 or SHA-256
  Digest32 digest{};            // of the whole content
  std::string idempotency_key;  // empty: an equal declaration of the same owner is the same attachment
};

// Of one owner. "Open" is what is not finished.
struct AttachmentLimits {
  std::uint64_t max_bytes = 0;       // one attachment
  std::uint64_t max_open_bytes = 0;  // declared sizes of all open ones
  std::size_t max_open_count = 0;
};

// Which addresses of a partner's messages are fetched.
enum class FetchVerdict : std::uint8_t {
  kAllowed,
  kForbidden,  // an address, but not one of those that may be fetched
  kNoAddress   // something else: left as it is
};
struct FetchGrant {
  std::function<FetchVerdict(std::string_view url)> judge;
  std::size_t max_wanted = 0;
};

// What one partner may upload, or have fetched.
struct AttachmentGrant {
  AttachmentLimits limits;
  std::vector<std::string> types;   // as of media_type_name
  std::optional<FetchGrant> fetch;  // without it every address is left as it is
};

struct Attachment {
  AttachmentId id;
  PartnerId owner;
  AttachmentState state = AttachmentState::kUploading;
  std::string name;
  std::string type;
  std::uint64_t size_bytes = 0;
  std::uint64_t offset_bytes = 0;  // taken so far, and on disk
  SuiteId hash = SuiteId::kGm;
  Digest32 digest{};
  std::int64_t created_ms = 0;
  std::int64_t expires_ms = 0;  // while uploading
  std::string code;             // why it was refused; else empty
  bool repeated = false;        // from create(): it existed
};

// Takes the content of one attachment; one writer at a time. One thread at a time. Destroyed without close or discard,
// it gives the attachment free, at the last offset that reached the disk.
class AttachmentWriter {
 public:
  virtual ~AttachmentWriter() = default;
  // Errors: attachment.overlong (nothing of `piece` was taken); attachment.type-mismatch (the attachment is refused
  // now); gateway.unavailable (disk; the attachment stays at its last offset). After an error only the destructor is
  // left.
  [[nodiscard]] virtual Status append(std::string_view piece) = 0;
  // What was taken goes to disk; with the last byte of the declared size the digest is checked and the attachment is
  // stored. Errors: attachment.digest-mismatch (refused now), gateway.unavailable.
  [[nodiscard]] virtual Result<Attachment> close() = 0;
  // Back to the offset at which the writer began, because what it was given turned out not to be what was announced.
  [[nodiscard]] virtual Status discard() = 0;
};

// Reads the content of one attachment. One thread at a time; it may outlive nothing but the store.
class AttachmentReader {
 public:
  virtual ~AttachmentReader() = default;
  [[nodiscard]] virtual const Attachment& attachment() const = 0;
  // At least one byte from `offset_bytes` (below the size), at most 64 KiB. attachment.corrupt: what is on disk was
  // changed; nothing of that segment is given out. gateway.unavailable: it cannot be read.
  [[nodiscard]] virtual Result<Bytes> read(std::uint64_t offset_bytes) = 0;
};

// For people who look at them. What is unset or empty is any.
struct AttachmentFilter {
  std::optional<AttachmentState> state;
  PartnerId owner;
  AttachmentId before;  // page: those declared before this one
  std::size_t limit = 50;
};

enum class ScanVerdict : std::uint8_t { kClean, kInfected };

// Looks for what harms in a content. Blocking; one thread at a time.
class AttachmentScanner {
 public:
  virtual ~AttachmentScanner() = default;
  // An error is no verdict: retryable(), the scanner is away; else it cannot judge this content.
  [[nodiscard]] virtual Result<ScanVerdict> scan(AttachmentReader& content) = 0;
};

// All calls block on the disk: not for an io thread. Thread-safe. Ids that do not exist, and those of another owner
// where an owner is given, fail with gateway.not-found.
class AttachmentStore {
 public:
  virtual ~AttachmentStore() = default;
  // Errors: attachment.declaration (parameter: the member), attachment.too-large, attachment.open-bytes,
  // attachment.open-count, attachment.key-conflict (key used for another declaration), gateway.unavailable (disk full).
  // A refused attachment frees its key.
  [[nodiscard]] virtual Result<Attachment> create(const AttachmentDeclaration& declaration,
                                                  const AttachmentLimits& limits) = 0;
  [[nodiscard]] virtual Result<Attachment> find(const AttachmentId& id) = 0;
  // Begins at `offset_bytes`. Errors: attachment.offset (the parameter is the right one), attachment.busy (another
  // writer), attachment.wrong-state.
  [[nodiscard]] virtual Result<std::unique_ptr<AttachmentWriter>> append(const AttachmentId& id, const PartnerId& owner,
                                                                         std::uint64_t offset_bytes) = 0;
  // attachment.wrong-state unless stored or scanned.
  [[nodiscard]] virtual Result<std::unique_ptr<AttachmentReader>> open(const AttachmentId& id) = 0;
  // Stored ones without a verdict, by id, behind `after`; at most `limit`.
  [[nodiscard]] virtual Result<std::vector<AttachmentId>> unscanned(const AttachmentId& after, std::size_t limit) = 0;
  // Stored → scanned, or quarantined: kept as evidence, and given to nobody. Nothing happens in any other state.
  [[nodiscard]] virtual Status settle_scan(const AttachmentId& id, ScanVerdict verdict) = 0;
  // Newest first, without their names: those may be personal data.
  [[nodiscard]] virtual Result<std::vector<Attachment>> list(const AttachmentFilter& filter) = 0;
  // A person vouches for the content: stored or quarantined → scanned. attachment.wrong-state.
  [[nodiscard]] virtual Status release(const AttachmentId& id) = 0;
  // Whatever its state: the data key is destroyed, no copy of it stays in the files, then the rest goes; once more
  // after a crash is no error until all is gone. attachment.busy.
  [[nodiscard]] virtual Status destroy(const AttachmentId& id) = 0;
  // Gives up what is not finished: attachment.wrong-state, attachment.busy.
  [[nodiscard]] virtual Status remove(const AttachmentId& id, const PartnerId& owner) = 0;
  // Removes open attachments whose time is over, and files that belong to nothing. Gives the number of attachments.
  [[nodiscard]] virtual Result<std::size_t> remove_expired() = 0;
};

// Tells the type of a content by its first bytes. Thread-safe.
class ContentTyper {
 public:
  virtual ~ContentTyper() = default;
  // `first_bytes`: the beginning, 64 KiB or all of it. A name as of media_type_name; "application/octet-stream" for
  // what is not known. Fails with gateway.internal.
  [[nodiscard]] virtual Result<std::string> type_of(std::string_view first_bytes) const = 0;
};

}  // namespace tongqu
