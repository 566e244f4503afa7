#include "gateway/core/attachment_copy_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kAttachmentNoCopyType{
    "attachment.copy-type", ErrorKind::kForbidden,
    "Only a copy without metadata may be given, and for this type of content there is no proven way to make one.",
    "只能提供去除元数据的副本，而该类型的附件没有经验证的去除方法。"};
const ErrorCode kAttachmentNoCopyLimit{
    "attachment.copy-limit", ErrorKind::kForbidden,
    "Only a copy without metadata may be given, and the content is too large, or took "
    "too long or too much memory, to make one.",
    "只能提供去除元数据的副本，而附件过大，或生成副本所需时间、内存超限。"};
const ErrorCode kAttachmentNoCopy{
    "attachment.copy-malformed", ErrorKind::kForbidden,
    "Only a copy without metadata may be given, and none could be made: the content is damaged or hostile.",
    "只能提供去除元数据的副本，而附件已损坏或含恶意构造，无法生成。"};
const ErrorCode kAttachmentNoCopyLeft{
    "attachment.copy-not-clean", ErrorKind::kForbidden,
    "Only a copy without metadata may be given, and the copy that was made still had some.",
    "只能提供去除元数据的副本，而生成的副本中仍有元数据。"};

const ErrorCode kAttachmentNotCopied{"attachment.not-copied", ErrorKind::kUnavailable,
                                     "The copy without metadata is not made yet.", "去除元数据的副本尚未生成。"};
const ErrorCode kAttachmentWithheld{"attachment.withheld", ErrorKind::kForbidden,
                                    "The attachment is not given to this recipient.", "该附件不向此接收方提供。"};

std::span<const ErrorCode* const> attachment_copy_codes() {
  static constexpr std::array<const ErrorCode*, 6> kAll{&kAttachmentNoCopyType, &kAttachmentNoCopyLimit,
                                                        &kAttachmentNoCopy,     &kAttachmentNoCopyLeft,
                                                        &kAttachmentNotCopied,  &kAttachmentWithheld};
  return kAll;
}

const ErrorCode& no_copy_code(std::string_view id) {
  for (const ErrorCode* code : {&kAttachmentNoCopyType, &kAttachmentNoCopyLimit, &kAttachmentNoCopyLeft})
    if (code->id == id) return *code;
  return kAttachmentNoCopy;
}

}  // namespace tongqu::codes
