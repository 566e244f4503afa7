#include "gateway/app/config_plan.hpp"

#include "gateway/app/app_codes.hpp"
#include "gateway/app/policy_rules.hpp"
#include "gateway/pipeline/query_steps.hpp"
#include "security/privacy/privacy_codes.hpp"
#include "security/privacy/text_scrubber.hpp"

namespace tongqu {
namespace {

AttachmentForm form_of_word(const std::string& word) {
  if (word == "original") return AttachmentForm::kOriginal;
  return word == "derivative" ? AttachmentForm::kDerivative : AttachmentForm::kWithheld;
}

class PlanMaker {
 public:
  PlanMaker(const CompiledConfig& config, const PrivacyKeys& keys)
      : config_(config), settings_(config.snapshot.settings), keys_(keys), plan_(std::make_shared<Plan>()) {}

  Result<std::shared_ptr<const Plan>> make() {
    plan_->id = config_.snapshot.id;
    for (const NamedSetting& one : settings_.all("policy")) attachments_[one.id] = attachment_rules(one.value);
    for (const NamedSetting& service : settings_.all("service")) add_service(service);
    for (const NamedSetting& partner : settings_.all("partner")) add_partner(partner);
    for (const NamedSetting& route : settings_.all("route")) add_route(route);
    for (const NamedSetting& clearance : settings_.all("clearance")) add_clearance(clearance);
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
  void fault(const Setting& at, const std::string& what, const ErrorCode& code = codes::kConfigFile) {
    faults_.push_back({&code, at.file(), {}, what, at.position(), Grade::kError});
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
    if (service.value.text("pattern") != "query") {
      if (service.value.has("answer_schema")) fault(service.value, "answer_schema", codes::kConfigQuery);
      return;
    }
    if (!service.value.has("answer_schema")) return fault(service.value, "answer_schema", codes::kConfigNeeds);
    const Schema* answer = schema(service.value, service.value.text("answer_schema"));
    answers_[service.id] = answer;
    if (answer != nullptr && !says_result(*answer)) fault(service.value, "answer_schema: result", codes::kConfigQuery);
    const Setting& query = service.value.object("query");
    QueryTerms terms;
    terms.times = {query.duration_ms("ttl"), query.duration_ms("negative_ttl"), query.duration_ms("stale"),
                   query.duration_ms("max_wait")};
    terms.wait_ms = query.duration_ms("wait");
    terms.max_wait_ms = query.duration_ms("max_wait");
    plan_->queries[service.id] = terms;
  }

  // "No such record" is an answer of the gateway's making: {"result": "not-found"}, which nobody is denied.
  static bool says_result(const Schema& answer) {
    const FieldNode* result = answer.fields().find(steps::kResultMember);
    const bool open = result != nullptr && result->label && result->label->kind == "none";
    if (!open || result->type != FieldType::kText) return false;
    Document none;
    none.set_root(none.make(Kind::kObject));
    none.add_text(none.root(), steps::kResultMember, steps::kNotFound);
    std::vector<Fault> faults;
    return answer.validate(none.root(), faults);
  }

  [[nodiscard]] bool is_query(const std::string& service) const { return plan_->queries.contains(service); }

  // Null without a fault here: the service has one already.
  const Schema* answer_schema(const std::string& service) const {
    const auto found = answers_.find(service);
    return found == answers_.end() ? nullptr : found->second;
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
      InboundService service = form_of(entry, entry.text("service"), inbound);
      if (is_query(service.service.str())) {
        if (entry.has("other_forms")) fault(entry, "other_forms", codes::kConfigQuery);
        add_asked(entry, PartnerId(partner.id), service);
      } else {
        add_sent(entry, inbound, service);
      }
      plan.services[service.service.str()] = service;
    }
  }

  // One form of a service's message: the entry itself or one of its other_forms.
  InboundService form_of(const Setting& entry, const std::string& name, const Setting& inbound) {
    InboundService service;
    service.service = ServiceId(name);
    service.received = schema(entry, entry.text("schema"));
    const auto canonical = plan_->canonical.find(name);
    service.canonical = canonical == plan_->canonical.end() ? nullptr : canonical->second;
    service.mapping = mapping(entry, entry.text("mapping"), entry.text("schema"),
                              service.canonical == nullptr ? std::string() : service.canonical->name());
    service.codec = codec(service.received);
    service.limits.max_bytes = 2U << 20U;
    // Files come in base64, which adds a third, and one of them may be the whole message.
    if (inbound.text("connector") == "http" && inbound.has("files"))
      service.limits.max_bytes = service.limits.max_text_bytes = 4U << 20U;
    // The connector bounds what it takes for one message.
    if (is_folder(inbound.text("connector"))) {
      service.limits.max_bytes =
          std::max(service.limits.max_bytes, static_cast<std::size_t>(inbound.size_bytes("max_message_bytes")));
    }
    service.operation = "create";
    return service;
  }

  static bool is_folder(const std::string& connector) { return connector == "file" || connector == "sftp"; }

  void add_sent(const Setting& entry, const Setting& inbound, InboundService& service) {
    if (!entry.has("dedup")) fault(entry, "dedup", codes::kConfigNeeds);
    if (entry.has("answer")) fault(entry.object("answer"), "answer", codes::kConfigQuery);
    service.dedup = dedup_of(entry);
    service.strict = entry.boolean("strict");
    for (const Setting& setting : entry.list("other_forms")) {
      InboundService form = form_of(setting, service.service.str(), inbound);
      form.dedup = dedup_of(setting);
      form.strict = service.strict;
      service.other_forms.push_back(std::move(form));
    }
  }

  static DedupRule dedup_of(const Setting& entry) {
    const Setting& dedup = entry.object("dedup");
    return {dedup.text("number"), dedup.text("operation"), dedup.text("round")};
  }

  // There is nobody to whom a question could be put aside.
  void add_asked(const Setting& entry, const PartnerId& partner, InboundService& service) {
    service.strict = true;
    if (!entry.has("answer")) return fault(entry, "answer", codes::kConfigNeeds);
    const Setting& setting = entry.object("answer");
    const Schema* canonical = answer_schema(service.service.str());
    if (canonical == nullptr) return;
    AskerAnswer answer;
    answer.canonical = canonical;
    answer.policy = policy(setting, partner, service.service, *canonical, true);
    answer.mapping = mapping(setting, setting.text("mapping"), canonical->name(), {});
    answer.codec = target_codec(setting.text("mapping"));
    service.answer = answer;
  }

  // Codec of the schema that a mapping writes to; null when there is no such mapping, which is a fault already.
  const Codec* target_codec(const std::string& name) const {
    const auto found = config_.mappings.find(name);
    return found == config_.mappings.end() ? nullptr : codec_of(found->second->target_schema());
  }

  // One policy object per (policy, recipient, service, basis): the ledger entry names all of them. `at` names policy
  // and basis.
  const ViewPolicy* policy(const Setting& at, const PartnerId& recipient, const ServiceId& service,
                           const Schema& canonical, bool query) {
    const std::string& name = at.text("policy");
    const Setting* found = settings_.find("policy", name);
    PolicySpec spec;
    spec.recipient = recipient;
    spec.service = service;
    spec.basis = {at.text("purpose"), at.text("legal_basis"), at.boolean("onward")};
    spec.name = name;
    spec.rules = app::read_policy_rules(*found, app::RulesOf::kPolicy);
    if (query) refuse_releases(*found, name);
    PolicyTools tools = keys_.tools_for(recipient.str());
    if (app::any_scrubs(spec.rules)) tools.scrubber = scrubber(*found);
    auto made = RulePolicy::create(std::move(spec), canonical.fields(), std::move(tools));
    if (made.has_error()) {
      policy_faults(*found, made.error());
      return nullptr;
    }
    std::shared_ptr<const ViewPolicy> shared = std::move(*made);  // owned by the plan
    plan_->owned.push_back(shared);
    return shared.get();
  }

  // Nobody who asks waits for a person.
  void refuse_releases(const Setting& policy, const std::string& name) {
    for (const Setting& rule : policy.list("rules")) {
      if (rule.text("treatment") == "release") fault(rule, name, codes::kPolicyReleaseQuery);
    }
  }

  void policy_faults(const Setting& at, const Error& error) {
    for (const Fault& f : error.faults) faults_.push_back({f.code, at.file(), {}, f.param, f.position, f.grade});
    if (error.faults.empty()) fault(at, error.param);
  }

  // A policy whose recipient is a reader: of every service, for the one purpose of answering who saw what.
  void add_clearance(const NamedSetting& clearance) {
    PolicySpec spec;
    spec.recipient = PartnerId("clearance." + clearance.id);
    spec.service = ServiceId("explain");
    spec.basis = {"查看", "经审计的查看"};
    spec.name = clearance.id;
    spec.rules = app::read_policy_rules(clearance.value, app::RulesOf::kClearance);
    PolicyTools tools;
    if (app::any_scrubs(spec.rules)) tools.scrubber = scrubber(clearance.value);
    auto made = RulePolicy::create(std::move(spec), std::move(tools));
    if (made.has_error()) return policy_faults(clearance.value, made.error());
    plan_->clearances[clearance.id] = std::move(*made);
  }

  // Which bytes of attachments a recipient gets; what a rule says wrongly is a fault in its place.
  AttachmentRules attachment_rules(const Setting& policy) {
    std::vector<AttachmentRule> rules;
    for (const Setting& setting : policy.list("attachments")) {
      AttachmentRule rule;
      rule.type = media_type_name(setting.text("type"));
      rule.subject = setting.text("subject");
      rule.form = form_of_word(setting.text("treatment"));
      rule.on_release = setting.boolean("on_release");
      rule.until_then = form_of_word(setting.text("until_then"));
      rule.place = setting.file() + ":" + std::to_string(setting.position().line);
      const bool original = rule.form == AttachmentForm::kOriginal;
      const bool evidence = !setting.text("evidence").empty();
      const auto& type = rule.type;
      const bool wide = type == "*" || (type.ends_with("/*") && type.size() > 2);
      if (type.find('*') != std::string::npos ? !wide : type.find('/') == std::string::npos)
        fault(setting, type, codes::kPolicyAttachmentType);
      if (original && !rule.on_release && rule.subject == "informant")
        fault(setting, type, codes::kPolicyAttachmentInformant);
      if (original && rule.on_release == evidence) fault(setting, type, codes::kPolicyAttachmentOriginal);
      if (!original && (rule.on_release || evidence)) fault(setting, type, codes::kPolicyAttachmentUnused);
      rules.push_back(std::move(rule));
    }
    return AttachmentRules(std::move(rules));
  }

  // One for all policies, so that a text is searched once for all its recipients; opened by the first that scrubs.
  // Null when its network cannot be used, which is one fault then.
  std::shared_ptr<const TextScrubber> scrubber(const Setting& at) {
    if (scrubber_ || scrubber_failed_) return scrubber_;
    auto opened = open_text_scrubber(settings_.single("gateway").object("privacy").text("names_model"));
    scrubber_failed_ = opened.has_error();
    if (scrubber_failed_) {
      fault(at, opened.error().param, *opened.error().code);
    } else {
      scrubber_ = std::move(*opened);
    }
    return scrubber_;
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
      recipient.policy =
          policy(entry, recipient.partner, recipient.service, *canonical->second, is_query(plan.service.str()));
      recipient.attachments = attachments_[entry.text("policy")];
      recipient.mapping = mapping(entry, entry.text("mapping"), canonical->second->name(), {});
      recipient.codec = target_codec(entry.text("mapping"));
      const auto target = config_.mappings.find(entry.text("mapping"));
      if (target != config_.mappings.end()) {
        const auto document = config_.schemas.find(target->second->target_schema());
        if (document != config_.schemas.end()) recipient.document = document->second.get();
      }
      recipient.cut_overlong = entry.text("overlong") == "cut";
      recipient.deadline_ms = entry.duration_ms("deadline");
      add_registry(entry, plan.service.str(), recipient);
      plan.recipients.push_back(std::move(recipient));
    }
    if (is_query(plan.service.str()) && plan.recipients.size() != 1) {
      fault(route.value, "recipients", codes::kConfigQuery);
    }
    plan_->routes[plan.service.str()].push_back(std::move(plan));
  }

  void add_registry(const Setting& entry, const std::string& service, RecipientPlan& recipient) {
    if (!is_query(service)) {
      if (entry.has("answer")) fault(entry.object("answer"), "answer", codes::kConfigQuery);
      return;
    }
    if (!entry.has("answer")) return fault(entry, "answer", codes::kConfigNeeds);
    if (recipient.origin_only) fault(entry, "origin", codes::kConfigQuery);
    const Setting* partner = settings_.find("partner", recipient.partner.str());
    if (partner == nullptr || !partner->has("outbound")) return fault(entry, "partner", codes::kConfigQuery);
    const Setting& answer = entry.object("answer");
    add_form(answer, service, recipient);
    for (const Setting& form : answer.list("other_forms")) add_form(form, service, recipient);
  }

  void add_form(const Setting& setting, const std::string& service, RecipientPlan& recipient) {
    RegistryAnswer form;
    form.received = schema(setting, setting.text("schema"));
    form.canonical = answer_schema(service);
    if (form.canonical == nullptr) return;
    form.mapping = mapping(setting, setting.text("mapping"), setting.text("schema"), form.canonical->name());
    form.codec = codec(form.received);
    form.limits.max_bytes = 64U << 20U;  // the connector bounds the answer
    recipient.answers.push_back(form);
  }

  const CompiledConfig& config_;
  const Settings& settings_;
  const PrivacyKeys& keys_;
  std::shared_ptr<Plan> plan_;
  std::map<std::string, const Schema*> answers_;        // by query service
  std::map<std::string, AttachmentRules> attachments_;  // by policy
  std::vector<Fault> faults_;
  std::shared_ptr<const TextScrubber> scrubber_;
  bool scrubber_failed_ = false;
};

}  // namespace

Result<std::shared_ptr<const Plan>> make_plan(const CompiledConfig& config, const PrivacyKeys& keys) {
  return PlanMaker(config, keys).make();
}

}  // namespace tongqu
