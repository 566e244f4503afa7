#pragma once
// What is known of attachments that the gateway fetches itself, in attachments.db beside their rows. Not thread-safe.
#include <vector>

#include "gateway/core/attachment_fetch.hpp"
#include "gateway/store/attachment_table.hpp"

namespace tongqu::sql {

struct FetchRow {
  AttachmentId id;
  PartnerId owner;
  std::int64_t due_ms = 0;
  std::int64_t since_ms = 0;
  std::int32_t attempts = 0;
  bool typed = false;     // the message declared a type
  bool digested = false;  // and a digest
  Bytes sealed_url;
  Bytes sealed_validator;  // empty = none
};

// Everything fails with gateway.unavailable when SQLite does; each write is one transaction, on the disk when it
// returns.
class FetchTable {
 public:
  // `attachments` outlives the table.
  [[nodiscard]] static Result<std::unique_ptr<FetchTable>> open(AttachmentTable& attachments);

  // The attachment's row and this one, as wanted.
  [[nodiscard]] Status insert(const AttachmentRow& attachment, const FetchRow& row);
  [[nodiscard]] Result<std::optional<FetchRow>> by_id(const AttachmentId& id);
  [[nodiscard]] Result<std::vector<AttachmentId>> due(const PartnerId& owner, Instant now, std::size_t limit);
  // The content is one of `size_bytes` with `sealed_validator`; from the start: what was taken counts no more.
  [[nodiscard]] Status begin(const FetchRow& row, std::uint64_t size_bytes, Bytes sealed_validator, bool from_start);
  [[nodiscard]] Status set_type(const AttachmentId& id, std::string_view type);
  [[nodiscard]] Status put_off(const AttachmentId& id, Instant due, std::int32_t attempts, std::string_view code);
  // Wanted → stored; the row is gone.
  [[nodiscard]] Status finish(const AttachmentId& id, const Digest32& digest, std::string_view suite_digest);
  // Wanted → refused; key and this row stay for a retry.
  [[nodiscard]] Status refuse(const AttachmentId& id, std::string_view code);
  // Refused or wanted → wanted from `now` on, from the start. False: there is no such row.
  [[nodiscard]] Result<bool> retry(const AttachmentId& id, Instant now);
  [[nodiscard]] Status erase(const AttachmentId& id);
  [[nodiscard]] Result<FetchCounts> counts(const PartnerId& owner);

 private:
  explicit FetchTable(AttachmentTable& attachments) : attachments_(attachments) {}
  template <class F>
  [[nodiscard]] Status in_transaction(F&& work);

  AttachmentTable& attachments_;
  Statement insert_, become_wanted_, by_id_, due_, begin_, begin_attachment_, restart_attachment_, set_type_, put_off_,
      set_code_, finish_, refuse_, retry_, retry_attachment_, erase_, counts_;
};

}  // namespace tongqu::sql
