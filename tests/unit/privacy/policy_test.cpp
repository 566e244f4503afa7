#include "security/privacy/policy.hpp"

#include <gmock/gmock.h>

#include <set>

#include "security/privacy/privacy_codes.hpp"
#include "tests/unit/privacy/policy_support.hpp"

namespace tongqu::test {
namespace {

struct Column {
  const char* recipient;
  std::vector<PolicyRule> rules;
  std::map<std::string, Treatment> expected;
};

TEST(RulePolicy, GivesEachRecipientTheFormsOfTheMatrix) {
  const std::vector<Column> columns{
      {"case system",
       {rule("name", "complainant", T::kMask, "name"), rule("phone", "complainant", T::kMask, "phone"),
        rule("name", "respondent", T::kClear)},
       {{"provider.name", T::kMask},
        {"provider.phone", T::kMask},
        {"provider.caller_no", T::kMask},
        {"target.contact", T::kClear},
        {"phones[]", T::kMask}}},
      {"credit publicity", {rule("name", "respondent", T::kMask, "name")}, {{"target.contact", T::kMask}}},
      {"emergency",
       {rule("name", "complainant", T::kMask, "name"), rule("phone", "complainant", T::kMask, "mobile"),
        rule("name", "respondent", T::kClear)},
       {{"provider.name", T::kMask},
        {"provider.phone", T::kMask},
        {"provider.caller_no", T::kMask},
        {"target.contact", T::kClear},
        {"phones[]", T::kMask}}},
      {"registry", {}, {}},
      {"daily supervision", {rule("name", "respondent", T::kMask, "name-ends")}, {{"target.contact", T::kMask}}},
      {"hotline of the order",
       {rule("name", "respondent", T::kClear), rule("free-text", "complainant", T::kClear)},
       {{"target.contact", T::kClear}, {"content", T::kClear}}},
      {"other hotline", {rule("name", "respondent", T::kMask, "name")}, {{"target.contact", T::kMask}}},
  };
  const FieldNode fields = schema();
  const Document record = decoded(kRecord);
  for (const Column& column : columns) {
    // Attachments go to nobody without a release.
    std::vector<PolicyRule> rules{rule("none", "", T::kDrop, {}, "attachments[].url"),
                                  rule("name", "complainant", T::kDrop, {}, "attachments[].file_name")};
    rules.insert(rules.end(), column.rules.begin(), column.rules.end());
    const auto policy = policy_of(rules);
    const auto view = policy->view(record.root(), fields);
    ASSERT_TRUE(view.has_value());
    std::map<std::string, Treatment> expected = column.expected;
    for (const char* open : {"national_no", "amount", "consent_publish", "received_at", "target.name"}) {
      expected[open] = T::kClear;
    }
    std::map<std::string, Treatment> seen;
    for (const DisclosedField* field : view.value().disclosure().fields()) {
      EXPECT_FALSE(seen.contains(field->path)) << column.recipient << " " << field->path;
      seen[field->path] = field->form;
    }
    EXPECT_EQ(seen.size(), 23U) << column.recipient;  // dropped ones are noted as well
    for (const auto& [path, form] : seen) {
      const auto wanted = expected.contains(path) ? expected.at(path) : T::kDrop;
      EXPECT_EQ(name_of(form), name_of(wanted)) << column.recipient << " " << path;
    }
    EXPECT_EQ(view.value().root().find("informant"), nullptr) << column.recipient;
    EXPECT_EQ(view.value().root().find("linked"), nullptr) << column.recipient;
  }
}

TEST(RulePolicy, ViewKeepsMemberOrderAndTakesOutWhatIsEmpty) {
  const auto policy =
      policy_of({rule("name", "complainant", T::kMask, "name"), rule("phone", "complainant", T::kMask, "mobile")});
  EXPECT_EQ(
      view_of(*policy, kRecord, schema()),
      R"({"national_no":"4403","amount":12300,"consent_publish":true,"received_at":"2026-04-15T00:00:00+08:00",)"
      R"("provider":{"name":"张**","phone":"138****5678","caller_no":"139****5678"},"target":{"name":"某火锅店"},)"
      R"("attachments":[{"url":"u1","file_name":"张******"},{"url":"u2","file_name":"b****"}],)"
      R"("phones":["138****5678","139****5678"]})");
  EXPECT_EQ(view_of(*policy, R"({"target":{"name":"x"},"national_no":"1","attachments":[],"phones":[null]})", schema()),
            R"({"target":{"name":"x"},"national_no":"1"})");
  EXPECT_EQ(view_of(*policy, R"({"informant":{"name":"李四光"}})", schema()), "{}");
  EXPECT_EQ(view_of(*policy, "{}", schema()), "{}");
}

TEST(RulePolicy, FirstMatchWinsAndAPathNarrows) {
  const auto policy =
      policy_of({rule("phone", "complainant", T::kClear, {}, "provider.phone"),
                 rule("phone", "complainant", T::kMask, "mobile"), rule("phone", "complainant", T::kClear)});
  const std::string out =
      view_of(*policy, R"({"provider":{"phone":"13812345678","caller_no":"13912345678"}})", schema());
  EXPECT_EQ(out, R"({"provider":{"phone":"13812345678","caller_no":"139****5678"}})");
  const auto on_element = policy_of({rule("phone", "", T::kClear, {}, "phones[]")});
  EXPECT_EQ(view_of(*on_element, kRecord, schema()).find("139****"), std::string::npos);
  EXPECT_NE(view_of(*on_element, kRecord, schema()).find(R"("phones":["13812345678","13912345678"])"),
            std::string::npos);
}

TEST(RulePolicy, AGeneralRuleNeverReachesAnInformant) {
  const auto general =
      policy_of({rule("name", "", T::kClear), rule("phone", "", T::kClear), rule("free-text", "", T::kClear),
                 rule("order", "", T::kClear), rule("link", "", T::kClear), rule("time", "", T::kClear),
                 rule("none", "", T::kClear)});
  const std::string out = view_of(*general, kRecord, schema());
  for (const char* secret : {"李四光", "13712345678", "仓库", "T1", "虚假宣传", "4404", "2026-04-01"}) {
    EXPECT_EQ(out.find(secret), std::string::npos) << secret;
  }
  EXPECT_NE(out.find("张小明"), std::string::npos);
  const auto named = policy_of({rule("name", "informant", T::kMask, "name")});
  EXPECT_EQ(view_of(*named, R"({"informant":{"name":"李四光","phone":"13712345678"}})", schema()),
            R"({"informant":{"name":"李**"}})");
}

// An opaque reference: one for a subject in a record, another in every other view, nothing of the person in it.
TEST(RulePolicy, AReferenceIsRandomForEachRecordAndTheSameWithinOne) {
  const auto policy = policy_of({rule("name", "informant", T::kRef), rule("phone", "informant", T::kRef),
                                 rule("time", "informant", T::kRef), rule("name", "complainant", T::kRef)});
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const Document record = decoded(kRecord);
    const auto view = policy->view(record.root(), schema());
    ASSERT_TRUE(view.has_value());
    const Node* const informant = view->root().find("informant");
    ASSERT_NE(informant, nullptr);
    const std::string name(informant->find("name")->text);
    EXPECT_EQ(name.size(), 18U);
    EXPECT_TRUE(name.starts_with("R-")) << name;
    EXPECT_EQ(informant->find("phone")->text, name);
    EXPECT_EQ(informant->find("bought_at"), nullptr) << "a time cannot hold a reference";
    EXPECT_NE(view->root().find("provider")->find("name")->text, name) << "another role, another reference";
    EXPECT_TRUE(seen.insert(name).second);
    EXPECT_NE(view->disclosure().to_ledger().find(R"({"form":"ref","kind":"name","path":"informant.name")"),
              std::string::npos);
  }
}

TEST(RulePolicy, NoneNeedsNoRuleButObeysOne) {
  const auto strict =
      policy_of({rule("none", "", T::kDrop, {}, "target.name"), rule("none", "", T::kMask, "all", "national_no")});
  EXPECT_EQ(view_of(*strict, R"({"national_no":"4403","amount":5,"target":{"name":"某火锅店"}})", schema()),
            R"({"national_no":"***","amount":5})");
  // "none" with a subject is a contradiction: nothing leaves.
  const FieldNode odd = object("", {text("a", "none", "informant"), text("b", "none", "")});
  EXPECT_EQ(view_of(*policy_of({}), R"({"a":"x","b":"y"})", odd), R"({"b":"y"})");
}

struct DropCase {
  const char* what;
  const char* record;
  const char* path;  // of the note; empty: none
};

TEST(RulePolicy, WhatDoesNotFitTheSchemaIsDroppedAndNotedWithoutItsName) {
  const auto policy = policy_of({rule("name", "complainant", T::kClear),
                                 rule("phone", "complainant", T::kMask, "mobile"), rule("none", "", T::kClear)});
  const std::vector<DropCase> cases{
      {"unknown member at the top", R"({"13812345678":"x"})", "*"},
      {"unknown member below", R"({"provider":{"nickname":"x"}})", "provider.*"},
      {"unknown member in a list", R"({"attachments":[{"x":1},{"y":2}]})", "attachments[].*"},
      {"unlabelled", R"({"provider":{"unlabelled":"x"}})", "provider.unlabelled"},
      {"object where text is expected", R"({"provider":{"name":{"first":"x"}}})", "provider.name"},
      {"list where text is expected", R"({"provider":{"name":["x"]}})", "provider.name"},
      {"number where text is expected", R"({"provider":{"name":13812345678}})", "provider.name"},
      {"number to be masked", R"({"provider":{"phone":13812345678}})", "provider.phone"},
      {"text where a number is expected", R"({"amount":"13812345678"})", "amount"},
      {"text where an object is expected", R"({"provider":"张小明"})", "provider"},
      {"object where a list is expected", R"({"attachments":{"url":"u"}})", "attachments"},
      {"text where a list is expected", R"({"phones":"13812345678"})", "phones"},
      {"nested list", R"({"phones":[["13812345678"]]})", "phones[]"},
      {"null", R"({"provider":{"name":null}})", ""},
  };
  const FieldNode fields = schema();
  for (const DropCase& c : cases) {
    const Document record = decoded(c.record);
    const auto view = policy->view(record.root(), fields);
    ASSERT_TRUE(view.has_value()) << c.what;
    EXPECT_EQ(encoded(view.value().root()), "{}") << c.what;
    const auto& notes = view.value().disclosure().fields();
    ASSERT_EQ(notes.size(), *c.path == '\0' ? 0U : 1U) << c.what;
    if (notes.empty()) continue;
    EXPECT_EQ(notes[0]->path, c.path) << c.what;
    EXPECT_EQ(notes[0]->form, T::kDrop) << c.what;
    EXPECT_EQ(notes[0]->rule, "default") << c.what;
  }
}

TEST(RulePolicy, MaskOfAFieldThatIsNoTextIsDropped) {
  const FieldNode fields = object("", {of_type(FieldType::kInteger, text("age", "id", "complainant")),
                                       of_type(FieldType::kInstant, text("born_at", "id", "complainant")),
                                       of_type(FieldType::kBoolean, text("flag", "id", "complainant")),
                                       of_type(FieldType::kAny, text("any", "id", "complainant"))});
  const auto policy = policy_of({rule("id", "complainant", T::kMask, "all")});
  EXPECT_EQ(view_of(*policy, R"({"age":44,"born_at":"1982-01-01T00:00:00+08:00","flag":true,"any":"x"})", fields),
            R"({"any":"***"})");
  EXPECT_EQ(view_of(*policy, R"({"any":44})", fields), "{}");
  EXPECT_EQ(view_of(*policy, R"({"any":{"deep":"x"}})", fields), "{}");
  EXPECT_EQ(policy->decide("age", fields.members[0]).form, T::kDrop);
  EXPECT_EQ(policy->decide("any", fields.members[3]).form, T::kMask);
}

TEST(RulePolicy, NotesOneEntryForEachPathAndForm) {
  const auto policy =
      policy_of({rule("name", "complainant", T::kMask, "name"), rule("phone", "complainant", T::kClear)});
  const Document record = decoded(
      R"({"attachments":[{"url":"1","file_name":"a"},{"url":"2","file_name":7},{"file_name":"c"}],"phones":["1","2"]})");
  const FieldNode fields = schema();
  const auto view = policy->view(record.root(), fields);
  ASSERT_TRUE(view.has_value());
  std::vector<std::string> notes;
  for (const DisclosedField* field : view.value().disclosure().fields()) {
    notes.push_back(field->path + " " + std::string(name_of(field->form)) + " " + field->rule);
  }
  EXPECT_THAT(notes, testing::ElementsAre(
                         "attachments[].url clear label none", "attachments[].file_name mask p.yaml:name/complainant",
                         "attachments[].file_name drop default", "phones[] clear p.yaml:phone/complainant"));
  EXPECT_EQ(view.value().disclosure().masked_count(), 1U);
  EXPECT_EQ(
      view.value().disclosure().to_ledger(),
      R"({"basis":"市场监管总局令第121号第四十条","fields":[{"form":"clear","kind":"none","path":"attachments[].url","subject":""},)"
      R"({"form":"mask","kind":"name","path":"attachments[].file_name","subject":"complainant"},)"
      R"({"form":"clear","kind":"phone","path":"phones[]","subject":"complainant"}],"onward":false,"purpose":"办理投诉",)"
      R"("service":"complaint.register@1","to":"city-a"})");
}

TEST(RulePolicy, DecidesTheSameWithAndWithoutThePreparedTree) {
  const std::vector<PolicyRule> rules{rule("name", "complainant", T::kMask, "name"),
                                      rule("phone", "complainant", T::kClear, {}, "provider.phone")};
  const FieldNode fields = schema();
  const FieldNode twin = schema();
  auto prepared = RulePolicy::create(spec(rules), fields);
  ASSERT_TRUE(prepared.has_value());
  const auto live = policy_of(rules);
  EXPECT_EQ(view_of(*prepared.value(), kRecord, fields), view_of(*live, kRecord, fields));
  EXPECT_EQ(view_of(*prepared.value(), kRecord, twin), view_of(*live, kRecord, twin));
  const FieldNode other = object("", {text("provider", "none")});
  EXPECT_EQ(view_of(*prepared.value(), R"({"provider":"x"})", other), R"({"provider":"x"})");
}

TEST(RulePolicy, RecordOrSchemaThatIsNoObjectFailsAsAWhole) {
  const auto policy = policy_of({});
  const Document record = decoded("[1]");
  const auto view = policy->view(record.root(), schema());
  ASSERT_TRUE(view.has_error());
  EXPECT_EQ(view.error().code, &codes::kViewRecord);
  const Document good = decoded("{}");
  EXPECT_TRUE(policy->view(good.root(), text("x", "none")).has_error());
}

struct SpecCase {
  const char* what;
  PolicySpec spec;
  const ErrorCode* code;
};

TEST(RulePolicy, RefusesSpecsThatSayTooLittleOrTooMuch) {
  std::vector<SpecCase> cases{
      {"no kind", spec({rule("", "", T::kClear)}), &codes::kPolicyKind},
      {"mask without format", spec({rule("name", "", T::kMask)}), &codes::kPolicyMask},
      {"unknown format", spec({rule("name", "", T::kMask, "nmae")}), &codes::kPolicyMask},
      {"format that keeps too much", spec({rule("id", "", T::kMask, "citizen-id:9,9")}), &codes::kPolicyMask},
      {"format of another kind", spec({rule("id", "", T::kMask, "address")}), &codes::kPolicyMaskKind},
      {"format without mask", spec({rule("name", "", T::kClear, "name")}), &codes::kPolicyMaskUnused},
      {"unknown path", spec({rule("name", "", T::kClear, {}, "provider.nmae")}), &codes::kPolicyPath},
      {"too many rules", spec(std::vector<PolicyRule>(1'001, rule("name", "", T::kDrop))), &codes::kPolicyLimit},
  };
  for (auto clear : {+[](PolicySpec& s) { s.recipient = {}; }, +[](PolicySpec& s) { s.service = {}; }}) {
    cases.push_back({"no recipient or service", spec({}), &codes::kPolicyRecipient});
    clear(cases.back().spec);
  }
  for (auto clear :
       {+[](PolicySpec& s) { s.basis.purpose.clear(); }, +[](PolicySpec& s) { s.basis.legal_basis.clear(); }}) {
    cases.push_back({"no basis", spec({}), &codes::kPolicyBasis});
    clear(cases.back().spec);
  }
  const FieldNode fields = schema();
  for (const SpecCase& c : cases) {
    const auto policy = RulePolicy::create(c.spec, fields);
    ASSERT_TRUE(policy.has_error()) << c.what;
    const Error error = policy.error();
    EXPECT_EQ(error.code, &codes::kPolicyFaults) << c.what;
    ASSERT_EQ(error.faults.size(), 1U) << c.what;
    EXPECT_EQ(error.faults[0].code, c.code) << c.what;
    EXPECT_THAT(codes::privacy_codes(), testing::Contains(c.code));
  }
}

}  // namespace
}  // namespace tongqu::test
