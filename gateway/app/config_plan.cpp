#include "gateway/app/config_plan.hpp"

#include "gateway/app/app_codes.hpp"
#include "security/privacy/policy.hpp"

namespace tongqu {
namespace {

Treatment treatment_of(const std::string& word) {
  return word == "clear" ? Treatment::kClear : word == "mask" ? Treatment::kMask : Treatment::kDrop;
}

class PlanMaker {
 public:
  explicit PlanMaker(const CompiledConfig& config)
      : config_(config), settings_(config.snapshot.settings), plan_(std::make_shared<Plan>()) {}

  Result<std::shared_ptr<const Plan>> make() {
    plan_->id = config_.snapshot.id;
    for (const NamedSetting& service : settings_.all("service")) add_service(service);
    for (const NamedSetting& partner : settings_.all("partner")) add_partner(partner);
    for (const NamedSetting& route : settings_.all("route")) add_route(route);
    if (faults_.empty()) {
      for (const auto& [name, schema] : config_.schemas) plan_->owned.push_back(schema);
      for (const auto& [name, mapping] : config_.mappings) plan_->owned.push_back(mapping);
      for (const auto& [name, codec] : config_.codecs) plan_->owned.push_back(codec);
      plan_->owned.push_back(config_.tables);
      return std::shared_ptr<const Plan>(plan_);
    }
    Error error = make_error(codes::kConfigFile);
    error.faults = std::move(faults_);
    return error;
  }

 private:
  void fault(const Setting& at, const std::string& what) {
    faults_.push_back({&codes::kConfigFile, at.file(), {}, what, at.position(), Grade::kError});
  }

  const Schema* schema(const Setting& at, const std::string& name) {
    const auto found = config_.schemas.find(name);
    if (found == config_.schemas.end()) {
      fault(at, name + ".json");
      return nullptr;
    }
    return found->second.get();
  }

  // Null when the schema is missing, which is a fault already.
  const Codec* codec_of(const std::string& schema) const {
    const auto found = config_.codecs.find(schema);
    return found == config_.codecs.end() ? nullptr : found->second.get();
  }
  const Codec* codec(const Schema* schema) const { return schema == nullptr ? nullptr : codec_of(schema->name()); }

  // A mapping is used only between the schemas that it was checked against. An empty name means any.
  const Mapper* mapping(const Setting& at, const std::string& name, const std::string& from, const std::string& to) {
    const auto found = config_.mappings.find(name);
    if (found == config_.mappings.end()) {
      fault(at, name + ".map");
      return nullptr;
    }
    const Mapping& mapping = *found->second;
    if ((!from.empty() && mapping.source_schema() != from) || (!to.empty() && mapping.target_schema() != to)) {
      fault(at, name + ".map: " + from + " → " + (to.empty() ? "…" : to));
    }
    return &mapping;
  }

  void add_service(const NamedSetting& service) {
    plan_->canonical[service.id] = schema(service.value, service.value.text("schema"));
  }

  void add_partner(const NamedSetting& partner) {
    PartnerPlan& plan = plan_->partners[partner.id];
    plan.id = PartnerId(partner.id);
    plan.title_zh = partner.value.text("title_zh");
    if (!partner.value.has("inbound")) return;
    const Setting& inbound = partner.value.object("inbound");
    plan.rate_per_second = static_cast<std::uint32_t>(inbound.integer("rate_per_second"));
    plan.burst = static_cast<std::uint32_t>(inbound.integer("burst"));
    for (const Setting& entry : inbound.list("services")) {
      InboundService service;
      service.service = ServiceId(entry.text("service"));
      service.received = schema(entry, entry.text("schema"));
      const auto canonical = plan_->canonical.find(service.service.str());
      service.canonical = canonical == plan_->canonical.end() ? nullptr : canonical->second;
      service.mapping = mapping(entry, entry.text("mapping"), entry.text("schema"),
                                service.canonical == nullptr ? std::string() : service.canonical->name());
      service.codec = codec(service.received);
      service.limits.max_bytes = 2U << 20U;
      const Setting& dedup = entry.object("dedup");
      service.dedup = {dedup.text("number"), dedup.text("operation"), dedup.text("round")};
      service.strict = entry.boolean("strict");
      service.operation = "create";
      plan.services[service.service.str()] = service;
    }
  }

  // One policy object per (policy, recipient, service, basis): the ledger entry names all of them.
  const ViewPolicy* policy(const Setting& recipient, const Schema& canonical) {
    const std::string& name = recipient.text("policy");
    const Setting* found = settings_.find("policy", name);
    PolicySpec spec;
    spec.recipient = PartnerId(recipient.text("partner"));
    spec.service = ServiceId(recipient.text("service"));
    spec.basis = {recipient.text("purpose"), recipient.text("legal_basis"), recipient.boolean("onward")};
    spec.name = name;
    for (const Setting& rule : found->list("rules")) {
      PolicyRule out;
      out.kind = rule.text("kind");
      out.subject = rule.text("subject");
      out.path = rule.text("path");
      out.treatment = treatment_of(rule.text("treatment"));
      out.mask = rule.text("format");
      out.place = rule.file() + ":" + std::to_string(rule.position().line);
      spec.rules.push_back(std::move(out));
    }
    auto made = RulePolicy::create(std::move(spec), canonical.fields());
    if (made.has_error()) {
      const Error error = made.error();
      for (const Fault& f : error.faults) faults_.push_back({f.code, found->file(), {}, f.param, f.position, f.grade});
      if (error.faults.empty()) fault(*found, error.param);
      return nullptr;
    }
    std::shared_ptr<const ViewPolicy> shared = std::move(*made);  // owned by the plan
    plan_->owned.push_back(shared);
    return shared.get();
  }

  void add_route(const NamedSetting& route) {
    RoutePlan plan;
    plan.name = route.id;
    plan.service = ServiceId(route.value.text("service"));
    for (const Setting& condition : route.value.list("when")) {
      plan.conditions.push_back({condition.text("path"), condition.text("equals")});
    }
    const auto canonical = plan_->canonical.find(plan.service.str());
    if (canonical == plan_->canonical.end() || canonical->second == nullptr) return;
    for (const Setting& entry : route.value.list("recipients")) {
      RecipientPlan recipient;
      recipient.partner = PartnerId(entry.text("partner"));
      recipient.origin_only = entry.boolean("origin");
      recipient.service = ServiceId(entry.text("service"));
      recipient.policy = policy(entry, *canonical->second);
      recipient.mapping = mapping(entry, entry.text("mapping"), canonical->second->name(), {});
      const auto target = config_.mappings.find(entry.text("mapping"));
      if (target != config_.mappings.end()) recipient.codec = codec_of(target->second->target_schema());
      recipient.deadline_ms = entry.duration_ms("deadline");
      plan.recipients.push_back(std::move(recipient));
    }
    plan_->routes[plan.service.str()].push_back(std::move(plan));
  }

  const CompiledConfig& config_;
  const Settings& settings_;
  std::shared_ptr<Plan> plan_;
  std::vector<Fault> faults_;
};

}  // namespace

Result<std::shared_ptr<const Plan>> make_plan(const CompiledConfig& config) { return PlanMaker(config).make(); }

}  // namespace tongqu
