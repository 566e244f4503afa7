#include "connectors/kafka/cloud_event.hpp"

#include <gtest/gtest.h>

#include "connectors/kafka/kafka_codes.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::kafka {
namespace {

const JsonCodec kJson;
const RecordHeaders kStructured{{"content-type", "application/cloudevents+json; charset=utf-8"}};

Result<CloudEvent> structured(const std::string& body) { return read_event(kStructured, body, kJson, {}); }

std::string code_of(const Result<CloudEvent>& result) {
  return result.has_value()
             ? ""
             : std::string(result.error().code->id) + (result.error().param.empty() ? "" : " " + result.error().param);
}

TEST(CloudEvent, ReadsStructuredJson) {
  const auto event = structured(
      R"({"specversion":"1.0","id":"7","source":"/daily","type":"t.x","subject":"RW1","time":"2026-11-24T10:00:00+08:00","ext1":5,"data":{"n":1.50,"s":"x"}})");
  ASSERT_TRUE(event) << code_of(event);
  EXPECT_EQ(event->id, "7");
  EXPECT_EQ(event->source, "/daily");
  EXPECT_EQ(event->type, "t.x");
  EXPECT_EQ(event->subject, "RW1");
  EXPECT_EQ(event->data_content_type, "");
  EXPECT_EQ(event->data, R"({"n":1.50,"s":"x"})") << "numbers stay as they were written";
}

TEST(CloudEvent, ReadsOtherDataOfStructuredEvents) {
  EXPECT_EQ(
      structured(
          R"({"specversion":"1.0","id":"1","source":"s","type":"t","datacontenttype":"application/xml","data":"<a/>"})")
          ->data,
      "<a/>");
  EXPECT_EQ(structured(R"({"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"AAH/"})")->data,
            std::string("\x00\x01\xff", 3));
  EXPECT_EQ(structured(R"({"specversion":"1.0","id":"1","source":"s","type":"t","data":"text is JSON too"})")->data,
            "\"text is JSON too\"");
  EXPECT_EQ(structured(R"({"specversion":"1.0","id":"1","source":"s","type":"t","subject":null})")->data, "");
}

TEST(CloudEvent, ReadsBinary) {
  const auto event = read_event({{"ce_specversion", "1.0"},
                                 {"ce_id", "7"},
                                 {"ce_source", "/daily"},
                                 {"ce_type", "t"},
                                 {"ce_subject", "编号"},
                                 {"ce_time", "x"},
                                 {"content-type", "application/json; charset=utf-8"},
                                 {"other", "\xff"}},
                                "{}", kJson, {});
  ASSERT_TRUE(event) << code_of(event);
  EXPECT_EQ(event->subject, "编号");
  EXPECT_EQ(event->data_content_type, "application/json; charset=utf-8");
  EXPECT_EQ(event->data, "{}");
}

// Each required part missing or wrong in turn.
TEST(CloudEvent, TurnsBackWhatTheStandardDoesNotAllow) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {R"({"id":"1","source":"s","type":"t"})", "cloudevents.attribute specversion"},
      {R"({"specversion":"0.3","id":"1","source":"s","type":"t"})", "cloudevents.version"},
      {R"({"specversion":"1.0","source":"s","type":"t"})", "cloudevents.attribute id"},
      {R"({"specversion":"1.0","id":"1","type":"t"})", "cloudevents.attribute source"},
      {R"({"specversion":"1.0","id":"1","source":"s"})", "cloudevents.attribute type"},
      {R"({"specversion":"1.0","id":"","source":"s","type":"t"})", "cloudevents.attribute id"},
      {R"({"specversion":"1.0","id":5,"source":"s","type":"t"})", "cloudevents.attribute id"},
      {R"({"specversion":"1.0","id":"1","source":"s","type":"t","Bad-Name":1})", "cloudevents.attribute ?"},
      {R"({"specversion":"1.0","id":"1","source":"s","type":"t","ext":{}})", "cloudevents.attribute ?"},
      {R"({"specversion":"1.0","id":"1","source":"s","type":"t","data":1,"data_base64":"AA=="})", "cloudevents.data"},
      {R"({"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"A"})", "cloudevents.data"},
      {R"({"specversion":"1.0","id":"1","source":"s","type":"t","datacontenttype":"text/xml","data":{}})",
       "cloudevents.data"},
      {R"([])", "cloudevents.form"},
      {R"({"specversion":"1.0","id":")" + std::string(1025, 'x') + R"(","source":"s","type":"t"})",
       "cloudevents.attribute id"},
  };
  for (const auto& [body, expected] : cases) EXPECT_EQ(code_of(structured(body)), expected) << body.substr(0, 80);
  EXPECT_FALSE(structured("{").has_value());
}

TEST(CloudEvent, TurnsBackBinaryHeadersThatAreWrong) {
  const RecordHeaders good{{"ce_specversion", "1.0"}, {"ce_id", "7"}, {"ce_source", "/daily"}, {"ce_type", "t"}};
  for (std::size_t i = 0; i < good.size(); ++i) {
    RecordHeaders missing = good;
    missing.erase(missing.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(read_event(missing, "", kJson, {}).has_value()) << good[i].first;
    RecordHeaders twice = good;
    twice.push_back(good[i]);
    EXPECT_FALSE(read_event(twice, "", kJson, {}).has_value()) << good[i].first;
    RecordHeaders not_text = good;
    not_text[i].second = "\xff";
    EXPECT_FALSE(read_event(not_text, "", kJson, {}).has_value()) << good[i].first;
  }
  RecordHeaders own_type = good;
  own_type.emplace_back("ce_datacontenttype", "application/json");
  EXPECT_EQ(code_of(read_event(own_type, "", kJson, {})), "cloudevents.attribute datacontenttype");
  EXPECT_EQ(code_of(read_event({}, "{}", kJson, {})), "cloudevents.form");
  EXPECT_EQ(code_of(read_event({{"content-type", "application/cloudevents-batch+json"}}, "[]", kJson, {})),
            "cloudevents.form");
  EXPECT_EQ(code_of(read_event({{"content-type", "application/cloudevents+avro"}}, "", kJson, {})), "cloudevents.form");
}

TEST(CloudEvent, ErrorsCarryNoNamesFromOutside) {
  const auto result = structured(R"({"specversion":"1.0","id":"1","source":"s","type":"t","phone_13800000000":1})");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().param, "?");
}

TEST(CloudEvent, WhatIsWrittenReadsBack) {
  for (const auto mode : {ContentMode::kBinary, ContentMode::kStructured}) {
    for (const auto& [type, data] :
         std::vector<std::pair<std::string, std::string>>{{"application/json", R"({"a":[1.50,"编号"]})"},
                                                          {"application/xml", "<a>编号</a>"},
                                                          {"application/octet-stream", std::string("\x00\xff", 2)}}) {
      const CloudEvent event{"01J-1", "//12315/gateway", "cn.12315.x", "RW1", type, data};
      const auto record = write_event(event, mode, kJson, {});
      ASSERT_TRUE(record) << type;
      const auto back = read_event(record->headers, record->body, kJson, {});
      ASSERT_TRUE(back) << type << code_of(back);
      EXPECT_EQ(back->id, event.id);
      EXPECT_EQ(back->source, event.source);
      EXPECT_EQ(back->type, event.type);
      EXPECT_EQ(back->subject, event.subject);
      EXPECT_EQ(back->data_content_type, type);
      EXPECT_EQ(back->data, data);
    }
  }
  EXPECT_FALSE(
      write_event({"1", "s", "t", "", "application/json", "{"}, ContentMode::kStructured, kJson, {}).has_value());
}

}  // namespace
}  // namespace tongqu::kafka
