// The shipped schemas under the strictest and under the most careless policy.
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>

#include "security/privacy/policy.hpp"
#include "tests/support/data.hpp"
#include "transforms/codecs/json_codec.hpp"
#include "transforms/schema/json_schema.hpp"

namespace tongqu {
namespace {

// Every leaf of a tree with its canonical path.
void each_leaf(const FieldNode& field, const std::string& path,
               const std::function<void(const std::string&, const FieldNode&)>& visit) {
  for (const FieldNode& member : field.members) {
    each_leaf(member, path.empty() ? member.name : path + "." + member.name, visit);
  }
  for (const FieldNode& element : field.element) each_leaf(element, path + "[]", visit);
  if (field.members.empty() && field.element.empty()) visit(path, field);
}

std::vector<std::unique_ptr<Schema>> shipped_schemas() {
  std::vector<std::unique_ptr<Schema>> schemas;
  const auto folder = test::source_folder() / "config/services";
  const auto common = decode_json(test::read_file(folder / "common.json"));
  EXPECT_TRUE(common.has_value());
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().filename().string().find('@') == std::string::npos) continue;
    const auto doc = decode_json(test::read_file(entry.path()));
    EXPECT_TRUE(doc.has_value()) << entry.path();
    auto schema = JsonSchema::compile(entry.path().stem().string(), doc.value().root(), identifier_formats(),
                                      &common.value().root());
    EXPECT_TRUE(schema.has_value()) << entry.path();
    if (schema.has_value()) schemas.push_back(std::move(schema).value());
  }
  return schemas;
}

PolicySpec spec(std::vector<PolicyRule> rules) {
  return {PartnerId("anybody"), ServiceId("any@1"), {"测试", "测试", false}, "test", std::move(rules)};
}

TEST(ShippedSchemas, WithoutRulesOnlyWhatIsLabelledNoneLeaves) {
  const auto schemas = shipped_schemas();
  EXPECT_GE(schemas.size(), 7U);
  for (const auto& schema : schemas) {
    const auto policy = RulePolicy::create(spec({}), schema->fields());
    ASSERT_TRUE(policy.has_value());
    each_leaf(schema->fields(), "", [&](const std::string& path, const FieldNode& field) {
      const bool none = field.label && field.label->kind == "none";
      EXPECT_EQ(policy.value()->decide(path, field).form == Treatment::kClear, none) << schema->name() << " " << path;
    });
  }
}

TEST(ShippedSchemas, NoGeneralRuleReachesAnInformant) {
  std::vector<PolicyRule> careless;
  for (const char* kind : {"none", "name", "phone", "id", "address", "bank", "email", "plate", "free-text", "order",
                           "place", "time", "code", "link"}) {
    careless.push_back({kind, "", "", Treatment::kClear, "", "careless", ""});
  }
  std::size_t protected_fields = 0;
  for (const auto& schema : shipped_schemas()) {
    const auto policy = RulePolicy::create(spec(careless), schema->fields());
    ASSERT_TRUE(policy.has_value());
    each_leaf(schema->fields(), "", [&](const std::string& path, const FieldNode& field) {
      if (!field.label || field.label->subject != "informant") return;
      ++protected_fields;
      EXPECT_EQ(policy.value()->decide(path, field).form, Treatment::kDrop) << schema->name() << " " << path;
    });
  }
  EXPECT_GT(protected_fields, 10U);
}

}  // namespace
}  // namespace tongqu
