#pragma once
// AttachmentScanner on clamd, over a unix socket or TCP. One connection per content; nothing of it is kept.
//
// clamd refuses contents above its StreamMaxLength and closes: no verdict, so the attachment waits. Give it at least
// the partners' max_bytes. TCP carries the content in the clear: use it inside one host or one protected network.
#include <cstdint>
#include <memory>
#include <string>

#include "gateway/core/attachments.hpp"

namespace tongqu::scan {

struct ClamdOptions {
  std::string address;               // "unix:/run/clamav/clamd.ctl" or "tcp:127.0.0.1:3310"
  std::int64_t timeout_ms = 60'000;  // of one step: connecting, a chunk, the answer
};

// Fails with scan.address. Opens nothing.
[[nodiscard]] Result<std::unique_ptr<AttachmentScanner>> make_clamd_scanner(ClamdOptions options);

}  // namespace tongqu::scan
