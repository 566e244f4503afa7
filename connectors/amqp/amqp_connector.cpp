#include "connectors/amqp/amqp_connector.hpp"

#include <algorithm>

#include "connectors/amqp/amqp_codes.hpp"
#include "connectors/amqp/amqp_fields.hpp"
#include "connectors/amqp/amqp_inbound.hpp"
#include "connectors/amqp/amqp_outbound.hpp"
#include "connectors/support/queue_fields.hpp"

namespace tongqu {
namespace {

Status read_tls(const Setting& tls, const ConnectorContext& context, amqp::LinkOptions& link) {
  link.tls = tls.present();
  if (!link.tls) return {};
  auto authority = context.secret_file(tls.secret("ca"));
  if (authority.has_error()) return error_at(tls, authority.error());
  auto certificate = context.secret_file(tls.secret("certificate"));
  if (certificate.has_error()) return error_at(tls, certificate.error());
  auto key = context.secret_file(tls.secret("key"));
  if (key.has_error()) return error_at(tls, key.error());
  link.ca_file = std::move(*authority);
  link.certificate_file = std::move(*certificate);
  link.key_file = std::move(*key);
  return {};
}

Result<amqp::LinkOptions> read_link(const Setting& from, const ConnectorContext& context) {
  amqp::LinkOptions link;
  link.host = from.text("host");
  link.port = static_cast<int>(from.integer("port"));
  link.virtual_host = from.text("virtual_host");
  link.external = from.text("login") == "external";
  link.user = from.text("user");
  auto password = context.secret(from.secret("password"));
  if (password.has_error()) return error_at(from, password.error());
  link.password = std::move(*password);
  link.heartbeat_s = static_cast<int>(from.duration_ms("heartbeat") / 1000);
  link.connect_timeout_ms = from.duration_ms("connect_timeout");
  link.max_body_bytes = static_cast<std::size_t>(from.size_bytes("max_message_bytes"));
  if (auto tls = read_tls(from.object("tls"), context, link); tls.has_error()) return tls.error();
  // A login without its means would fail at the broker only, at night.
  const bool complete = link.external ? !link.certificate_file.empty() : !link.user.empty() && !link.password.empty();
  if (!complete) return error_at(from, make_error(codes::kAmqpLogin));
  return link;
}

Result<std::shared_ptr<OutboundConnector>> make_outbound(const Setting& outbound, const ConnectorContext& context) {
  auto link = read_link(outbound, context);
  if (link.has_error()) return link.error();
  amqp::OutboundOptions options;
  options.link = std::move(*link);
  options.max_message_bytes = options.link.max_body_bytes;
  options.reconnect = read_waits(outbound, "reconnect_first", "reconnect_max");
  for (const Setting& one : outbound.list("routing")) {
    options.services[one.text("service")] = {one.text("exchange"), one.text("routing_key"),
                                             static_cast<int>(one.integer("priority"))};
  }
  // Shared: the lane and the attempts in flight (see LaneOptions).
  return std::shared_ptr<OutboundConnector>(std::make_shared<amqp::AmqpOutbound>(std::move(options), context.clock));
}

Result<std::shared_ptr<InboundConnector>> make_inbound(const Setting& inbound, const ConnectorContext& context,
                                                       Intake& intake) {
  auto link = read_link(inbound, context);
  if (link.has_error()) return link.error();
  amqp::InboundOptions options;
  options.partner = context.partner;
  options.link = std::move(*link);
  for (const Setting& one : inbound.list("queues")) {
    options.queues.push_back({one.text("queue"), ServiceId(one.text("service")), one.boolean("dead_letter")});
  }
  options.prefetch = static_cast<std::size_t>(inbound.integer("prefetch"));
  options.in_order = inbound.boolean("in_order");
  options.content_type = inbound.text("content_type");
  options.wait = read_waits(inbound, "wait_first", "wait_max");
  options.hold_ms = inbound.duration_ms("hold");
  options.reconnect = read_waits(inbound, "reconnect_first", "reconnect_max");
  // Shared: the set of inbound connectors and who looks at it (InboundSet).
  return std::shared_ptr<InboundConnector>(
      std::make_shared<amqp::AmqpInbound>(std::move(options), context.clock, context.suite, intake));
}

}  // namespace

constinit const ConnectorType kAmqpConnector{.name = "amqp",
                                             .outbound_spec = &amqp::kOutboundSpec,
                                             .make_outbound = make_outbound,
                                             .inbound_spec = &amqp::kInboundSpec,
                                             .make_inbound = make_inbound};

}  // namespace tongqu
