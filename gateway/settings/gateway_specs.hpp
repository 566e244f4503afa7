#pragma once
// Field lists of the gateway itself: gateway.yaml, partners/, routes/, policies/, services/, declassify/, clearances/,
// rules/, and the variants that they choose from (connectors, ways to authenticate and to sign). Plug-ins in other
// folders bring their own lists; app joins them behind these.
#include "gateway/settings/field_list.hpp"

namespace tongqu {

extern const PluginSpec kGatewaySpec;     // gateway.yaml
extern const PluginSpec kPartnerSpec;     // partners/<id>.yaml
extern const PluginSpec kRouteSpec;       // routes/<id>.yaml
extern const PluginSpec kPolicySpec;      // policies/<id>.yaml
extern const PluginSpec kServiceSpec;     // services/<id>.yaml
extern const PluginSpec kDeclassifySpec;  // declassify/<id>.yaml
extern const PluginSpec kClearanceSpec;   // clearances/<id>.yaml
extern const PluginSpec kRuleSetSpec;     // rules/<id>.yaml

extern const FieldSpec kListenerSpec;  // gateway.yaml, listeners[]; its kind selects one of
extern const PluginSpec kPartnerListenerSpec;
extern const PluginSpec kAdminListenerSpec;
extern const PluginSpec kLegacyListenerSpec;

extern const PluginSpec kHttpConnectorSpec;  // outbound.connector: http
extern const PluginSpec kHttpIntakeSpec;     // inbound.connector: http

extern const PluginSpec kHmacAuthSpec;  // inbound.auth.scheme
extern const PluginSpec kRfc9421AuthSpec;
extern const PluginSpec kMtlsAuthSpec;
extern const PluginSpec kApiKeyAuthSpec;
extern const PluginSpec kBearerAuthSpec;
extern const PluginSpec kSharingAuthSpec;
extern const PluginSpec kHmacSigningSpec;  // outbound.sign.scheme
extern const PluginSpec kRfc9421SigningSpec;
extern const PluginSpec kApiKeySigningSpec;
extern const PluginSpec kBearerSigningSpec;
extern const PluginSpec kSharingSigningSpec;
extern const PluginSpec kNoSigningSpec;

// All of the above, in the order of the reference page.
[[nodiscard]] SpecList gateway_specs();

}  // namespace tongqu
