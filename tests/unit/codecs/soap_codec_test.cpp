#include "transforms/codecs/soap_codec.hpp"

#include <gtest/gtest.h>

#include "transforms/codecs/charset.hpp"

namespace tongqu {
namespace {

const std::string kEnv11 = "http://schemas.xmlsoap.org/soap/envelope/";
const std::string kEnv12 = "http://www.w3.org/2003/05/soap-envelope";

std::string envelope(const std::string& body, const std::string& header = "", const std::string& uri = kEnv11) {
  return "<s:Envelope xmlns:s=\"" + uri + "\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">" +
         (header.empty() ? "" : "<s:Header>" + header + "</s:Header>") + "<s:Body>" + body + "</s:Body></s:Envelope>";
}

Result<SoapMessage> read(const std::string& bytes, const SoapReadOptions& options = {}) {
  return XmlSoapCodec().read(bytes, options);
}

std::string payload(const std::string& body, const SoapReadOptions& options = {}) {
  auto message = read(envelope(body), options);
  return message.has_value() ? message->payload : "error " + std::string(message.error().code->id);
}

std::string failure(const std::string& bytes, const SoapReadOptions& options = {}) {
  auto message = read(bytes, options);
  return message.has_value() ? "none" : std::string(message.error().code->id);
}

TEST(SoapCodec, BothVersionsByNamespace) {
  EXPECT_EQ(read(envelope("<a/>"))->version, SoapVersion::k11);
  EXPECT_EQ(read(envelope("<a/>", "", kEnv12))->version, SoapVersion::k12);
  EXPECT_EQ(failure(envelope("<a/>", "", "urn:x")), "envelope.version");
  EXPECT_EQ(failure("<Letter/>"), "envelope.root");
}

TEST(SoapCodec, PayloadIsADocumentOfItsOwn) {
  EXPECT_EQ(payload("<t:a xmlns:t='urn:t' xmlns:u='urn:u'><b>1</b><u:c u:d='2'/></t:a>"),
            "<t:a xmlns:t=\"urn:t\"><b>1</b><u:c xmlns:u=\"urn:u\" u:d=\"2\"></u:c></t:a>");
  EXPECT_EQ(payload("<a xmlns='urn:t'><b xmlns=''>1</b></a>"), "<a xmlns=\"urn:t\"><b xmlns=\"\">1</b></a>");
  EXPECT_EQ(payload("<a>&lt;&amp;&quot;<![CDATA[<x>]]></a>"), "<a>&lt;&amp;&quot;&lt;x&gt;</a>");
  SoapReadOptions bare;
  bare.drop_namespaces = true;
  EXPECT_EQ(payload("<t:a xmlns:t='urn:t'><t:b t:c='1'>x</t:b></t:a>", bare), "<a><b c=\"1\">x</b></a>");
}

TEST(SoapCodec, EncodingNoiseIsLeftOutAndNilIsKept) {
  EXPECT_EQ(payload("<t:op xmlns:t='urn:t' s:encodingStyle='http://schemas.xmlsoap.org/soap/encoding/'>"
                    "<in0 xsi:type='xsd:string' xmlns:xsd='http://www.w3.org/2001/XMLSchema'>v</in0>"
                    "<in1 xsi:nil='true'/></t:op>"),
            "<t:op xmlns:t=\"urn:t\"><in0>v</in0><in1 xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
            "xsi:nil=\"true\"></in1></t:op>");
}

TEST(SoapCodec, MultiReferencesOfAxisAreResolved) {
  const std::string body =
      "<op><a href='#id0'/><b href='#id1'/></op>"
      "<multiRef id='id0' xsi:type='x'>text</multiRef><multiRef id='id1'><c href='#id0'/></multiRef>";
  EXPECT_EQ(payload(body), "<op><a>text</a><b><c>text</c></b></op>");
  EXPECT_EQ(read(envelope(body))->parameters[0].text, "text");
  EXPECT_TRUE(read(envelope(body))->parameters[1].has_elements);
}

TEST(SoapCodec, APrefixMeansOneNamespaceInATag) {
  const std::string body = "<op><p:a xmlns:p='urn:1' href='#i'/></op><m id='i' xmlns:p='urn:2' p:x='1' p:y='2'>t</m>";
  EXPECT_EQ(payload(body), "<op><p:a xmlns:p=\"urn:1\" xmlns:p_=\"urn:2\" p_:x=\"1\" p_:y=\"2\">t</p:a></op>");
}

TEST(SoapCodec, LinksThatAreNoReferencesStay) {
  EXPECT_EQ(payload("<op><a href='http://x/' id='1'>t</a></op>"), "<op><a href=\"http://x/\" id=\"1\">t</a></op>");
  EXPECT_EQ(payload("<op><a href='http://x/'>t</a><b href='#i'/></op><m id='i'>1</m>"),
            "<op><a href=\"http://x/\">t</a><b>1</b></op>");
}

TEST(SoapCodec, ReferencesThatLeadNowhereOrInCirclesAreRefused) {
  EXPECT_EQ(failure(envelope("<op><a href='#no'/></op>")), "envelope.reference");
  EXPECT_EQ(failure(envelope("<op><a href='#x'/></op><m id='x'><b href='#x'/></m>")), "envelope.reference");
  EXPECT_EQ(failure(envelope("<op><a href='#x'/></op><m id='x'>1</m><m id='x'>2</m>")), "envelope.reference");
}

TEST(SoapCodec, ABombOfReferencesCostsNoMoreThanItsLimit) {
  std::string body = "<op><a href='#l0'/></op>";
  for (int level = 0; level < 40; ++level) {
    const std::string next = std::to_string(level + 1);
    body += "<m id='l" + std::to_string(level) + "'><a href='#l" + next + "'/><a href='#l" + next + "'/></m>";
  }
  EXPECT_EQ(failure(envelope(body + "<m id='l40'>lol</m>")), "xml.bytes");
}

TEST(SoapCodec, ASecondElementOrNoBodyIsRefused) {
  EXPECT_EQ(failure(envelope("<a/><b/>")), "envelope.body");
  EXPECT_EQ(failure("<Envelope xmlns='" + kEnv11 + "'/>"), "envelope.body");
  EXPECT_EQ(failure("<Envelope xmlns='" + kEnv11 + "'><Body><a/></Body><Body><b/></Body></Envelope>"), "envelope.body");
  EXPECT_TRUE(read(envelope(""))->operation.local.empty());
}

TEST(SoapCodec, HostileXmlIsRefusedEarly) {
  EXPECT_EQ(failure("<!DOCTYPE x [<!ENTITY a 'b'>]>" + envelope("<a>&a;</a>")), "xml.doctype");
  EXPECT_EQ(failure("<!DOCTYPE x SYSTEM 'file:///etc/passwd'>" + envelope("<a/>")), "xml.doctype");
  EXPECT_EQ(failure(envelope("<a>&b;</a>")), "xml.entity");
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  EXPECT_EQ(failure(envelope(deep)), "xml.depth");
  std::string wide = "<a>";
  for (int i = 0; i < 100'001; ++i) wide += "<b/>";
  EXPECT_EQ(failure(envelope(wide + "</a>")), "xml.nodes");
  EXPECT_EQ(failure(std::string(2U << 20U, ' ')), "xml.bytes");
  EXPECT_EQ(failure(""), "xml.empty");
  EXPECT_EQ(failure("<Envelope xmlns='" + kEnv11 + "'><Body><a>"), "xml.unclosed");
}

TEST(SoapCodec, CharsetOfContentTypeThenDeclaration) {
  const std::string utf8 = "<?xml version=\"1.0\" encoding=\"GBK\"?>" + envelope("<a>段正淳</a>");
  std::string gbk;
  ASSERT_TRUE(encode_charset(utf8, Charset::kGbk, Unencodable::kRefuse, gbk).has_value());
  auto by_declaration = read(gbk);
  ASSERT_TRUE(by_declaration.has_value());
  EXPECT_EQ(by_declaration->payload, "<a>段正淳</a>");
  EXPECT_EQ(by_declaration->charset, "GBK");
  SoapReadOptions options;
  options.charset = "GBK";
  std::string bare;
  ASSERT_TRUE(encode_charset(envelope("<a>段正淳</a>"), Charset::kGbk, Unencodable::kRefuse, bare).has_value());
  EXPECT_EQ(read(bare, options)->payload, "<a>段正淳</a>");
  // The header says UTF-8, as Axis 1 does, while the bytes are what their declaration says.
  options.charset = "UTF-8";
  EXPECT_EQ(read(gbk, options)->payload, "<a>段正淳</a>");
  EXPECT_EQ(failure(bare), "charset.malformed");
}

TEST(SoapCodec, HeadersForUsAndTheirDuty) {
  const std::string header =
      "<t:A xmlns:t='urn:t' s:mustUnderstand='1'/>"
      "<t:B xmlns:t='urn:t' s:mustUnderstand='1' s:actor='urn:somebody'/>"
      "<t:C xmlns:t='urn:t' s:mustUnderstand='0' s:actor='http://schemas.xmlsoap.org/soap/actor/next'/>";
  const auto message = read(envelope("<a/>", header));
  ASSERT_EQ(message->headers.size(), 2U);
  EXPECT_TRUE(message->headers[0].must_understand);
  EXPECT_EQ(message->headers[1].name.local, "C");
  EXPECT_FALSE(message->headers[1].must_understand);
}

TEST(SoapCodec, UsernameTokenAndAddressing) {
  const std::string wsse = std::string(kWsseUri);
  const std::string header =
      "<w:Security xmlns:w='" + wsse +
      "' xmlns:u='http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd'>"
      "<w:UsernameToken><w:Username>case</w:Username><w:Password Type='urn:x#PasswordDigest'>abc=</w:Password>"
      "<w:Nonce>bm9uY2U=</w:Nonce><u:Created>2026-11-24T10:00:00Z</u:Created></w:UsernameToken></w:Security>"
      "<a:MessageID xmlns:a='http://www.w3.org/2005/08/addressing'>urn:uuid:1</a:MessageID>";
  const auto message = read(envelope("<a/>", header));
  ASSERT_TRUE(message->username_token.has_value());
  EXPECT_EQ(message->username_token->username, "case");
  EXPECT_TRUE(message->username_token->digest);
  EXPECT_EQ(message->username_token->nonce, "bm9uY2U=");
  EXPECT_EQ(message->username_token->created, "2026-11-24T10:00:00Z");
  EXPECT_EQ(message->addressing.message_id, "urn:uuid:1");
  EXPECT_FALSE(message->is_signed);
}

TEST(SoapCodec, CredentialsThatAreParametersDoNotStayInThePayload) {
  const std::vector<std::string> names{"password"};
  SoapReadOptions options;
  options.set_apart = names;
  const auto message = read(envelope("<op><user>u</user><password>p</password><xml>&lt;a/&gt;</xml></op>"), options);
  EXPECT_EQ(message->payload, "<op><user>u</user><xml>&lt;a/&gt;</xml></op>");
  ASSERT_EQ(message->parameters.size(), 3U);
  EXPECT_EQ(message->parameters[1].text, "p");
  EXPECT_EQ(message->parameters[2].text, "<a/>");
}

TEST(SoapCodec, AttachmentsStandInPlaceOfInclude) {
  const SoapAttachment parts[] = {{"one@x", "hello"}};
  SoapReadOptions options;
  options.attachments = parts;
  const std::string include =
      "<op><file><x:Include xmlns:x='http://www.w3.org/2004/08/xop/include' href='cid:one@x'/></file></op>";
  EXPECT_EQ(payload(include, options), "<op><file>aGVsbG8=</file></op>");
  EXPECT_EQ(payload("<op><file href='cid:one@x'/></op>", options), "<op><file>aGVsbG8=</file></op>");
  EXPECT_EQ(failure(envelope(include)), "envelope.attachment");
  // RFC 2392: a cid: URL carries the Content-ID with percent codes.
  EXPECT_EQ(payload("<op><file href='cid:one%40x'/></op>", options), "<op><file>aGVsbG8=</file></op>");
  EXPECT_EQ(failure(envelope("<op><file href='cid:one%4'/></op>"), options), "envelope.attachment");
  options.max_inline_bytes = 4;
  EXPECT_EQ(failure(envelope(include), options), "envelope.attachment-size");
}

TEST(SoapCodec, FaultsOfBothVersions) {
  auto old = read(envelope("<s:Fault><faultcode>s:Client.auth</faultcode><faultstring>no</faultstring></s:Fault>"));
  EXPECT_EQ(old->fault->side, SoapFaultSide::kSender);
  EXPECT_EQ(old->fault->code, "Client.auth");
  EXPECT_TRUE(old->payload.empty());
  auto next =
      read(envelope("<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>m:Busy</s:Value>"
                    "</s:Subcode></s:Code></s:Fault>",
                    "", kEnv12));
  EXPECT_EQ(next->fault->side, SoapFaultSide::kReceiver);
  EXPECT_EQ(next->fault->code, "Busy");
}

TEST(SoapCodec, DocumentsBecomeElements) {
  const XmlSoapCodec codec;
  std::string gbk;
  const std::string text = "<?xml version=\"1.0\" encoding=\"GBK\"?>\n<Clue><no>线索1</no></Clue>";
  ASSERT_TRUE(encode_charset(text, Charset::kGbk, Unencodable::kRefuse, gbk).has_value());
  EXPECT_EQ(*codec.element(gbk, {}), "<Clue><no>线索1</no></Clue>");
  EXPECT_EQ(*codec.characters(gbk), text);
  EXPECT_EQ(*codec.element(gbk, {.root = SoapName{"urn:c", "send"}, .typed = true}),
            "<op:send xmlns:op=\"urn:c\"><no xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
            "xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xsi:type=\"xsd:string\">线索1</no></op:send>");
  // Prefixes of ours that the document has for something else.
  for (const std::string own : {"<x op:a='1' xmlns:op='urn:o'/>", "<xsi:x xsi:a='1' xmlns:xsi='urn:o'/>",
                                "<x xsd:a='1' op:b='2' xmlns:xsd='urn:o' xmlns:op='urn:p'/>"}) {
    auto shaped = codec.element(own, {.root = SoapName{"urn:c", "send"}, .typed = true});
    ASSERT_TRUE(shaped.has_value());
    EXPECT_TRUE(codec.element(*shaped, {}).has_value()) << *shaped;
  }
  EXPECT_EQ(*codec.text_of("<a><b><code> 0 </code></b></a>", "code"), "0");
  EXPECT_EQ(codec.text_of("<a/>", "code").error().kind(), ErrorKind::kNotFound);
  EXPECT_EQ(codec.element("<a>", {}).error().code->id, "xml.unclosed");
}

TEST(SoapCodec, EncodeInTheCallersCharset) {
  const XmlSoapCodec codec;
  auto gbk = codec.encode("<a>段𠮷</a>", "gbk");
  ASSERT_TRUE(gbk.has_value());
  EXPECT_EQ(*gbk, "<?xml version=\"1.0\" encoding=\"GBK\"?><a>\xB6\xCE&#x20BB7;</a>");
  EXPECT_FALSE(codec.knows_charset("klingon"));
  EXPECT_TRUE(codec.encode("<a/>", "klingon").has_error());
}

}  // namespace
}  // namespace tongqu
