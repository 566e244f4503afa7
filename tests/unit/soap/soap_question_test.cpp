// What the answer to a question means.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connectors/soap/soap_codes.hpp"
#include "connectors/soap/soap_judge.hpp"
#include "connectors/soap/soap_request.hpp"
#include "tests/unit/soap/soap_fixture.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::test {
namespace {

using namespace soap;

struct Expected {
  std::string name;
  HttpAnswer answer;
  QueryVerdict verdict;
  std::string code;
};

// The document as the registry's string holds it.
std::string in_string(std::string_view document) {
  std::string text;
  for (const char c : document) text += c == '<' ? "&lt;" : std::string(1, c);
  return envelope("<r><return>" + text + "</return></r>");
}

class SoapQuestion : public ::testing::Test {
 protected:
  [[nodiscard]] Judge judge(JudgeOptions options) const { return {std::move(options), codec_, json_}; }
  [[nodiscard]] static JudgeOptions registry(bool in_string = true) {
    JudgeOptions options;
    options.value = "CODE";
    options.success = {"0"};
    options.retry = {"9"};
    options.not_found = {"404"};
    options.document_in_string = in_string;
    return options;
  }
  static void expect(const Judge& judge, const std::vector<Expected>& cases) {
    for (const Expected& one : cases) {
      const QueryOutcome outcome = judge.judge_question(one.answer, {});
      EXPECT_EQ(outcome.verdict, one.verdict) << one.name;
      EXPECT_EQ(outcome.code == nullptr ? "" : std::string(outcome.code->id), one.code) << one.name;
      EXPECT_EQ(outcome.status, one.answer.status) << one.name;
      if (one.verdict != QueryVerdict::kAnswered) EXPECT_EQ(outcome.body, "") << one.name;
    }
  }

 private:
  XmlSoapCodec codec_;
  JsonCodec json_;
};

TEST_F(SoapQuestion, FoundAsDocumentInAString) {
  const Judge asked = judge(registry());
  for (const std::string& body :
       {in_string("<?xml version=\"1.0\"?><R><CODE>0</CODE><N>甲 &amp;amp; 乙</N></R>"),
        envelope("<r><return><![CDATA[ <R><CODE>0</CODE><N>甲 &amp; 乙</N></R> ]]></return></r>"),
        envelope("<r><note>hello</note><return>&lt;R>&lt;CODE>0&lt;/CODE>&lt;N>甲 &amp;amp; "
                 "乙&lt;/N>&lt;/R></return></r>")}) {
    const QueryOutcome outcome = asked.judge_question({200, "text/xml", body}, {});
    EXPECT_EQ(outcome.verdict, QueryVerdict::kAnswered) << body;
    EXPECT_EQ(outcome.content_type, "application/xml") << body;
    EXPECT_EQ(outcome.body, "<R><CODE>0</CODE><N>甲 &amp; 乙</N></R>") << body;
    EXPECT_EQ(outcome.code, nullptr) << body;
  }
}

TEST_F(SoapQuestion, JsonInAStringIsToldAsJson) {
  const QueryOutcome outcome =
      judge(registry()).judge_question({200, "text/xml", envelope("<r><return> {\"CODE\":\"0\"} </return></r>")}, {});
  EXPECT_EQ(outcome.verdict, QueryVerdict::kAnswered);
  EXPECT_EQ(outcome.content_type, "application/json");
  EXPECT_EQ(outcome.body, "{\"CODE\":\"0\"}");
}

TEST_F(SoapQuestion, FoundAsElementOfTheBody) {
  const QueryOutcome outcome =
      judge(registry(false)).judge_question({200, "text/xml", envelope("<r><CODE>0</CODE><N>甲</N></r>")}, {});
  EXPECT_EQ(outcome.verdict, QueryVerdict::kAnswered);
  EXPECT_EQ(outcome.content_type, "application/xml");
  EXPECT_EQ(outcome.body, "<r><CODE>0</CODE><N>甲</N></r>");
}

TEST_F(SoapQuestion, NotFoundHasNoDocument) {
  expect(judge(registry()),
         {
             {"in a string", {200, "text/xml", in_string("<R><CODE>404</CODE></R>")}, QueryVerdict::kNotFound, ""},
             {"as element", {200, "text/xml", envelope("<r><CODE> 404 </CODE></r>")}, QueryVerdict::kNotFound, ""},
             {"as JSON", {200, "text/xml", envelope("<r><x>{\"CODE\":404}</x></r>")}, QueryVerdict::kNotFound, ""},
         });
  // Not agreed to be "no such record": the registry turns the question back.
  JudgeOptions without = registry();
  without.not_found.clear();
  expect(judge(without), {{"not agreed",
                           {200, "text/xml", in_string("<R><CODE>404</CODE></R>")},
                           QueryVerdict::kRefused,
                           "soap.returned"}});
}

TEST_F(SoapQuestion, ValuesThatAreNeither) {
  expect(
      judge(registry()),
      {
          {"later",
           {200, "text/xml", in_string("<R><CODE>9</CODE></R>")},
           QueryVerdict::kUnavailable,
           "soap.returned-later"},
          {"any other", {200, "text/xml", in_string("<R><CODE>5</CODE></R>")}, QueryVerdict::kRefused, "soap.returned"},
          {"none", {200, "text/xml", in_string("<R><N>1</N></R>")}, QueryVerdict::kUnavailable, "soap.answer"},
          {"success without the document",
           {200, "text/xml", envelope("<r><CODE>0</CODE></r>")},
           QueryVerdict::kUnavailable,
           "soap.answer"},
      });
  JudgeOptions simple;
  simple.document_in_string = true;
  expect(judge(simple), {{"no document where there should be one",
                          {200, "text/xml", envelope("<r><a>hello</a></r>")},
                          QueryVerdict::kUnavailable,
                          "soap.answer"}});
}

TEST_F(SoapQuestion, FaultsOfBothSides) {
  const std::string sender =
      envelope("<s:Fault><faultcode>s:Client</faultcode><faultstring>no</faultstring></s:Fault>");
  const std::string receiver = envelope("<s:Fault><faultcode>s:Server</faultcode></s:Fault>");
  const std::string twelve = envelope(
      "<s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text "
      "xml:lang=\"en\">no</s:Text></s:Reason></s:Fault>",
      {}, kSoap12Uri);
  expect(judge(registry()),
         {
             {"sender", {500, "text/xml", sender}, QueryVerdict::kRefused, "soap.fault-sender"},
             {"sender with 200", {200, "text/xml", sender}, QueryVerdict::kRefused, "soap.fault-sender"},
             {"sender, SOAP 1.2", {400, "application/soap+xml", twelve}, QueryVerdict::kRefused, "soap.fault-sender"},
             {"receiver", {500, "text/xml", receiver}, QueryVerdict::kUnavailable, "soap.fault-receiver"},
         });
  JudgeOptions turned = registry();
  turned.sender_fault = DeliveryVerdict::kRetry;
  turned.receiver_fault = DeliveryVerdict::kRefused;
  expect(judge(turned),
         {
             {"sender, later", {500, "text/xml", sender}, QueryVerdict::kUnavailable, "soap.fault-sender"},
             {"receiver, refused", {500, "text/xml", receiver}, QueryVerdict::kRefused, "soap.fault-receiver"},
         });
}

TEST_F(SoapQuestion, WhatIsNoEnvelope) {
  const std::string good = in_string("<R><CODE>0</CODE></R>");
  const std::string cut = good.substr(0, good.size() - 20);
  expect(judge(registry()),
         {
             {"error page", {200, "text/html", "<html><br></html>"}, QueryVerdict::kUnavailable, "soap.answer"},
             {"bytes", {200, "text/xml", std::string("\x00\xFF\x01", 3)}, QueryVerdict::kUnavailable, "soap.answer"},
             {"cut", {200, "text/xml", cut}, QueryVerdict::kUnavailable, "soap.answer"},
             {"empty", {200, "text/xml", ""}, QueryVerdict::kUnavailable, "soap.answer"},
             {"taken, nothing to say", {202, "", ""}, QueryVerdict::kUnavailable, "soap.answer"},
             {"no body",
              {200, "text/xml", "<s:Envelope xmlns:s=\"" + std::string(kSoap11Uri) + "\"/>"},
              QueryVerdict::kUnavailable,
              "soap.answer"},
             {"another envelope",
              {200, "text/xml", envelope("<r/>", {}, "urn:none")},
              QueryVerdict::kUnavailable,
              "soap.answer"},
             {"DOCTYPE",
              {200, "text/xml", "<!DOCTYPE x [<!ENTITY e 'x'>]>" + good},
              QueryVerdict::kUnavailable,
              "soap.answer"},
             {"parts without a boundary", {200, "multipart/related", good}, QueryVerdict::kUnavailable, "soap.answer"},
             {"proxy down", {502, "text/html", "bad"}, QueryVerdict::kUnavailable, "soap.status"},
             {"refused by HTTP", {413, "text/html", "big"}, QueryVerdict::kRefused, "soap.status"},
             {"good envelope, bad status", {503, "text/xml", good}, QueryVerdict::kUnavailable, "soap.status"},
         });
}

TEST_F(SoapQuestion, AnswerToAnotherQuestionIsNone) {
  const Judge asked = judge(registry(false));
  const std::string answer =
      envelope("<r><CODE>0</CODE></r>",
               "<a:RelatesTo xmlns:a=\"http://www.w3.org/2005/08/addressing\">urn:tongqu:message:1</a:RelatesTo>");
  EXPECT_EQ(asked.judge_question({200, "text/xml", answer}, addressing_id("1")).verdict, QueryVerdict::kAnswered);
  const QueryOutcome other = asked.judge_question({200, "text/xml", answer}, addressing_id("2"));
  EXPECT_EQ(other.verdict, QueryVerdict::kUnavailable);
  EXPECT_EQ(other.code, &codes::kSoapAnswer);
  EXPECT_EQ(other.body, "");
}

}  // namespace
}  // namespace tongqu::test
