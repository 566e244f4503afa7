// Whatever the schema, the rules and the record: no byte of a field that must not leave does leave.
#include <gmock/gmock.h>

#include <map>
#include <random>

#include "tests/unit/privacy/policy_support.hpp"

namespace tongqu::test {
namespace {

class Canaries {
 public:
  explicit Canaries(unsigned seed) : random_(seed) {}

  FieldNode random_object(int depth) {
    FieldNode field = object("", {});
    const int count = 1 + pick(6);
    for (int i = 0; i < count; ++i) {
      FieldNode member = depth > 0 && pick(3) == 0 ? random_object(depth - 1) : random_leaf();
      if (pick(5) == 0) member = list("", std::move(member));
      member.name = "m" + std::to_string(i);
      field.members.push_back(std::move(member));
    }
    return field;
  }

  std::vector<PolicyRule> random_rules() {
    std::vector<PolicyRule> rules;
    for (int i = pick(8); i > 0; --i) {
      const auto treatment = static_cast<Treatment>(pick(4));
      rules.push_back(rule(kinds_[static_cast<std::size_t>(pick(5))],
                           pick(3) == 0 ? "" : subjects_[static_cast<std::size_t>(pick(4))], treatment,
                           treatment == T::kMask ? "all" : ""));
    }
    return rules;
  }

  // Fills `node` after `field`; values of fields that the policy may not show go to `secrets`, the others to `open`.
  void fill(Document& doc, Node& parent, const FieldNode& field, const std::string& path, const ViewPolicy& policy) {
    for (const FieldNode& member : field.members) {
      const std::string member_path = path.empty() ? member.name : path + "." + member.name;
      doc.append(parent, value(doc, member, member_path, policy), member.name);
    }
    if (pick(4) == 0) doc.add_text(parent, "unknown", secret());
  }

  std::vector<std::string> secrets;
  std::vector<std::string> open;

 private:
  int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }

  FieldNode random_leaf() {
    static const std::vector<FieldType> types{FieldType::kText, FieldType::kText, FieldType::kAny, FieldType::kInstant};
    FieldNode leaf = text("", "");
    leaf.type = types[static_cast<std::size_t>(pick(4))];
    if (pick(4) != 0) leaf.label = Label{kinds_[static_cast<std::size_t>(pick(5))], {}};
    if (leaf.label && leaf.label->kind != "none") leaf.label->subject = subjects_[static_cast<std::size_t>(pick(4))];
    return leaf;
  }

  Node* value(Document& doc, const FieldNode& field, const std::string& path, const ViewPolicy& policy) {
    if (pick(12) == 0 && field.type != FieldType::kText && field.type != FieldType::kInstant &&
        field.type != FieldType::kAny) {
      return doc.make(Kind::kText, secret());  // a type that does not fit
    }
    if (field.type == FieldType::kObject) {
      Node* node = doc.make(Kind::kObject);
      fill(doc, *node, field, path, policy);
      return node;
    }
    if (field.type == FieldType::kList) {
      Node* node = doc.make(Kind::kList);
      for (int i = pick(4); i > 0; --i) doc.append(*node, value(doc, field.element[0], path + "[]", policy));
      return node;
    }
    if (policy.decide(path, field).form != T::kClear) return doc.make(Kind::kText, secret());
    open.push_back("open" + std::to_string(open.size()) + ";");
    return doc.make(Kind::kText, open.back());
  }

  std::string secret() {
    secrets.push_back("canary" + std::to_string(secrets.size()) + ";");
    return secrets.back();
  }

  std::mt19937 random_;
  const std::vector<std::string> kinds_{"none", "name", "phone", "free-text", "id"};
  const std::vector<std::string> subjects_{"complainant", "informant", "respondent", "officer"};
};

TEST(RulePolicy, NoCanaryEverLeaves) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::size_t secrets = 0;
  std::size_t open = 0;
  for (unsigned round = 0; round < 400; ++round) {
    Canaries canaries(seed + round);
    const FieldNode fields = canaries.random_object(3);
    auto policy = RulePolicy::create(spec(canaries.random_rules()), fields);
    ASSERT_TRUE(policy.has_value());
    Document record;
    record.set_root(record.make(Kind::kObject));
    canaries.fill(record, record.root(), fields, "", *policy.value());
    const auto view = policy.value()->view(record.root(), fields);
    ASSERT_TRUE(view.has_value());
    const std::string out = encoded(view.value().root());
    ASSERT_EQ(out.find("canary"), std::string::npos) << "round " << round;
    ASSERT_EQ(view.value().disclosure().to_ledger().find("canary"), std::string::npos);
    for (const std::string& text : canaries.open) ASSERT_NE(out.find(text), std::string::npos) << "round " << round;
    secrets += canaries.secrets.size();
    open += canaries.open.size();
  }
  EXPECT_GT(secrets, 400U);
  EXPECT_GT(open, 400U);
}

}  // namespace
}  // namespace tongqu::test
