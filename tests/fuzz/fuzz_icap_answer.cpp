// Answers of an ICAP server. The input is what the server says: first to OPTIONS, then to the preview, then to the
// rest; a byte 1 is where it waits for the gateway. Clean needs a whole conversation, whatever the texts are.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "connectors/scan/icap_protocol.hpp"

namespace {
constexpr std::uint64_t kContentBytes = 100;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using tongqu::scan::IcapStep;
  std::string_view said(reinterpret_cast<const char*>(data), size);
  const bool says_204 = said.find(" 204") != std::string_view::npos;
  tongqu::scan::IcapConversation talk({"127.0.0.1:1344", "icap://127.0.0.1:1344/av"}, "image/jpeg", kContentBytes);
  std::uint64_t sent = 0;
  bool ended = false;
  for (IcapStep step = talk.next(); step.kind != IcapStep::kDone; step = talk.next()) {
    if (step.kind == IcapStep::kContent) {
      if (step.offset_bytes != sent || step.limit_bytes == 0 || sent + step.limit_bytes > kContentBytes) std::abort();
      sent += step.limit_bytes;
      talk.done(step.limit_bytes);
    } else if (step.kind == IcapStep::kReceive) {
      if (ended) std::abort();
      const std::string_view last = said.substr(0, said.find('\1'));
      said.remove_prefix(std::min(last.size() + 1, said.size()));
      ended = last.empty();
      talk.received(last);
    } else {
      talk.done();
    }
  }
  const auto verdict = talk.verdict();
  if (verdict.has_value() && *verdict == tongqu::ScanVerdict::kClean && (sent != kContentBytes || !says_204))
    std::abort();
  return 0;
}
