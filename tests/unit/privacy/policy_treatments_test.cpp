// Tokens and sealed values in the rules of a policy.
#include <gmock/gmock.h>

#include "security/crypto/suites.hpp"
#include "security/privacy/privacy_codes.hpp"
#include "security/privacy/sealed_values.hpp"
#include "security/privacy/tokens.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/unit/privacy/policy_support.hpp"

namespace tongqu::test {
namespace {

struct Keys {
  KeyPair pair = *generate_sealing_key(SuiteId::kGm);
  ManualClock clock;
  PolicyTools tools;
  explicit Keys(std::optional<Instant> expires = std::nullopt) {
    tools.tokens = std::make_shared<const TokenMaker>(make_suite(SuiteId::kGm).value(), "master", 1);
    tools.sealers["officer-wang"] =
        std::make_shared<const ValueSealer>(make_public_sealer(SuiteId::kGm, pair.public_pem).value(), expires, &clock);
  }
  [[nodiscard]] std::string opened(std::string_view path, std::string_view text) const {
    const auto opener = make_public_opener(pair.private_pem);
    const auto value = open_sealed_at(**opener, {"city-a", "complaint.register@1", std::string(path)}, text);
    return value.has_value() ? *value : std::string(value.error().code->id);
  }
};

PolicyRule seal(std::string kind, std::string subject, std::string to = "officer-wang") {
  PolicyRule out = rule(std::move(kind), std::move(subject), T::kSeal);
  out.to = std::move(to);
  return out;
}

std::unique_ptr<ViewPolicy> policy_with(const Keys& keys, std::vector<PolicyRule> rules) {
  auto policy = RulePolicy::create(spec(std::move(rules)), keys.tools);
  EXPECT_TRUE(policy.has_value());
  return std::move(policy).value();
}

std::vector<std::string> forms_of(const Disclosure& disclosure, std::string_view path) {
  std::vector<std::string> forms;
  for (const DisclosedField* field : disclosure.fields())
    if (field->path == path) forms.emplace_back(name_of(field->form));
  return forms;
}

TEST(PolicyTreatments, ATokenStandsForThePersonAndEntersTheLedger) {
  const Keys keys;
  const auto policy = policy_with(keys, {rule("phone", "complainant", T::kToken)});
  const FieldNode fields = schema();
  const Document record = decoded(kRecord);
  const auto view = policy->view(record.root(), fields);
  ASSERT_TRUE(view.has_value());
  const Node* provider = view->root().find("provider");
  ASSERT_NE(provider, nullptr);
  const std::string token(provider->find("phone")->text);
  EXPECT_EQ(token, *keys.tools.tokens->token(PartnerId("city-a"), {"phone", "complainant"}, "13812345678"));
  // The same number elsewhere in the same role is the same person.
  EXPECT_EQ((*children(*view->root().find("phones")).begin()).text, token);
  EXPECT_EQ(view->root().find("informant"), nullptr);
  EXPECT_THAT(view->disclosure().to_ledger(),
              testing::HasSubstr(R"({"form":"token","kind":"phone","path":"provider.phone","subject":"complainant"})"));
}

TEST(PolicyTreatments, ASealedValueOpensForItsOfficerAtItsPlace) {
  const Keys keys;
  const auto policy = policy_with(keys, {seal("name", "informant"), seal("phone", "complainant")});
  const FieldNode fields = schema();
  const Document record = decoded(kRecord);
  const auto view = policy->view(record.root(), fields);
  ASSERT_TRUE(view.has_value());
  const std::string_view sealed = view->root().find("informant")->find("name")->text;
  EXPECT_EQ(keys.opened("informant.name", sealed), "李四光");
  EXPECT_EQ(keys.opened("provider.name", sealed), "crypto.sealed");
  EXPECT_EQ(keys.opened("phones[]", (*children(*view->root().find("phones")).begin()).text), "13812345678");
  EXPECT_THAT(view->disclosure().to_ledger(),
              testing::HasSubstr(R"({"form":"seal","kind":"name","path":"informant.name","subject":"informant"})"));
  const std::string out = encoded(view->root());
  for (const char* value : {"李四光", "13812345678", "13912345678"})
    EXPECT_THAT(out, testing::Not(testing::HasSubstr(value)));
}

TEST(PolicyTreatments, WhatCannotBeSealedOrNamedIsDroppedAndNeverClear) {
  ManualClock now;
  const Keys expired(now.now());
  const FieldNode fields = schema();
  const Document record =
      decoded(R"({"provider":{"name":"张小明","phone":"无"},"informant":{"bought_at":"2026-04-01T00:00:00+08:00"}})");
  const auto policy =
      policy_with(expired, {seal("name", ""), rule("phone", "complainant", T::kToken), seal("time", "informant")});
  const auto view = policy->view(record.root(), fields);
  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(encoded(view->root()), "{}");
  for (const char* path : {"provider.name", "provider.phone", "informant.bought_at"})
    EXPECT_THAT(forms_of(view->disclosure(), path), testing::ElementsAre("drop")) << path;
}

TEST(PolicyTreatments, ATokenRuleForEverybodyDoesNotReachAnInformant) {
  const Keys keys;
  const auto policy = policy_with(keys, {rule("name", "", T::kToken)});
  const std::string out = view_of(*policy, kRecord, schema());
  EXPECT_THAT(out, testing::Not(testing::HasSubstr("informant")));
  EXPECT_THAT(out, testing::HasSubstr("T-"));
}

struct Refused {
  const char* what;
  PolicyRule rule;
  const ErrorCode* code;
};

TEST(PolicyTreatments, RefusesRulesThatCannotHold) {
  PolicyRule stray = rule("name", "complainant", T::kClear);
  stray.to = "officer-wang";
  const Refused cases[] = {
      {"token of an informant", rule("name", "informant", T::kToken), &codes::kPolicyTokenInformant},
      {"seal without to", seal("name", "complainant", ""), &codes::kPolicySealTo},
      {"seal to nobody", seal("name", "complainant", "officer-li"), &codes::kPolicySealKey},
      {"to without seal", stray, &codes::kPolicySealUnused},
      {"token with a mask", rule("name", "complainant", T::kToken, "name"), &codes::kPolicyMaskUnused},
  };
  const Keys keys;
  for (const Refused& c : cases) {
    const auto policy = RulePolicy::create(spec({c.rule}), keys.tools);
    ASSERT_TRUE(policy.has_error()) << c.what;
    ASSERT_EQ(policy.error().faults.size(), 1U) << c.what;
    EXPECT_EQ(policy.error().faults[0].code, c.code) << c.what;
    EXPECT_THAT(codes::privacy_codes(), testing::Contains(c.code));
  }
  const auto keyless = RulePolicy::create(spec({rule("name", "complainant", T::kToken)}));
  ASSERT_TRUE(keyless.has_error());
  EXPECT_EQ(keyless.error().faults[0].code, &codes::kPolicyTokenKey);
}

}  // namespace
}  // namespace tongqu::test
