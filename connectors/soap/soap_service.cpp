#include "connectors/soap/soap_service.hpp"

#include <algorithm>

namespace tongqu::soap {

Style style_of(std::string_view word) {
  if (word == "rpc") return Style::kRpcLiteral;
  return word == "rpc-encoded" ? Style::kRpcEncoded : Style::kDocument;
}

const Operation* Service::find(const SoapName& payload, std::string_view soap_action) const {
  if (payload.uri.empty() || payload.uri == uri) {
    for (const Operation& one : operations) {
      if (one.element == payload.local) return &one;
    }
  }
  // An empty or foreign payload: what the transport says, as Axis 1 dispatches.
  if (!payload.uri.empty() && payload.uri != uri) return nullptr;
  if (soap_action.size() >= 2 && soap_action.front() == '"' && soap_action.back() == '"') {
    soap_action = soap_action.substr(1, soap_action.size() - 2);
  }
  const auto slash = soap_action.find_last_of("/#:");
  const std::string_view last = slash == std::string_view::npos ? soap_action : soap_action.substr(slash + 1);
  const auto found = std::find_if(operations.begin(), operations.end(),
                                  [last](const Operation& one) { return !last.empty() && one.name == last; });
  return found == operations.end() ? nullptr : &*found;
}

std::vector<std::string> Service::secret_parameters() const {
  if (credentials.kind != CredentialKind::kParameters) return {};
  std::vector<std::string> names{credentials.password_parameter};
  if (!credentials.user_parameter.empty()) names.push_back(credentials.user_parameter);
  return names;
}

}  // namespace tongqu::soap
