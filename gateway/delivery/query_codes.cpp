#include "gateway/delivery/query_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kQueryDeadline{"query.deadline", ErrorKind::kDeadline,
                               "The answer did not come within the time that the asker waits.",
                               "在查询方等待时限内未得到应答。"};
const ErrorCode kQueryBreaker{"query.breaker", ErrorKind::kUnavailable,
                              "The registry {} did not answer lately and is not asked for a while.",
                              "登记库 {} 近期无应答，暂停查询。"};
const ErrorCode kQueryClosed{"query.closed", ErrorKind::kUnavailable, "The registry {} may not be asked now.",
                             "当前时段不得查询登记库 {}。"};
const ErrorCode kQueryUnreachable{"query.unreachable", ErrorKind::kUnavailable, "The registry {} gave no answer.",
                                  "登记库 {} 没有应答。"};
const ErrorCode kQueryRefused{"query.refused", ErrorKind::kUnavailable, "The registry {} turned the question back.",
                              "登记库 {} 拒绝了查询。"};
const ErrorCode kQueryBusy{"query.busy", ErrorKind::kUnavailable,
                           "As many queries are under way as may be at the same time.", "同时进行的查询已达上限。"};
const ErrorCode kQueryNoRegistry{"query.no-registry", ErrorKind::kInternal, "The registry {} has no way to be asked.",
                                 "登记库 {} 没有可用的查询通道。"};
const ErrorCode kQueryUnheard{"query.unheard", ErrorKind::kDeadline,
                              "The registry's answer came after the last asker had gone, or was not awaited at all.",
                              "登记库应答时已无查询方等待。"};

std::span<const ErrorCode* const> query_codes() {
  static constexpr std::array<const ErrorCode*, 8> kAll{&kQueryDeadline,    &kQueryBreaker, &kQueryClosed,
                                                        &kQueryUnreachable, &kQueryRefused, &kQueryBusy,
                                                        &kQueryNoRegistry,  &kQueryUnheard};
  return kAll;
}

}  // namespace tongqu::codes
