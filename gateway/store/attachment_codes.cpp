#include "gateway/store/attachment_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kAttachmentDeclaration{"attachment.declaration", ErrorKind::kInvalid,
                                       "The declaration of the attachment lacks or has a wrong {}.",
                                       "附件声明缺少 {} 或其取值不正确。"};
const ErrorCode kAttachmentTooLarge{"attachment.too-large", ErrorKind::kTooLarge,
                                    "An attachment may have at most {} bytes.", "单个附件不得超过 {} 字节。"};
const ErrorCode kAttachmentOpenBytes{
    "attachment.open-bytes", ErrorKind::kRateLimited,
    "Unfinished attachments may have at most {} bytes together. Finish or delete some first.",
    "未完成的附件合计不得超过 {} 字节，请先完成或删除。"};
const ErrorCode kAttachmentOpenCount{"attachment.open-count", ErrorKind::kRateLimited,
                                     "At most {} attachments may be unfinished. Finish or delete some first.",
                                     "未完成的附件不得超过 {} 个，请先完成或删除。"};
const ErrorCode kAttachmentWantedCount{
    "attachment.wanted-count", ErrorKind::kRateLimited,
    "At most {} attachments of this partner may wait to be fetched. Come again later.",
    "该接入方等待抓取的附件不得超过 {} 个，请稍后再试。"};
const ErrorCode kAttachmentKeyConflict{"attachment.key-conflict", ErrorKind::kConflict,
                                       "This key was used before for another declaration.",
                                       "该幂等键此前已用于不同的附件声明。"};
const ErrorCode kAttachmentOffset{"attachment.offset", ErrorKind::kConflict, "The upload goes on at byte {}.",
                                  "应从第 {} 字节处续传。"};
const ErrorCode kAttachmentBusy{"attachment.busy", ErrorKind::kUnavailable,
                                "Another request is uploading this attachment.", "另一请求正在上传此附件。"};
const ErrorCode kAttachmentWrongState{"attachment.wrong-state", ErrorKind::kConflict,
                                      "Not possible while the attachment is {}.", "附件处于 {} 状态，不能进行此操作。"};
const ErrorCode kAttachmentOverlong{"attachment.overlong", ErrorKind::kTooLarge,
                                    "More bytes than the {} that were declared.", "内容超过声明的 {} 字节。"};
const ErrorCode kAttachmentType{"attachment.type-mismatch", ErrorKind::kInvalid,
                                "The content is not of the declared type; it looks like {}. Declare it anew.",
                                "附件内容与声明的类型不符，实际为 {}，请重新声明。"};
const ErrorCode kAttachmentDigest{"attachment.digest-mismatch", ErrorKind::kInvalid,
                                  "The content does not have the declared digest. Declare it anew.",
                                  "附件内容的摘要与声明不符，请重新声明。"};
const ErrorCode kAttachmentCorrupt{"attachment.corrupt", ErrorKind::kCorrupt,
                                   "The attachment on disk was changed or cut.", "磁盘上的附件已被改动或截断。"};

std::span<const ErrorCode* const> attachment_codes() {
  static constexpr std::array<const ErrorCode*, 13> kAll{
      &kAttachmentDeclaration, &kAttachmentTooLarge,    &kAttachmentOpenBytes, &kAttachmentOpenCount,
      &kAttachmentWantedCount, &kAttachmentKeyConflict, &kAttachmentOffset,    &kAttachmentBusy,
      &kAttachmentWrongState,  &kAttachmentOverlong,    &kAttachmentType,      &kAttachmentDigest,
      &kAttachmentCorrupt};
  return kAll;
}

}  // namespace tongqu::codes
