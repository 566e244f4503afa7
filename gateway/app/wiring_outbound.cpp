#include "connectors/http/http_outbound.hpp"
#include "gateway/app/app_codes.hpp"
#include "gateway/app/secrets.hpp"
#include "gateway/app/wiring.hpp"
#include "security/identity/hmac_scheme.hpp"
#include "security/identity/message_signature.hpp"
#include "security/tls/tls_factory.hpp"

namespace tongqu::app {
namespace {

Error at(const Setting& setting, Error error) {
  error.param =
      setting.file() + ":" + std::to_string(setting.position().line) + (error.param.empty() ? "" : " " + error.param);
  return error;
}

// The connector with the TLS factory that its client uses; the factory must live as long.
class OwningConnector final : public OutboundConnector {
 public:
  OwningConnector(std::unique_ptr<TlsFactory> tls, std::unique_ptr<HttpOutbound> http)
      : tls_(std::move(tls)), http_(std::move(http)) {}
  void deliver(OutboundMessage message, std::int64_t timeout_ms, Done done) override {
    http_->deliver(std::move(message), timeout_ms, std::move(done));
  }

 private:
  std::unique_ptr<TlsFactory> tls_;
  std::unique_ptr<HttpOutbound> http_;
};

Result<std::unique_ptr<TlsFactory>> make_client_tls(const Setting& outbound, const Surroundings& with) {
  const Setting& tls = outbound.object("tls");
  TlsClientOptions options;
  auto authority = secret_text(tls.secret("ca"), with.secrets);
  auto certificate = secret_text(tls.secret("certificate"), with.secrets);
  auto key = secret_text(tls.secret("key"), with.secrets);
  for (const auto* part : {&authority, &certificate, &key}) {
    if (part->has_error()) return at(tls, part->error());
  }
  options.use_system_trust = authority->empty();
  options.server_trust.ca_pem = std::move(*authority);
  options.certificate_chain_pem = std::move(*certificate);
  options.key_pem = std::move(*key);
  auto factory = TlsClientFactory::create(options);
  if (factory.has_error()) return at(tls, factory.error());
  return std::unique_ptr<TlsFactory>(std::move(*factory));
}

Result<std::unique_ptr<RequestSigner>> make_signer(const PartnerId& partner, const Setting& sign,
                                                   const Surroundings& with) {
  const std::string& scheme = sign.text("scheme");
  if (scheme == "none") return std::unique_ptr<RequestSigner>();
  auto key = secret_text(sign.secret("key"), with.secrets);
  if (key.has_error()) return at(sign, key.error());
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

Result<std::shared_ptr<OutboundConnector>> make_connector(const PartnerId& partner, const Setting& outbound,
                                                          const Surroundings& with) {
  const auto address = parse_http_url(outbound.text("url"));
  if (!address) return at(outbound, make_error(codes::kConfigFile, "url"));
  std::unique_ptr<TlsFactory> tls;
  net::ClientOptions client_options;
  client_options.max_connections = static_cast<std::size_t>(outbound.integer("max_connections"));
  if (address->origin.tls) {
    auto made = make_client_tls(outbound, with);
    if (made.has_error()) return made.error();
    tls = std::move(*made);
    client_options.tls_server_name = outbound.object("tls").text("server_name");
  }
  auto client = net::HttpClient::create(client_options, with.pool, tls.get());
  if (client.has_error()) return at(outbound, client.error());
  auto signer = make_signer(partner, outbound.object("sign"), with);
  if (signer.has_error()) return signer.error();
  HttpOutboundOptions options;
  options.origin = address->origin;
  options.target = address->target;
  options.method = outbound.text("method");
  for (const Setting& entry : outbound.map("headers")) options.headers.emplace_back(entry.key(), entry.text());
  const Setting& envelope = outbound.object("envelope");
  options.envelope = {envelope.text("success_path"), envelope.text("success_value"), envelope.text("code_path")};
  auto http =
      std::make_unique<HttpOutbound>(std::move(options), std::move(*client), std::move(*signer), with.json, with.suite);
  // Shared: the lane and the attempts in flight (see LaneOptions).
  return std::shared_ptr<OutboundConnector>(std::make_shared<OwningConnector>(std::move(tls), std::move(http)));
}

Result<LaneOptions> make_lane(const NamedSetting& partner, const CompiledConfig& config, const Surroundings& with) {
  LaneOptions lane;
  lane.partner = PartnerId(partner.id);
  lane.config = config.snapshot.id;
  if (!partner.value.has("outbound")) {
    lane.pull = true;
    return lane;
  }
  const Setting& outbound = partner.value.object("outbound");
  auto connector = make_connector(lane.partner, outbound, with);
  if (connector.has_error()) return connector.error();
  lane.connector = std::move(*connector);
  lane.timeout_ms = outbound.duration_ms("timeout");
  lane.max_in_flight = static_cast<std::size_t>(outbound.integer("max_connections"));
  const Setting& retry = outbound.object("retry");
  lane.retry.first_ms = retry.duration_ms("first");
  lane.retry.factor = static_cast<double>(retry.integer("factor"));
  lane.retry.max_ms = retry.duration_ms("max");
  lane.retry.jitter_percent = static_cast<std::int32_t>(retry.integer("jitter_percent"));
  const Setting& breaker = outbound.object("breaker");
  lane.breaker.failures = static_cast<std::int32_t>(breaker.integer("failures"));
  lane.breaker.open_for_ms = breaker.duration_ms("open_for");
  lane.breaker.probes = static_cast<std::int32_t>(breaker.integer("half_open_probes"));
  // Without a table of working days a window of working days is refused rather than guessed.
  auto window = DeliveryWindow::create(outbound.text("window"), outbound.boolean("workdays_only"), nullptr);
  if (window.has_error()) return at(outbound, window.error());
  lane.window = std::move(*window);
  if (auto sound = check(lane); sound.has_error()) return at(outbound, sound.error());
  return lane;
}

}  // namespace

Result<std::vector<LaneOptions>> make_lanes(const CompiledConfig& config, const Surroundings& with) {
  std::vector<LaneOptions> lanes;
  for (const NamedSetting& partner : config.snapshot.settings.all("partner")) {
    const bool pulls = partner.value.has("pull") && partner.value.object("pull").boolean("enabled");
    if (!partner.value.has("outbound") && !pulls) continue;
    auto lane = make_lane(partner, config, with);
    if (lane.has_error()) return lane.error();
    lanes.push_back(std::move(*lane));
  }
  return lanes;
}

}  // namespace tongqu::app
