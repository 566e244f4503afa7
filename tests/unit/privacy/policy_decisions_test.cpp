// What persons decide beyond the rules: a release, an approved request, a confirmed danger. Values that must not leave
// are looked for in everything that a recipient would get.
#include <gmock/gmock.h>

#include "security/crypto/suites.hpp"
#include "security/privacy/privacy_codes.hpp"
#include "security/privacy/sealed_values.hpp"
#include "security/privacy/text_scrubber.hpp"
#include "security/privacy/tokens.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/unit/privacy/policy_support.hpp"

namespace tongqu::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kReport = "我在该厂仓库上班，电话13712345678，厂里用过期原料";
constexpr const char* kTold = R"({"national_no":"4403","provider":{"name":"张小明","phone":"13812345678"},
"informant":{"name":"李四光","phone":"13712345678","note":"第二段"},"report_content":"我在该厂仓库上班，电话13712345678，厂里用过期原料",
"attachments":[{"url":"u1","file_name":"张小明.jpg"}]})";

std::unique_ptr<ViewPolicy> releasing(std::vector<PolicyRule> more = {}) {
  std::vector<PolicyRule> rules{rule("free-text", "informant", T::kRelease, {}, "report_content"),
                                rule("free-text", "informant", T::kRelease, {}, "informant.note")};
  rules.insert(rules.end(), more.begin(), more.end());
  PolicyTools tools;
  // No finders: what the record itself knows is found all the same.
  tools.scrubber = std::make_shared<const TextScrubber>(std::vector<std::shared_ptr<const SpanFinder>>());
  auto policy = RulePolicy::create(spec(std::move(rules)), std::move(tools));
  EXPECT_TRUE(policy.has_value());
  return std::move(policy).value();
}

Decisions released(ReleaseAs as, std::string summary = {}) {
  Decisions out;
  out.release = Release{as, std::move(summary), "17", "周释放"};
  return out;
}

struct Seen {
  std::string bytes;
  std::string ledger;
  std::vector<std::string> waiting;
};
Seen seen(const ViewPolicy& policy, const Decisions& decisions, const char* json = kTold) {
  const FieldNode fields = schema();
  const Document record = decoded(json);
  const auto view = policy.view(record.root(), fields, decisions);
  EXPECT_TRUE(view.has_value());
  return {encoded(view->root()), view->disclosure().to_ledger(), view->waiting()};
}

TEST(PolicyDecisions, WhatWaitsIsNotThereUntilAPersonReleasedIt) {
  const auto policy = releasing();
  const Seen now = seen(*policy, {});
  EXPECT_THAT(now.waiting, ElementsAre("informant.note", "report_content"));
  EXPECT_EQ(now.bytes, R"({"national_no":"4403","attachments":[{"url":"u1"}]})");
  EXPECT_THAT(now.ledger, Not(HasSubstr("free-text")));
  EXPECT_THAT(seen(*policy, {}, R"({"national_no":"1"})").waiting, IsEmpty()) << "nothing is there that could wait";
}

TEST(PolicyDecisions, AReleaseInEachOfItsWays) {
  const auto policy = releasing();
  const Seen whole = seen(*policy, released(ReleaseAs::kWhole));
  EXPECT_THAT(whole.waiting, IsEmpty());
  EXPECT_THAT(whole.bytes, HasSubstr(kReport));
  EXPECT_THAT(
      whole.ledger,
      HasSubstr(
          R"({"decided":"release","form":"clear","kind":"free-text","path":"report_content","subject":"informant"})"));
  EXPECT_THAT(whole.ledger, HasSubstr(R"("release":{"actor":"周释放","as":"whole","task":"17"})"));

  const Seen scrubbed = seen(*policy, released(ReleaseAs::kScrubbed));
  EXPECT_THAT(scrubbed.bytes, HasSubstr("厂里用过期原料"));
  EXPECT_THAT(scrubbed.bytes, Not(HasSubstr("13712345678")));
  EXPECT_THAT(scrubbed.ledger, HasSubstr(R"("form":"scrub","kind":"free-text","path":"report_content")"));

  const Seen summary = seen(*policy, released(ReleaseAs::kSummary, "反映使用过期原料"));
  EXPECT_THAT(summary.bytes, HasSubstr("反映使用过期原料"));
  EXPECT_THAT(summary.bytes, Not(HasSubstr("仓库")));
  EXPECT_THAT(summary.ledger, HasSubstr(R"("form":"summary")"));
  EXPECT_THAT(summary.bytes, Not(HasSubstr("report_content"))) << "it stands for the first that waits, once";

  const Seen without = seen(*policy, released(ReleaseAs::kWithout));
  EXPECT_THAT(without.waiting, IsEmpty());
  EXPECT_EQ(without.bytes, R"({"national_no":"4403","attachments":[{"url":"u1"}]})");
  EXPECT_THAT(without.ledger, Not(HasSubstr("free-text")));
  EXPECT_THAT(without.ledger, HasSubstr(R"("as":"without")"));
}

// What is no free text cannot be scrubbed: it goes whole or not at all.
TEST(PolicyDecisions, WhatIsNoFreeTextIsNotScrubbed) {
  const auto policy = releasing({rule("name", "complainant", T::kRelease, {}, "attachments[].file_name")});
  EXPECT_THAT(seen(*policy, released(ReleaseAs::kWhole)).bytes, HasSubstr("张小明.jpg"));
  for (const ReleaseAs as : {ReleaseAs::kScrubbed, ReleaseAs::kSummary, ReleaseAs::kWithout})
    EXPECT_THAT(seen(*policy, released(as, as == ReleaseAs::kSummary ? "摘要" : "")).bytes, Not(HasSubstr("张小明")))
        << name_of(as);
}

PolicyRule conditional(std::string kind, std::string subject, Treatment treatment, Condition when, Treatment otherwise,
                       std::string mask = {}) {
  PolicyRule out = rule(std::move(kind), std::move(subject), treatment, std::move(mask));
  out.when = when;
  out.otherwise = otherwise;
  return out;
}

TEST(PolicyDecisions, AConditionIsMetByAGrantOfItsKindThatCoversTheLabelAndByNothingElse) {
  const auto policy =
      policy_of({conditional("phone", "complainant", T::kClear, Condition::kApproved, T::kMask, "phone"),
                 conditional("name", "complainant", T::kClear, Condition::kDanger, T::kDrop)});
  struct Case {
    const char* name;
    std::vector<GrantInForce> grants;
    bool phone, person;
  };
  const Case cases[] = {
      {"nobody granted anything", {}, false, false},
      {"an approval", {{"G1", Condition::kApproved, {}}}, true, false},
      {"a danger", {{"G2", Condition::kDanger, {}}}, false, true},
      {"both", {{"G1", Condition::kApproved, {}}, {"G2", Condition::kDanger, {}}}, true, true},
      {"an approval for another label", {{"G1", Condition::kApproved, {"id/complainant"}}}, false, false},
      {"an approval for this label", {{"G1", Condition::kApproved, {"phone/complainant"}}}, true, false},
      {"an approval for this kind of somebody else", {{"G1", Condition::kApproved, {"phone/agent"}}}, false, false},
  };
  for (const Case& c : cases) {
    Decisions decisions;
    decisions.grants = c.grants;
    const Seen got = seen(*policy, decisions);
    EXPECT_EQ(got.bytes.find("13812345678") != std::string::npos, c.phone) << c.name;
    EXPECT_EQ(got.bytes.find("138****5678") != std::string::npos, !c.phone) << c.name;
    EXPECT_EQ(got.bytes.find("张小明") != std::string::npos, c.person) << c.name;
    EXPECT_EQ(got.ledger.find(R"("decided":"grant G1","form":"clear","kind":"phone")") != std::string::npos, c.phone)
        << c.name;
    EXPECT_THAT(got.bytes, Not(HasSubstr("李四光"))) << c.name;
  }
}

// "one record, sealed to the named officer, on an approved request": a grant that does not name the informant's label
// reaches no informant.
TEST(PolicyDecisions, AnInformantIsInNoGrantThatDoesNotSaySo) {
  const KeyPair pair = *generate_sealing_key(SuiteId::kGm);
  ManualClock clock;
  PolicyTools tools;
  tools.sealers["officer-wang"] = std::make_shared<const ValueSealer>(
      make_public_sealer(SuiteId::kGm, pair.public_pem).value(), std::nullopt, &clock);
  PolicyRule sealed = conditional("name", "informant", T::kSeal, Condition::kApproved, T::kRef);
  sealed.to = "officer-wang";
  const auto policy = RulePolicy::create(spec({sealed}), std::move(tools));
  ASSERT_TRUE(policy.has_value());
  Decisions decisions;
  EXPECT_THAT(seen(**policy, decisions).bytes, HasSubstr("\"R-"));
  decisions.grants = {{"G1", Condition::kApproved, {}}};
  EXPECT_THAT(seen(**policy, decisions).bytes, HasSubstr("\"R-"));
  decisions.grants = {{"G1", Condition::kApproved, {"name/informant"}}};
  const Seen got = seen(**policy, decisions);
  EXPECT_THAT(got.bytes, HasSubstr("sealed:v1:"));
  EXPECT_THAT(got.bytes, Not(HasSubstr("李四光")));
  EXPECT_THAT(got.ledger, HasSubstr(R"("decided":"grant G1","form":"seal")"));
}

TEST(PolicyDecisions, RulesThatMakeNoSenseAreRefused) {
  struct Case {
    const char* name;
    PolicyRule rule;
    const ErrorCode* code;  // null = accepted
  };
  PolicyRule bare = rule("phone", "complainant", T::kClear);
  bare.when = Condition::kApproved;
  PolicyRule unused = rule("phone", "complainant", T::kClear);
  unused.otherwise = T::kMask;
  using enum Condition;
  const Case cases[] = {
      {"a condition and what goes without it", conditional("phone", "complainant", T::kClear, kDanger, T::kDrop),
       nullptr},
      {"a condition without otherwise", bare, &codes::kPolicyOtherwise},
      {"otherwise without a condition", unused, &codes::kPolicyOtherwiseUnused},
      {"not weaker", conditional("phone", "complainant", T::kClear, kApproved, T::kClear), &codes::kPolicyOtherwise},
      {"a release without the condition", conditional("phone", "complainant", T::kClear, kApproved, T::kRelease),
       &codes::kPolicyOtherwise},
      {"a condition at a mask", conditional("phone", "complainant", T::kMask, kApproved, T::kDrop, "phone"),
       &codes::kPolicyWhen},
      {"a mask without its format", conditional("phone", "complainant", T::kClear, kApproved, T::kMask),
       &codes::kPolicyMask},
      {"an informant clear on approval", conditional("phone", "informant", T::kClear, kApproved, T::kDrop),
       &codes::kPolicyWhenInformant},
      {"an informant clear in danger", conditional("phone", "informant", T::kClear, kDanger, T::kDrop),
       &codes::kPolicyWhenInformant},
      {"an informant sealed in danger", conditional("phone", "informant", T::kSeal, kDanger, T::kDrop),
       &codes::kPolicyWhenInformant},
      {"a token of an informant otherwise", conditional("phone", "informant", T::kSeal, kApproved, T::kToken),
       &codes::kPolicyTokenInformant},
  };
  for (const Case& c : cases) {
    const auto policy = RulePolicy::create(spec({c.rule}));
    if (c.code == nullptr) {
      EXPECT_TRUE(policy.has_value()) << c.name;
      continue;
    }
    ASSERT_TRUE(policy.has_error()) << c.name;
    std::vector<std::string_view> ids;
    for (const Fault& fault : policy.error().faults) ids.push_back(fault.code->id);
    EXPECT_THAT(ids, testing::Contains(c.code->id)) << c.name;
  }
}

}  // namespace
}  // namespace tongqu::test
