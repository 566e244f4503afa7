#pragma once
// AttachmentScanner on an ICAP server (RFC 3507). Two connections per content, OPTIONS and RESPMOD; nothing of it is
// kept. ICAP carries the content in the clear: use it inside one host or one protected network.
#include <cstdint>
#include <memory>
#include <string>

#include "gateway/core/attachments.hpp"

namespace tongqu::scan {

struct IcapOptions {
  std::string url;                   // "icap://127.0.0.1:1344/avscan"
  std::int64_t timeout_ms = 60'000;  // of one step: connecting, a piece, an answer
};

// Fails with scan.icap-url. Opens nothing.
[[nodiscard]] Result<std::unique_ptr<AttachmentScanner>> make_icap_scanner(IcapOptions options);

}  // namespace tongqu::scan
