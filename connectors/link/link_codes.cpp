#include "connectors/link/link_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kLinkCut{"link.cut", ErrorKind::kInvalid, "The end of the file is missing.", "文件不完整，缺少结尾。"};
const ErrorCode kLinkTooLarge{"link.too-large", ErrorKind::kTooLarge, "The file is larger than {} bytes.",
                              "文件超过 {} 字节。"};
const ErrorCode kLinkSignature{"link.signature", ErrorKind::kUnauthenticated,
                               "The file is not signed by the other gateway, or was altered on the way.",
                               "文件并非由对端网关签名，或途中被改动。"};
const ErrorCode kLinkForm{"link.form", ErrorKind::kInvalid, "The file is not of the agreed form ({}).",
                          "文件格式与约定不符（{}）。"};
const ErrorCode kLinkHash{"link.hash", ErrorKind::kInvalid, "The digests are not of the kind {}.", "摘要算法不是 {}。"};
const ErrorCode kLinkName{"link.name", ErrorKind::kInvalid, "Name and content of the file disagree.",
                          "文件名与内容不一致。"};
const ErrorCode kLinkDigest{"link.digest", ErrorKind::kInvalid, "The body of entry {} does not have its digest.",
                            "第 {} 条报文的摘要不符。"};
const ErrorCode kLinkChain{"link.chain", ErrorKind::kConflict,
                           "The bundle does not follow on the last one; the link needs a new name on both sides.",
                           "该包与上一包不衔接，两侧须启用新的链路名。"};
const ErrorCode kLinkReused{"link.number-reused", ErrorKind::kConflict,
                            "The number of an earlier bundle came again with other content.", "包序号重复而内容不同。"};
const ErrorCode kLinkAhead{"link.too-far-ahead", ErrorKind::kInvalid,
                           "The bundle is more than {} numbers ahead of what is awaited.",
                           "包序号超前应收序号 {} 以上。"};
const ErrorCode kLinkAnswer{"link.acknowledgement", ErrorKind::kInvalid,
                            "The file acknowledges what was not sent like that.", "回执所列内容与已发送的不符。"};
const ErrorCode kLinkGap{"link.gap", ErrorKind::kUnavailable, "A bundle is missing and has been asked for.",
                         "缺少一个包，已要求对端重发。"};
const ErrorCode kLinkFull{"link.full", ErrorKind::kUnavailable,
                          "As many messages wait for the other side as are permitted.", "等待对端回执的报文已达上限。"};
const ErrorCode kLinkLate{"link.late", ErrorKind::kUnavailable, "The message did not get into a bundle in time.",
                          "报文未能在时限内装入包。"};
const ErrorCode kLinkStopped{"link.stopped", ErrorKind::kUnavailable, "The connector was stopped.", "连接器已停止。"};
const ErrorCode kLinkState{"link.state", ErrorKind::kCorrupt, "The connector's own files do not fit ({}).",
                           "连接器状态文件损坏（{}）。"};
const ErrorCode kLinkMessage{"link.message", ErrorKind::kInvalid,
                             "The message cannot travel in a bundle of this link: {}.", "报文无法装入本链路的包：{}。"};
const ErrorCode kLinkRefused{"link.refused", ErrorKind::kInvalid, "The other gateway turned the message back.",
                             "对端网关拒收该报文。"};
const ErrorCode kLinkSetting{"link.setting", ErrorKind::kInvalid, "These settings do not go together: {}.",
                             "以下设置相互矛盾：{}。"};

std::span<const ErrorCode* const> link_codes() {
  static constexpr std::array<const ErrorCode*, 19> kAll{
      &kLinkCut,     &kLinkTooLarge, &kLinkSignature, &kLinkForm,    &kLinkHash,   &kLinkName, &kLinkDigest,
      &kLinkChain,   &kLinkReused,   &kLinkAhead,     &kLinkAnswer,  &kLinkGap,    &kLinkFull, &kLinkLate,
      &kLinkStopped, &kLinkState,    &kLinkMessage,   &kLinkRefused, &kLinkSetting};
  return kAll;
}

}  // namespace tongqu::codes
