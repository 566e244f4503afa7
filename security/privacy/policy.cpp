// Takes a canonical record and the labels of its schema, gives what one recipient may see of it. What is not decided is
// dropped: every branch below that does not know its case ends in a drop.
#include "security/privacy/policy.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "gateway/core/random.hpp"
#include "security/privacy/masks.hpp"
#include "security/privacy/policy_check.hpp"
#include "security/privacy/privacy_codes.hpp"
#include "security/privacy/sealed_values.hpp"
#include "security/privacy/text_scrubber.hpp"
#include "security/privacy/tokens.hpp"

namespace tongqu {

namespace {

constexpr std::string_view kDefault = "default";
constexpr std::string_view kNoneLabel = "label none";
constexpr std::string_view kInformant = "informant";

bool is_container(FieldType type) { return type == FieldType::kObject || type == FieldType::kList; }

// How a free text of the record may repeat a value of this label; empty: not to be looked for. The place and the order
// of the matter have to stay readable, but for an informant: there they tell who it was.
std::optional<KnownKind> repeated_as(const Label& label) {
  if ((label.kind == "order" || label.kind == "place") && label.subject != kInformant) return std::nullopt;
  return known_kind_of(label.kind);
}

bool holds(FieldType type, Kind kind) {
  switch (type) {
    case FieldType::kText:
    case FieldType::kInstant: return kind == Kind::kText;
    case FieldType::kInteger:
    case FieldType::kDecimal: return kind == Kind::kNumber;
    case FieldType::kBoolean: return kind == Kind::kBoolean;
    case FieldType::kAny: return kind == Kind::kText || kind == Kind::kNumber || kind == Kind::kBoolean;
    case FieldType::kList: return kind == Kind::kList;
    case FieldType::kObject: return kind == Kind::kObject;
  }
  return false;
}

// 80 random bits, in the letters that nobody confuses on the telephone.
std::string random_reference() {
  constexpr std::string_view kLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::array<std::uint8_t, 16> random{};
  fill_random(random.data(), random.size());
  std::string out = "R-";
  for (const std::uint8_t byte : random) out.push_back(kLetters[byte % kLetters.size()]);
  return out;
}

}  // namespace

struct RulePolicy::Rule {
  const PolicyRule* text = nullptr;
  std::optional<MaskFormat> mask;
  const ValueSealer* sealer = nullptr;
};

// The field tree with what was decided for each field.
struct RulePolicy::Plan {
  const FieldNode* field = nullptr;
  // What a disclosure may name of this field, made once for all records.
  DisclosedField decided;               // scalars
  DisclosedField dropped;               // the value did not fit what was decided
  DisclosedField unknown;               // a member that the schema does not have
  const MaskFormat* mask = nullptr;     // for kMask
  const ValueSealer* sealer = nullptr;  // for kSeal
  std::size_t number = 0;               // within the tree, from 0
  std::vector<Plan> members;
  std::vector<Plan> element;

  // Members mostly come in schema order: the search starts behind the last hit.
  [[nodiscard]] const Plan* find(std::string_view name, std::size_t& cursor) const {
    for (std::size_t i = 0; i < members.size(); ++i) {
      const std::size_t at = cursor + i < members.size() ? cursor + i : cursor + i - members.size();
      if (members[at].field->name != name) continue;
      cursor = at + 1 < members.size() ? at + 1 : 0;
      return &members[at];
    }
    return nullptr;
  }

  std::size_t number_from(std::size_t next) {
    number = next++;
    for (Plan& member : members) next = member.number_from(next);
    for (Plan& one : element) next = one.number_from(next);
    return next;
  }
};

// One walk through one record.
class RulePolicy::Walk {
 public:
  Walk(const RulePolicy& policy, Document& out, Disclosure& disclosure)
      : policy_(policy), out_(out), disclosure_(disclosure) {}

  Node* whole(const Node& record, const Plan& plan) {
    record_ = &record;
    record_plan_ = &plan;
    return copy_object(record, plan);
  }

  // The visible part of `node`; nullptr when nothing of it is left.
  Node* copy(const Node& node, const Plan& plan) {
    if (node.kind == Kind::kNull) return nullptr;
    const FieldType type = plan.field->type;
    if (!holds(type, node.kind)) return drop(plan);
    if (type == FieldType::kObject) return copy_object(node, plan);
    if (type == FieldType::kList) return copy_list(node, plan);
    switch (plan.decided.form) {
      case Treatment::kClear: note(plan, Treatment::kClear); return keep(node, node.text);
      case Treatment::kMask: break;
      case Treatment::kRef:
        if (node.kind != Kind::kText || type == FieldType::kInstant) return drop(plan);
        note(plan, Treatment::kRef);
        return keep(node, reference_to(plan.decided.label.subject));
      case Treatment::kScrub:
        if (node.kind != Kind::kText || type == FieldType::kInstant || scrubber() == nullptr) return drop(plan);
        note(plan, Treatment::kScrub);
        return keep(node, scrubber()->scrub(node.text, known()).text);
      case Treatment::kToken:
      case Treatment::kSeal: return replace(node, plan);
      case Treatment::kDrop: return drop(plan);
    }
    // The masked form of a time or of a number would be no value of its type.
    if (plan.mask == nullptr || node.kind != Kind::kText || type == FieldType::kInstant) return drop(plan);
    note(plan, Treatment::kMask);
    return keep(node, plan.mask->apply(node.text));
  }

  Node* copy_object(const Node& node, const Plan& plan) {
    Node* object = out_.make(Kind::kObject, {}, node.position);
    std::size_t cursor = 0;
    for (const Node& child : children(node)) {
      const Plan* member = plan.find(child.name, cursor);
      if (member == nullptr) {
        note_unknown(plan);
        continue;
      }
      if (Node* part = copy(child, *member); part != nullptr) out_.append(*object, part, child.name);
    }
    return object->count == 0 ? nullptr : object;
  }

 private:
  // A token or a sealed value. When there is none, for whatever reason, nothing leaves.
  Node* replace(const Node& node, const Plan& plan) {
    if (node.kind != Kind::kText || plan.field->type == FieldType::kInstant) return drop(plan);
    const DisclosedField& decided = plan.decided;
    std::optional<std::string> text;
    if (decided.form == Treatment::kToken) {
      text = policy_.tools_.tokens->token(policy_.spec_.recipient, decided.label, node.text);
    } else if (plan.sealer != nullptr) {
      auto sealed =
          plan.sealer->seal({policy_.spec_.recipient.str(), policy_.spec_.service.str(), decided.path}, node.text);
      if (sealed.has_value()) text = std::move(*sealed);
    }
    if (!text) return drop(plan);
    note(plan, decided.form);
    return keep(node, *text);
  }

  Node* copy_list(const Node& node, const Plan& plan) {
    if (plan.element.size() != 1) return drop(plan);
    Node* list = out_.make(Kind::kList, {}, node.position);
    for (const Node& child : children(node)) {
      if (Node* part = copy(child, plan.element.front()); part != nullptr) out_.append(*list, part);
    }
    return list->count == 0 ? nullptr : list;
  }

  Node* keep(const Node& node, std::string_view text) { return out_.make(node.kind, text, node.position); }

  Node* drop(const Plan& plan) {
    note(plan, Treatment::kDrop);
    return nullptr;
  }

  void note(const Plan& plan, Treatment form) {
    if (!first_time(plan.number, 1U << static_cast<unsigned>(form))) return;
    ViewPolicy::note(disclosure_, plan.decided.form == form ? plan.decided : plan.dropped);
  }

  void note_unknown(const Plan& plan) {
    if (!first_time(plan.number, kUnknownMember)) return;
    ViewPolicy::note(disclosure_, plan.unknown);
  }

  [[nodiscard]] const TextScrubber* scrubber() const { return policy_.tools_.scrubber.get(); }

  // What the record says of its persons: the same for all texts of it.
  const RecordPersons& known() {
    if (!known_) {
      KnownPersons persons;
      collect(*record_, *record_plan_, persons);
      known_.emplace(persons);
    }
    return *known_;
  }

  static void collect(const Node& node, const Plan& plan, KnownPersons& out) {
    if (node.kind == Kind::kObject) {
      std::size_t cursor = 0;
      for (const Node& child : children(node)) {
        if (const Plan* member = plan.find(child.name, cursor); member != nullptr) collect(child, *member, out);
      }
    } else if (node.kind == Kind::kList && plan.element.size() == 1) {
      for (const Node& child : children(node)) collect(child, plan.element.front(), out);
    } else if (const auto kind = repeated_as(plan.decided.label); node.kind == Kind::kText && kind) {
      if (plan.decided.form == Treatment::kClear) {
        out.shown.emplace_back(node.text);
      } else {
        out.hidden.push_back({*kind, std::string(node.text)});
      }
    }
  }

  const std::string& reference_to(const std::string& subject) {
    std::string& reference = references_[subject];
    if (reference.empty()) reference = random_reference();
    return reference;
  }

  bool first_time(std::size_t number, unsigned bit) {
    if (number >= noted_.size()) noted_.resize(number + 64);
    if ((noted_[number] & bit) != 0) return false;
    noted_[number] = static_cast<std::uint8_t>(noted_[number] | bit);
    return true;
  }

  static constexpr unsigned kUnknownMember = 1U << 7U;
  const RulePolicy& policy_;
  Document& out_;
  Disclosure& disclosure_;
  const Node* record_ = nullptr;
  const Plan* record_plan_ = nullptr;
  std::optional<RecordPersons> known_;
  std::vector<std::uint8_t> noted_;                // by Plan::number, one bit for each form
  std::map<std::string, std::string> references_;  // by subject
};

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
    out.form = rule->text->treatment;
    out.rule = rule->text->place;
    // What cannot be masked or replaced is not shown.
    const bool text = field.type == FieldType::kText || field.type == FieldType::kAny || is_container(field.type);
    if (out.form != Treatment::kClear && !text) out.form = Treatment::kDrop;
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

Result<View> RulePolicy::view(const Node& record, const FieldNode& fields) const {
  if (record.kind != Kind::kObject || fields.type != FieldType::kObject)
    return make_error(codes::kViewRecord, "object");
  const std::shared_ptr<const Plan> plan = planned_ == &fields ? plan_ : whole_plan(fields);
  Document document;
  Disclosure disclosure = start(spec_.recipient, spec_.service, spec_.basis);
  keep(disclosure, plan);
  Node* root = Walk(*this, document, disclosure).whole(record, *plan);
  document.set_root(root != nullptr ? root : document.make(Kind::kObject));
  return finish(std::move(document), std::move(disclosure));
}

}  // namespace tongqu
