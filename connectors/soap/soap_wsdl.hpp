#pragma once
// The description of a service, WSDL 1.1 with a port for SOAP 1.1 and one for 1.2.
#include <string>

#include "connectors/soap/soap_service.hpp"

namespace tongqu::soap {

// `address`: where the service is called.
[[nodiscard]] std::string wsdl_of(const Service& service, const std::string& address);

}  // namespace tongqu::soap
