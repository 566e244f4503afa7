#include "gateway/app/config_proof.hpp"

#include <algorithm>
#include <map>

#include "gateway/app/config_compile.hpp"

namespace tongqu {
namespace {

Carriage carriage_of(const SourceFlow& flow) {
  if (flow.choice) return Carriage::kChoice;
  switch (flow.flow) {
    case mapping::LabelFlow::kPasses: return Carriage::kPasses;
    case mapping::LabelFlow::kReduces: return Carriage::kReduces;
    case mapping::LabelFlow::kTable: return Carriage::kTable;
  }
  return Carriage::kPasses;
}

class Gatherer {
 public:
  explicit Gatherer(const CompiledConfig& config)
      : config_(config), settings_(config.snapshot.settings), proof_(std::make_shared<ConfigProof>()) {}

  std::shared_ptr<ConfigProof> run() {
    for (const NamedSetting& partner : settings_.all("partner")) partner_ways(partner);
    for (const NamedSetting& route : settings_.all("route")) route_ways(route);
    for (const NamedSetting& file : settings_.all("declassify")) declassified(file.value);
    proof_->result = prove(proof_->input);
    return std::move(proof_);
  }

 private:
  // Null only where the plan has no such mapping, and then it was refused before.
  const ProofMapping* mapping(const Mapper* mapper) {
    if (mapper == nullptr) return nullptr;
    const auto known = known_.find(mapper->name());
    if (known != known_.end()) return known->second;
    const Mapping& mapping = *config_.mappings.at(mapper->name());
    ProofMapping out;
    out.name = mapping.name();
    out.file = "mappings/" + mapping.name() + ".map";
    out.source = &config_.schemas.at(mapping.source_schema())->fields();
    out.target = &config_.schemas.at(mapping.target_schema())->fields();
    for (const FieldFlow& flow : mapping.flows()) {
      ProofFlow& added = out.flows.emplace_back(ProofFlow{flow.output, flow.line, flow.keeps, {}});
      for (const SourceFlow& source : flow.sources) {
        ProofSource& into = added.sources.emplace_back(ProofSource{source.path, source.functions, carriage_of(source)});
        for (const std::string& table : source.tables) into.through.push_back("table:" + table);
      }
    }
    return known_[mapping.name()] = &proof_->mappings.emplace_back(std::move(out));
  }

  void add(ProofWay way, const Mapper* mapper) {
    way.mapping = mapping(mapper);
    if (way.mapping != nullptr) proof_->input.ways.push_back(std::move(way));
  }

  static ProofWay out_way(WayKind kind, const std::string& partner, const std::string& service, const Setting& at,
                          const ViewPolicy* policy) {
    ProofWay way;
    way.kind = kind;
    way.partner = partner;
    way.service = service;
    way.policy_name = at.text("policy");
    way.basis = {at.text("purpose"), at.text("legal_basis"), at.boolean("onward")};
    way.policy = policy;
    return way;
  }

  void in_way(WayKind kind, const std::string& route, const std::string& partner, const std::string& service,
              const Mapper* mapper) {
    ProofWay way;
    way.kind = kind;
    way.route = route;
    way.partner = partner;
    way.service = service;
    add(std::move(way), mapper);
  }

  void partner_ways(const NamedSetting& partner) {
    if (!partner.value.has("inbound")) return;
    const PartnerPlan& plan = config_.plan->partners.at(partner.id);
    for (const Setting& entry : partner.value.object("inbound").list("services")) {
      const std::string& name = entry.text("service");
      const InboundService& service = plan.services.at(name);
      in_way(WayKind::kIn, {}, partner.id, name, service.mapping);
      for (const InboundService& form : service.other_forms) in_way(WayKind::kIn, {}, partner.id, name, form.mapping);
      if (!service.answer) continue;
      add(out_way(WayKind::kAnswer, partner.id, name, entry.object("answer"), service.answer->policy),
          service.answer->mapping);
    }
  }

  void route_ways(const NamedSetting& route) {
    const std::string& service = route.value.text("service");
    const auto& routes = config_.plan->routes.at(service);
    const auto plan =
        std::find_if(routes.begin(), routes.end(), [&](const RoutePlan& r) { return r.name == route.id; });
    for (const Setting& condition : route.value.list("when")) {
      proof_->input.conditions.push_back({route.id, condition.file(), condition.position(), condition.text("path"),
                                          &config_.plan->canonical.at(service)->fields()});
    }
    std::size_t number = 0;
    for (const Setting& entry : route.value.list("recipients")) {
      const RecipientPlan& recipient = plan->recipients.at(number++);
      const Setting* partner = settings_.find("partner", recipient.partner.str());
      const bool pushed = partner != nullptr && partner->has("outbound");
      ProofWay way = out_way(pushed ? WayKind::kRoute : WayKind::kPull, recipient.partner.str(),
                             recipient.service.str(), entry, recipient.policy);
      way.route = route.id;
      add(std::move(way), recipient.mapping);
      for (const RegistryAnswer& form : recipient.answers) {
        in_way(WayKind::kRegistryAnswer, route.id, recipient.partner.str(), service, form.mapping);
      }
    }
  }

  void declassified(const Setting& file) {
    for (const Setting& entry : file.list("entries")) {
      proof_->input.declassified.push_back({false, entry.text("mapping"), entry.text("route"), entry.text("field"),
                                            entry.text("reason"), entry.file(), entry.position()});
    }
    for (const Setting& role : file.list("roles")) {
      proof_->input.declassified.push_back(
          {true, role.text("mapping"), {}, role.text("field"), role.text("reason"), role.file(), role.position()});
    }
  }

  const CompiledConfig& config_;
  const Settings& settings_;
  std::shared_ptr<ConfigProof> proof_;
  std::map<std::string, const ProofMapping*> known_;
};

}  // namespace

std::shared_ptr<ConfigProof> prove_config(const CompiledConfig& config) { return Gatherer(config).run(); }

}  // namespace tongqu
