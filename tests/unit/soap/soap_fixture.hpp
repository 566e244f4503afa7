#pragma once
// A service, an envelope and an intake for the tests of the SOAP connector.
#include <string>
#include <vector>

#include "connectors/soap/soap_inbound.hpp"
#include "security/xmldsig/xmlsec_security.hpp"
#include "tests/support/manual_clock.hpp"
#include "transforms/codecs/soap_codec.hpp"

namespace tongqu::test {

// Takes everything, or fails with what the test says; remembers.
class FakeIntake final : public Intake {
 public:
  void accept(InboundMessage message, Done done) override {
    messages.push_back(std::move(message));
    if (failure.code != nullptr) return done(failure);
    Accepted accepted;
    accepted.exchange = ExchangeId("01HF7YAT000000000000000000");
    accepted.receipt = "{\"entry\":1}";
    accepted.repeated = messages.size() > 1;
    done(accepted);
  }
  void turned_back(const std::string&, const std::string&, const Error& error) override {
    refused.emplace_back(error.code->id);
  }

  std::vector<InboundMessage> messages;
  std::vector<std::string> refused;
  Error failure;
};

inline soap::Service service() {
  soap::Service service;
  service.partner = PartnerId("case");
  service.name = "TongquCase";
  service.uri = "urn:tongqu:case";
  service.credentials.kind = soap::CredentialKind::kBasic;
  service.credentials.user = "u";
  service.credentials.password = "p";
  service.operations = {{"submit", "submit", ServiceId("case.decision"), false, "", {"no"}},
                        {"submitXml", "submitXml", ServiceId("case.penalty"), true, "xml", {}}};
  return service;
}

inline std::string envelope(const std::string& body, const std::string& header = {},
                            std::string_view uri = kSoap11Uri) {
  return "<s:Envelope xmlns:s=\"" + std::string(uri) + "\">" +
         (header.empty() ? header : "<s:Header>" + header + "</s:Header>") + "<s:Body>" + body +
         "</s:Body></s:Envelope>";
}

inline HttpRequest post(std::string body, std::string type = "text/xml; charset=utf-8") {
  HttpRequest request;
  request.method = "POST";
  request.target = "/soap/case";
  request.headers = {{"Content-Type", std::move(type)}, {"Authorization", "Basic " + to_base64("u:p")}};
  request.body = std::move(body);
  request.peer.address = "127.0.0.1";
  request.received_at = ManualClock().now();
  return request;
}

// One connector and its surroundings.
struct Bench {
  explicit Bench(soap::Service with = service(), soap::Proofs proofs = {})
      : connector(std::move(with), std::move(proofs), {}, codec, clock, intake) {
    connector.start();
  }
  HttpResponse call(HttpRequest request) {
    HttpResponse answer;
    answer.status = 0;
    connector.handle(std::move(request), [&answer](HttpResponse response) { answer = std::move(response); });
    return answer;
  }
  XmlSoapCodec codec;
  XmlSecSecurity security;
  ManualClock clock;
  FakeIntake intake;
  soap::SoapInbound connector;
};

}  // namespace tongqu::test
