#include "gateway/app/app_codes.hpp"
#include "gateway/app/wiring.hpp"

namespace tongqu::app {
namespace {

Result<LaneOptions> make_lane(const NamedSetting& partner, const CompiledConfig& config, const Surroundings& with) {
  LaneOptions lane;
  lane.partner = PartnerId(partner.id);
  lane.config = config.snapshot.id;
  if (!partner.value.has("outbound")) {
    lane.pull = true;
    return lane;
  }
  const Setting& outbound = partner.value.object("outbound");
  const ConnectorType* type = find_connector(outbound.text("connector"));
  if (type == nullptr || type->make_outbound == nullptr)
    return error_at(outbound, make_error(codes::kConfigFile, "connector"));
  auto connector = type->make_outbound(outbound, connector_context(lane.partner, with));
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
  if (window.has_error()) return error_at(outbound, window.error());
  lane.window = std::move(*window);
  if (auto sound = check(lane); sound.has_error()) return error_at(outbound, sound.error());
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
