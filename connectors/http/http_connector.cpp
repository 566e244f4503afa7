#include "connectors/http/http_connector.hpp"

#include "connectors/http/http_codes.hpp"
#include "connectors/http/http_outbound.hpp"
#include "connectors/support/http_address.hpp"
#include "gateway/settings/gateway_specs.hpp"

namespace tongqu {
namespace {

// The connector with the TLS factory that its client uses; the factory must live as long.
class OwningConnector final : public OutboundConnector, public QueryConnector {
 public:
  OwningConnector(std::unique_ptr<TlsFactory> tls, std::unique_ptr<HttpOutbound> http)
      : tls_(std::move(tls)), http_(std::move(http)) {}
  void deliver(OutboundMessage message, std::int64_t timeout_ms, OutboundConnector::Done done) override {
    http_->deliver(std::move(message), timeout_ms, std::move(done));
  }
  void ask(OutboundMessage question, std::int64_t timeout_ms, QueryConnector::Done done) override {
    http_->ask(std::move(question), timeout_ms, std::move(done));
  }

 private:
  std::unique_ptr<TlsFactory> tls_;
  std::unique_ptr<HttpOutbound> http_;
};

Result<std::shared_ptr<OwningConnector>> make(const Setting& outbound, const ConnectorContext& context) {
  const auto address = parse_http_url(outbound.text("url"));
  if (!address) return error_at(outbound, make_error(codes::kAddress));
  std::unique_ptr<TlsFactory> tls;
  net::ClientOptions client_options;
  client_options.max_connections = static_cast<std::size_t>(outbound.integer("max_connections"));
  client_options.max_response_bytes = static_cast<std::size_t>(outbound.size_bytes("max_answer_bytes"));
  if (address->origin.tls) {
    auto made = context.client_tls(outbound.object("tls"));
    if (made.has_error()) return made.error();
    tls = std::move(*made);
    client_options.tls_server_name = outbound.object("tls").text("server_name");
  }
  auto client = net::HttpClient::create(client_options, context.pool, tls.get());
  if (client.has_error()) return error_at(outbound, client.error());
  auto signer = context.signer(outbound.object("sign"));
  if (signer.has_error()) return signer.error();
  HttpOutboundOptions options;
  options.origin = address->origin;
  options.target = address->target;
  options.method = outbound.text("method");
  for (const Setting& entry : outbound.map("headers")) options.headers.emplace_back(entry.key(), entry.text());
  const Setting& envelope = outbound.object("envelope");
  options.envelope = {envelope.text("success_path"), envelope.text("success_value"), envelope.text("code_path"),
                      envelope.texts("not_found")};
  for (const Setting& entry : outbound.map("paths")) options.targets.emplace(entry.key(), entry.text());
  options.not_found_status = outbound.boolean("not_found_status");
  auto http = std::make_unique<HttpOutbound>(std::move(options), std::move(*client), std::move(*signer), context.json,
                                             context.suite);
  // Shared: the lane and what is in flight (see LaneOptions, QueryLaneOptions).
  return std::make_shared<OwningConnector>(std::move(tls), std::move(http));
}

Result<std::shared_ptr<OutboundConnector>> make_outbound(const Setting& outbound, const ConnectorContext& context) {
  auto made = make(outbound, context);
  if (made.has_error()) return made.error();
  return std::shared_ptr<OutboundConnector>(std::move(*made));
}

Result<std::shared_ptr<QueryConnector>> make_query(const Setting& outbound, const ConnectorContext& context) {
  auto made = make(outbound, context);
  if (made.has_error()) return made.error();
  return std::shared_ptr<QueryConnector>(std::move(*made));
}

}  // namespace

constinit const ConnectorType kHttpConnector{.name = "http",
                                             .outbound_spec = &kHttpConnectorSpec,
                                             .make_outbound = make_outbound,
                                             .inbound_spec = &kHttpIntakeSpec,
                                             .make_inbound = nullptr,
                                             .make_query = make_query};

}  // namespace tongqu
