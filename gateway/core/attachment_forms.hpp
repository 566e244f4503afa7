#pragma once
// Which bytes of an attachment a recipient gets (docs/attachments.md, "Copies without metadata"). One place decides:
// AttachmentRules, when the message that names the attachment is made. What was decided is committed with the message.
//
//   original    the bytes as they were sent: evidence. Only where the recipient takes evidence or, for material of an
//               informant too, where a named person released the record.
//   derivative  a copy without position, device and names; where none can be made the recipient gets nothing.
//   withheld    nothing.
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/ids.hpp"

namespace tongqu {

// In the order of what they give.
enum class AttachmentForm : std::uint8_t { kWithheld, kDerivative, kOriginal };
[[nodiscard]] std::string_view name_of(AttachmentForm form);  // "withheld", "derivative", "original"

struct AttachmentRule {
  std::string type;     // media type as of media_type_name, "image/*" or "*"
  std::string subject;  // whose matter it belongs to; empty: any but informant
  AttachmentForm form = AttachmentForm::kWithheld;
  bool on_release = false;                                // kOriginal: only when it was released
  AttachmentForm until_then = AttachmentForm::kWithheld;  // of on_release; never kOriginal
  std::string place;                                      // "policies/case.yaml:12"
};

// What one attachment comes to.
struct AttachmentDecision {
  AttachmentForm form = AttachmentForm::kWithheld;
  std::string rule = "default";  // place of the rule that decided
};

// Immutable, thread-safe. No rule: withheld.
class AttachmentRules {
 public:
  AttachmentRules() = default;
  explicit AttachmentRules(std::vector<AttachmentRule> rules) : rules_(std::move(rules)) {}
  // `type` as of media_type_name; `released`: a named person released the
  // record for this recipient. The first rule whose type and subject fit decides; a rule
  // without subject never reaches material of an informant (Order 121 Art. 37).
  [[nodiscard]] AttachmentDecision decide(std::string_view type, std::string_view subject, bool released) const;
  // Whether a release would give more of it than nothing decided does. `type` empty: of any type that it may be.
  [[nodiscard]] bool waits(std::string_view type, std::string_view subject) const;
  [[nodiscard]] const std::vector<AttachmentRule>& rules() const { return rules_; }

 private:
  std::vector<AttachmentRule> rules_;
};

// What is committed for one (recipient, attachment): the form; while the type is not known yet, the form by type.
//   "derivative"   or   "image/jpeg=derivative image/png=derivative"; a type that is not named is withheld
[[nodiscard]] std::string forms_text(const AttachmentRules& rules, const std::vector<std::string>& types,
                                     std::string_view subject, bool released);
// The form for `type` by one such text; withheld for what cannot be read.
[[nodiscard]] AttachmentForm form_of(std::string_view forms, std::string_view type);
// The most that it gives for any type: what may be said of an attachment whose type is not known yet.
[[nodiscard]] AttachmentForm most_of(std::string_view forms);

}  // namespace tongqu
