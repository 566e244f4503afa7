#pragma once
// Attachments that a message names by an address elsewhere, and that the gateway fetches (docs/attachments.md).
//
//   want ──► wanted ──take…──► stored ──► (as any other)
//              │  ▲
//              │  └── retry, by a person ──┐
//              └── not to be had ──────► refused; the address is kept for a person's retry
//
// Address and validator are sealed on disk under the attachment's own key, and gone when its content is stored.
#include <optional>

#include "gateway/core/attachments.hpp"

namespace tongqu {

struct AttachmentWish {
  PartnerId owner;
  std::string key;              // the same key of the same owner is the same attachment, whatever became of it
  std::string url;              // may be personal data
  std::string name;             // as in AttachmentDeclaration; what cannot be a name is replaced by "attachment"
  std::string type;             // as of media_type_name; empty: what the content turns out to be
  std::optional<SuiteId> hash;  // set: `digest` is that of the whole content
  Digest32 digest{};
  std::size_t max_wanted = 0;  // of this owner
};

// What a fetch begins with.
struct WantedAttachment {
  Attachment attachment;  // size_bytes is 0 before the first answer; offset_bytes: taken so far
  std::string url;
  std::string validator;  // of the content whose beginning was taken; empty = none
  std::int64_t since_ms = 0;
  std::int32_t attempts = 0;  // failed ones since the last progress
};

// What the source says of the content that now comes.
struct FetchBegin {
  std::uint64_t offset_bytes = 0;  // 0: from the start, whatever was taken; else where the attachment stands
  std::uint64_t size_bytes = 0;    // of the whole content, at least 1
  std::string validator;
  std::vector<std::string> types;  // permitted, where none was declared
};

struct FetchCounts {
  std::size_t wanted = 0;
  std::size_t refused = 0;
};

// As AttachmentStore; ids of attachments that are not wanted fail with attachment.wrong-state.
class FetchStore {
 public:
  virtual ~FetchStore() = default;
  // Errors: attachment.declaration; attachment.wanted-count (retryable); gateway.unavailable.
  [[nodiscard]] virtual Result<Attachment> want(const AttachmentWish& wish) = 0;
  // Wanted ones of `owner` whose time has come, the longest due first.
  [[nodiscard]] virtual Result<std::vector<AttachmentId>> due(const PartnerId& owner, std::size_t limit) = 0;
  [[nodiscard]] virtual Result<WantedAttachment> wanted(const AttachmentId& id) = 0;
  // Takes the content from `begin.offset_bytes` on. The writer is that of an upload; besides, it finds the type where
  // none was declared, and the digest. What it refuses stays refused with its code, and can be retried.
  // Errors: attachment.offset, attachment.busy, gateway.unavailable.
  [[nodiscard]] virtual Result<std::unique_ptr<AttachmentWriter>> take(const AttachmentId& id,
                                                                       const FetchBegin& begin) = 0;
  // Wanted: not before `due`, because of `code`.
  [[nodiscard]] virtual Status put_off(const AttachmentId& id, Instant due, std::int32_t attempts,
                                       const ErrorCode& code) = 0;
  // Wanted → refused with `code`; content that came is gone.
  [[nodiscard]] virtual Status give_up(const AttachmentId& id, const ErrorCode& code) = 0;
  // By a person: refused, or waiting for its next attempt → wanted, from now on. False: it was never fetched.
  [[nodiscard]] virtual Result<bool> retry(const AttachmentId& id) = 0;
  [[nodiscard]] virtual Result<FetchCounts> fetch_counts(const PartnerId& owner) = 0;
};

}  // namespace tongqu
