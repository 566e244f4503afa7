#include "connectors/scan/icap_scanner.hpp"

#include "connectors/scan/icap_protocol.hpp"
#include "connectors/scan/scan_codes.hpp"
#include "connectors/scan/scan_line.hpp"

namespace tongqu::scan {
namespace {

class IcapScanner final : public AttachmentScanner {
 public:
  IcapScanner(IcapService service, Address address, std::int64_t timeout_ms)
      : service_(std::move(service)), address_(address), timeout_ms_(timeout_ms) {}

  [[nodiscard]] Result<ScanVerdict> scan(AttachmentReader& content) override {
    const Attachment& attachment = content.attachment();
    IcapConversation talk(service_, attachment.type, attachment.size_bytes);
    std::optional<ScanLine> line;
    IcapStep::Kind last = IcapStep::kDone;
    for (IcapStep step = talk.next(); step.kind != IcapStep::kDone; step = talk.next()) {
      if (step.kind == IcapStep::kConnect) {
        line.emplace(address_, timeout_ms_);
        line->is_open() ? talk.done() : talk.failed();
      } else if (step.kind == IcapStep::kReceive) {
        if (last != IcapStep::kReceive) line->begin_step();
        const auto some = line->receive();
        some ? talk.received(*some) : talk.failed();
      } else if (line->has_answer()) {
        talk.cut();
      } else if (step.kind == IcapStep::kSend) {
        line->send(step.bytes) ? talk.done() : talk.cut();
      } else {
        auto piece = content.read(step.offset_bytes);
        if (piece.has_error()) return piece.error();
        if (piece->size() > step.limit_bytes) piece->resize(step.limit_bytes);
        line->send(icap_chunk(*piece)) ? talk.done(piece->size()) : talk.cut();
      }
      last = step.kind;
    }
    return talk.verdict();
  }

 private:
  IcapService service_;
  Address address_;
  std::int64_t timeout_ms_;
};

}  // namespace

Result<std::unique_ptr<AttachmentScanner>> make_icap_scanner(IcapOptions options) {
  const auto service = parse_icap_service(options.url);
  const auto address = service ? tcp_address(service->authority) : std::nullopt;
  if (!address) return make_error(codes::kScanIcapUrl);
  return std::unique_ptr<AttachmentScanner>(std::make_unique<IcapScanner>(*service, *address, options.timeout_ms));
}

}  // namespace tongqu::scan
