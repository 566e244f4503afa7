// What is rendered for a recipient is held against the recipient's own schema.
#include <gtest/gtest.h>

#include "gateway/core/text.hpp"
#include "gateway/pipeline/pipeline_codes.hpp"
#include "gateway/pipeline/steps.hpp"
#include "transforms/codecs/json_codec.hpp"
#include "transforms/schema/json_schema.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kSchema = R"({
  "title": "对方报文", "type": "object", "required": ["no"], "additionalProperties": false,
  "properties": {
    "no":    {"title": "编号", "type": "string", "pattern": "^[0-9]+$", "x-privacy": {"kind": "none"}},
    "text":  {"title": "内容", "type": "string", "maxLength": 30, "x-privacy": {"kind": "free-text", "subject": "complainant"}},
    "phone": {"title": "电话", "type": "string", "maxLength": 5, "x-privacy": {"kind": "phone", "subject": "complainant"}},
    "tiny":  {"title": "短注", "type": "string", "maxLength": 4, "x-privacy": {"kind": "free-text", "subject": "complainant"}},
    "list":  {"title": "列表", "type": "array", "items": {"title": "项", "type": "object", "additionalProperties": false,
              "properties": {"text": {"title": "说明", "type": "string", "maxLength": 20,
                                      "x-privacy": {"kind": "free-text", "subject": "complainant"}}}}}
  }
})";

class CheckDocumentTest : public testing::Test {
 protected:
  void SetUp() override {
    Document schema;
    ASSERT_TRUE(json.decode(kSchema, DecodeLimits{}, schema).has_value());
    auto compiled = JsonSchema::compile("peer@1", schema.root());
    ASSERT_TRUE(compiled.has_value());
    document = std::move(*compiled);
  }
  // "ok", or the faults as "code path", parted by spaces.
  std::string check(std::string_view text, bool cut = false) {
    Document rendered;
    EXPECT_TRUE(json.decode(text, DecodeLimits{}, rendered).has_value());
    const Status status = steps::check_document(rendered, {document.get(), cut});
    left.clear();
    EXPECT_TRUE(json.encode(rendered.root(), left).has_value());
    if (status.has_value()) return "ok";
    EXPECT_EQ(status.error().code, &codes::kRenderDocument);
    EXPECT_EQ(status.error().param, std::to_string(status.error().faults.size()));
    std::string out;
    for (const Fault& fault : status.error().faults) {
      out += (out.empty() ? "" : " ") + std::string(fault.code->id) + " " + fault.path;
      EXPECT_EQ(fault.field_zh.empty(), fault.code->id == "schema.unknown-field") << fault.path;
    }
    return out;
  }
  static std::string of(std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += "字";
    return out;
  }

  const JsonCodec json;
  std::unique_ptr<Schema> document;
  std::string left;  // the document afterwards
};

TEST_F(CheckDocumentTest, EveryFaultIsNamedAtOnceAndNothingIsChanged) {
  EXPECT_EQ(check(R"({"no": "1", "text": "好"})"), "ok");
  const std::string text = R"({"no":"A","text":")" + of(31) + R"(","more":"x"})";
  EXPECT_EQ(check(text), "schema.pattern $.no schema.max-length $.text schema.unknown-field $.more");
  EXPECT_EQ(left, text);
  EXPECT_EQ(check("{}"), "schema.required $.no");
}

TEST_F(CheckDocumentTest, WithoutASchemaAnythingPasses) {
  Document rendered;
  ASSERT_TRUE(json.decode(R"({"any": 1})", DecodeLimits{}, rendered).has_value());
  EXPECT_TRUE(steps::check_document(rendered, {}).has_value());
}

TEST_F(CheckDocumentTest, AFreeTextIsCutToFitAndSaysSo) {
  ASSERT_EQ(
      check(R"({"no":"1","text":")" + of(200) + R"(","list":[{"text":"短"},{"text":")" + of(21) + R"("}]})", true),
      "ok");
  const std::size_t mark = count_code_points(steps::kCutMark);
  EXPECT_EQ(left, R"({"no":"1","text":")" + of(30 - mark) + std::string(steps::kCutMark) +
                      R"(","list":[{"text":"短"},{"text":")" + of(20 - mark) + std::string(steps::kCutMark) +
                      R"("}]})");
  // As long as it may be: nothing is cut.
  EXPECT_EQ(check(R"({"no":"1","text":")" + of(30) + R"("})", true), "ok");
  EXPECT_EQ(left.find(steps::kCutMark), std::string::npos);
}

TEST_F(CheckDocumentTest, OnlyFreeTextIsCutAndOnlyWhenNothingElseIsWrong) {
  EXPECT_EQ(check(R"({"no":"1","phone":"13800138000"})", true), "schema.max-length $.phone")
      << "half a number is a wrong one";
  EXPECT_EQ(check(R"({"no":"1","tiny":"五个字以上"})", true), "schema.max-length $.tiny") << "no room for the mark";
  EXPECT_EQ(check(R"({"no":"A","text":")" + of(31) + R"("})", true), "schema.pattern $.no schema.max-length $.text");
}

}  // namespace
}  // namespace tongqu
