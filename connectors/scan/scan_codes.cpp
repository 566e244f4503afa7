#include "connectors/scan/scan_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kScanAddress{"scan.address", ErrorKind::kInvalid,
                             "The scanner's address is unix:/path or tcp:address:port, with a numeric address.",
                             "扫描服务地址须为 unix:/路径 或 tcp:地址:端口，地址须为数字形式。"};
const ErrorCode kScanIcapUrl{"scan.icap-url", ErrorKind::kInvalid,
                             "The ICAP service is icap://address:port/service, with a numeric address.",
                             "ICAP 服务须为 icap://地址:端口/服务名，地址须为数字形式。"};
const ErrorCode kScanUnreachable{"scan.unreachable", ErrorKind::kUnavailable,
                                 "The scanner cannot be reached or does not answer in time.",
                                 "无法连接扫描服务或其未及时应答。"};
const ErrorCode kScanIcapService{"scan.icap-service", ErrorKind::kUnavailable,
                                 "The ICAP server does not offer this service with RESPMOD and Allow: 204.",
                                 "ICAP 服务器不提供该服务，或不支持 RESPMOD 与 Allow: 204。"};
const ErrorCode kScanNotRead{
    "scan.not-read", ErrorKind::kInternal,
    "The scanner let a content pass that it had not read to its end; look at its file types and its size limit.",
    "扫描服务未读完内容即予放行；请检查其文件类型与大小限制的设置。"};
const ErrorCode kScanAnswer{"scan.answer", ErrorKind::kInternal, "The scanner gave no verdict.",
                            "扫描服务未给出结论。"};

std::span<const ErrorCode* const> scan_codes() {
  static constexpr std::array<const ErrorCode*, 6> kAll{&kScanAddress,     &kScanIcapUrl, &kScanUnreachable,
                                                        &kScanIcapService, &kScanNotRead, &kScanAnswer};
  return kAll;
}

}  // namespace tongqu::codes
