// What the app lends to connectors: secrets put to use, TLS; signatures are in wiring_credentials.cpp.
#include <array>

#include "gateway/app/app_codes.hpp"
#include "gateway/app/secrets.hpp"
#include "gateway/app/wiring.hpp"
#include "gateway/settings/settings_codes.hpp"
#include "security/crypto/keys.hpp"
#include "security/identity/network_list.hpp"
#include "security/tls/tls_factory.hpp"
#include "security/xmldsig/xmlsec_security.hpp"
#include "transforms/codecs/soap_codec.hpp"

namespace tongqu::app {
namespace {

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

constexpr std::array kSignatureAlgorithms = {kEd25519, kSm2Sm3, kEcdsaP256Sha256};

// Detached signatures: the algorithm is that of the key.
template <class Key>
Result<std::unique_ptr<Key>> make_key(const PartnerId& partner, const SecretRef& ref, const Surroundings& with,
                                      Result<std::unique_ptr<Key>> (*make)(std::string_view, std::string_view)) {
  auto pem = secret_text(ref, with.secrets);
  if (pem.has_error()) return pem.error();
  for (const std::string_view algorithm : kSignatureAlgorithms) {
    auto made = make(algorithm, *pem);
    if (made.has_value()) return made;
  }
  return make_error(codes::kConfigKey, partner.str());
}

Result<std::filesystem::path> secret_path(const SecretRef& ref, const std::filesystem::path& secrets) {
  if (ref.empty()) return std::filesystem::path();
  if (ref.scheme != SecretRef::Scheme::kFile) return make_error(codes::kSecretUnreadable, ref.text());
  return std::filesystem::absolute(secrets / ref.name);
}

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
      .session_signer = [with](const Setting& sign) { return make_session_signer(sign, with); },
      .signing_key = [partner,
                      with](const SecretRef& key) { return make_key(partner, key, with, &tongqu::make_signer); },
      .verifying_key = [partner, with](const SecretRef& key) { return make_key(partner, key, with, &make_verifier); },
      .authenticator = [partner, with](const Setting& auth) { return make_pinned_authenticator(partner, auth, with); },
      .networks = make_network,
      .references = with.references,
      .soap = &soap,
      .xml_security = &xml_security};
}

}  // namespace tongqu::app
