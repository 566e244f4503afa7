// What a person's word permits, and what it does not.
#include <gmock/gmock.h>

#include <functional>

#include "tests/unit/proof/judged.hpp"

namespace tongqu::proof_test {
namespace {

using ::testing::HasSubstr;

void rule(World& world, const std::string& target, const std::string& expression) {
  for (RuleText& one : world.in.rules) {
    if (one.target == target) one.expression = expression;
  }
}
// The sender's "s" is a name that may be an informant's; the record's is the complainant's.
void informs(World& world) {
  for (FieldText& field : world.received) {
    if (field.name == "s") field.subject = "informant";
  }
}

struct Case {
  const char* name;
  void (*edit)(World&);
  const char* refused;  // part of the fault; nullptr = accepted
};

const Case kCases[] = {
    {"an informant as a complainant",
     [](World& w) {
       informs(w);
       rule(w, "s", "if $.n0 != \"2\" then $.s");
     },
     "$.s (name/informant) → s (name/complainant)"},
    {"the same where a person says that n0 tells the two apart",
     [](World& w) {
       informs(w);
       rule(w, "s", "if $.n0 != \"2\" then trim($.s)");
       w.roles.push_back({"src/in", "$.n0"});
     },
     nullptr},
    {"that word, in a rule that n0 does not choose",
     [](World& w) {
       informs(w);
       rule(w, "s", "trim($.s)");
       w.roles.push_back({"src/in", "$.n0"});
     },
     "$.s (name/informant) → trim → s (name/complainant)"},
    {"that word, for another kind",
     [](World& w) {
       informs(w);
       rule(w, "s", "if $.n0 != \"2\" then $.i");
       w.roles.push_back({"src/in", "$.n0"});
     },
     "$.i (phone/informant) → s (name/complainant)"},
    {"that word, for a field that is protected itself",
     [](World& w) {
       informs(w);
       rule(w, "s", "if $.d != \"2\" then $.s");
       w.roles.push_back({"src/in", "$.d"});
     },
     "$.s (name/informant) → s (name/complainant)"},
    {"a protected field that only its presence tells, with a person's word",
     [](World& w) {
       rule(w, "flag0", "exists($.s)");
       w.declassified.push_back({"src/in", "$.s"});
     },
     nullptr},
    {"the same word for a value",
     [](World& w) {
       rule(w, "n0", "trim($.s)");
       w.declassified.push_back({"src/in", "$.s"});
     },
     "$.s (name/complainant) → trim → n0 (none)"},
    {"the same word for another mapping",
     [](World& w) {
       rule(w, "flag0", "exists($.s)");
       w.declassified.push_back({"src/out", "$.s"});
     },
     "$.s (name/complainant) → [reduces] → flag0 (none)"},
    {"a complainant as an informant", [](World& w) { rule(w, "i", "$.p"); }, nullptr},
};

using Cases = Judged;

TEST_F(Cases, AsAPersonSaid) {
  for (const Case& c : kCases) {
    Random random(7);
    World world = make_world(random);
    world.received.push_back({"p", "phone", "complainant"});
    c.edit(world);
    const CompileReport report = compile(world);
    EXPECT_EQ(report.config != nullptr, c.refused == nullptr) << c.name << "\n" << faults(report);
    if (c.refused != nullptr) EXPECT_THAT(faults(report), HasSubstr(c.refused)) << c.name;
    const checker::Verdict verdict =
        checker::check_certificate(files(world), report.config == nullptr ? "" : report.config->certificate);
    EXPECT_EQ(verdict.accepted, c.refused == nullptr) << c.name << ": " << verdict.reason;
    if (c.refused != nullptr) EXPECT_THAT(verdict.reason, HasSubstr("not permitted")) << c.name;
  }
}

// The page that is signed says on which condition, and both checkers say it in the same words.
TEST_F(Cases, AConditionStandsInTheCertificate) {
  const auto with = [](const std::function<void(PolicyLine&)>& edit) {
    Random random(7);
    World world = make_world(random);
    for (Recipient& recipient : world.recipients) {
      if (recipient.how != How::kPushed) continue;
      for (PolicyLine& line : recipient.policy) {
        if (line.kind == "name" && line.subject == "complainant") edit(line);
      }
    }
    return world;
  };
  struct Form {
    std::function<void(PolicyLine&)> edit;
    const char* words;
  };
  const Form forms[] = {
      {[](PolicyLine& l) { l.treatment = "release"; }, "\tclear after release\t"},
      {[](PolicyLine& l) { l.when = "approved", l.otherwise = "mask"; }, "\tclear when approved, otherwise mask\t"},
      {[](PolicyLine& l) { l.when = "danger", l.otherwise = "drop"; },
       "\tclear when danger is confirmed, otherwise drop\t"},
  };
  for (const Form& form : forms) {
    const World world = with(form.edit);
    const CompileReport report = compile(world);
    ASSERT_NE(report.config, nullptr) << faults(report);
    const std::string& certificate = report.config->certificate;
    EXPECT_THAT(certificate, HasSubstr(form.words));
    EXPECT_TRUE(checker::check_certificate(files(world), certificate).accepted) << form.words;
    // The same claim without its condition is refused.
    std::string forged = certificate;
    forged.replace(forged.find(form.words), std::string(form.words).size(), "\tclear\t");
    EXPECT_FALSE(checker::check_certificate(files(world), forged).accepted) << form.words;
  }
}

// The word for a field that steers lets no value through, also where a person has to release it or a condition to hold.
TEST_F(Cases, WhatWaitsOrHasAConditionIsAValue) {
  const std::function<void(PolicyLine&)> edits[] = {
      [](PolicyLine& l) { l.treatment = "release"; },
      [](PolicyLine& l) { l.treatment = "clear", l.when = "approved", l.otherwise = "drop"; },
      [](PolicyLine& l) { l.treatment = "clear", l.when = "danger", l.otherwise = "mask"; },
  };
  for (const auto& edit : edits) {
    Random random(7);
    World world = make_world(random);
    for (Recipient& recipient : world.recipients) {
      if (recipient.how != How::kPushed) continue;
      for (PolicyLine& line : recipient.policy) {
        if (line.kind == "address" && line.subject == "respondent") edit(line);
      }
      world.declassified.push_back({recipient.id + "/out", "$.d"});
    }
    const CompileReport report = compile(world);
    EXPECT_EQ(report.config, nullptr);
    EXPECT_THAT(faults(report), HasSubstr("$.d (address/respondent")) << "the first checker says it, with the label";
    const checker::Verdict verdict = checker::check_certificate(files(world), "");
    EXPECT_THAT(verdict.reason, HasSubstr("not permitted")) << "and the second by itself";
  }
}

TEST_F(Cases, NobodyWaitsWithAQuestionForARelease) {
  Random random(7);
  World world = make_world(random);
  for (Recipient& recipient : world.recipients) {
    if (recipient.how == How::kAnswered) recipient.policy.front().treatment = "release";
  }
  const CompileReport report = compile(world);
  EXPECT_EQ(report.config, nullptr);
  EXPECT_THAT(faults(report), HasSubstr("`release` cannot stand in the policy p-src of a query"));
}

TEST_F(Cases, AnEntryThatNothingNeedsIsAWarning) {
  Random random(7);
  World world = make_world(random);
  world.declassified.push_back({"src/in", "$.s"});
  const CompileReport report = compile(world);
  ASSERT_NE(report.config, nullptr);
  EXPECT_THAT(faults(report), HasSubstr("No rule needs this declassify entry: $.s"));
}

}  // namespace
}  // namespace tongqu::proof_test
