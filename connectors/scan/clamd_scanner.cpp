#include "connectors/scan/clamd_scanner.hpp"

#include "connectors/scan/clamd_protocol.hpp"
#include "connectors/scan/scan_codes.hpp"
#include "connectors/scan/scan_line.hpp"

namespace tongqu::scan {
namespace {

std::optional<Address> parse_address(std::string_view text) {
  if (text.starts_with("unix:")) return unix_address(text.substr(5));
  if (text.starts_with("tcp:")) return tcp_address(text.substr(4));
  return std::nullopt;
}

// Up to the zero byte or the end of the connection; nothing when it does not come in time or is too long.
std::optional<std::string> answer_of(ScanLine& line) {
  std::string text;
  line.begin_step();
  while (text.size() <= kMaxAnswerBytes) {
    const auto some = line.receive();
    if (!some) return std::nullopt;
    text += *some;
    if (some->empty() || text.find('\0') != std::string::npos) return text;
  }
  return std::nullopt;
}

class ClamdScanner final : public AttachmentScanner {
 public:
  ClamdScanner(Address address, std::int64_t timeout_ms) : address_(address), timeout_ms_(timeout_ms) {}

  [[nodiscard]] Result<ScanVerdict> scan(AttachmentReader& content) override {
    ScanLine line(address_, timeout_ms_);
    if (!line.is_open()) return make_error(codes::kScanUnreachable);
    bool taken = line.send(kInstream);
    const std::uint64_t size = content.attachment().size_bytes;
    for (std::uint64_t at = 0; taken && at < size;) {
      const auto piece = content.read(at);
      if (piece.has_error()) return piece.error();
      taken = line.send(clamd_chunk(*piece));
      at += piece->size();
    }
    // clamd may have closed because it has had enough: what it says then is still worth reading, and never "OK".
    if (taken) taken = line.send(clamd_chunk({}));
    const auto answer = answer_of(line);
    if (!answer) return make_error(codes::kScanUnreachable);
    const auto verdict = clamd_verdict(*answer);
    if (!verdict || (!taken && *verdict == ScanVerdict::kClean)) return make_error(codes::kScanAnswer);
    return *verdict;
  }

 private:
  Address address_;
  std::int64_t timeout_ms_;
};

}  // namespace

Result<std::unique_ptr<AttachmentScanner>> make_clamd_scanner(ClamdOptions options) {
  const auto address = parse_address(options.address);
  if (!address) return make_error(codes::kScanAddress);
  return std::unique_ptr<AttachmentScanner>(std::make_unique<ClamdScanner>(*address, options.timeout_ms));
}

}  // namespace tongqu::scan
