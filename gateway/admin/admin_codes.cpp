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

std::span<const ErrorCode* const> admin_codes() {
  static constexpr std::array<const ErrorCode*, 5> kAll{&kAdminToken, &kAdminPath, &kAdminParameter, &kAdminReason,
                                                        &kAdminBody};
  return kAll;
}

}  // namespace tongqu::codes
