#include "connectors/http/http_connector.hpp"

#include "connectors/http/http_outbound.hpp"
#include "connectors/support/http_address.hpp"
#include "gateway/settings/gateway_specs.hpp"

namespace tongqu {
namespace {

Result<std::shared_ptr<HttpOutbound>> make(const Setting& outbound, const ConnectorContext& context) {
  HttpPartsOptions sizes;
  sizes.max_connections = static_cast<std::size_t>(outbound.integer("max_connections"));
  sizes.max_answer_bytes = static_cast<std::size_t>(outbound.size_bytes("max_answer_bytes"));
  auto parts = make_http_parts(outbound, context, sizes);
  if (parts.has_error()) return parts.error();
  HttpOutboundOptions options;
  options.method = outbound.text("method");
  options.headers = constant_headers(outbound);
  for (const Setting& entry : outbound.map("paths")) options.targets.emplace(entry.key(), entry.text());
  options.not_found_status = outbound.boolean("not_found_status");
  // Shared: the lane and what is in flight (see LaneOptions, QueryLaneOptions).
  return std::make_shared<HttpOutbound>(std::move(options), std::move(*parts), context.suite);
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
