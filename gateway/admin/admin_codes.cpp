#include "gateway/admin/admin_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kAdminToken{"admin.token", ErrorKind::kUnauthenticated,
                            "This interface needs the header Authorization: Bearer and the token of admin.token.",
                            "本接口需要请求头 Authorization: Bearer 及 admin.token 中的令牌。"};
const ErrorCode kAdminPath{"admin.path", ErrorKind::kNotFound, "There is nothing at this path.", "该路径不存在。"};
const ErrorCode kAdminParameter{"admin.parameter", ErrorKind::kInvalid, "The parameter {} has no such value.",
                                "参数 {} 的取值无效。"};
const ErrorCode kAdminReason{"admin.reason", ErrorKind::kInvalid, "An act needs a reason of 1 to {} characters.",
                             "操作须填写 1 至 {} 个字符的理由。"};
const ErrorCode kAdminBody{"admin.body", ErrorKind::kInvalid, "The body must be a JSON object.",
                           "请求体须为 JSON 对象。"};

const ErrorCode kAdminAttachmentState{
    "admin.attachment-state", ErrorKind::kConflict,
    "Only an attachment that is quarantined or has no verdict is released; this one is {}.",
    "仅隔离中或尚无扫描结论的附件可以放行；此附件状态为 {}。"};

const ErrorCode kAdminNotFetched{"admin.not-fetched", ErrorKind::kConflict,
                                 "Only an attachment that the gateway fetches, and has not got, is tried again.",
                                 "只有由网关抓取且尚未抓到的附件可以重试。"};

const ErrorCode kAdminPerson{"admin.person", ErrorKind::kForbidden,
                             "This is for a named person: use a token of admin.people, not the installation's.",
                             "此操作须由具名人员进行：请使用 admin.people 中本人的令牌，而非安装令牌。"};
const ErrorCode kAdminClearance{"admin.clearance", ErrorKind::kForbidden,
                                "You may read no content: admin.people gives you no clearance.",
                                "您无权查看内容：admin.people 未授予您查看权限（clearance）。"};

std::span<const ErrorCode* const> admin_codes() {
  static constexpr std::array<const ErrorCode*, 9> kAll{&kAdminToken,      &kAdminPath,   &kAdminParameter,
                                                        &kAdminReason,     &kAdminBody,   &kAdminAttachmentState,
                                                        &kAdminNotFetched, &kAdminPerson, &kAdminClearance};
  return kAll;
}

}  // namespace tongqu::codes
