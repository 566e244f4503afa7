#include "connectors/soap/soap_inbound.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connectors/soap/soap_codes.hpp"
#include "tests/unit/soap/soap_fixture.hpp"
#include "transforms/codecs/charset.hpp"

namespace tongqu::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kGood = "<t:submit xmlns:t=\"urn:tongqu:case\"><no>1</no></t:submit>";

TEST(SoapInbound, AMessageIsHandedOnAndItsReceiptReturned) {
  Bench bench;
  const HttpResponse answer = bench.call(post(envelope(kGood)));
  EXPECT_EQ(answer.status, 200);
  ASSERT_EQ(bench.intake.messages.size(), 1U);
  const InboundMessage& message = bench.intake.messages[0];
  EXPECT_EQ(message.service.str(), "case.decision");
  EXPECT_EQ(message.body, "<submit><no>1</no></submit>");
  EXPECT_EQ(message.content_type, "application/xml");
  EXPECT_EQ(message.identity.partner.str(), "case");
  EXPECT_EQ(message.identity.method, "soap:basic");
  EXPECT_THAT(answer.body,
              HasSubstr("<tns:submitResponse xmlns:tns=\"urn:tongqu:case\"><return>{&quot;entry&quot;:1}"));
  EXPECT_EQ(header(answer.headers, "Content-Type"), "text/xml; charset=UTF-8");
  EXPECT_EQ(bench.connector.health().accepted, 1U);
}

TEST(SoapInbound, ABlindResendGetsTheSameReturnValue) {
  Bench bench;
  const HttpResponse first = bench.call(post(envelope(kGood)));
  const HttpResponse second = bench.call(post(envelope(kGood)));
  EXPECT_EQ(first.body, second.body);
  EXPECT_EQ(header(second.headers, "Tongqu-Repeated"), "true");
}

TEST(SoapInbound, NamespaceOrNoneAndSoapActionOrNone) {
  Bench bench;
  EXPECT_EQ(bench.call(post(envelope("<submit><no>1</no></submit>"))).status, 200);
  EXPECT_THAT(bench.call(post(envelope("<t:submit xmlns:t=\"urn:other\"/>"))).body, HasSubstr("soap.operation"));
  HttpRequest by_action = post(envelope("<anything/>"));
  by_action.headers.emplace_back("SOAPAction", "\"urn:tongqu:case/submit\"");
  EXPECT_EQ(bench.call(std::move(by_action)).status, 200);
  EXPECT_THAT(bench.call(post(envelope(""))).body, HasSubstr("soap.operation"));
}

TEST(SoapInbound, SoapTwelveIsAnsweredInItsOwnWords) {
  Bench bench;
  const std::string type = "application/soap+xml; charset=utf-8";
  const HttpResponse good = bench.call(post(envelope(kGood, "", kSoap12Uri), type));
  EXPECT_EQ(header(good.headers, "Content-Type"), "application/soap+xml; charset=UTF-8");
  const HttpResponse bad = bench.call(post(envelope("<no/>", "", kSoap12Uri), type));
  EXPECT_EQ(bad.status, 400);
  EXPECT_THAT(bad.body, HasSubstr("<soap:Value>soap:Sender</soap:Value>"));
  EXPECT_THAT(bench.call(post("<Envelope xmlns=\"urn:x\"/>")).body, HasSubstr("soap:VersionMismatch"));
}

TEST(SoapInbound, FaultsOfTheLineAreAllTold) {
  Bench bench;
  bench.intake.failure = make_error(codes::kSoapParameter, "a");
  bench.intake.failure.faults = {{&codes::kSoapParameter, "$.no", "编号", "b", {3, 7}, Grade::kError},
                                 {&codes::kSoapString, "$.other", {}, {}, {4, 1}, Grade::kWarning}};
  const HttpResponse answer = bench.call(post(envelope(kGood)));
  EXPECT_EQ(answer.status, 500);
  EXPECT_THAT(answer.body, HasSubstr("<faultcode>soap:Client</faultcode>"));
  EXPECT_THAT(answer.body, HasSubstr("<e:path>$.no</e:path><e:field>编号</e:field><e:line>3</e:line>"));
  EXPECT_THAT(answer.body, HasSubstr("<e:code>soap.string</e:code><e:path>$.other</e:path>"));
  bench.intake.failure = make_error(codes::kUnavailable);
  const HttpResponse later = bench.call(post(envelope(kGood)));
  EXPECT_THAT(later.body, HasSubstr("<faultcode>soap:Server</faultcode>"));
  EXPECT_EQ(header(later.headers, "Retry-After"), "2");
}

TEST(SoapInbound, EachStepThatFailsStoresNothingAndIsCounted) {
  const std::pair<HttpRequest, std::string> cases[] = {
      {post(envelope(kGood), "application/json"), "soap.content-type"},
      {post("--B\n", "multipart/related; boundary=B"), "soap.multipart"},
      {post(envelope("<a>")), "xml.tag"},
      {post("<!DOCTYPE a>" + envelope(kGood)), "xml.doctype"},
      {post(envelope("<unknown/>")), "soap.operation"},
      {post(envelope("<submitXml/>")), "soap.string"},
      {post(envelope("<submitXml><other>x</other></submitXml>")), "soap.parameter"},
      {post(envelope("<submitXml><xml><a/></xml></submitXml>")), "soap.parameter"},
      {post(envelope("<submitXml><xml>a</xml><xml>b</xml></submitXml>")), "soap.parameter"},
      {post(envelope(kGood, "<x:T xmlns:x=\"urn:x\" s:mustUnderstand=\"1\"/>")), "soap.must-understand"},
      {post(envelope(kGood,
                     "<w:ReplyTo xmlns:w=\"http://www.w3.org/2005/08/addressing\"><w:Address>http://x/"
                     "</w:Address></w:ReplyTo>")),
       "soap.reply-to"},
  };
  for (const auto& [request, code] : cases) {
    Bench bench;
    const HttpResponse answer = bench.call(request);
    EXPECT_GE(answer.status, 400) << code;
    EXPECT_THAT(answer.body, HasSubstr("<e:code>" + code + "</e:code>"));
    EXPECT_TRUE(bench.intake.messages.empty()) << code;
    EXPECT_EQ(bench.intake.refused, std::vector<std::string>{code});
    // A hostile message costs nobody else: the next one is taken.
    EXPECT_EQ(bench.call(post(envelope(kGood))).status, 200) << code;
  }
}

TEST(SoapInbound, DocumentsInStringsSingleDoubleAndCdata) {
  Bench bench;
  for (const std::string text :
       {"&lt;p&gt;1&lt;/p&gt;", "&amp;lt;p&amp;gt;1&amp;lt;/p&amp;gt;", "<![CDATA[<p>1</p>]]>"}) {
    bench.intake.messages.clear();
    EXPECT_EQ(bench.call(post(envelope("<submitXml><xml>" + text + "</xml></submitXml>"))).status, 200);
    ASSERT_EQ(bench.intake.messages.size(), 1U) << text;
    EXPECT_EQ(bench.intake.messages[0].body, "<p>1</p>") << text;
  }
  bench.intake.messages.clear();
  EXPECT_EQ(bench.call(post(envelope("<submitXml>&lt;p/&gt;</submitXml>"))).status, 200);
  EXPECT_EQ(bench.intake.messages.at(0).body, "<p/>");
}

TEST(SoapInbound, GbkIsAnsweredInGbkAndInChinese) {
  Bench bench;
  std::string gbk;
  const std::string text = "<?xml version=\"1.0\" encoding=\"GBK\"?>" + envelope("<submit><no>段</no></submit>");
  ASSERT_TRUE(encode_charset(text, Charset::kGbk, Unencodable::kRefuse, gbk).has_value());
  const HttpResponse answer = bench.call(post(gbk, "text/xml"));
  EXPECT_EQ(header(answer.headers, "Content-Type"), "text/xml; charset=GBK");
  EXPECT_EQ(bench.intake.messages.at(0).body, "<submit><no>段</no></submit>");
  std::string bad;
  ASSERT_TRUE(encode_charset("<?xml version=\"1.0\" encoding=\"GBK\"?>" + envelope("<x/>"), Charset::kGbk,
                             Unencodable::kRefuse, bad)
                  .has_value());
  std::string utf8;
  ASSERT_TRUE(decode_charset(bench.call(post(bad, "text/xml")).body, Charset::kGbk, utf8).has_value());
  EXPECT_THAT(utf8, HasSubstr("没有该操作"));
}

TEST(SoapInbound, MessageIdIsTheKeyAndComesBack) {
  Bench bench;
  const std::string uri = "http://www.w3.org/2005/08/addressing";
  const std::string head = "<w:MessageID xmlns:w=\"" + uri + "\" s:mustUnderstand=\"1\">urn:uuid:7</w:MessageID>";
  const HttpResponse answer = bench.call(post(envelope(kGood, head)));
  EXPECT_EQ(bench.intake.messages.at(0).idempotency_key, "urn:uuid:7");
  EXPECT_THAT(answer.body, HasSubstr(">urn:uuid:7</wsa:RelatesTo>"));
}

TEST(SoapInbound, AttachmentsTravelInPlaceAndLooseOnesAreRefused) {
  Bench bench;
  const std::string type = "multipart/related; boundary=B; type=\"application/xop+xml\"";
  const std::string root = "--B\r\nContent-Type: application/xop+xml; charset=UTF-8; type=\"text/xml\"\r\n\r\n";
  const std::string part = "\r\n--B\r\nContent-ID: <f@x>\r\n\r\nhello\r\n--B--";
  const std::string with = envelope(
      "<submit><no><i:Include xmlns:i=\"http://www.w3.org/2004/08/xop/include\" href=\"cid:f@x\"/></no></submit>");
  EXPECT_EQ(bench.call(post(root + with + part, type)).status, 200);
  EXPECT_EQ(bench.intake.messages.at(0).body, "<submit><no>aGVsbG8=</no></submit>");
  EXPECT_THAT(bench.call(post(root + envelope(kGood) + part, type)).body, HasSubstr("soap.attachment-loose"));
  soap::Service tight = service();
  tight.max_inline_bytes = 3;
  Bench small(tight);
  EXPECT_THAT(small.call(post(root + with + part, type)).body, HasSubstr("envelope.attachment-size"));
}

TEST(SoapInbound, FailuresAsReturnValuesWhereAPartnerKnowsNoFaults) {
  soap::Service with = service();
  with.answer = {"submitReturn", "<r><code>0</code><id>{exchange}</id></r>", "<r><code>{code}</code></r>"};
  Bench bench(with);
  EXPECT_THAT(bench.call(post(envelope(kGood))).body,
              HasSubstr("<submitReturn>&lt;r&gt;&lt;code&gt;0&lt;/code&gt;&lt;id&gt;01HF7YAT"));
  bench.intake.failure = make_error(codes::kSoapString);
  const HttpResponse answer = bench.call(post(envelope(kGood)));
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr("&lt;code&gt;soap.string&lt;/code&gt;"));
}

TEST(SoapInbound, RpcEncodedAnswersCarryTheirTypes) {
  soap::Service with = service();
  with.style = soap::Style::kRpcEncoded;
  Bench bench(with);
  const std::string body =
      "<t:submit xmlns:t=\"urn:tongqu:case\" s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\">"
      "<no href=\"#id0\"/></t:submit><multiRef id=\"id0\">1</multiRef>";
  const HttpResponse answer = bench.call(post(envelope(body)));
  EXPECT_EQ(bench.intake.messages.at(0).body, "<submit><no>1</no></submit>");
  EXPECT_THAT(answer.body, HasSubstr("soap:encodingStyle="));
  EXPECT_THAT(answer.body, HasSubstr("xsi:type=\"xsd:string\""));
}

TEST(SoapInbound, WsdlIsMadeOrTheirs) {
  Bench bench;
  HttpRequest request;
  request.method = "GET";
  request.target = "/soap/case?WSDL";
  request.headers = {{"Host", "gateway:8443"}};
  const HttpResponse made = bench.call(request);
  EXPECT_EQ(made.status, 200);
  EXPECT_THAT(made.body, HasSubstr("location=\"http://gateway:8443/soap/case\""));
  request.headers = {{"Host", "x\"/><evil"}};
  EXPECT_THAT(bench.call(request).body, Not(HasSubstr("evil")));
  soap::Service theirs = service();
  theirs.wsdl = "<definitions/>";
  EXPECT_EQ(Bench(theirs).call(request).body, "<definitions/>");
  request.target = "/soap/case";
  EXPECT_EQ(bench.call(request).status, 405);
}

TEST(SoapInbound, StoppedMeansLater) {
  Bench bench;
  bench.connector.stop(0);
  EXPECT_THAT(bench.call(post(envelope(kGood))).body, HasSubstr("gateway.unavailable"));
  EXPECT_TRUE(bench.intake.messages.empty());
}

}  // namespace
}  // namespace tongqu::test
