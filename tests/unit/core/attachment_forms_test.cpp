// Which bytes of an attachment a recipient gets, by the rules of its policy.
#include "gateway/core/attachment_forms.hpp"

#include <gtest/gtest.h>

namespace tongqu::test {
namespace {

constexpr auto kOriginal = AttachmentForm::kOriginal;
constexpr auto kDerivative = AttachmentForm::kDerivative;
constexpr auto kWithheld = AttachmentForm::kWithheld;

AttachmentRules rules() {
  return AttachmentRules({
      {"video/mp4", "", kWithheld, false, kWithheld, "p:1"},
      {"image/*", "", kOriginal, true, kDerivative, "p:2"},
      {"audio/amr", "", kOriginal, false, kWithheld, "p:3"},
      {"image/png", "informant", kDerivative, false, kWithheld, "p:4"},
      {"application/pdf", "informant", kOriginal, true, kWithheld, "p:5"},
      {"audio/amr", "informant", kOriginal, false, kWithheld, "p:6"},  // refused by the policy's check
      {"application/*", "complainant", kDerivative, false, kWithheld, "p:7"},
  });
}

struct Case {
  const char* type;
  const char* subject;
  bool released;
  AttachmentForm form;
  const char* rule;
};

TEST(AttachmentRules, TheFirstThatFitsDecidesAndWithoutOneNothingLeaves) {
  for (const Case& c : {Case{"video/mp4", "complainant", true, kWithheld, "p:1"},
                        Case{"image/jpeg", "complainant", false, kDerivative, "p:2"},
                        Case{"image/jpeg", "complainant", true, kOriginal, "p:2"},
                        Case{"imagex/jpeg", "complainant", true, kWithheld, "default"},
                        Case{"audio/amr", "complainant", false, kOriginal, "p:3"},
                        Case{"image/jpeg", "informant", true, kWithheld, "default"},
                        Case{"image/png", "informant", false, kDerivative, "p:4"},
                        Case{"application/pdf", "informant", false, kWithheld, "p:5"},
                        Case{"application/pdf", "informant", true, kOriginal, "p:5"},
                        Case{"audio/amr", "informant", false, kWithheld, "p:6"},
                        Case{"application/pdf", "complainant", false, kDerivative, "p:7"},
                        Case{"application/pdf", "agent", false, kWithheld, "default"},
                        Case{"text/plain", "complainant", true, kWithheld, "default"}}) {
    SCOPED_TRACE(std::string(c.type) + " of " + c.subject + (c.released ? ", released" : ""));
    const AttachmentDecision decision = rules().decide(c.type, c.subject, c.released);
    EXPECT_EQ(decision.form, c.form);
    EXPECT_EQ(decision.rule, c.rule);
  }
  EXPECT_EQ(AttachmentRules().decide("image/jpeg", "complainant", true).form, kWithheld);
}

TEST(AttachmentRules, WhatIsStillFetchedIsDecidedByEachTypeThatItMayTurnOutToBe) {
  const std::vector<std::string> types{"image/jpeg", "video/mp4", "audio/amr"};
  const std::string forms = forms_text(rules(), types, "complainant", false);
  EXPECT_EQ(forms, "image/jpeg=derivative audio/amr=original");
  EXPECT_EQ(form_of(forms, "image/jpeg"), kDerivative);
  EXPECT_EQ(form_of(forms, "audio/amr"), kOriginal);
  EXPECT_EQ(form_of(forms, "video/mp4"), kWithheld);
  EXPECT_EQ(form_of(forms, "image/png"), kWithheld) << "nobody said that it may be one";
  EXPECT_EQ(most_of(forms), kOriginal);
  EXPECT_EQ(most_of("image/jpeg=derivative video/mp4=withheld"), kDerivative);
  EXPECT_EQ(most_of("withheld"), kWithheld);
  EXPECT_EQ(most_of("original"), kOriginal);
  EXPECT_EQ(forms_text(rules(), {"image/jpeg"}, "complainant", true), "original");
  EXPECT_EQ(forms_text(rules(), types, "informant", true), "audio/amr=original");
  EXPECT_EQ(forms_text(rules(), {}, "complainant", true), "withheld");
}

TEST(AttachmentRules, ATextThatCannotBeReadWithholds) {
  for (const char* text :
       {"", "clear", "Original", "=", "image/jpeg", "image/jpeg=", " image/jpeg=original", "image/jpeg=original,"})
    EXPECT_EQ(form_of(text, "image/jpeg"), std::string_view(text).starts_with(" image") ? kOriginal : kWithheld)
        << text;
}

}  // namespace
}  // namespace tongqu::test
