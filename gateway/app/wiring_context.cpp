// What the app lends to connectors: secrets put to use, TLS, signatures.
#include "gateway/app/app_codes.hpp"
#include "gateway/app/secrets.hpp"
#include "gateway/app/wiring.hpp"
#include "gateway/settings/settings_codes.hpp"
#include "security/identity/hmac_scheme.hpp"
#include "security/identity/message_signature.hpp"
#include "security/identity/network_list.hpp"
#include "security/identity/partner_directory.hpp"
#include "security/tls/tls_factory.hpp"
#include "security/xmldsig/xmlsec_security.hpp"
#include "transforms/codecs/soap_codec.hpp"

namespace tongqu::app {
namespace {

using Made = Result<std::unique_ptr<Authenticator>>;

Result<std::unique_ptr<TlsFactory>> make_client_tls(const Setting& tls, const Surroundings& with) {
  TlsClientOptions options;
  auto authority = secret_text(tls.secret("ca"), with.secrets);
  auto certificate = secret_text(tls.secret("certificate"), with.secrets);
  auto key = secret_text(tls.secret("key"), with.secrets);
  for (const auto* part : {&authority, &certificate, &key}) {
    if (part->has_error()) return error_at(tls, part->error());
  }
  options.use_system_trust = authority->empty();
  options.server_trust.ca_pem = std::move(*authority);
  options.certificate_chain_pem = std::move(*certificate);
  options.key_pem = std::move(*key);
  auto factory = TlsClientFactory::create(options);
  if (factory.has_error()) return error_at(tls, factory.error());
  return std::unique_ptr<TlsFactory>(std::move(*factory));
}

Result<std::unique_ptr<RequestSigner>> make_signer(const PartnerId& partner, const Setting& sign,
                                                   const Surroundings& with) {
  const std::string& scheme = sign.text("scheme");
  if (scheme == "none") return std::unique_ptr<RequestSigner>();
  auto key = secret_text(sign.secret("key"), with.secrets);
  if (key.has_error()) return error_at(sign, key.error());
  if (scheme == "hmac") {
    HmacOptions options;
    options.partner = partner;
    options.key_id = sign.text("key_id");
    options.key = std::move(*key);
    options.hash = sign.text("hash") == "sm3" ? SuiteId::kGm : SuiteId::kIntl;
    return make_hmac_signer(std::move(options), with.clock);
  }
  for (const char* algorithm : {"ed25519", "sm2-sm3", "ecdsa-p256-sha256"}) {
    MessageSignatureOptions options;
    options.partner = partner;
    options.key_id = sign.text("key_id");
    options.algorithm = algorithm;
    options.key = *key;
    auto made = make_message_signature_signer(std::move(options), with.clock);
    if (made.has_value()) return made;
  }
  return make_error(codes::kConfigKey, partner.str());
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

Result<std::filesystem::path> secret_path(const SecretRef& ref, const std::filesystem::path& secrets) {
  if (ref.empty()) return std::filesystem::path();
  if (ref.scheme != SecretRef::Scheme::kFile) return make_error(codes::kSecretUnreadable, ref.text());
  return std::filesystem::absolute(secrets / ref.name);
}

}  // namespace

Made make_pinned_authenticator(const PartnerId& partner, const Setting& auth, const Surroundings& with) {
  std::unique_ptr<Authenticator> inner;
  if (auth.text("scheme") != "mtls") {
    auto made = make_authenticator(partner, auth, with);
    if (made.has_error()) return made.error();
    inner = std::move(*made);
  }
  if (!auth.has("certificate_sha256")) return inner;
  auto pin = secret_text(auth.secret("certificate_sha256"), with.secrets);
  if (pin.has_error()) return error_at(auth, pin.error());
  auto pinned = make_mtls_authenticator({partner, {std::move(*pin)}, {}}, std::move(inner));
  if (pinned.has_error()) return error_at(auth, pinned.error());
  return pinned;
}

Made make_authenticator(const PartnerId& partner, const Setting& auth, const Surroundings& with) {
  const std::string& scheme = auth.text("scheme");
  Made made = make_error(codes::kConfigFile, "scheme");
  if (scheme == "hmac") made = make_hmac(partner, auth, with);
  if (scheme == "rfc9421") made = make_signature(partner, auth, with);
  if (made.has_error()) return error_at(auth, made.error());
  return made;
}

namespace {

Result<std::function<bool(const std::string&)>> make_network(std::span<const std::string> blocks) {
  auto list = NetworkList::create(blocks);
  if (list.has_error()) return list.error();
  return std::function<bool(const std::string&)>(
      [networks = std::move(*list)](const std::string& address) { return networks.contains(address); });
}

}  // namespace

ConnectorContext connector_context(const PartnerId& partner, const Surroundings& with) {
  static const XmlSoapCodec soap;
  static const XmlSecSecurity xml_security;
  return {
      .partner = partner,
      .clock = with.clock,
      .suite = with.suite,
      .json = with.json,
      .pool = with.outbound,
      .state = with.state / "partners" / partner.str(),
      .secret = [with](const SecretRef& ref) { return secret_text(ref, with.secrets); },
      .secret_file = [with](const SecretRef& ref) { return secret_path(ref, with.secrets); },
      .client_tls = [with](const Setting& tls) { return make_client_tls(tls, with); },
      .signer = [partner, with](const Setting& sign) { return make_signer(partner, sign, with); },
      .authenticator = [partner, with](const Setting& auth) { return make_pinned_authenticator(partner, auth, with); },
      .networks = make_network,
      .soap = &soap,
      .xml_security = &xml_security};
}

}  // namespace tongqu::app
