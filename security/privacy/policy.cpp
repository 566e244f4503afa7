// Takes a canonical record and the labels of its schema, gives what one recipient may see of it. What is not decided is
// dropped: every branch below that does not know its case ends in a drop.
#include "security/privacy/policy.hpp"

#include "security/privacy/policy_check.hpp"
#include "security/privacy/policy_walk.hpp"
#include "security/privacy/privacy_codes.hpp"

namespace tongqu {

namespace {

constexpr std::string_view kDefault = "default";
constexpr std::string_view kNoneLabel = "label none";
constexpr std::string_view kInformant = "informant";

bool is_container(FieldType type) { return type == FieldType::kObject || type == FieldType::kList; }

}  // namespace

RulePolicy::RulePolicy(PolicySpec spec, PolicyTools tools) : spec_(std::move(spec)), tools_(std::move(tools)) {
  rules_.reserve(spec_.rules.size());
  for (const PolicyRule& rule : spec_.rules) {
    const auto sealer = tools_.sealers.find(rule.to);
    rules_.push_back(
        {&rule, MaskFormat::parse(rule.mask), sealer == tools_.sealers.end() ? nullptr : sealer->second.get()});
  }
}

RulePolicy::~RulePolicy() = default;

Result<std::unique_ptr<RulePolicy>> RulePolicy::build(PolicySpec spec, PolicyTools tools, const FieldNode* fields) {
  std::unique_ptr<RulePolicy> policy(new RulePolicy(std::move(spec), std::move(tools)));
  const PolicySpec& own = policy->spec_;
  std::vector<Fault> faults;
  const auto fault = [&](const ErrorCode& code, std::string param = {}) {
    Fault out;
    out.code = &code;
    out.path = own.name;
    out.param = std::move(param);
    faults.push_back(std::move(out));
  };
  if (own.recipient.empty() || own.service.empty()) fault(codes::kPolicyRecipient);
  if (own.basis.purpose.empty() || own.basis.legal_basis.empty()) fault(codes::kPolicyBasis);
  if (own.rules.size() > kMaxPolicyRules) fault(codes::kPolicyLimit, std::to_string(kMaxPolicyRules));
  for (const Rule& rule : policy->rules_) check_rule(*rule.text, rule.mask, policy->tools_, fields, faults);
  if (!faults.empty()) return Error{&codes::kPolicyFaults, own.name, std::move(faults)};
  if (fields != nullptr) {
    policy->planned_ = fields;
    policy->plan_ = policy->whole_plan(*fields);
  }
  return policy;
}

Result<std::unique_ptr<ViewPolicy>> RulePolicy::create(PolicySpec spec, PolicyTools tools) {
  auto policy = build(std::move(spec), std::move(tools), nullptr);
  if (policy.has_error()) return policy.error();
  return std::unique_ptr<ViewPolicy>(std::move(policy).value());
}

Result<std::unique_ptr<ViewPolicy>> RulePolicy::create(PolicySpec spec, const FieldNode& fields, PolicyTools tools) {
  auto policy = build(std::move(spec), std::move(tools), &fields);
  if (policy.has_error()) return policy.error();
  return std::unique_ptr<ViewPolicy>(std::move(policy).value());
}

const RulePolicy::Rule* RulePolicy::rule_for(std::string_view path, const FieldNode& field) const {
  if (!field.label || field.label->kind.empty()) return nullptr;
  const Label& label = *field.label;
  for (const Rule& rule : rules_) {
    const PolicyRule& text = *rule.text;
    if (text.kind != label.kind) continue;
    if (text.subject.empty() ? label.subject == kInformant : text.subject != label.subject) continue;
    if (!text.path.empty() && text.path != path) continue;
    return &rule;
  }
  return nullptr;
}

DisclosedField RulePolicy::decide(std::string_view path, const FieldNode& field) const {
  DisclosedField out;
  out.path = path;
  out.rule = kDefault;
  if (!field.label) return out;
  out.label = *field.label;
  if (const Rule* rule = rule_for(path, field); rule != nullptr) {
    // What cannot be masked or replaced is not shown.
    const bool text = field.type == FieldType::kText || field.type == FieldType::kAny || is_container(field.type);
    const auto possible = [text](Treatment form) {
      return text || form == Treatment::kClear || form == Treatment::kRelease ? form : Treatment::kDrop;
    };
    out.form = possible(rule->text->treatment);
    out.rule = rule->text->place;
    if (rule->text->when != Condition::kNone && out.form != Treatment::kDrop) {
      out.when = rule->text->when;
      out.otherwise = possible(rule->text->otherwise.value_or(Treatment::kDrop));
    }
    return out;
  }
  if (out.label.kind == "none" && out.label.subject.empty()) {
    out.form = Treatment::kClear;
    out.rule = kNoneLabel;
  }
  return out;
}

std::shared_ptr<const RulePolicy::Plan> RulePolicy::whole_plan(const FieldNode& fields) const {
  auto plan = std::make_shared<Plan>(compile(fields, {}));
  plan->number_from(0);
  return plan;
}

RulePolicy::Plan RulePolicy::compile(const FieldNode& field, std::string path) const {
  Plan plan;
  plan.field = &field;
  plan.decided = decide(path, field);
  plan.decided.entry = ledger_entry(plan.decided);
  plan.dropped = plan.decided;
  plan.dropped.form = Treatment::kDrop;
  plan.dropped.rule = kDefault;  // no rule asked for this
  plan.unknown.path = path.empty() ? "*" : path + ".*";
  plan.unknown.rule = kDefault;
  if (const Rule* rule = rule_for(path, field); rule != nullptr) {
    if (rule->mask) plan.mask = &*rule->mask;
    plan.sealer = rule->sealer;
  }
  plan.members.reserve(field.members.size());
  for (const FieldNode& member : field.members) {
    plan.members.push_back(compile(member, path.empty() ? member.name : path + "." + member.name));
  }
  for (const FieldNode& one : field.element) plan.element.push_back(compile(one, path + "[]"));
  return plan;
}

Result<View> RulePolicy::view(const Node& record, const FieldNode& fields, const Decisions& decisions) const {
  if (record.kind != Kind::kObject || fields.type != FieldType::kObject)
    return make_error(codes::kViewRecord, "object");
  const std::shared_ptr<const Plan> plan = planned_ == &fields ? plan_ : whole_plan(fields);
  Document document;
  Disclosure disclosure = start(spec_.recipient, spec_.service, spec_.basis);
  Walk walk(*this, document, disclosure, decisions);
  Node* root = walk.whole(record, *plan);
  document.set_root(root != nullptr ? root : document.make(Kind::kObject));
  if (walk.own == nullptr) {
    keep(disclosure, plan);
  } else {
    using Both = std::pair<std::shared_ptr<const Plan>, std::shared_ptr<std::deque<DisclosedField>>>;
    keep(disclosure, std::make_shared<Both>(plan, walk.own));
  }
  if (decisions.release) released(disclosure, *decisions.release);
  return finish(std::move(document), std::move(disclosure), std::move(walk.waiting));
}

}  // namespace tongqu
