// What leaves, and what an answer means.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connectors/soap/soap_judge.hpp"
#include "connectors/soap/soap_request.hpp"
#include "tests/unit/soap/soap_fixture.hpp"
#include "transforms/codecs/charset.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::test {
namespace {

using namespace soap;
using ::testing::HasSubstr;

OutboundMessage clue() {
  OutboundMessage message;
  message.message_id = "01X-case";
  message.service = ServiceId("case.clue");
  message.body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<XSXX><BH>线1 &amp; 2</BH></XSXX>";
  message.content_type = "application/xml";
  return message;
}

RequestOptions options(StringForm form = StringForm::kNone, Style style = Style::kDocument) {
  RequestOptions request;
  request.style = style;
  request.uri = "urn:c";
  request.operations["case.clue"] = {"send", "", form, "xmlStr"};
  return request;
}

std::string written(RequestOptions with, Headers* headers_out = nullptr) {
  const XmlSoapCodec codec;
  const XmlSecSecurity security;
  Headers headers;
  std::string body;
  const RequestWriter writer(std::move(with), nullptr, codec, &security);
  auto status = writer.write(clue(), ManualClock().now(), headers, body);
  if (headers_out != nullptr) *headers_out = headers;
  return status.has_value() ? body : "error " + std::string(status.error().code->id);
}

TEST(SoapRequest, DocumentLiteralIsTheDocument) {
  Headers headers;
  const std::string text = written(options(), &headers);
  EXPECT_THAT(text, HasSubstr("<soap:Body><XSXX><BH>线1 &amp; 2</BH></XSXX></soap:Body>"));
  EXPECT_EQ(header(headers, "SOAPAction"), "\"\"");
  EXPECT_EQ(header(headers, "Content-Type"), "text/xml; charset=UTF-8");
  EXPECT_EQ(header(headers, "Tongqu-Message-Id"), "01X-case");
}

TEST(SoapRequest, RpcWrapsAndTypes) {
  EXPECT_THAT(written(options(StringForm::kNone, Style::kRpcLiteral)),
              HasSubstr("<op:send xmlns:op=\"urn:c\"><BH>线1 &amp; 2</BH></op:send>"));
  EXPECT_THAT(written(options(StringForm::kNone, Style::kRpcEncoded)), HasSubstr("xsi:type=\"xsd:string\">线1"));
}

TEST(SoapRequest, StringsOnceTwiceAndCdata) {
  EXPECT_THAT(written(options(StringForm::kEscaped)), HasSubstr("&lt;BH&gt;线1 &amp;amp; 2&lt;/BH&gt;"));
  EXPECT_THAT(written(options(StringForm::kTwice)), HasSubstr("&amp;lt;BH&amp;gt;线1 &amp;amp;amp; 2"));
  EXPECT_THAT(written(options(StringForm::kCdata)), HasSubstr("<xmlStr><![CDATA[<?xml version=\"1.0\""));
  RequestOptions with = options(StringForm::kEscaped, Style::kRpcEncoded);
  with.proof = OutboundProof::kParameters;
  with.user = "u<";
  with.password = "p";
  with.user_parameter = "userName";
  with.password_parameter = "password";
  EXPECT_THAT(written(with), HasSubstr("<userName xsi:type=\"xsd:string\">u&lt;</userName><password "
                                       "xsi:type=\"xsd:string\">p</password><xmlStr xsi:type=\"xsd:string\">&lt;?xml"));
}

TEST(SoapRequest, GbkBytes) {
  RequestOptions with = options(StringForm::kEscaped);
  with.charset = "GBK";
  const std::string bytes = written(with);
  EXPECT_TRUE(bytes.starts_with("<?xml version=\"1.0\" encoding=\"GBK\"?>"));
  EXPECT_THAT(bytes, HasSubstr("\xCF\xDF"
                               "1"));
}

TEST(SoapRequest, TokensAddressingAndVersion) {
  RequestOptions with = options();
  with.version = SoapVersion::k12;
  with.proof = OutboundProof::kUsernameDigest;
  with.user = "u";
  with.password = "p";
  with.addressing = true;
  with.operations["case.clue"].action = "urn:c/send";
  Headers headers;
  const std::string text = written(with, &headers);
  EXPECT_EQ(header(headers, "Content-Type"), "application/soap+xml; charset=UTF-8; action=\"urn:c/send\"");
  EXPECT_TRUE(header(headers, "SOAPAction").empty());
  const auto read = XmlSoapCodec().read(text, {});
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->addressing.message_id, "urn:tongqu:message:01X-case");
  ASSERT_TRUE(read->username_token.has_value());
  EXPECT_TRUE(read->username_token->digest);
  EXPECT_EQ(read->username_token->created, "2026-04-20T16:00:00Z");
  const auto nonce = from_base64(read->username_token->nonce);
  EXPECT_EQ(read->username_token->password,
            XmlSecSecurity().password_digest(*nonce, read->username_token->created, "p"));
}

TEST(SoapRequest, WhatCannotBeWrittenSaysWhy) {
  RequestOptions none = options();
  none.operations.clear();
  EXPECT_EQ(written(none), "error soap.no-operation");
}

struct Verdict {
  std::string name;
  HttpAnswer answer;
  DeliveryVerdict verdict;
  std::string code;
};

TEST(SoapJudge, EveryKindOfAnswer) {
  const XmlSoapCodec codec;
  const JsonCodec json;
  const std::string sender = envelope("<s:Fault><faultcode>s:Client</faultcode></s:Fault>");
  const std::string receiver = envelope("<s:Fault><faultcode>s:Server.busy</faultcode></s:Fault>");
  const std::string zero = envelope("<r><return>&lt;R&gt;&lt;CODE&gt;0&lt;/CODE&gt;&lt;/R&gt;</return></r>");
  const std::string nine = envelope("<r><return>{\"CODE\":\"9\"}</return></r>");
  const std::string five = envelope("<r><CODE>5</CODE></r>");
  const std::string none = envelope("<r><return>hello</return></r>");
  const std::string nested = envelope("<r><x><CODE>0</CODE></x></r>");
  JudgeOptions agreed;
  agreed.value = "CODE";
  agreed.success = {"0"};
  agreed.retry = {"9"};
  const Judge judge(agreed, codec, json);
  const Verdict cases[] = {
      {"sender fault", {500, "text/xml", sender}, DeliveryVerdict::kRefused, "soap.fault-sender"},
      {"sender fault with 200", {200, "text/xml", sender}, DeliveryVerdict::kRefused, "soap.fault-sender"},
      {"receiver fault", {500, "text/xml", receiver}, DeliveryVerdict::kRetry, "soap.fault-receiver"},
      {"success in a string", {200, "text/xml", zero}, DeliveryVerdict::kDelivered, ""},
      {"success in an element", {200, "text/xml", nested}, DeliveryVerdict::kDelivered, ""},
      {"later, as JSON", {200, "text/xml", nine}, DeliveryVerdict::kRetry, "soap.returned-later"},
      {"refused", {200, "text/xml", five}, DeliveryVerdict::kRefused, "soap.returned"},
      {"no value", {200, "text/xml", none}, DeliveryVerdict::kNoAnswer, "soap.answer"},
      {"error page", {200, "text/html", "<html><br></html>"}, DeliveryVerdict::kNoAnswer, "soap.answer"},
      {"empty", {202, "", ""}, DeliveryVerdict::kNoAnswer, "soap.answer"},
      {"proxy down", {502, "text/html", "bad"}, DeliveryVerdict::kRetry, "soap.status"},
      {"redeployed", {404, "text/html", "none"}, DeliveryVerdict::kRetry, "soap.status"},
      {"refused by HTTP", {413, "text/html", "big"}, DeliveryVerdict::kRefused, "soap.status"},
      {"good envelope, bad status", {503, "text/xml", zero}, DeliveryVerdict::kRetry, "soap.status"},
  };
  for (const Verdict& one : cases) {
    const DeliveryOutcome outcome = judge.judge(one.answer, {});
    EXPECT_EQ(outcome.verdict, one.verdict) << one.name;
    EXPECT_EQ(outcome.code == nullptr ? "" : std::string(outcome.code->id), one.code) << one.name;
    EXPECT_EQ(outcome.status, one.answer.status) << one.name;
  }
  const Judge simple({}, codec, json);
  EXPECT_EQ(simple.judge({202, "", ""}, {}).verdict, DeliveryVerdict::kDelivered);
  EXPECT_EQ(simple.judge({200, "text/xml", none}, {}).verdict, DeliveryVerdict::kDelivered);
  JudgeOptions turned;
  turned.sender_fault = DeliveryVerdict::kRetry;
  turned.receiver_fault = DeliveryVerdict::kRefused;
  const Judge other(turned, codec, json);
  EXPECT_EQ(other.judge({500, "text/xml", sender}, {}).verdict, DeliveryVerdict::kRetry);
  EXPECT_EQ(other.judge({500, "text/xml", receiver}, {}).verdict, DeliveryVerdict::kRefused);
}

TEST(SoapJudge, AnAnswerToAnotherMessageIsNone) {
  const XmlSoapCodec codec;
  const JsonCodec json;
  const Judge judge({}, codec, json);
  const std::string answer = envelope(
      "<r/>", "<a:RelatesTo xmlns:a=\"http://www.w3.org/2005/08/addressing\">urn:tongqu:message:1</a:RelatesTo>");
  EXPECT_EQ(judge.judge({200, "text/xml", answer}, addressing_id("1")).verdict, DeliveryVerdict::kDelivered);
  EXPECT_EQ(judge.judge({200, "text/xml", answer}, addressing_id("2")).verdict, DeliveryVerdict::kNoAnswer);
}

}  // namespace
}  // namespace tongqu::test
