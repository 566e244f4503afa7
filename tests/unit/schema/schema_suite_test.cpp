// Published conformance cases of JSON Schema (docs/conformance-json.md). A case whose schema the loader does not take
// is outside the subset; every other case must agree.
#include <gtest/gtest.h>

#include <iostream>

#include "tests/support/data.hpp"
#include "transforms/codecs/json_codec.hpp"
#include "transforms/schema/json_schema.hpp"
#include "transforms/schema/schema_codes.hpp"

namespace tongqu {
namespace {

// Keywords that the suite uses and the subset does not have.
constexpr std::string_view kOutside[] = {"$anchor",
                                         "$dynamicAnchor",
                                         "$dynamicRef",
                                         "$vocabulary",
                                         "additionalItems",
                                         "contains",
                                         "contentEncoding",
                                         "contentMediaType",
                                         "contentSchema",
                                         "definitions",
                                         "dependencies",
                                         "dependentRequired",
                                         "dependentSchemas",
                                         "id",
                                         "maxContains",
                                         "minContains",
                                         "patternProperties",
                                         "prefixItems",
                                         "propertyNames",
                                         "unevaluatedItems",
                                         "unevaluatedProperties"};

// Values of keywords that the subset does not take.
constexpr std::string_view kOutsideValues[] = {"$id", "$defs", "$schema", "exclusiveMinimum", "exclusiveMaximum"};

struct Deviation {
  std::string_view id;
  std::string_view test;
  std::string_view reason;
};
constexpr Deviation kDeviations[] = {
    {"draft2020-12/format.json#7", "invalid date string is only an annotation by default", "format is asserted here"},
};

const Deviation* deviation_of(std::string_view id, std::string_view test) {
  for (const Deviation& deviation : kDeviations) {
    if (deviation.id == id && deviation.test == test) return &deviation;
  }
  return nullptr;
}

template <std::size_t N>
bool is_listed(const std::string_view (&list)[N], std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

// Why the loader does not take the schema, or a failure of the test when there is no good reason.
std::string reason_outside(const Fault& fault, const std::string& id) {
  const std::string keyword = fault.param.substr(0, fault.param.find_first_of(" :"));
  if (fault.code == &codes::kSchemaUnknownKeyword) {
    EXPECT_TRUE(is_listed(kOutside, keyword) || id.starts_with("draft2020-12/unknownKeyword") ||
                id.starts_with("draft2020-12/ref"))
        << id << ' ' << keyword;
    return keyword;
  }
  if (fault.code == &codes::kSchemaUnknownFormat) return "format " + keyword;
  if (fault.code == &codes::kSchemaReference) return "$ref elsewhere";
  if (fault.code == &codes::kSchemaRecursiveReference) return "$ref recursive";
  if (fault.code == &codes::kSchemaKeywordValue && fault.path.ends_with(".items")) return "items as a list";
  EXPECT_TRUE(fault.code == &codes::kSchemaKeywordValue && is_listed(kOutsideValues, keyword))
      << id << ' ' << fault.code->id << ' ' << fault.param << ' ' << fault.path;
  return keyword + " with another value";
}

struct Tally {
  int cases = 0;
  int tests = 0;
  int deviations = 0;
  std::map<std::string, int> outside;
};

void run_tests(const Schema& schema, const Node& tests, const std::string& id, Tally& tally) {
  ++tally.cases;
  for (const Node& test : children(tests)) {
    ++tally.tests;
    const std::string name(test.find("description")->text);
    const bool expected = test.find("valid")->text == "true";
    std::vector<Fault> faults;
    const bool valid = schema.validate(*test.find("data"), faults);
    EXPECT_EQ(valid, faults.empty()) << id << ' ' << name;
    if (valid == expected) continue;
    const Deviation* deviation = deviation_of(id, name);
    ASSERT_NE(deviation, nullptr) << id << ' ' << name << " expected " << (expected ? "valid" : "invalid");
    ++tally.deviations;
    std::cout << "deviates: " << id << " \"" << name << "\": " << deviation->reason << '\n';
  }
}

TEST(JsonSchemaSuite, EveryCaseOfTheSubsetAgrees) {
  std::map<std::string, Tally> tallies;
  for (const std::string& line : test::data_lines("json-suite/json-schema-suite.dev.jsonl")) {
    const auto record = decode_json(line);
    ASSERT_TRUE(record.has_value()) << record.error().code->id;
    const std::string id(record->root().find("_id")->text);
    Tally& tally = tallies[id.substr(0, id.find('/'))];
    const auto compiled = JsonSchema::compile(id, *record->root().find("schema"));
    if (compiled.has_value()) {
      run_tests(**compiled, *record->root().find("tests"), id, tally);
      continue;
    }
    ASSERT_FALSE(compiled.error().faults.empty()) << id;
    std::set<std::string> reasons;
    for (const Error error = compiled.error(); const Fault& fault : error.faults)
      reasons.insert(reason_outside(fault, id));
    for (const std::string& reason : reasons) ++tally.outside[reason];
  }
  for (const auto& [draft, tally] : tallies) {
    std::cout << draft << ": " << tally.cases << " cases with " << tally.tests << " tests ran, " << tally.deviations
              << " deviate; outside the subset:";
    for (const auto& [reason, count] : tally.outside) std::cout << "  " << reason << ' ' << count;
    std::cout << '\n';
  }
}

}  // namespace
}  // namespace tongqu
