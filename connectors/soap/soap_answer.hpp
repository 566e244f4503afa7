#pragma once
// What goes back to a caller: a return value, or a fault with every reason.
#include <string>

#include "connectors/soap/soap_service.hpp"
#include "gateway/core/connector.hpp"
#include "gateway/core/http.hpp"
#include "gateway/core/soap.hpp"

namespace tongqu::soap {

// How the caller wants to be answered; known step by step while its message is read.
struct Caller {
  SoapVersion version = SoapVersion::k11;
  std::string charset = "UTF-8";
  std::string operation;  // empty: not known (yet)
  SoapAddressing addressing;
  Lang lang = Lang::kEnglish;
};

class AnswerWriter {
 public:
  // Both outlive the writer.
  AnswerWriter(const Service& service, const SoapCodec& codec) : service_(service), codec_(codec) {}

  [[nodiscard]] HttpResponse stored(const Caller& caller, const Accepted& accepted) const;
  // A fault, or a return value when the service is set so. Status as the version's HTTP binding has it: 1.1 always 500,
  // 1.2 400 when the sender is to blame; missing HTTP credentials are 401 in both.
  [[nodiscard]] HttpResponse failed(const Caller& caller, const Error& error) const;

 private:
  [[nodiscard]] std::string envelope(const Caller& caller, const std::string& body, bool is_fault) const;
  [[nodiscard]] std::string returned(const Caller& caller, const std::string& text) const;
  [[nodiscard]] std::string fault(const Caller& caller, const Error& error) const;
  [[nodiscard]] HttpResponse response(const Caller& caller, int status, const std::string& text) const;

  const Service& service_;
  const SoapCodec& codec_;
};

// The faults of `error` as elements of urn:tongqu:error.
[[nodiscard]] std::string error_detail(const Error& error, Lang lang);

}  // namespace tongqu::soap
