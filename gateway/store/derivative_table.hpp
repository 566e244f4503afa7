#pragma once
// What is known of derivatives, in attachments.db beside the rows of originals and copies. Not thread-safe.
#include "gateway/core/attachment_derive.hpp"
#include "gateway/store/attachment_table.hpp"

namespace tongqu::sql {

// Everything fails with gateway.unavailable when SQLite does; each write is on the disk when it returns.
class DerivativeTable {
 public:
  // `attachments` outlives the table.
  [[nodiscard]] static Result<std::unique_ptr<DerivativeTable>> open(AttachmentTable& attachments);
  // What is there already stays.
  [[nodiscard]] Status want(const AttachmentId& original);
  [[nodiscard]] Result<std::optional<Derivative>> by_original(const AttachmentId& original);
  [[nodiscard]] Result<std::vector<AttachmentId>> underived(const AttachmentId& after, std::size_t limit,
                                                            bool without_scan);
  // The copy, stored, becomes scanned and the derivative of `original`, in one transaction. False: none was wanted (the
  // original is gone), or the copy is not there; nothing was changed.
  [[nodiscard]] Result<bool> settle(const AttachmentId& original, const AttachmentId& copy);
  // Nothing happens where a copy was made.
  [[nodiscard]] Status fail(const AttachmentId& original, std::string_view code);
  [[nodiscard]] Status erase(const AttachmentId& original);
  // Copies that no row names: the process ended before they were settled. At most `limit`.
  [[nodiscard]] Result<std::vector<AttachmentId>> strays(std::size_t limit);

 private:
  explicit DerivativeTable(AttachmentTable& attachments) : attachments_(attachments) {}
  AttachmentTable& attachments_;
  Statement want_, by_original_, scanned_, stored_, settle_, publish_, fail_, erase_, strays_;
};

}  // namespace tongqu::sql
