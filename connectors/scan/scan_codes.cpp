#include "connectors/scan/scan_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kScanAddress{"scan.address", ErrorKind::kInvalid,
                             "The scanner's address is unix:/path or tcp:address:port, with a numeric address.",
                             "扫描服务地址须为 unix:/路径 或 tcp:地址:端口，地址须为数字形式。"};
const ErrorCode kScanUnreachable{"scan.unreachable", ErrorKind::kUnavailable,
                                 "The scanner cannot be reached or does not answer in time.",
                                 "无法连接扫描服务或其未及时应答。"};
const ErrorCode kScanAnswer{"scan.answer", ErrorKind::kInternal, "The scanner gave no verdict.",
                            "扫描服务未给出结论。"};

std::span<const ErrorCode* const> scan_codes() {
  static constexpr std::array<const ErrorCode*, 3> kAll{&kScanAddress, &kScanUnreachable, &kScanAnswer};
  return kAll;
}

}  // namespace tongqu::codes
