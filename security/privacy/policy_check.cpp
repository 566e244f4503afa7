#include "security/privacy/policy_check.hpp"

#include <functional>

#include "security/privacy/privacy_codes.hpp"

namespace tongqu {
namespace {

std::string mask_names() {
  std::string out;
  for (const std::string_view name : MaskFormat::names()) out.append(out.empty() ? "" : ", ").append(name);
  return out;
}

// A condition gives more than what goes without it, and of an informant nothing but what is sealed to a named officer
// on an approved request (Order 121 Art. 37).
void check_condition(const PolicyRule& rule, const std::function<void(const ErrorCode&, std::string)>& fault) {
  if (rule.when == Condition::kNone) {
    if (rule.otherwise) fault(codes::kPolicyOtherwiseUnused, {});
    return;
  }
  const bool strong = rule.treatment == Treatment::kClear || rule.treatment == Treatment::kSeal;
  if (!strong) fault(codes::kPolicyWhen, std::string(name_of(rule.treatment)));
  const bool weaker = rule.otherwise && *rule.otherwise != rule.treatment && *rule.otherwise != Treatment::kClear &&
                      *rule.otherwise != Treatment::kRelease && *rule.otherwise != Treatment::kSummary;
  if (!weaker) fault(codes::kPolicyOtherwise, {});
  const bool sealed_on_request = rule.when == Condition::kApproved && rule.treatment == Treatment::kSeal;
  if (rule.subject == "informant" && !sealed_on_request) fault(codes::kPolicyWhenInformant, {});
}

}  // namespace

void check_rule(const PolicyRule& rule, const std::optional<MaskFormat>& mask, const PolicyTools& tools,
                const FieldNode* fields, std::vector<Fault>& faults) {
  const auto fault = [&](const ErrorCode& code, std::string param = {}) {
    Fault out;
    out.code = &code;
    out.path = rule.place;
    out.param = std::move(param);
    faults.push_back(std::move(out));
  };
  if (rule.kind.empty()) fault(codes::kPolicyKind);
  check_condition(rule, fault);
  if (rule.says(Treatment::kMask)) {
    if (!mask) {
      fault(codes::kPolicyMask, mask_names());
    } else if (!mask->suits(rule.kind)) {
      fault(codes::kPolicyMaskKind, rule.kind);
    }
  } else if (!rule.mask.empty()) {
    fault(codes::kPolicyMaskUnused);
  }
  if (rule.says(Treatment::kToken)) {
    if (rule.subject == "informant") fault(codes::kPolicyTokenInformant);
    if (tools.tokens == nullptr) fault(codes::kPolicyTokenKey);
  }
  if (rule.says(Treatment::kSeal)) {
    if (rule.to.empty()) {
      fault(codes::kPolicySealTo);
    } else if (!tools.sealers.contains(rule.to)) {
      fault(codes::kPolicySealKey, rule.to);
    }
  } else if (!rule.to.empty()) {
    fault(codes::kPolicySealUnused);
  }
  if (fields != nullptr && !rule.path.empty() && field_at(*fields, rule.path) == nullptr) {
    fault(codes::kPolicyPath, rule.path);
  }
}

}  // namespace tongqu
