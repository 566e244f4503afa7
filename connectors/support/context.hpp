#pragma once
// What a connector is given when the configuration becomes active, and how it makes itself known: one ConnectorType a
// folder, listed in connectors/all_connectors.cpp.
//
// A connector is made anew for each configuration. Making one checks its settings and opens nothing that can be out of
// reach: a partner that is down is no reason why a configuration does not become active.
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "gateway/core/clock.hpp"
#include "gateway/core/codec.hpp"
#include "gateway/core/connector.hpp"
#include "gateway/core/crypto.hpp"
#include "gateway/core/reference_store.hpp"
#include "gateway/core/session_signer.hpp"
#include "gateway/core/soap.hpp"
#include "gateway/core/stream.hpp"
#include "gateway/core/xml_security.hpp"
#include "gateway/net/io_pool.hpp"
#include "gateway/settings/settings.hpp"

namespace tongqu {

// All references outlive the connector; the functions are called while it is being made, not later.
struct ConnectorContext {
  PartnerId partner;
  const Clock& clock;
  const Suite& suite;
  const Codec& json;
  net::IoPool& pool;  // threads of the clients
  // Folder of this partner's own files (positions, quarantine); made by the connector when it needs one. Mode 0700.
  std::filesystem::path state;
  // Text of a secret or a public reference; empty when it is not set.
  std::function<Result<std::string>(const SecretRef&)> secret;
  // Name of the file behind a `${file:…}`, for libraries that read files themselves; empty when it is not set. Fails
  // with secret.unreadable for any other kind of reference.
  std::function<Result<std::filesystem::path>(const SecretRef&)> secret_file;
  // TLS towards the partner from an object with the members ca, certificate, key (field list kClientTlsFields).
  std::function<Result<std::unique_ptr<TlsFactory>>(const Setting& tls)> client_tls;
  // Signer from an object with `scheme`; null when the scheme is none, or one whose key comes from a key service.
  std::function<Result<std::unique_ptr<RequestSigner>>(const Setting& sign)> signer;
  // The same for a scheme whose key comes from a key service (member `key_url`); null for every other.
  std::function<Result<std::unique_ptr<SessionSigner>>(const Setting& sign)> session_signer;
  // Keys of detached signatures, PEM: a private one that signs, a public one that verifies. The algorithm is that of
  // the key (ed25519, sm2-sm3, ecdsa-p256-sha256).
  std::function<Result<std::unique_ptr<Signer>>(const SecretRef& key)> signing_key;
  std::function<Result<std::unique_ptr<Verifier>>(const SecretRef& key)> verifying_key;
  // Checks credentials that came in with an HTTP request as the partner's `auth` object says.
  std::function<Result<std::unique_ptr<Authenticator>>(const Setting& auth)> authenticator;
  // Tells whether an address is in one of the blocks ("10.1.0.0/16"). What it gives may be kept.
  std::function<Result<std::function<bool(const std::string& address)>>(std::span<const std::string> blocks)> networks;
  ReferenceStore* references = nullptr;       // for connectors that keep records to be looked up
  const SoapCodec* soap = nullptr;            // for connectors that speak SOAP
  const XmlSecurity* xml_security = nullptr;  // the same
};

// `error` with the place of `setting` put before its parameter: "partners/city-a.yaml:12 …".
[[nodiscard]] Error error_at(const Setting& setting, Error error);

using OutboundFactory = Result<std::shared_ptr<OutboundConnector>> (*)(const Setting& outbound,
                                                                       const ConnectorContext& context);
// The same object; for partners that are asked.
using QueryFactory = Result<std::shared_ptr<QueryConnector>> (*)(const Setting& outbound,
                                                                 const ConnectorContext& context);
// `inbound` is the partner's object of that name; `intake` outlives the connector.
using InboundFactory = Result<std::shared_ptr<InboundConnector>> (*)(const Setting& inbound,
                                                                     const ConnectorContext& context, Intake& intake);

// One protocol. A direction that it does not have is null in both members.
struct ConnectorType {
  std::string_view name;
  const PluginSpec* outbound_spec = nullptr;  // kind "connector", variant = name
  OutboundFactory make_outbound = nullptr;    // null with a spec: nothing is pushed, a person takes it (transcript)
  const PluginSpec* inbound_spec = nullptr;   // kind "intake", variant = name
  InboundFactory make_inbound = nullptr;      // null with a spec: served by the partner listener or the desk
  QueryFactory make_query = nullptr;          // null: partners of this protocol cannot be asked
};

}  // namespace tongqu
