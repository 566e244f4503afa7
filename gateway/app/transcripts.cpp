#include "gateway/app/transcripts.hpp"

#include "connectors/transcript/transcript_connector.hpp"

namespace tongqu::app {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;

bool transcribed(const Setting& direction) { return direction.text("connector") == kTranscriptConnector.name; }

TranscriptPartner partner_of(const NamedSetting& partner, const CompiledConfig& config) {
  const Setting& outbound = partner.value.object("outbound");
  TranscriptPartner out;
  out.partner = PartnerId(partner.id);
  out.number_min_digits = static_cast<std::size_t>(outbound.integer("number_min_digits"));
  out.number_max_digits = static_cast<std::size_t>(outbound.integer("number_max_digits"));
  out.remind_after_ms = outbound.integer("remind_after_hours") * kHourMs;
  out.config = config.snapshot.id;
  if (!partner.value.has("inbound") || !transcribed(partner.value.object("inbound"))) return out;
  const auto services = partner.value.object("inbound").list("services");
  if (!services.empty()) out.told = ServiceId(services.front().text("service"));
  return out;
}

}  // namespace

std::vector<TranscriptPartner> transcript_partners(const CompiledConfig& config) {
  std::vector<TranscriptPartner> out;
  for (const NamedSetting& partner : config.snapshot.settings.all("partner")) {
    if (partner.value.has("outbound") && transcribed(partner.value.object("outbound")))
      out.push_back(partner_of(partner, config));
  }
  return out;
}

TranscriptForm transcript_form(const std::shared_ptr<const CompiledConfig>& config, const TranscriptRow& row) {
  for (const auto& [service, routes] : config->plan->routes) {
    for (const RoutePlan& route : routes) {
      if (route.name != row.route) continue;
      for (const RecipientPlan& recipient : route.recipients) {
        if (recipient.partner != row.row.recipient || recipient.document == nullptr) continue;
        return {config, recipient.document->name(), &recipient.document->fields(), recipient.codec};
      }
    }
  }
  return {config, row.row.service.str(), nullptr, nullptr};
}

}  // namespace tongqu::app
