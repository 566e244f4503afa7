#include "security/privacy/policy_walk.hpp"

#include <algorithm>
#include <array>

#include "gateway/core/random.hpp"
#include "security/privacy/tokens.hpp"

namespace tongqu {
namespace {

// How a free text of the record may repeat a value of this label; empty: not to be looked for. The place and the order
// of the matter have to stay readable, but for an informant: there they tell who it was.
std::optional<KnownKind> repeated_as(const Label& label) {
  if ((label.kind == "order" || label.kind == "place") && label.subject != "informant") return std::nullopt;
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

Node* RulePolicy::Walk::whole(const Node& record, const Plan& plan) {
  record_ = &record;
  record_plan_ = &plan;
  return copy_object(record, plan);
}

Node* RulePolicy::Walk::copy(const Node& node, const Plan& plan) {
  if (node.kind == Kind::kNull) return nullptr;
  const FieldType type = plan.field->type;
  if (!holds(type, node.kind)) return drop(plan);
  if (type == FieldType::kObject) return copy_object(node, plan);
  if (type == FieldType::kList) return copy_list(node, plan);
  const Treatment form = form_of(plan);
  switch (form) {
    case Treatment::kClear: note(plan, Treatment::kClear); return keep(node, node.text);
    case Treatment::kSummary: {
      note(plan, Treatment::kSummary);
      summary_used_ = true;
      return keep(node, decisions_.release->summary);
    }
    case Treatment::kRelease: wait(plan); return drop(plan);
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
    case Treatment::kSeal: return replace(node, plan, form);
    case Treatment::kDrop: return drop(plan);
  }
  // The masked form of a time or of a number would be no value of its type.
  if (plan.mask == nullptr || node.kind != Kind::kText || type == FieldType::kInstant) return drop(plan);
  note(plan, Treatment::kMask);
  return keep(node, plan.mask->apply(node.text));
}

Node* RulePolicy::Walk::copy_object(const Node& node, const Plan& plan) {
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

Treatment RulePolicy::Walk::form_of(const Plan& plan) const {
  const DisclosedField& decided = plan.decided;
  if (decided.form == Treatment::kRelease) return released(plan);
  if (decided.when == Condition::kNone) return decided.form;
  return grant_for(decided) != nullptr ? decided.form : decided.otherwise;
}

Treatment RulePolicy::Walk::released(const Plan& plan) const {
  if (!decisions_.release) return Treatment::kRelease;
  const bool text = plan.decided.label.kind == "free-text" && plan.field->type == FieldType::kText;
  switch (decisions_.release->as) {
    case ReleaseAs::kWhole: return Treatment::kClear;
    case ReleaseAs::kScrubbed: return text ? Treatment::kScrub : Treatment::kDrop;
    case ReleaseAs::kSummary: return text && !summary_used_ ? Treatment::kSummary : Treatment::kDrop;
    case ReleaseAs::kWithout: return Treatment::kDrop;
  }
  return Treatment::kDrop;
}

const GrantInForce* RulePolicy::Walk::grant_for(const DisclosedField& decided) const {
  for (const GrantInForce& grant : decisions_.grants) {
    if (grant.kind == decided.when && grant.covers(decided.label)) return &grant;
  }
  return nullptr;
}

void RulePolicy::Walk::wait(const Plan& plan) {
  const std::string& path = plan.decided.path;
  if (std::find(waiting.begin(), waiting.end(), path) == waiting.end()) waiting.push_back(path);
}

Node* RulePolicy::Walk::replace(const Node& node, const Plan& plan, Treatment form) {
  if (node.kind != Kind::kText || plan.field->type == FieldType::kInstant) return drop(plan);
  const DisclosedField& decided = plan.decided;
  std::optional<std::string> text;
  if (form == Treatment::kToken) {
    text = policy_.tools_.tokens->token(policy_.spec_.recipient, decided.label, node.text);
  } else if (plan.sealer != nullptr) {
    auto sealed =
        plan.sealer->seal({policy_.spec_.recipient.str(), policy_.spec_.service.str(), decided.path}, node.text);
    if (sealed.has_value()) text = std::move(*sealed);
  }
  if (!text) return drop(plan);
  note(plan, form);
  return keep(node, *text);
}

Node* RulePolicy::Walk::copy_list(const Node& node, const Plan& plan) {
  if (plan.element.size() != 1) return drop(plan);
  Node* list = out_.make(Kind::kList, {}, node.position);
  for (const Node& child : children(node)) {
    if (Node* part = copy(child, plan.element.front()); part != nullptr) out_.append(*list, part);
  }
  return list->count == 0 ? nullptr : list;
}

Node* RulePolicy::Walk::keep(const Node& node, std::string_view text) {
  return out_.make(node.kind, text, node.position);
}

Node* RulePolicy::Walk::drop(const Plan& plan) {
  note(plan, Treatment::kDrop);
  return nullptr;
}

void RulePolicy::Walk::note(const Plan& plan, Treatment form) {
  if (!first_time(plan.number, 1U << static_cast<unsigned>(form))) return;
  const DisclosedField& decided = plan.decided;
  if (decided.form == Treatment::kRelease || decided.when != Condition::kNone) return note_own(plan, form);
  ViewPolicy::note(disclosure_, decided.form == form ? decided : plan.dropped);
}

void RulePolicy::Walk::note_own(const Plan& plan, Treatment form) {
  if (own == nullptr) own = std::make_shared<std::deque<DisclosedField>>();
  DisclosedField& field = own->emplace_back(plan.decided);
  field.form = form;
  field.when = Condition::kNone;
  if (plan.decided.form == Treatment::kRelease) {
    if (decisions_.release) field.decided = "release";
  } else if (const GrantInForce* grant = grant_for(plan.decided); grant != nullptr && form == plan.decided.form) {
    field.decided = "grant " + grant->id;
  }
  field.entry = ledger_entry(field);
  ViewPolicy::note(disclosure_, field);
}

void RulePolicy::Walk::note_unknown(const Plan& plan) {
  if (!first_time(plan.number, kUnknownMember)) return;
  ViewPolicy::note(disclosure_, plan.unknown);
}

const TextScrubber* RulePolicy::Walk::scrubber() const { return policy_.tools_.scrubber.get(); }

const RecordPersons& RulePolicy::Walk::known() {
  if (!known_) {
    KnownPersons persons;
    collect(*record_, *record_plan_, persons);
    known_.emplace(persons);
  }
  return *known_;
}

void RulePolicy::Walk::collect(const Node& node, const Plan& plan, KnownPersons& out) const {
  if (node.kind == Kind::kObject) {
    std::size_t cursor = 0;
    for (const Node& child : children(node)) {
      if (const Plan* member = plan.find(child.name, cursor); member != nullptr) collect(child, *member, out);
    }
  } else if (node.kind == Kind::kList && plan.element.size() == 1) {
    for (const Node& child : children(node)) collect(child, plan.element.front(), out);
  } else if (const auto kind = repeated_as(plan.decided.label); node.kind == Kind::kText && kind) {
    if (form_of(plan) == Treatment::kClear) {
      out.shown.emplace_back(node.text);
    } else {
      out.hidden.push_back({*kind, std::string(node.text)});
    }
  }
}

const std::string& RulePolicy::Walk::reference_to(const std::string& subject) {
  std::string& reference = references_[subject];
  if (reference.empty()) reference = random_reference();
  return reference;
}

bool RulePolicy::Walk::first_time(std::size_t number, unsigned bit) {
  if (number >= noted_.size()) noted_.resize(number + 64);
  if ((noted_[number] & bit) != 0) return false;
  noted_[number] = static_cast<std::uint16_t>(noted_[number] | bit);
  return true;
}

}  // namespace tongqu
