#include "gateway/core/attachment_forms.hpp"

#include <algorithm>

namespace tongqu {
namespace {

constexpr std::string_view kInformant = "informant";

bool fits_type(std::string_view rule, std::string_view type) {
  if (rule == "*" || rule == type) return true;
  return rule.ends_with("/*") && type.starts_with(rule.substr(0, rule.size() - 1));
}

AttachmentForm form_of_name(std::string_view name) {
  for (const auto form : {AttachmentForm::kDerivative, AttachmentForm::kOriginal})
    if (name == name_of(form)) return form;
  return AttachmentForm::kWithheld;
}

}  // namespace

std::string_view name_of(AttachmentForm form) {
  switch (form) {
    case AttachmentForm::kWithheld: return "withheld";
    case AttachmentForm::kDerivative: return "derivative";
    case AttachmentForm::kOriginal: return "original";
  }
  return "withheld";
}

AttachmentDecision AttachmentRules::decide(std::string_view type, std::string_view subject, bool released) const {
  for (const AttachmentRule& rule : rules_) {
    const bool fits_subject = rule.subject.empty() ? subject != kInformant : rule.subject == subject;
    if (!fits_subject || !fits_type(rule.type, type)) continue;
    AttachmentForm form = rule.form;
    if (form == AttachmentForm::kOriginal && !released) {
      if (rule.on_release) form = rule.until_then;
      // The policy's check refuses such a rule; that nothing leaves does not hang on it.
      if (subject == kInformant && form == AttachmentForm::kOriginal) form = AttachmentForm::kWithheld;
    }
    return {form, rule.place};
  }
  return {};
}

bool AttachmentRules::waits(std::string_view type, std::string_view subject) const {
  if (!type.empty()) return decide(type, subject, true).form > decide(type, subject, false).form;
  return std::any_of(rules_.begin(), rules_.end(), [&](const AttachmentRule& rule) {
    return rule.on_release && (rule.subject.empty() ? subject != kInformant : rule.subject == subject);
  });
}

std::string forms_text(const AttachmentRules& rules, const std::vector<std::string>& types, std::string_view subject,
                       bool released) {
  if (types.size() == 1) return std::string(name_of(rules.decide(types.front(), subject, released).form));
  std::string text;
  for (const std::string& type : types) {
    const AttachmentForm form = rules.decide(type, subject, released).form;
    if (form == AttachmentForm::kWithheld) continue;
    text.append(text.empty() ? "" : " ").append(type).append("=").append(name_of(form));
  }
  return text.empty() ? std::string(name_of(AttachmentForm::kWithheld)) : text;
}

namespace {

// `each` is called with every type and form of a text by type.
template <class F>
void for_each_form(std::string_view forms, F&& each) {
  while (!forms.empty()) {
    const std::string_view one = forms.substr(0, forms.find(' '));
    if (const auto equals = one.find('='); equals != std::string_view::npos)
      each(one.substr(0, equals), form_of_name(one.substr(equals + 1)));
    forms.remove_prefix(std::min(forms.size(), one.size() + 1));
  }
}

}  // namespace

AttachmentForm form_of(std::string_view forms, std::string_view type) {
  if (forms.find('=') == std::string_view::npos) return form_of_name(forms);
  AttachmentForm found = AttachmentForm::kWithheld;
  for_each_form(forms, [&](std::string_view one, AttachmentForm form) {
    if (one == type) found = form;
  });
  return found;
}

AttachmentForm most_of(std::string_view forms) {
  AttachmentForm most = form_of_name(forms);
  for_each_form(forms, [&](std::string_view, AttachmentForm form) { most = std::max(most, form); });
  return most;
}

}  // namespace tongqu
