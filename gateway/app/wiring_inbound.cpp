#include "gateway/app/app_codes.hpp"
#include "gateway/app/secrets.hpp"
#include "gateway/app/wiring.hpp"
#include "security/identity/partner_directory.hpp"
#include "security/tls/tls_factory.hpp"

namespace tongqu::app {
namespace {

// By what a request of this credential is recognised.
Status claim(const Setting& auth, const Surroundings& with, PartnerCredential& credential) {
  const std::string& scheme = auth.text("scheme");
  if (scheme == "hmac") credential.api_key_id = auth.text("key_id");
  if (scheme == "rfc9421") credential.signature_key_id = auth.text("key_id");
  if (scheme == "sharing-platform") credential.sharing_rid = auth.text("rid");
  if (scheme != "api-key" && scheme != "bearer") return {};
  auto key = secret_text(auth.secret("key"), with.secrets);
  if (key.has_error()) return error_at(auth, key.error());
  (scheme == "api-key" ? credential.static_key : credential.bearer) = std::move(*key);
  return {};
}

Result<PartnerCredential> make_credential(const NamedSetting& partner, const Surroundings& with) {
  const Setting& inbound = partner.value.object("inbound");
  const Setting& auth = inbound.object("auth");
  const std::string& scheme = auth.text("scheme");
  PartnerCredential credential;
  credential.partner = PartnerId(partner.id);
  if (scheme == "mtls") {
    auto pin = secret_text(auth.secret("certificate_sha256"), with.secrets);
    if (pin.has_error()) return error_at(auth, pin.error());
    credential.cert_sha256 = {std::move(*pin)};
  } else if (auto claimed = claim(auth, with, credential); claimed.has_error()) {
    return claimed.error();
  }
  auto authenticator = make_pinned_authenticator(credential.partner, auth, with);
  if (authenticator.has_error()) return authenticator.error();
  credential.authenticator = std::move(*authenticator);
  const std::vector<std::string> networks = inbound.texts("networks");
  credential.any_network = networks.empty();
  auto list = NetworkList::create(networks);
  if (list.has_error()) return error_at(inbound, list.error());
  credential.networks = std::move(*list);
  return credential;
}

}  // namespace

Result<std::shared_ptr<const Authenticator>> make_directory(const CompiledConfig& config, const Surroundings& with) {
  std::vector<PartnerCredential> credentials;
  for (const NamedSetting& partner : config.snapshot.settings.all("partner")) {
    if (!partner.value.has("inbound") || partner.value.object("inbound").text("connector") != "http") continue;
    auto credential = make_credential(partner, with);
    if (credential.has_error()) return credential.error();
    credentials.push_back(std::move(*credential));
  }
  auto directory = PartnerDirectory::create(std::move(credentials));
  if (directory.has_error()) return directory.error();
  return std::shared_ptr<const Authenticator>(std::move(*directory));
}

Result<InboundSet::Connectors> make_inbound(const CompiledConfig& config, const Surroundings& with, Intake& intake) {
  InboundSet::Connectors connectors;
  for (const NamedSetting& partner : config.snapshot.settings.all("partner")) {
    if (!partner.value.has("inbound")) continue;
    const Setting& inbound = partner.value.object("inbound");
    const ConnectorType* type = find_connector(inbound.text("connector"));
    if (type == nullptr || type->inbound_spec == nullptr)
      return error_at(inbound, make_error(codes::kConfigFile, "connector"));
    if (type->make_inbound == nullptr) continue;
    auto made = type->make_inbound(inbound, connector_context(PartnerId(partner.id), with), intake);
    if (made.has_error()) return made.error();
    connectors.push_back({PartnerId(partner.id), std::move(*made)});
  }
  return connectors;
}

net::ListenerOptions listener_options(const Setting& listener) {
  net::ListenerOptions options;
  options.name = listener.text("name");
  options.address = listener.text("address");
  options.port = static_cast<std::uint16_t>(listener.integer("port"));
  options.max_header_bytes = static_cast<std::size_t>(listener.size_bytes("max_header_bytes"));
  options.max_body_bytes = static_cast<std::size_t>(listener.size_bytes("max_body_bytes"));
  options.max_connections = static_cast<std::size_t>(listener.integer("max_connections"));
  options.max_connections_per_address = options.max_connections;
  options.header_timeout_ms = listener.duration_ms("header_timeout");
  options.body_timeout_ms = listener.duration_ms("body_timeout");
  options.idle_timeout_ms = listener.duration_ms("idle_timeout");
  options.max_requests_per_connection = static_cast<std::size_t>(listener.integer("max_requests_per_connection"));
  return options;
}

Result<std::unique_ptr<TlsFactory>> make_listener_tls(const Setting& listener, const std::filesystem::path& secrets) {
  if (!listener.has("tls")) return std::unique_ptr<TlsFactory>();
  const Setting& tls = listener.object("tls");
  TlsServerOptions options;
  auto certificate = secret_text(tls.secret("certificate"), secrets);
  auto key = secret_text(tls.secret("key"), secrets);
  auto authority = secret_text(tls.secret("client_ca"), secrets);
  for (const auto* part : {&certificate, &key, &authority}) {
    if (part->has_error()) return error_at(tls, part->error());
  }
  options.certificate_chain_pem = std::move(*certificate);
  options.key_pem = std::move(*key);
  options.client_trust.ca_pem = std::move(*authority);
  const std::string& client_auth = tls.text("client_auth");
  options.client_auth = client_auth == "required"   ? ClientAuth::kRequired
                        : client_auth == "optional" ? ClientAuth::kOptional
                                                    : ClientAuth::kNone;
  if (listener.text("kind") == "legacy") {
    const std::string& protocol = listener.text("protocol");
    options.min_version = protocol == "tls1.0"   ? TlsVersion::kTls10
                          : protocol == "tls1.1" ? TlsVersion::kTls11
                                                 : TlsVersion::kTls12;
    options.old_ciphers = true;
  } else {
    options.min_version = tls.text("min_version") == "1.3" ? TlsVersion::kTls13 : TlsVersion::kTls12;
  }
  auto factory = TlsServerFactory::create(options);
  if (factory.has_error()) return error_at(tls, factory.error());
  return std::unique_ptr<TlsFactory>(std::move(*factory));
}

}  // namespace tongqu::app
