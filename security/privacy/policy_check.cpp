#include "security/privacy/policy_check.hpp"

#include "security/privacy/privacy_codes.hpp"

namespace tongqu {
namespace {

std::string mask_names() {
  std::string out;
  for (const std::string_view name : MaskFormat::names()) out.append(out.empty() ? "" : ", ").append(name);
  return out;
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
  if (rule.treatment == Treatment::kMask) {
    if (!mask) {
      fault(codes::kPolicyMask, mask_names());
    } else if (!mask->suits(rule.kind)) {
      fault(codes::kPolicyMaskKind, rule.kind);
    }
  } else if (!rule.mask.empty()) {
    fault(codes::kPolicyMaskUnused);
  }
  if (rule.treatment == Treatment::kToken) {
    if (rule.subject == "informant") fault(codes::kPolicyTokenInformant);
    if (tools.tokens == nullptr) fault(codes::kPolicyTokenKey);
  }
  if (rule.treatment == Treatment::kSeal) {
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
