#pragma once
// What the partner listener serves below /soap/{partner}: POST, and GET ?wsdl.
#include <atomic>
#include <memory>
#include <string>

#include "connectors/soap/soap_answer.hpp"
#include "connectors/soap/soap_receiver.hpp"
#include "gateway/core/clock.hpp"
#include "gateway/core/connector.hpp"

namespace tongqu::soap {

// Thread-safe. Nothing of it runs by itself: start and stop only open and close the door.
class SoapInbound final : public InboundConnector, public HttpHandler {
 public:
  // `intake`, `codec` and `clock` outlive the connector. `public_url`: where partners call; empty = what they called.
  SoapInbound(Service service, Proofs proofs, std::string public_url, const SoapCodec& codec, const Clock& clock,
              Intake& intake);

  void start() override { open_ = true; }
  // Calls that come later are answered with gateway.unavailable; those in hand are the line's.
  void stop(std::int64_t) override { open_ = false; }
  [[nodiscard]] std::string mount() const override { return "/soap/" + service_.partner.str(); }
  [[nodiscard]] HttpHandler* handler() override { return this; }
  [[nodiscard]] InboundHealth health() const override;
  void handle(HttpRequest request, Done done) override;

 private:
  [[nodiscard]] HttpResponse describe(const HttpRequest& request) const;
  void refuse(const HttpRequest& request, const Caller& caller, const Error& error, const Done& done);

  Service service_;
  std::string public_url_;
  const Clock& clock_;
  Intake& intake_;
  Receiver receiver_;
  AnswerWriter writer_;
  struct Counts {
    std::atomic<std::int64_t> last_success_ms = 0;
    std::atomic<std::uint64_t> accepted = 0;
    std::atomic<std::uint64_t> turned_back = 0;
  };
  Counts counts_;
  std::atomic<bool> open_ = false;
};

}  // namespace tongqu::soap
