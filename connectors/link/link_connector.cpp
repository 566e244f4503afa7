#include "connectors/link/link_connector.hpp"

#include <algorithm>

#include "connectors/link/link_codes.hpp"
#include "connectors/link/link_fields.hpp"
#include "connectors/link/link_inbound.hpp"
#include "connectors/link/link_outbound.hpp"
#include "connectors/support/local_files.hpp"

namespace tongqu {
namespace {

link::LinkRules read_rules(const Setting& from) {
  link::LinkRules rules;
  rules.link = from.text("link");
  rules.type = from.text("file_type") == "xml" ? link::FileType::kXml : link::FileType::kText;
  rules.extension = "." + from.text("file_type");
  rules.max_bundle_bytes = static_cast<std::size_t>(from.size_bytes("max_bundle_bytes"));
  rules.one_way = from.text("mode") == "one-way";
  rules.settle_ms = from.duration_ms("settle");
  return rules;
}

Result<link::LinkParts> open_parts(const Setting& from, const ConnectorContext& context,
                                   const std::filesystem::path& state, std::string_view out, std::string_view in) {
  const std::filesystem::path to = from.text(out);
  const std::filesystem::path back = from.text(in);
  // Files of both directions in one folder would be told apart by their names alone.
  if (!to.is_absolute() || !back.is_absolute() || to.lexically_normal() == back.lexically_normal())
    return error_at(from, make_error(codes::kLinkSetting, "folder, ack_folder"));
  auto own = context.signing_key(from.secret("key"));
  if (own.has_error()) return error_at(from, own.error());
  auto peer = context.verifying_key(from.secret("peer_key"));
  if (peer.has_error()) return error_at(from, peer.error());
  link::LinkParts parts;
  parts.out = file::make_local_files(to, true);
  parts.in = file::make_local_files(back, true);
  parts.state = file::make_local_files(state, false);
  parts.own = std::move(*own);
  parts.peer = std::move(*peer);
  return parts;
}

std::filesystem::path state_of(const ConnectorContext& context, const Setting& from, const char* direction) {
  return context.state / direction / from.text("link");
}

Result<std::shared_ptr<OutboundConnector>> make_outbound(const Setting& outbound, const ConnectorContext& context) {
  link::OutboundOptions options;
  options.rules = read_rules(outbound);
  options.send.resend_ms = options.rules.one_way ? 0 : outbound.duration_ms("resend_after");
  options.send.max_open_messages = static_cast<std::size_t>(outbound.integer("max_open_messages"));
  // The lane never has more messages here: waiting for a fuller bundle would be waiting in vain.
  options.max_messages =
      static_cast<std::size_t>(std::min(outbound.integer("max_messages"), outbound.integer("max_connections")));
  options.max_delay_ms = outbound.duration_ms("max_delay");
  options.poll_ms = outbound.duration_ms("poll");
  options.ask_again_ms = outbound.duration_ms("ask_again");
  options.state = state_of(context, outbound, "link-out");
  if (options.max_delay_ms >= outbound.duration_ms("timeout"))
    return error_at(outbound, make_error(codes::kLinkSetting, "max_delay, timeout"));
  auto parts = open_parts(outbound, context, options.state, "folder", "ack_folder");
  if (parts.has_error()) return parts.error();
  // Shared: the lane and the attempts in flight (see LaneOptions).
  return std::shared_ptr<OutboundConnector>(
      std::make_shared<link::LinkOutbound>(std::move(options), std::move(*parts), context.suite, context.clock));
}

Result<std::shared_ptr<InboundConnector>> make_inbound(const Setting& inbound, const ConnectorContext& context,
                                                       Intake& intake) {
  link::InboundOptions options;
  options.rules = read_rules(inbound);
  options.times.ask_ms = inbound.duration_ms("ask_every");
  options.times.list_ms = inbound.duration_ms("list_every");
  options.feed.parallel = static_cast<std::size_t>(inbound.integer("parallel_entries"));
  options.poll_ms = inbound.duration_ms("poll");
  options.state = state_of(context, inbound, "link-in");
  auto parts = open_parts(inbound, context, options.state, "ack_folder", "folder");
  if (parts.has_error()) return parts.error();
  return std::shared_ptr<InboundConnector>(std::make_shared<link::LinkInbound>(
      std::move(options), context.partner, std::move(*parts), context.suite, context.clock, intake));
}

}  // namespace

constinit const ConnectorType kLinkConnector{.name = "link",
                                             .outbound_spec = &kLinkConnectorSpec,
                                             .make_outbound = make_outbound,
                                             .inbound_spec = &kLinkIntakeSpec,
                                             .make_inbound = make_inbound};

}  // namespace tongqu
