#pragma once
// What can be wrong with a policy, and why a view fails as a whole. Faults carry the rule's place in `path`.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kPolicyFaults;           // the whole: see `faults`; parameter = policy
extern const ErrorCode kPolicyRecipient;        // no recipient or service
extern const ErrorCode kPolicyBasis;            // no purpose or no legal basis (政务数据共享条例 Art. 25)
extern const ErrorCode kPolicyKind;             // a rule without label kind
extern const ErrorCode kPolicyMask;             // unknown format or none; parameter = the formats
extern const ErrorCode kPolicyMaskUnused;       // a format where nothing is masked
extern const ErrorCode kPolicyMaskKind;         // the format does not hide values of this label kind
extern const ErrorCode kPolicyTokenInformant;   // an informant never gets a token
extern const ErrorCode kPolicyTokenKey;         // a token, and no key to make it with
extern const ErrorCode kPolicySealTo;           // seal without `to`
extern const ErrorCode kPolicySealKey;          // parameter = the name that nobody has
extern const ErrorCode kPolicySealUnused;       // `to` where nothing is sealed
extern const ErrorCode kPolicyWhen;             // a condition at a treatment that has none; parameter = the treatment
extern const ErrorCode kPolicyOtherwise;        // a condition without `otherwise`, or with one that is not weaker
extern const ErrorCode kPolicyOtherwiseUnused;  // `otherwise` without a condition
extern const ErrorCode kPolicyWhenInformant;    // informants: only sealed to an officer on an approved request
extern const ErrorCode kPolicyReleaseQuery;     // nobody waits with a question until a person released the answer
extern const ErrorCode kPolicyPath;             // a path that the schema does not have
extern const ErrorCode kPolicyLimit;            // parameter = limit
extern const ErrorCode kPolicyAttachmentType;
extern const ErrorCode kPolicyAttachmentInformant;
extern const ErrorCode kPolicyAttachmentOriginal;
extern const ErrorCode kPolicyAttachmentUnused;
extern const ErrorCode kViewRecord;   // the record is no object
extern const ErrorCode kNetwork;      // the network for names cannot be read; parameter = file and fault
extern const ErrorCode kPersonKind;   // parameter = the kinds there are
extern const ErrorCode kPersonValue;  // cannot be normalised; parameter = the kind
extern const ErrorCode kSealExpired;  // the key's time is over
extern const ErrorCode kSealPlace;    // recipient, service or path cannot be written down
extern const ErrorCode kSealedForm;   // no sealed value
extern const ErrorCode kSealedKey;    // made for another key

std::span<const ErrorCode* const> privacy_codes();

}  // namespace tongqu::codes
