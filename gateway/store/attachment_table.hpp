#pragma once
// What is known of attachments, in two SQLite files: attachments.db, and attachment-keys.db with the wrapped data keys,
// which is backed up apart, so that destroying a key erases a content for good. Not thread-safe.
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "gateway/core/attachments.hpp"
#include "gateway/store/sqlite.hpp"

namespace tongqu::sql {

struct AttachmentRow {
  Attachment attachment;  // without the name
  std::string idempotency_key;
  Bytes declaration;  // digest of what was declared
  Bytes sealed_name;
  Bytes wrapped_key;  // empty when it was destroyed
  std::size_t overhead_bytes = 0;
  Bytes tail;  // sealed part of the segment that is growing; empty = none
};

struct OpenAttachments {
  std::uint64_t bytes = 0;
  std::size_t count = 0;
};

// Everything fails with gateway.unavailable when SQLite does; each write is on the disk when it returns.
class AttachmentTable {
 public:
  // Errors also: store.newer.
  [[nodiscard]] static Result<std::unique_ptr<AttachmentTable>> open(const std::filesystem::path& folder);

  [[nodiscard]] Result<std::optional<AttachmentRow>> by_id(const AttachmentId& id);
  [[nodiscard]] Result<std::optional<AttachmentRow>> by_key(const PartnerId& owner, const std::string& key);
  [[nodiscard]] Result<OpenAttachments> open_of(const PartnerId& owner);
  // The data key first: a key without a row is harmless.
  [[nodiscard]] Status insert(const AttachmentRow& row);
  [[nodiscard]] Status advance(const AttachmentId& id, std::uint64_t offset_bytes, std::string_view tail);
  // Uploading → stored, with `suite_digest`, the hash in the gateway's own suite.
  [[nodiscard]] Status finish(const AttachmentId& id, std::string_view suite_digest);
  // Uploading → refused with `code`; its idempotency key is free again and its data key destroyed.
  [[nodiscard]] Status refuse(const AttachmentId& id, std::string_view code);
  // Stored → `to`.
  [[nodiscard]] Status settle_scan(const AttachmentId& id, AttachmentState to);
  // Stored ones by id, behind `after`.
  [[nodiscard]] Result<std::vector<AttachmentId>> unscanned(const AttachmentId& after, std::size_t limit);
  [[nodiscard]] Result<std::vector<Attachment>> list(const AttachmentFilter& filter);
  // Stored or quarantined → scanned. False: it was in another state.
  [[nodiscard]] Result<bool> release(const AttachmentId& id);
  // The data key, also from the write-ahead log and from free pages.
  [[nodiscard]] Status destroy_key(const AttachmentId& id);
  // Row and data key.
  [[nodiscard]] Status erase(const AttachmentId& id);
  // Uploading ones whose time is over, at most `limit`.
  [[nodiscard]] Result<std::vector<AttachmentId>> expired(Instant now, std::size_t limit);
  [[nodiscard]] const Connection& connection() const { return main_; }

 private:
  AttachmentTable() = default;
  [[nodiscard]] Result<std::optional<AttachmentRow>> one(Statement& statement, std::string_view a, std::string_view b);

  Connection main_;
  Connection keys_;
  Statement by_id_, by_key_, open_of_, insert_, advance_, finish_, refuse_, erase_, expired_, settle_scan_, unscanned_,
      list_, release_;
  Statement get_key_, put_key_, erase_key_;
};

}  // namespace tongqu::sql
