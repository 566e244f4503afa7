#include "gateway/app/app_codes.hpp"
#include "gateway/app/secrets.hpp"
#include "gateway/app/wiring.hpp"
#include "security/identity/hmac_scheme.hpp"
#include "security/identity/message_signature.hpp"
#include "security/identity/partner_directory.hpp"
#include "security/tls/tls_factory.hpp"

namespace tongqu::app {
namespace {

using Made = Result<std::unique_ptr<Authenticator>>;

// Every failure names the partner and keeps the code of what failed.
Error at(const Setting& setting, Error error) {
  error.param =
      setting.file() + ":" + std::to_string(setting.position().line) + (error.param.empty() ? "" : " " + error.param);
  return error;
}

Made make_hmac(const PartnerId& partner, const Setting& auth, const Surroundings& with) {
  auto key = secret_text(auth.secret("key"), with.secrets);
  if (key.has_error()) return key.error();
  HmacOptions options;
  options.partner = partner;
  options.key_id = auth.text("key_id");
  options.key = std::move(*key);
  options.hash = auth.text("hash") == "sm3" ? SuiteId::kGm : SuiteId::kIntl;
  options.max_clock_skew_ms = auth.duration_ms("max_clock_skew");
  return make_hmac_authenticator(std::move(options), with.clock);
}

// The algorithm is that of the key: what the partner claims in `alg` must agree with it.
Made make_signature(const PartnerId& partner, const Setting& auth, const Surroundings& with) {
  auto key = secret_text(auth.secret("public_key"), with.secrets);
  if (key.has_error()) return key.error();
  for (const char* algorithm : {"ed25519", "sm2-sm3", "ecdsa-p256-sha256"}) {
    MessageSignatureOptions options;
    options.partner = partner;
    options.key_id = auth.text("key_id");
    options.algorithm = algorithm;
    options.key = *key;
    options.max_clock_skew_ms = auth.duration_ms("max_clock_skew");
    auto made = make_message_signature_authenticator(std::move(options), with.clock);
    if (made.has_value()) return made;
  }
  return make_error(codes::kConfigKey, partner.str());
}

Result<PartnerCredential> make_credential(const NamedSetting& partner, const Surroundings& with) {
  const Setting& inbound = partner.value.object("inbound");
  const Setting& auth = inbound.object("auth");
  const std::string& scheme = auth.text("scheme");
  PartnerCredential credential;
  credential.partner = PartnerId(partner.id);
  std::string pin;
  if (auth.has("certificate_sha256")) {
    auto text = secret_text(auth.secret("certificate_sha256"), with.secrets);
    if (text.has_error()) return at(auth, text.error());
    pin = std::move(*text);
  }
  std::unique_ptr<Authenticator> inner;
  if (scheme != "mtls") {
    auto made =
        scheme == "hmac" ? make_hmac(credential.partner, auth, with) : make_signature(credential.partner, auth, with);
    if (made.has_error()) return at(auth, made.error());
    inner = std::move(*made);
    (scheme == "hmac" ? credential.api_key_id : credential.signature_key_id) = auth.text("key_id");
  } else {
    credential.cert_sha256 = {pin};
  }
  if (!pin.empty()) {
    auto pinned = make_mtls_authenticator({credential.partner, {pin}, {}}, std::move(inner));
    if (pinned.has_error()) return at(auth, pinned.error());
    inner = std::move(*pinned);
  }
  credential.authenticator = std::move(inner);
  const std::vector<std::string> networks = inbound.texts("networks");
  credential.any_network = networks.empty();
  auto list = NetworkList::create(networks);
  if (list.has_error()) return at(inbound, list.error());
  credential.networks = std::move(*list);
  return credential;
}

}  // namespace

Result<std::shared_ptr<const Authenticator>> make_directory(const CompiledConfig& config, const Surroundings& with) {
  std::vector<PartnerCredential> credentials;
  for (const NamedSetting& partner : config.snapshot.settings.all("partner")) {
    if (!partner.value.has("inbound")) continue;
    auto credential = make_credential(partner, with);
    if (credential.has_error()) return credential.error();
    credentials.push_back(std::move(*credential));
  }
  auto directory = PartnerDirectory::create(std::move(credentials));
  if (directory.has_error()) return directory.error();
  return std::shared_ptr<const Authenticator>(std::move(*directory));
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
    if (part->has_error()) return at(tls, part->error());
  }
  options.certificate_chain_pem = std::move(*certificate);
  options.key_pem = std::move(*key);
  options.client_trust.ca_pem = std::move(*authority);
  const std::string& client_auth = tls.text("client_auth");
  options.client_auth = client_auth == "required"   ? ClientAuth::kRequired
                        : client_auth == "optional" ? ClientAuth::kOptional
                                                    : ClientAuth::kNone;
  options.min_version = tls.text("min_version") == "1.3" ? TlsVersion::kTls13 : TlsVersion::kTls12;
  auto factory = TlsServerFactory::create(options);
  if (factory.has_error()) return at(tls, factory.error());
  return std::unique_ptr<TlsFactory>(std::move(*factory));
}

}  // namespace tongqu::app
