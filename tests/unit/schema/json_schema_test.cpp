#include "transforms/schema/json_schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/data.hpp"
#include "transforms/codecs/json_codec.hpp"
#include "transforms/schema/schema_codes.hpp"

namespace tongqu {
namespace {

using testing::ElementsAre;

Document document_of(std::string_view json) {
  auto document = decode_json(json);
  EXPECT_TRUE(document.has_value()) << json;
  return std::move(document).value();
}

std::unique_ptr<Schema> schema_of(std::string_view json) {
  auto schema = JsonSchema::compile("test@1", document_of(json).root(), identifier_formats());
  EXPECT_TRUE(schema.has_value()) << json;
  if (schema.has_error()) {
    for (const Error error = schema.error(); const Fault& fault : error.faults)
      ADD_FAILURE() << fault.path << ' ' << fault.text(Lang::kEnglish);
    return nullptr;
  }
  return std::move(schema).value();
}

// "schema.type $.a string" for each fault; a grade other than error in front.
std::vector<std::string> faults_of(const Schema& schema, std::string_view json, std::size_t max_faults = 100) {
  const Document document = document_of(json);
  std::vector<Fault> faults;
  const bool valid = schema.validate(document.root(), faults, max_faults);
  std::vector<std::string> lines;
  bool has_error = false;
  for (const Fault& fault : faults) {
    has_error = has_error || fault.grade == Grade::kError;
    std::string line = fault.grade == Grade::kError ? "" : std::string(name_of(fault.grade)) + ' ';
    line += std::string(fault.code->id) + ' ' + fault.path;
    lines.push_back(fault.param.empty() ? line : line + ' ' + fault.param);
  }
  EXPECT_EQ(valid, !has_error);
  return lines;
}

struct Case {
  std::string_view schema;
  std::string_view value;
  std::vector<std::string> faults;
};

const std::vector<Case> kKeywordCases{
    {R"({"type":"string"})", "1", {"schema.type $ string"}},
    {R"({"type":["string","null"]})", "1", {"schema.type $ string / null"}},
    {R"({"type":"integer"})", "1.0", {}},
    {R"({"type":"integer"})", "1e3", {}},
    {R"({"type":"integer"})", "1.5", {"schema.type $ integer"}},
    {R"({"type":"number"})", "1.5", {}},
    {R"({"enum":["男","女",1,null]})", R"("x")", {"schema.enum $ 男 / 女 / 1 / null"}},
    {R"({"enum":["男","女",1,null]})", "1.0", {}},
    {R"({"const":{"a":[1]}})", R"({"a":[1.0]})", {}},
    {R"({"const":{"a":[1]}})", R"({"a":[2]})", {R"(schema.const $ {"a":[1e0,],})"}},
    {R"({"minLength":2})", R"("中")", {"schema.min-length $ 2"}},
    {R"({"minLength":2})", R"("中文")", {}},
    {R"({"maxLength":2})", R"("中文")", {}},
    {R"({"maxLength":2})", R"("𠮷野家")", {"schema.max-length $ 2"}},
    {R"({"pattern":"^[0-9]{4}$"})", R"("12a4")", {"schema.pattern $ ^[0-9]{4}$"}},
    {R"({"pattern":"^[0-9]{4}$","x-pattern-name":"四位数字"})", R"("12a4")", {"schema.pattern $ 四位数字"}},
    {R"({"pattern":"b"})", R"("abc")", {}},
    {R"({"format":"date-time"})", R"("2026-04-15T09:00:00+08:00")", {}},
    {R"({"format":"date-time"})", R"("2026-04-15 09:00:00")", {"schema.format $ date-time"}},
    {R"({"format":"date"})", R"("2026-02-29")", {"schema.format $ date"}},
    {R"({"format":"date"})", R"("2028-02-29")", {}},
    {R"({"format":"decimal"})", R"("-120.50")", {}},
    {R"({"format":"decimal"})", R"("1,000")", {"schema.format $ decimal"}},
    {R"({"format":"decimal"})", R"("01")", {"schema.format $ decimal"}},
    {R"({"format":"uscc"})", R"("91350100M000100Y43")", {}},
    {R"({"format":"uscc"})", R"("91350100M000100Y44")", {"schema.format $ uscc"}},
    {R"({"format":"uscc"})", "12", {}},
    {R"({"minimum":0.1})", "0.09999999999999999999999", {"schema.minimum $ 0.1"}},
    {R"({"minimum":0.1})", "0.1000", {}},
    {R"({"maximum":9007199254740993})", "9007199254740992", {}},
    {R"({"maximum":9007199254740992})", "9007199254740993", {"schema.maximum $ 9007199254740992"}},
    {R"({"exclusiveMinimum":0})", "0", {"schema.exclusive-minimum $ 0"}},
    {R"({"exclusiveMinimum":0})", "1e-300", {}},
    {R"({"exclusiveMaximum":10})", "1e1", {"schema.exclusive-maximum $ 10"}},
    {R"({"multipleOf":0.01})", "19.99", {}},
    {R"({"multipleOf":0.01})", "0.001", {"schema.multiple-of $ 0.01"}},
    {R"({"minimum":5,"multipleOf":2})", "3", {"schema.minimum $ 5", "schema.multiple-of $ 2"}},
    {R"({"minItems":1})", "[]", {"schema.min-items $ 1"}},
    {R"({"maxItems":1})", "[1,2]", {"schema.max-items $ 1"}},
    {R"({"uniqueItems":true})", R"([{"a":1,"b":2},{"b":2,"a":1.0}])", {"schema.unique-items $"}},
    {R"({"uniqueItems":true})", R"([1,"1",true,null,[1],{}])", {}},
    {R"({"items":{"type":"string"}})", R"(["a",1,"b",2])", {"schema.type $[1] string", "schema.type $[3] string"}},
    {R"({"required":["a"]})", "{}", {"schema.required $.a"}},
    {R"({"properties":{"a":{}},"additionalProperties":false})", R"({"b":1})", {"schema.unknown-field $.b"}},
    {R"({"additionalProperties":false})", R"({"13800138000":1})", {"schema.unknown-field $[*]"}},
    {R"({"additionalProperties":false})", R"({"段正淳":1})", {"schema.unknown-field $[*]"}},
    {R"({"properties":{"姓名":{"type":"string"}},"additionalProperties":{"type":"string"}})",
     R"({"姓名":1,"段正淳":1})",
     {"schema.type $.姓名 string", "schema.type $[*] string"}},
    {R"({"additionalProperties":{"type":"string"}})", R"({"b":1})", {"schema.type $.b string"}},
    {R"({"minProperties":1})", "{}", {"schema.min-properties $ 1"}},
    {R"({"maxProperties":1})", R"({"a":1,"b":2})", {"schema.max-properties $ 1"}},
    {R"({"properties":{"a":false}})", R"({"a":1})", {"schema.forbidden $.a"}},
    {R"({"allOf":[{"minLength":2},{"pattern":"^a"}]})", R"("b")", {"schema.min-length $ 2", "schema.pattern $ ^a"}},
    {R"({"anyOf":[{"type":"string"},{"minimum":3}]})", "2", {"schema.any-of $"}},
    {R"({"oneOf":[{"minimum":1},{"minimum":2}]})", "3", {"schema.one-of $"}},
    {R"({"oneOf":[{"minimum":1},{"minimum":2}]})", "1", {}},
    {R"({"not":{"type":"null"}})", "null", {"schema.not $"}},
    {R"({"if":{"minimum":10},"then":{"multipleOf":10},"else":{"multipleOf":2}})", "15", {"schema.multiple-of $ 10"}},
    {R"({"if":{"minimum":10},"then":{"multipleOf":10},"else":{"multipleOf":2}})", "3", {"schema.multiple-of $ 2"}},
};

TEST(SchemaFaults, EachKeywordSaysWhatItExpects) {
  for (const Case& c : kKeywordCases) {
    const auto schema = schema_of(c.schema);
    ASSERT_NE(schema, nullptr);
    EXPECT_EQ(faults_of(*schema, c.value), c.faults) << c.schema << ' ' << c.value;
  }
}

constexpr std::string_view kOrder = R"({
 "$schema":"https://json-schema.org/draft/2020-12/schema", "title":"工单", "type":"object", "x-empty":"absent", "x-null":"absent",
 "properties":{
  "orderNum":{"title":"工单编号","type":"string","maxLength":20,"x-privacy":{"kind":"none"}},
  "caller":{"title":"来电人","type":"object","x-privacy":{"kind":"name","subject":"complainant"},
   "properties":{"name":{"title":"姓名","type":"string"},
                 "phone":{"title":"电话","type":"string","format":"phone","x-grade":"warning",
                          "x-privacy":{"kind":"phone","subject":"complainant"}}},
   "required":["name"]},
  "raw":{"type":"string","x-empty":"value"},
  "count":{"title":"次数","type":"integer"},
  "money":{"title":"金额","type":"number"},
  "callTime":{"title":"来电时间","type":"string","format":"date-time"},
  "files":{"title":"附件","type":"array","items":{"$ref":"#/$defs/file","title":"附件项"}},
  "place":{"$ref":"#/$defs/place"},
  "hint":{"title":"备注","type":["string","null"],"maxLength":1,"x-grade":"hint"}
 },
 "required":["orderNum","caller","count"],
 "additionalProperties":false,
 "$defs":{
  "file":{"title":"文件","type":"object","x-privacy":{"kind":"link","subject":"complainant"},
          "properties":{"url":{"title":"地址","type":"string"}},"required":["url"]},
  "place":{"title":"地点","allOf":[{"type":"object","properties":{"code":{"title":"代码","type":"string"}}},
                                   {"properties":{"text":{"type":"string"}},"required":["text"]}]}
 }})";

TEST(SchemaFaults, ComeAllAtOnceInTheOrderOfTheirPlaces) {
  const auto schema = schema_of(kOrder);
  ASSERT_NE(schema, nullptr);
  EXPECT_THAT(
      faults_of(*schema, R"({"files":[{"url":1},{}],"caller":{"phone":"x"},"hint":"ab","foo":1,"count":"2"})"),
      ElementsAre("schema.required $.orderNum", "schema.type $.files[0].url string", "schema.required $.files[1].url",
                  "schema.required $.caller.name", "warning schema.format $.caller.phone phone",
                  "hint schema.max-length $.hint 1", "schema.unknown-field $.foo", "schema.type $.count integer"));
}

TEST(SchemaFaults, CarryTheChineseTitleAndThePlace) {
  const auto schema = schema_of(kOrder);
  ASSERT_NE(schema, nullptr);
  const Document document =
      document_of("{\"orderNum\":\"1\",\"count\":1,\n \"caller\":{\"name\":2},\"files\":[7],\n\"place\":[]}");
  std::vector<Fault> faults;
  EXPECT_FALSE(schema->validate(document.root(), faults));
  ASSERT_EQ(faults.size(), 3U);
  EXPECT_EQ(faults[0].field_zh, "姓名");
  EXPECT_EQ(faults[0].position, (Position{2, 19}));
  EXPECT_EQ(faults[1].field_zh, "附件项");
  EXPECT_EQ(faults[2].field_zh, "地点");
  EXPECT_EQ(faults[2].text(Lang::kChinese), "数据类型应为 object。");
}

TEST(SchemaFaults, ANullOrEmptyMemberIsAbsentWhereTheSchemaSaysSo) {
  const auto schema = schema_of(kOrder);
  ASSERT_NE(schema, nullptr);
  EXPECT_THAT(faults_of(*schema, R"({"orderNum":"","caller":null,"count":"","money":"","place":null})"),
              ElementsAre("schema.required $.orderNum", "schema.required $.caller", "schema.required $.count"));
  EXPECT_THAT(faults_of(*schema, R"({"orderNum":"1","caller":{"name":"a","phone":""},"count":1,"raw":""})"),
              ElementsAre());
  const auto plain = schema_of(R"({"properties":{"a":{"type":"string"}},"required":["a"]})");
  EXPECT_THAT(faults_of(*plain, R"({"a":null})"), ElementsAre("schema.type $.a string"));
  EXPECT_THAT(faults_of(*plain, R"({"a":""})"), ElementsAre());
}

TEST(SchemaFaults, StopAtTheLimitButNotAtWarnings) {
  const auto schema = schema_of(R"({"items":{"minimum":1,"x-grade":"warning"},"x-grade":"error"})");
  ASSERT_NE(schema, nullptr);
  EXPECT_EQ(faults_of(*schema, "[0,0,0,0]", 2).size(), 2U);
  const auto mixed = schema_of(R"({"properties":{"a":{"minimum":1,"x-grade":"hint"},"b":{"minimum":1}}})");
  ASSERT_NE(mixed, nullptr);
  std::vector<Fault> faults;
  const Document document = document_of(R"({"a":0,"b":0})");
  EXPECT_FALSE(mixed->validate(document.root(), faults, 1));
  EXPECT_EQ(faults.size(), 1U);
  EXPECT_FALSE(mixed->validate(document.root(), faults, 10));
  EXPECT_EQ(faults.size(), 3U);
}

TEST(SchemaFaults, NeverRepeatAValue) {
  const auto schema = schema_of(kOrder);
  ASSERT_NE(schema, nullptr);
  const Document document = document_of(
      R"({"orderNum":"SECRET-VALUE-THAT-IS-TOO-LONG","caller":{"name":["SECRET"],"phone":"SECRET"},"count":"SECRET"})");
  std::vector<Fault> faults;
  EXPECT_FALSE(schema->validate(document.root(), faults));
  EXPECT_EQ(faults.size(), 4U);
  for (const Fault& fault : faults) {
    const std::string all = fault.text(Lang::kEnglish) + fault.text(Lang::kChinese) + fault.path + fault.field_zh;
    EXPECT_EQ(all.find("SECRET"), std::string::npos) << all;
  }
}

TEST(SchemaFields, CarryTitleTypeLabelAndDuty) {
  const auto schema = schema_of(kOrder);
  ASSERT_NE(schema, nullptr);
  struct Expected {
    std::string_view path;
    std::string_view title;
    FieldType type;
    std::string_view label;
    bool required;
    bool empty_absent;
  };
  const std::vector<Expected> fields{
      {"", "工单", FieldType::kObject, "", false, true},
      {"orderNum", "工单编号", FieldType::kText, "none", true, true},
      {"caller", "来电人", FieldType::kObject, "name complainant", true, true},
      {"caller.name", "姓名", FieldType::kText, "name complainant", true, true},
      {"caller.phone", "电话", FieldType::kText, "phone complainant", false, true},
      {"raw", "", FieldType::kText, "", false, false},
      {"count", "次数", FieldType::kInteger, "", true, true},
      {"money", "金额", FieldType::kDecimal, "", false, true},
      {"callTime", "来电时间", FieldType::kInstant, "", false, true},
      {"files", "附件", FieldType::kList, "", false, true},
      {"files[]", "附件项", FieldType::kObject, "link complainant", false, true},
      {"files[0].url", "地址", FieldType::kText, "link complainant", true, true},
      {"place", "地点", FieldType::kObject, "", false, true},
      {"place.code", "代码", FieldType::kText, "", false, true},
      {"place.text", "", FieldType::kText, "", true, true},
      {"hint", "备注", FieldType::kText, "", false, true},
  };
  for (const Expected& expected : fields) {
    const FieldNode* field = field_at(schema->fields(), expected.path);
    ASSERT_NE(field, nullptr) << expected.path;
    EXPECT_EQ(field->title_zh, expected.title) << expected.path;
    EXPECT_EQ(field->type, expected.type) << expected.path;
    const std::string label =
        field->label ? field->label->kind + (field->label->subject.empty() ? "" : " " + field->label->subject) : "";
    EXPECT_EQ(label, expected.label) << expected.path;
    EXPECT_EQ(field->required, expected.required) << expected.path;
    EXPECT_EQ(field->empty_absent, expected.empty_absent) << expected.path;
  }
  EXPECT_EQ(schema->name(), "test@1");
  EXPECT_EQ(field_at(schema->fields(), "foo"), nullptr);
}

TEST(SchemaFields, TheTypeCanBeSaidWhereJsonDoesNot) {
  const auto schema = schema_of(R"({"type":"object","properties":{"a":{"type":"string","x-type":"decimal"},
    "b":{"type":"string","x-type":"instant"},"c":{"type":"integer","x-type":"text"},"d":{"type":"boolean"},
    "e":{},"f":{"type":["integer","string"]}}})");
  ASSERT_NE(schema, nullptr);
  std::vector<std::string_view> types;
  for (const FieldNode& field : schema->fields().members) types.push_back(name_of(field.type));
  EXPECT_THAT(types, ElementsAre("decimal", "instant", "text", "boolean", "any", "any"));
}

TEST(SchemaShared, DefinitionsOfTheSharedDocumentAreFound) {
  const Document shared = document_of(R"({"$defs":{"name":{"title":"姓名","type":"string"},
    "person":{"type":"object","properties":{"name":{"$ref":"#/$defs/name"}}}}})");
  const Document document = document_of(R"({"properties":{"p":{"$ref":"#/$defs/person"}}})");
  const auto schema = JsonSchema::compile("s", document.root(), {}, &shared.root());
  ASSERT_TRUE(schema.has_value());
  EXPECT_THAT(faults_of(**schema, R"({"p":{"name":1}})"), ElementsAre("schema.type $.p.name string"));
  ASSERT_NE(field_at((*schema)->fields(), "p.name"), nullptr);
  const Document clash = document_of(R"({"$defs":{"name":{}}})");
  EXPECT_TRUE(JsonSchema::compile("s", clash.root(), {}, &shared.root()).has_error());
}

struct LoadCase {
  std::string_view schema;
  const ErrorCode& code;
  std::string_view path;
  std::string_view param;
};

const std::vector<LoadCase> kLoadCases{
    {R"({"titel":"x"})", codes::kSchemaUnknownKeyword, "$", "titel (title?)"},
    {R"({"properties":{"a":{"patternProperties":{}}}})", codes::kSchemaUnknownKeyword, "$.properties.a",
     "patternProperties (minProperties?)"},
    {R"({"$schema":"http://json-schema.org/draft-07/schema#"})", codes::kSchemaKeywordValue, "$",
     "$schema: https://json-schema.org/draft/2020-12/schema"},
    {R"({"type":"text"})", codes::kSchemaKeywordValue, "$",
     "type: null / boolean / integer / number / string / array / object"},
    {R"({"title":1})", codes::kSchemaKeywordValue, "$", "title: string"},
    {R"({"maxLength":-1})", codes::kSchemaKeywordValue, "$", "maxLength: integer ≥ 0"},
    {R"({"maxLength":1.5})", codes::kSchemaKeywordValue, "$", "maxLength: integer ≥ 0"},
    {R"({"minimum":"1"})", codes::kSchemaKeywordValue, "$", "minimum: number"},
    {R"({"multipleOf":0})", codes::kSchemaKeywordValue, "$", "multipleOf: number > 0, at most 18 digits"},
    {R"({"enum":[]})", codes::kSchemaKeywordValue, "$", "enum: [value, …]"},
    {R"({"required":"a"})", codes::kSchemaKeywordValue, "$", "required: [string, …]"},
    {R"({"required":[1]})", codes::kSchemaKeywordValue, "$", "required: [string, …]"},
    {R"({"items":[{}]})", codes::kSchemaKeywordValue, "$.items", "{…} / true / false"},
    {R"({"allOf":[]})", codes::kSchemaKeywordValue, "$", "allOf: [schema, …]"},
    {R"({"uniqueItems":1})", codes::kSchemaKeywordValue, "$", "uniqueItems: true / false"},
    {R"({"items":{"$id":"x"}})", codes::kSchemaKeywordValue, "$.items", "$id: at the root only"},
    {R"({"items":{"$defs":{}}})", codes::kSchemaKeywordValue, "$.items", "$defs: at the root only"},
    {R"({"format":"dat"})", codes::kSchemaUnknownFormat, "$", "dat (date?)"},
    {R"x({"pattern":"(?=a)"})x", codes::kSchemaBadPattern, "$", "invalid perl operator: (?="},
    {R"({"pattern":"("})", codes::kSchemaBadPattern, "$", "missing ): ("},
    {R"({"$ref":"#/$defs/none"})", codes::kSchemaReference, "$", "#/$defs/none"},
    {R"({"$ref":"other.json"})", codes::kSchemaReference, "$", "other.json"},
    {R"({"$ref":"#"})", codes::kSchemaReference, "$", "#"},
    {R"({"$defs":{"a":{"items":{"$ref":"#/$defs/a"}}}})", codes::kSchemaRecursiveReference, "$.$defs.a.items",
     "#/$defs/a"},
    {R"({"x-grade":"fatal"})", codes::kSchemaKeywordValue, "$", "x-grade: error / warning / hint"},
    {R"({"x-empty":true})", codes::kSchemaKeywordValue, "$", "x-empty: absent / value"},
    {R"({"x-null":"no"})", codes::kSchemaKeywordValue, "$", "x-null: absent / value"},
    {R"({"x-type":"date"})", codes::kSchemaKeywordValue, "$", "x-type: integer / decimal / instant / text"},
    {R"({"x-privacy":"none"})", codes::kSchemaLabel, "$", "{kind, subject}"},
    {R"({"x-privacy":{"kind":"phone"}})", codes::kSchemaLabel, "$",
     "subject: complainant / informant / agent / respondent / officer"},
    {R"({"x-privacy":{"kind":"phone","subject":"caller"}})", codes::kSchemaLabel, "$",
     "subject: complainant / informant / agent / respondent / officer"},
    {R"({"x-privacy":{"kind":"none","subject":"agent"}})", codes::kSchemaLabel, "$", "kind: none"},
    {R"({"x-privacy":{"kind":"name","subject":"agent","x":1}})", codes::kSchemaLabel, "$", "kind, subject"},
    {"7", codes::kSchemaKeywordValue, "$", "{…} / true / false"},
};

TEST(SchemaLoad, RefusesWhatIsOutsideTheSubset) {
  for (const LoadCase& c : kLoadCases) {
    const auto schema = JsonSchema::compile("bad@1", document_of(c.schema).root());
    ASSERT_TRUE(schema.has_error()) << c.schema;
    EXPECT_EQ(schema.error().code->id, codes::kSchemaLoad.id);
    EXPECT_EQ(schema.error().param, "bad@1");
    ASSERT_EQ(schema.error().faults.size(), 1U) << c.schema;
    const Fault fault = schema.error().faults[0];  // error() returns a copy
    EXPECT_EQ(fault.code->id, c.code.id) << c.schema;
    EXPECT_EQ(fault.path, c.path) << c.schema;
    EXPECT_EQ(fault.param, c.param) << c.schema;
    EXPECT_NE(fault.position.line, 0U) << c.schema;
  }
}

TEST(SchemaLoad, AnUnknownLabelKindNamesThoseThatExist) {
  const auto schema =
      JsonSchema::compile("bad", document_of(R"({"x-privacy":{"kind":"salary","subject":"agent"}})").root());
  ASSERT_TRUE(schema.has_error());
  EXPECT_THAT(schema.error().faults.at(0).param, testing::StartsWith("kind: none / name / phone"));
}

TEST(SchemaLoad, FindsAllFaultsAtOnceAndEachOnce) {
  const auto schema = JsonSchema::compile("bad", document_of(R"({"a":1,"properties":{
    "x":{"$ref":"#/$defs/d"},"y":{"$ref":"#/$defs/d"},"z":{"type":"strin"}},"$defs":{"d":{"b":1}}})")
                                                     .root());
  ASSERT_TRUE(schema.has_error());
  EXPECT_EQ(schema.error().faults.size(), 3U);
}

TEST(SchemaLoad, DefinitionsThatDoubleEachOtherAreStoppedAtTheLimit) {
  std::string json = R"({"$ref":"#/$defs/d0","$defs":{)";
  for (int i = 0; i < 40; ++i) {
    const std::string next = R"({"$ref":"#/$defs/d)" + std::to_string(i + 1) + R"("})";
    json += R"("d)" + std::to_string(i) + R"(":{"properties":{"a":)" + next + R"(,"b":)" + next + "}},";
  }
  json += R"("d40":{}}})";
  const auto schema = JsonSchema::compile("bomb", document_of(json).root());
  ASSERT_TRUE(schema.has_error());
  EXPECT_EQ(schema.error().faults.at(0).code->id, codes::kSchemaTooLarge.id);
}

TEST(SchemaLoad, ManyRequiredMembersAreRefusedAboveTheLimit) {
  const auto with = [](int count) {
    std::string json = R"({"required":["m0")";
    for (int i = 1; i < count; ++i) json += ",\"m" + std::to_string(i) + '"';
    return json + "]}";
  };
  const auto schema = schema_of(with(256));
  ASSERT_NE(schema, nullptr);
  EXPECT_EQ(faults_of(*schema, "{}", 1000).size(), 256U);
  EXPECT_TRUE(JsonSchema::compile("many", document_of(with(257)).root()).has_error());
}

// An object of many members, in schema order or not, some undeclared.
TEST(SchemaObjects, MembersAreFoundInAnyOrderAmongMany) {
  std::string json = R"({"additionalProperties":false,"required":["m0","m499"],"properties":{"first":{})";
  for (int i = 0; i < 500; ++i) json += ",\"m" + std::to_string(i) + R"(":{"minimum":)" + std::to_string(i) + '}';
  const auto schema = schema_of(json + "}}");
  ASSERT_NE(schema, nullptr);
  std::string rising = "{\"m0\":0";
  std::string falling = "{\"m499\":499";
  for (int i = 1; i < 500; ++i) {
    rising += ",\"m" + std::to_string(i) + "\":" + std::to_string(i);
    falling += ",\"m" + std::to_string(499 - i) + "\":" + std::to_string(499 - i);
  }
  EXPECT_THAT(faults_of(*schema, rising + "}"), ElementsAre());
  EXPECT_THAT(faults_of(*schema, falling + ",\"m500\":1}"), ElementsAre("schema.unknown-field $.m500"));
  EXPECT_THAT(faults_of(*schema, R"({"m7":6.999,"m499":1e3})"),
              ElementsAre("schema.required $.m0", "schema.minimum $.m7 7"));
}

TEST(SchemaObjects, AFloodOfUnknownMembersEndsAtTheLimit) {
  const auto schema = schema_of(R"({"properties":{"a":{}},"additionalProperties":false})");
  ASSERT_NE(schema, nullptr);
  std::string json = "{\"a\":1";
  for (int i = 0; i < 50'000; ++i) json += ",\"x" + std::to_string(i % 10) + "y" + std::to_string(i / 10) + "\":0";
  EXPECT_EQ(faults_of(*schema, json + "}").size(), 100U);
}

TEST(SchemaShipped, EverySchemaOfTheConfigurationLoads) {
  namespace fs = std::filesystem;
  const fs::path config = test::source_folder() / "config";
  const Document shared = document_of(test::read_file(config / "services/common.json"));
  int count = 0;
  for (const char* folder : {"services", "partners"}) {
    if (!fs::is_directory(config / folder)) continue;
    for (const auto& entry : fs::directory_iterator(config / folder)) {
      if (entry.path().extension() != ".json" || entry.path().filename() == "common.json") continue;
      const auto schema = JsonSchema::compile(entry.path().stem(), document_of(test::read_file(entry.path())).root(),
                                              identifier_formats(), &shared.root());
      EXPECT_TRUE(schema.has_value()) << entry.path();
      if (schema.has_error()) {
        for (const Error error = schema.error(); const Fault& fault : error.faults)
          ADD_FAILURE() << fault.path << ' ' << fault.text(Lang::kEnglish);
      }
      ++count;
    }
  }
  EXPECT_GT(count, 0);
}

TEST(SchemaCodes, AreUniqueAndSpeakBothLanguages) {
  std::set<std::string_view> ids;
  for (const ErrorCode* code : codes::schema_codes()) {
    EXPECT_TRUE(ids.insert(code->id).second) << code->id;
    EXPECT_TRUE(code->id.starts_with("schema.")) << code->id;
    EXPECT_EQ(code->en.find("{}") == std::string_view::npos, code->zh.find("{}") == std::string_view::npos) << code->id;
    EXPECT_FALSE(code->en.empty() || code->zh.empty()) << code->id;
  }
}

}  // namespace
}  // namespace tongqu
