#include "connectors/registry/record_rules.hpp"

#include <gtest/gtest.h>

#include "connectors/registry/registry_codes.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::registry {
namespace {

const RecordRules kRules{
    .identity = {"patent.no", "patent.kind", "mark.no"},
    .order = {"patent.at", "file_at"},
    .as_of = "file_at",
    .keys = {{{"patent.no"}, {"no"}}, {{"mark.no", "mark.classes[*].n"}, {"reg", "class"}}, {{"mark.no"}, {"reg"}}}};

Result<NewReference> record(const std::string& body, const RecordRules& rules = kRules) {
  const JsonCodec json;
  return read_record({"m1", ServiceId("ip.bulk"), body, "application/json", 1}, rules, json);
}

Result<std::string> question(const std::string& body) {
  const JsonCodec json;
  return read_question({"q", ServiceId("q"), body, "application/json", 1}, kRules, json);
}

TEST(RecordRules, ARecordIsFoundByTheKeysWhoseFieldsItHas) {
  const auto patent = record(R"({"patent":{"no":"104","kind":"A","at":"2014"},"file_at":"2015"})");
  ASSERT_TRUE(patent.has_value());
  EXPECT_EQ(patent->message_id, "m1");
  EXPECT_EQ(patent->order, "2014");
  EXPECT_EQ(patent->as_of, "2015");
  ASSERT_EQ(patent->keys.size(), 1U);
  EXPECT_EQ(patent->keys.front(), question(R"({"no":"104"})").value());

  const auto mark = record(R"({"mark":{"no":"7","classes":[{"n":5},{"n":30},{}]},"file_at":"2015"})");
  ASSERT_TRUE(mark.has_value());
  EXPECT_EQ(mark->order, "2015") << "the first of the fields that is there";
  ASSERT_EQ(mark->keys.size(), 3U);
  EXPECT_EQ(mark->keys[0], question(R"({"reg":"7","class":"5"})").value()) << "numbers and texts are the same";
  EXPECT_EQ(mark->keys[1], question(R"({"reg":"7","class":"30"})").value());
  EXPECT_EQ(mark->keys[2], question(R"({"reg":"7","class":""})").value()) << "an empty field is none";
}

TEST(RecordRules, NeighbouringValuesAreNotConfused) {
  const auto one = record(R"({"patent":{"no":"1","kind":"11"}})");
  const auto other = record(R"({"patent":{"no":"11","kind":"1"}})");
  EXPECT_NE(one->identity, other->identity);
  EXPECT_NE(question(R"({"reg":"1","class":"11"})").value(), question(R"({"reg":"11","class":"1"})").value());
  EXPECT_NE(question(R"({"no":"1"})").value(), question(R"({"reg":"1"})").value());
}

TEST(RecordRules, WhatIsNoRecordIsToldByWhatItLacks) {
  const auto fault = [](const std::string& body, const RecordRules& rules = kRules) {
    const auto read = record(body, rules);
    EXPECT_TRUE(read.has_error());
    if (read.has_error()) {
      EXPECT_EQ(read.error().code, &codes::kRegistryRecord);
      return read.error().param;
    }
    return std::string();
  };
  EXPECT_EQ(fault("{"), "JSON");
  EXPECT_EQ(fault("[]"), "JSON");
  EXPECT_EQ(fault(R"({"patent":{"no":"","kind":null}})"), "identity");
  EXPECT_EQ(fault(R"({"patent":{"kind":"A"}})"), "keys");
  EXPECT_EQ(fault(R"({"patent":{"no":"1"},"file_at":")" + std::string(65, '2') + "\"}"), "as_of");
  std::string many = R"({"mark":{"no":"7","classes":[)";
  for (int i = 0; i < 1000; ++i) many += "{\"n\":" + std::to_string(i) + "},";
  many += "{\"n\":1000}]}}";
  EXPECT_EQ(fault(many), "keys");
}

TEST(RecordRules, AQuestionWithoutAWholeKeyIsTurnedBack) {
  for (const char* body : {"", "{}", R"({"class":"5"})", R"({"no":{}})", R"({"no":true})"}) {
    const auto key = question(body);
    ASSERT_TRUE(key.has_error()) << body;
    EXPECT_EQ(key.error().code, &codes::kRegistryQuestion);
  }
}

TEST(RecordRules, AnAnswerSaysOfWhenItIs) {
  const Reference found{R"({"a":1})", "2015-01-01"};
  EXPECT_EQ(write_answer(&found, found.as_of), R"({"found":true,"as_of":"2015-01-01","record":{"a":1}})");
  EXPECT_EQ(write_answer(nullptr, "\"\\\n"), R"({"found":false,"as_of":"\"\\"})");
  EXPECT_EQ(write_answer(nullptr, ""), R"({"found":false})");
}

}  // namespace
}  // namespace tongqu::registry
