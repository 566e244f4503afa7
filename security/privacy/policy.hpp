#pragma once
// A ViewPolicy of rules: label → treatment, the first rule that matches decides.
//
//   no label          dropped
//   label, no rule    dropped
//   label kind none   clear, unless a rule for "none" says otherwise
//   informant         matched only by rules that name the subject "informant": no general rule ever reaches a person
//                     who reported somebody (Order 121 Art. 37)
//   not in the schema, or not of the type that the schema says: dropped
//   mask, token or seal of what is no text: dropped
//   what cannot be sealed or has nothing to make a token of: dropped
//   release       dropped, and the view says that it waits; released by a person: in the form that the person chose
//   a condition   the rule's treatment when a grant for this message covers the label, else `otherwise`
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/view.hpp"
#include "security/privacy/policy_tools.hpp"

namespace tongqu {

struct PolicyRule {
  std::string kind;     // label kind; never empty
  std::string subject;  // empty: any but informant
  std::string path;     // exact canonical path, list elements as "[]"; empty: any
  Treatment treatment = Treatment::kDrop;
  std::string mask;   // format of masks.hpp, for kMask only
  std::string place;  // "policies/p12315.yaml:12"; stands in the disclosure and in faults
  std::string to;     // name of a key among PolicyTools::sealers, for kSeal only
  Condition when = Condition::kNone;
  std::optional<Treatment> otherwise;  // with a condition: what is weaker than the treatment
  // Does the rule say `treatment`, in one case or in the other?
  [[nodiscard]] bool says(Treatment wanted) const { return treatment == wanted || otherwise == wanted; }
};

struct PolicySpec {
  PartnerId recipient;
  ServiceId service;
  Basis basis;
  std::string name;  // "p12315"
  std::vector<PolicyRule> rules;
};

inline constexpr std::size_t kMaxPolicyRules = 1'000;

// Immutable, thread-safe.
class RulePolicy final : public ViewPolicy {
 public:
  // Fails with kPolicyFaults and all faults of the rules (privacy_codes.hpp).
  [[nodiscard]] static Result<std::unique_ptr<ViewPolicy>> create(PolicySpec spec, PolicyTools tools = {});
  // The same, and decides every field of the schema at once, so that views of records of this very tree cost a walk
  // only; a rule whose path the schema does not have is a fault. `fields` outlives the policy.
  [[nodiscard]] static Result<std::unique_ptr<ViewPolicy>> create(PolicySpec spec, const FieldNode& fields,
                                                                  PolicyTools tools = {});

  ~RulePolicy() override;

  // Member order is kept; objects and lists with nothing left are taken out, JSON null as well. The disclosure has one
  // entry for each (path, form) that occurs in the record; members that the schema does not have appear as
  // "<parent>.*", because their names are the sender's. Fails with kViewRecord.
  using ViewPolicy::view;
  [[nodiscard]] Result<View> view(const Node& record, const FieldNode& fields,
                                  const Decisions& decisions) const override;
  [[nodiscard]] DisclosedField decide(std::string_view path, const FieldNode& field) const override;

 private:
  struct Rule;
  struct Plan;
  class Walk;
  RulePolicy(PolicySpec spec, PolicyTools tools);
  [[nodiscard]] static Result<std::unique_ptr<RulePolicy>> build(PolicySpec spec, PolicyTools tools,
                                                                 const FieldNode* fields);
  [[nodiscard]] const Rule* rule_for(std::string_view path, const FieldNode& field) const;
  [[nodiscard]] std::shared_ptr<const Plan> whole_plan(const FieldNode& fields) const;
  [[nodiscard]] Plan compile(const FieldNode& field, std::string path) const;

  PolicySpec spec_;
  PolicyTools tools_;
  std::vector<Rule> rules_;
  const FieldNode* planned_ = nullptr;  // root that plan_ was made of
  std::shared_ptr<const Plan> plan_;    // shared with the disclosures, which point into it
};

}  // namespace tongqu
