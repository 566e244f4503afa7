#include "gateway/pipeline/pipeline_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kServiceNotPermitted{"admit.service", ErrorKind::kForbidden,
                                     "This partner is not permitted to send the service {}.",
                                     "该接入方未获准调用服务 {}。"};
const ErrorCode kPartnerUnknown{"admit.partner", ErrorKind::kForbidden,
                                "The partner is not part of the active configuration.", "当前生效配置中没有该接入方。"};
const ErrorCode kRateExceeded{"admit.rate", ErrorKind::kRateLimited, "More than {} requests per second.",
                              "超过每秒 {} 次的速率上限。"};
const ErrorCode kIdempotencyKey{"admit.idempotency-key", ErrorKind::kInvalid,
                                "Idempotency-Key must be 1 to {} visible ASCII characters.",
                                "Idempotency-Key 须为 1 至 {} 个可见 ASCII 字符。"};
const ErrorCode kContentType{"decode.content-type", ErrorKind::kInvalid, "This service takes {}.", "该服务只接受 {}。"};
const ErrorCode kNotKeyed{"validate.not-keyed", ErrorKind::kInvalid,
                          "The message has no number by which it could be told apart (field {}).",
                          "报文缺少用于识别的编号（字段 {}）。"};
const ErrorCode kMessageFaults{"validate.faults", ErrorKind::kInvalid, "The message has {} fault(s).",
                               "报文有 {} 处问题。"};
const ErrorCode kRefusedByMapping{"canonicalise.refused", ErrorKind::kInvalid,
                                  "The mapping turned the message back: {}", "映射规则拒收该报文：{}"};
const ErrorCode kRenderFaults{"render.faults", ErrorKind::kInvalid, "The message for this recipient has {} fault(s).",
                              "发给该接收方的报文有 {} 处问题。"};
const ErrorCode kRenderDocument{"render.document", ErrorKind::kInvalid,
                                "The message is not what this recipient takes: {} fault(s) against its own schema.",
                                "生成的报文不符合接收方的报文模式，共 {} 处。"};
const ErrorCode kOriginUnknown{"route.origin", ErrorKind::kNotFound, "The named partner never sent this matter.",
                               "所指来源系统没有报送过该事项。"};
const ErrorCode kTaskClosed{"task.closed", ErrorKind::kConflict, "The task is finished already.", "该任务已办结。"};
const ErrorCode kTaskRelease{"task.release", ErrorKind::kConflict,
                             "A message waits for its release: release the task in one of the ways, or turn it back.",
                             "该任务是待释放的报文：请选择释放方式，或予以退回。"};
const ErrorCode kTaskNoRelease{"task.no-release", ErrorKind::kConflict,
                               "No message waits for its release in this task.", "该任务没有待释放的报文。"};
const ErrorCode kReleaseSummary{"task.summary", ErrorKind::kInvalid,
                                "A summary goes with the release as summary alone, and has 1 to {} characters.",
                                "线索摘要只用于以摘要方式释放，须为 1 至 {} 个字符。"};
const ErrorCode kReleaseText{"task.summary-place", ErrorKind::kConflict,
                             "No free text waits in this message that the summary could stand for.",
                             "该报文中没有可由摘要代替的待释放自由文本。"};
const ErrorCode kPatch{"task.patch", ErrorKind::kInvalid,
                       "The correction names a field that the record cannot have: {}",
                       "补正内容含有记录中不存在的字段：{}"};
const ErrorCode kStillFaulty{"task.faults", ErrorKind::kInvalid, "The record still has {} fault(s).",
                             "记录仍有 {} 处问题。"};
const ErrorCode kNoRoute{"route.none", ErrorKind::kNotFound, "No route takes this record.", "没有适用于该记录的路由。"};
const ErrorCode kAttachmentUnknown{
    "attachment.unknown", ErrorKind::kInvalid,
    "The message names an attachment that its sender never uploaded, or that was refused.",
    "报文所引用的附件未由发送方上传，或已被拒收。"};
const ErrorCode kAttachmentUnfinished{"attachment.unfinished", ErrorKind::kInvalid,
                                      "The message names an attachment whose upload is not finished.",
                                      "报文所引用的附件尚未上传完毕。"};
const ErrorCode kAttachmentQuarantined{"attachment.quarantined", ErrorKind::kInvalid,
                                       "The message names an attachment in which the scanner found something harmful.",
                                       "报文所引用的附件经扫描发现有害内容，已隔离。"};
const ErrorCode kAttachmentUrlNotAllowed{
    "attachment.url-not-allowed", ErrorKind::kForbidden,
    "The message names an attachment at an address that may not be fetched from for this partner.",
    "报文所引用附件的地址不在该接入方允许抓取的范围内。"};
const ErrorCode kAttachmentDigestForm{"attachment.digest-form", ErrorKind::kInvalid,
                                      "The digest of an attachment is sm3: or sha-256: and 64 hexadecimal digits.",
                                      "附件摘要须为 sm3: 或 sha-256: 加 64 位十六进制数。"};
const ErrorCode kAttachmentBase64{"attachment.base64", ErrorKind::kInvalid,
                                  "The content of the attachment is not base64.", "附件内容不是合法的 base64。"};
const ErrorCode kAttachmentNotTaken{"attachment.not-taken", ErrorKind::kForbidden,
                                    "This partner may not bring along attachments of this type.",
                                    "该接入方无权随报文附带此类附件。"};
const ErrorCode kPayloadGone{"task.payload", ErrorKind::kNotFound,
                             "The content is no longer kept; only its digests are.",
                             "内容已按保存期限清除，仅保留摘要。"};
const ErrorCode kAskedOnly{"admit.asked-only", ErrorKind::kInvalid,
                           "The service {} is a query: it is asked over HTTP, where the answer can go back.",
                           "服务 {} 为查询类服务，只能通过可同步应答的 HTTP 接口调用。"};
const ErrorCode kAnswerInvalid{"query.answer-invalid", ErrorKind::kUnavailable,
                               "The answer of the registry {} is not of the agreed form; nothing of it is passed on.",
                               "登记库 {} 的应答与约定不符，未予转发。"};
const ErrorCode kAbandoned{"query.abandoned", ErrorKind::kUnavailable,
                           "The gateway ended before the query was answered.", "网关停止时查询尚未得到应答。"};

std::span<const ErrorCode* const> pipeline_codes() {
  static constexpr std::array<const ErrorCode*, 30> kAll{&kRenderFaults,
                                                         &kTaskRelease,
                                                         &kTaskNoRelease,
                                                         &kReleaseSummary,
                                                         &kReleaseText,
                                                         &kRenderDocument,
                                                         &kServiceNotPermitted,
                                                         &kPartnerUnknown,
                                                         &kRateExceeded,
                                                         &kIdempotencyKey,
                                                         &kContentType,
                                                         &kNotKeyed,
                                                         &kMessageFaults,
                                                         &kRefusedByMapping,
                                                         &kOriginUnknown,
                                                         &kTaskClosed,
                                                         &kPatch,
                                                         &kStillFaulty,
                                                         &kNoRoute,
                                                         &kPayloadGone,
                                                         &kAskedOnly,
                                                         &kAnswerInvalid,
                                                         &kAbandoned,
                                                         &kAttachmentUnknown,
                                                         &kAttachmentUnfinished,
                                                         &kAttachmentBase64,
                                                         &kAttachmentUrlNotAllowed,
                                                         &kAttachmentDigestForm,
                                                         &kAttachmentNotTaken,
                                                         &kAttachmentQuarantined};
  return kAll;
}

}  // namespace tongqu::codes
