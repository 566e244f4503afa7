#include <set>

#include "gateway/app/app_codes.hpp"
#include "gateway/app/wiring.hpp"

namespace tongqu::app {
namespace {

constexpr std::size_t kCallsPerConnection = 32;

BreakerOptions breaker_of(const Setting& outbound) {
  const Setting& breaker = outbound.object("breaker");
  return {.failures = static_cast<std::int32_t>(breaker.integer("failures")),
          .open_for_ms = breaker.duration_ms("open_for"),
          .probes = static_cast<std::int32_t>(breaker.integer("half_open_probes"))};
}

Result<DeliveryWindow> window_of(const Setting& outbound, const std::shared_ptr<const WorkCalendar>& workdays) {
  return DeliveryWindow::create(outbound.text("window"), outbound.boolean("workdays_only"),
                                [workdays](CivilDate date) { return workdays->is_workday(date); });
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
  const ConnectorType* type = find_connector(outbound.text("connector"));
  if (type == nullptr || type->outbound_spec == nullptr)
    return error_at(outbound, make_error(codes::kConfigFile, "connector"));
  if (type->make_outbound == nullptr) {
    if (outbound.integer("number_min_digits") > outbound.integer("number_max_digits"))
      return error_at(outbound, make_error(codes::kConfigFile, "number_max_digits"));
    lane.pull = true;
    return lane;
  }
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
  lane.breaker = breaker_of(outbound);
  auto window = window_of(outbound, config.workdays);
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

Result<std::vector<QueryLaneOptions>> make_query_lanes(const CompiledConfig& config, const Surroundings& with) {
  std::set<PartnerId> asked;
  for (const auto& [service, routes] : config.plan->routes) {
    for (const RoutePlan& route : routes) {
      for (const RecipientPlan& recipient : route.recipients) {
        if (!recipient.answers.empty()) asked.insert(recipient.partner);
      }
    }
  }
  std::vector<QueryLaneOptions> lanes;
  for (const PartnerId& partner : asked) {
    const Setting& outbound = config.snapshot.settings.find("partner", partner.str())->object("outbound");
    const ConnectorType* type = find_connector(outbound.text("connector"));
    if (type == nullptr || type->make_query == nullptr)
      return error_at(outbound, make_error(codes::kConfigQuery, "connector"));
    auto connector = type->make_query(outbound, connector_context(partner, with));
    if (connector.has_error()) return connector.error();
    QueryLaneOptions lane;
    lane.partner = partner;
    lane.connector = std::move(*connector);
    lane.timeout_ms = outbound.duration_ms("timeout");
    // Calls that wait for a connection are short of time already; more than this would only wait for their end.
    lane.max_calls = static_cast<std::size_t>(outbound.integer("max_connections")) * kCallsPerConnection;
    lane.breaker = breaker_of(outbound);
    auto window = window_of(outbound, config.workdays);
    if (window.has_error()) return error_at(outbound, window.error());
    lane.window = std::move(*window);
    lanes.push_back(std::move(lane));
  }
  return lanes;
}

QueryLimits query_limits(const CompiledConfig& config) {
  const Setting& queries = config.snapshot.settings.single("gateway").object("queries");
  return {.max_waiting = static_cast<std::size_t>(queries.integer("max_waiting")),
          .cache_max_entries = static_cast<std::size_t>(queries.integer("cache_max_entries")),
          .cache_max_bytes = static_cast<std::size_t>(queries.size_bytes("cache_max_bytes"))};
}

}  // namespace tongqu::app
