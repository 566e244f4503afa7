#pragma once
// Schemas, rules and views in few words, for the tests of policies.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "gateway/core/jcs.hpp"
#include "security/privacy/policy.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::test {

inline FieldNode text(std::string name, std::string kind, std::string subject = {}) {
  FieldNode field;
  field.name = std::move(name);
  field.type = FieldType::kText;
  if (!kind.empty()) field.label = Label{std::move(kind), std::move(subject)};
  return field;
}

inline FieldNode of_type(FieldType type, FieldNode field) {
  field.type = type;
  return field;
}

inline FieldNode object(std::string name, std::vector<FieldNode> members) {
  FieldNode field;
  field.name = std::move(name);
  field.type = FieldType::kObject;
  field.members = std::move(members);
  return field;
}

inline FieldNode list(std::string name, FieldNode element) {
  FieldNode field;
  field.name = std::move(name);
  field.type = FieldType::kList;
  element.name.clear();
  field.element.push_back(std::move(element));
  return field;
}

// A record with every kind of field of the matrix.
inline FieldNode schema() {
  return object(
      "", {text("national_no", "none"), of_type(FieldType::kInteger, text("amount", "none")),
           of_type(FieldType::kBoolean, text("consent_publish", "none")),
           of_type(FieldType::kInstant, text("received_at", "none")),
           object("provider", {text("name", "name", "complainant"), text("phone", "phone", "complainant"),
                               text("caller_no", "phone", "complainant"), text("address", "address", "complainant"),
                               text("cert_no", "id", "complainant"), text("unlabelled", "")}),
           object("informant", {text("name", "name", "informant"), text("phone", "phone", "informant"),
                                text("note", "free-text", "informant"), text("order_no", "order", "informant"),
                                of_type(FieldType::kInstant, text("bought_at", "time", "informant"))}),
           object("target", {text("name", "none"), text("contact", "name", "respondent")}),
           text("content", "free-text", "complainant"), text("report_content", "free-text", "informant"),
           text("linked", "link", "informant"),
           list("attachments", object("", {text("url", "none"), text("file_name", "name", "complainant")})),
           list("phones", text("", "phone", "complainant"))});
}

constexpr const char* kRecord =
    R"({"national_no":"4403","amount":12300,"consent_publish":true,"received_at":"2026-04-15T00:00:00+08:00",
"provider":{"name":"张小明","phone":"13812345678","caller_no":"13912345678","address":"北京市海淀区马连洼街道289号","cert_no":"11010519491231002X","unlabelled":"SECRET"},
"informant":{"name":"李四光","phone":"13712345678","note":"我在该厂仓库上班","order_no":"T1","bought_at":"2026-04-01T00:00:00+08:00"},
"target":{"name":"某火锅店","contact":"王老板"},"content":"要求退款","report_content":"虚假宣传","linked":"4404",
"attachments":[{"url":"u1","file_name":"张小明.jpg"},{"url":"u2","file_name":"b.jpg"}],"phones":["13812345678","13912345678"]})";

inline PolicyRule rule(std::string kind, std::string subject, Treatment treatment, std::string mask = {},
                       std::string path = {}) {
  const std::string place = "p.yaml:" + kind + "/" + subject;
  return {std::move(kind),  std::move(subject), std::move(path), treatment, std::move(mask), place, {},
          Condition::kNone, std::nullopt};
}

inline PolicySpec spec(std::vector<PolicyRule> rules) {
  return {PartnerId("city-a"),
          ServiceId("complaint.register@1"),
          {"办理投诉", "市场监管总局令第121号第四十条", false},
          "test",
          std::move(rules)};
}

inline std::unique_ptr<ViewPolicy> policy_of(std::vector<PolicyRule> rules) {
  auto policy = RulePolicy::create(spec(std::move(rules)));
  EXPECT_TRUE(policy.has_value());
  return std::move(policy).value();
}

inline Document decoded(std::string_view json) {
  Document doc;
  EXPECT_TRUE(JsonCodec().decode(json, {}, doc).has_value());
  return doc;
}

inline std::string encoded(const Node& node) {
  std::string out;
  EXPECT_TRUE(JsonCodec().encode(node, out).has_value());
  return out;
}

inline std::string view_of(const ViewPolicy& policy, std::string_view json, const FieldNode& fields) {
  const Document record = decoded(json);
  const auto view = policy.view(record.root(), fields);
  EXPECT_TRUE(view.has_value());
  return encoded(view.value().root());
}

using T = Treatment;

}  // namespace tongqu::test
