#include "security/identity/message_signature.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "security/crypto/keys.hpp"
#include "security/crypto/suites.hpp"
#include "security/identity/content_digest.hpp"
#include "security/identity/identity_codes.hpp"
#include "security/identity/structured_fields.hpp"
#include "tests/support/data.hpp"
#include "tests/unit/identity/identity_fixture.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu {
namespace {

using test::Alteration;
using test::code_of;

struct Sides {
  MessageSignatureOptions sign;
  MessageSignatureOptions verify;
};
Sides options(std::string_view algorithm) {
  Sides made;
  made.sign.partner = PartnerId("p12315");
  made.sign.key_id = "p12315-2026";
  made.sign.algorithm = algorithm;
  made.verify = made.sign;
  if (algorithm == kHmacSha256) {
    made.sign.key = made.verify.key = "a secret of many bytes";
  } else {
    const auto pair = generate_key(algorithm);
    made.sign.key = pair->private_pem;
    made.verify.key = pair->public_pem;
  }
  return made;
}

class MessageSignature : public testing::TestWithParam<std::string_view> {
 protected:
  HttpRequest signed_request(HttpRequest made = test::request()) {
    EXPECT_TRUE((*signer_)->sign(made).has_value());
    return made;
  }
  // Signs whatever Signature-Input says, as a careless partner would.
  void sign_again(HttpRequest& request, const std::string& input, const std::vector<std::string>& components) {
    const auto base = signature_base(request, components, input);
    ASSERT_TRUE(base.has_value());
    Bytes signature;
    if (GetParam() == kHmacSha256) {
      signature = as_text((*make_suite(SuiteId::kIntl))->hmac(sides_.sign.key, {*base}));
    } else {
      signature = *(*make_signer(GetParam(), sides_.sign.key))->sign(*base);
    }
    test::replace(request, "Signature-Input", "tongqu=" + input);
    test::replace(request, "Signature", "tongqu=:" + to_base64(signature) + ":");
  }
  test::ManualClock clock_;
  Sides sides_ = options(GetParam());
  Result<std::unique_ptr<RequestSigner>> signer_ = make_message_signature_signer(sides_.sign, clock_);
  Result<std::unique_ptr<Authenticator>> authenticator_ = make_message_signature_authenticator(sides_.verify, clock_);
};
INSTANTIATE_TEST_SUITE_P(Identity, MessageSignature, testing::Values(kSm2Sm3, kEd25519, kEcdsaP256Sha256, kHmacSha256),
                         [](const auto& p) {
                           std::string name(p.param);
                           std::erase(name, '-');
                           return name;
                         });

TEST_P(MessageSignature, AcceptsWhatItSigned) {
  HttpRequest plain = test::request();
  test::drop(plain, "Idempotency-Key");
  HttpRequest root = test::request("");
  root.target = "/";
  for (const HttpRequest& start : {test::request(), plain, root}) {
    const HttpRequest request = signed_request(start);
    const auto identity = (*authenticator_)->authenticate(request);
    ASSERT_TRUE(identity.has_value());
    EXPECT_EQ(identity->partner, PartnerId("p12315"));
    EXPECT_EQ(identity->method, "rfc9421:" + std::string(GetParam()));
    EXPECT_TRUE(is_nonce(identity->nonce));
    EXPECT_EQ(identity->nonce_expires_ms, clock_.now().ms + 300'000 + 60'000 + 1);
    EXPECT_NE(identity->signature.find("keyid=\"p12315-2026\""), std::string::npos);
    EXPECT_EQ(claimed_key_id(request), "p12315-2026");
  }
}

TEST_P(MessageSignature, GmDigestServesToo) {
  sides_.sign.digest = SuiteId::kGm;
  const auto signer = make_message_signature_signer(sides_.sign, clock_);
  ASSERT_TRUE(signer.has_value());
  HttpRequest request = test::request();
  ASSERT_TRUE((*signer)->sign(request).has_value());
  EXPECT_TRUE(header(request.headers, "Content-Digest").starts_with("sm3=:"));
  EXPECT_EQ(code_of((*authenticator_)->authenticate(request)), nullptr);
}

TEST_P(MessageSignature, AnyAlterationIsRefused) {
  const auto edit = [](HttpRequest& r, std::string_view name, std::string_view from, std::string_view to) {
    std::string value(header(r.headers, name));
    const auto at = value.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    test::replace(r, name, value.replace(at, from.size(), to));
  };
  const Alteration cases[] = {
      {"method", [](auto& r) { r.method = "PUT"; }},
      {"path", [](auto& r) { r.target.insert(3, "x"); }},
      {"query", [](auto& r) { r.target += "0"; }},
      {"query dropped", [](auto& r) { r.target.resize(r.target.find('?')); }},
      {"digest", [](auto& r) { test::replace(r, "Content-Digest", "sha-256=:AAAA:"); }},
      {"digest dropped", [](auto& r) { test::drop(r, "Content-Digest"); }},
      {"digest repeated", [](auto& r) { test::repeat(r, "Content-Digest"); }},
      {"idempotency key", [](auto& r) { test::replace(r, "Idempotency-Key", "key-2"); }},
      {"idempotency key dropped", [](auto& r) { test::drop(r, "Idempotency-Key"); }},
      {"idempotency key repeated", [](auto& r) { test::repeat(r, "Idempotency-Key"); }},
      {"created", [&](auto& r) { edit(r, "Signature-Input", "created=1776700800", "created=1776700801"); }},
      {"expires", [&](auto& r) { edit(r, "Signature-Input", "expires=1776701100", "expires=1776701099"); }},
      {"key id", [&](auto& r) { edit(r, "Signature-Input", "p12315-2026", "p12315-2027"); }},
      {"algorithm", [&](auto& r) { edit(r, "Signature-Input", "alg=\"", "alg=\"x"); }},
      {"nonce", [&](auto& r) { edit(r, "Signature-Input", "nonce=\"", "nonce=\"0"); }},
      {"component dropped", [&](auto& r) { edit(r, "Signature-Input", " \"@query\"", ""); }},
      {"component parameter", [&](auto& r) { edit(r, "Signature-Input", "\"@query\"", "\"@query\";req"); }},
      {"component as token", [&](auto& r) { edit(r, "Signature-Input", "\"idempotency-key\"", "idempotency-key"); }},
      {"parameter repeated", [&](auto& r) { edit(r, "Signature-Input", ";keyid", ";alg=\"a\";keyid"); }},
      {"parameter added", [&](auto& r) { edit(r, "Signature-Input", ";keyid", ";tag=\"a\";keyid"); }},
      {"parameter dropped", [&](auto& r) { edit(r, "Signature-Input", ";created=1776700800", ""); }},
      {"label of the input", [&](auto& r) { edit(r, "Signature-Input", "tongqu=", "sig1="); }},
      {"label of the signature", [&](auto& r) { edit(r, "Signature", "tongqu=", "sig1="); }},
      {"label twice", [&](auto& r) { edit(r, "Signature", "tongqu=", "tongqu=:AAAA:, tongqu="); }},
      {"input twice", [](auto& r) { test::repeat(r, "Signature-Input"); }},
      {"signature twice", [](auto& r) { test::repeat(r, "Signature"); }},
      {"signature dropped", [](auto& r) { test::drop(r, "Signature"); }},
      {"input dropped", [](auto& r) { test::drop(r, "Signature-Input"); }},
      {"signature no bytes", [](auto& r) { test::replace(r, "Signature", "tongqu=\"x\""); }},
      {"signature a list", [](auto& r) { test::replace(r, "Signature", "tongqu=(:AAAA:)"); }},
      {"signature empty", [](auto& r) { test::replace(r, "Signature", "tongqu=::"); }},
      {"input no list", [](auto& r) { test::replace(r, "Signature-Input", "tongqu=1"); }},
      {"line feed in the target", [](auto& r) { r.target += "\n"; }},
  };
  for (const Alteration& c : cases) {
    HttpRequest request = signed_request();
    c.apply(request);
    EXPECT_EQ(code_of((*authenticator_)->authenticate(request)), &codes::kIdentityRefused) << c.name;
  }
}

TEST_P(MessageSignature, AlteredBodyIsNamed) {
  HttpRequest request = signed_request();
  request.body += " ";
  EXPECT_EQ(code_of((*authenticator_)->authenticate(request)), &codes::kIdentityContentDigest);
}

TEST_P(MessageSignature, FlippedSignatureIsRefused) {
  const HttpRequest good = signed_request();
  const auto field = sf::parse_dictionary(header(good.headers, "Signature"));
  ASSERT_TRUE(field.has_value());
  const Bytes signature = std::get<sf::Binary>(field->find("tongqu")->items[0].value).bytes;
  for (std::size_t i = 0; i < signature.size(); i += 7) {
    Bytes altered = signature;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    HttpRequest request = good;
    test::replace(request, "Signature", "tongqu=:" + to_base64(altered) + ":");
    EXPECT_EQ(code_of((*authenticator_)->authenticate(request)), &codes::kIdentityRefused) << i;
  }
}

TEST_P(MessageSignature, WindowEndsWhereItSays) {
  struct Case {
    std::int64_t shift_ms;
    const ErrorCode* code;
  };
  for (const Case& c : {Case{-60'000, nullptr}, Case{-60'001, &codes::kIdentityClock}, Case{360'000, nullptr},
                        Case{360'001, &codes::kIdentityClock}}) {
    const test::ManualClock receiver(Instant{clock_.now().ms + c.shift_ms});
    const auto authenticator = make_message_signature_authenticator(sides_.verify, receiver);
    ASSERT_TRUE(authenticator.has_value());
    const auto result = (*authenticator)->authenticate(signed_request());
    EXPECT_EQ(code_of(result), c.code) << c.shift_ms;
    if (result.has_value()) {
      EXPECT_GT(result->nonce_expires_ms, receiver.now().ms);
    }
  }
  HttpRequest forged = signed_request();
  test::replace(forged, "Signature", "tongqu=:" + to_base64(Bytes(64, 'x')) + ":");
  clock_.advance(10'000'000);
  EXPECT_EQ(code_of((*authenticator_)->authenticate(forged)), &codes::kIdentityRefused) << "the clock is no oracle";
}

TEST_P(MessageSignature, ProfileIsKeptEvenUnderAGoodSignature) {
  const std::string tail = ";nonce=\"0123456789abcdef\";keyid=\"p12315-2026\";alg=\"" + std::string(GetParam()) + "\"";
  const std::vector<std::string> all{"@method", "@path", "@query", "content-digest", "idempotency-key"};
  const std::string listed = R"(("@method" "@path" "@query" "content-digest" "idempotency-key"))";
  const std::string now = ";created=1776700800;expires=1776701100";
  struct Case {
    std::string_view name;
    std::string input;
    std::vector<std::string> components;
    bool good;
  };
  const Case cases[] = {
      {"the profile", listed + now + tail, all, true},
      {"other order of parameters", listed + tail + now, all, true},
      {"no query",
       R"(("@method" "@path" "content-digest" "idempotency-key"))" + now + tail,
       {"@method", "@path", "content-digest", "idempotency-key"},
       false},
      {"no idempotency key",
       R"(("@method" "@path" "@query" "content-digest"))" + now + tail,
       {"@method", "@path", "@query", "content-digest"},
       false},
      {"additional header",
       R"(("@method" "@path" "@query" "content-digest" "idempotency-key" "host"))" + now + tail,
       {"@method", "@path", "@query", "content-digest", "idempotency-key", "host"},
       false},
      {"nothing", "()" + now + tail, {}, false},
      {"life of 301 s", listed + ";created=1776700800;expires=1776701101" + tail, all, false},
      {"expires before created", listed + ";created=1776700800;expires=1776700799" + tail, all, false},
      {"negative time", listed + ";created=-1;expires=100" + tail, all, false},
      {"decimal time", listed + ";created=1776700800.0;expires=1776701100" + tail, all, false},
  };
  for (const Case& c : cases) {
    HttpRequest request = signed_request();
    sign_again(request, c.input, c.components);
    EXPECT_EQ((*authenticator_)->authenticate(request).has_value(), c.good) << c.name;
  }
}

TEST_P(MessageSignature, OtherLabelsArePassedOver) {
  HttpRequest request = signed_request();
  test::replace(request, "Signature-Input",
                "proxy=(\"@method\");keyid=\"p\", " + std::string(header(request.headers, "Signature-Input")));
  test::replace(request, "Signature", "proxy=:AAAA:, " + std::string(header(request.headers, "Signature")));
  EXPECT_EQ(code_of((*authenticator_)->authenticate(request)), nullptr);
}

TEST(MessageSignatureOptions, OnesThatCannotWorkAreRefused) {
  const test::ManualClock clock;
  const std::function<void(MessageSignatureOptions&)> cases[] = {[](auto& o) { o.key_id.clear(); },
                                                                 [](auto& o) { o.key_id = "a b"; },
                                                                 [](auto& o) { o.max_clock_skew_ms = -1; },
                                                                 [](auto& o) { o.max_clock_skew_ms = 300'001; },
                                                                 [](auto& o) { o.life_s = 0; },
                                                                 [](auto& o) { o.life_s = 301; },
                                                                 [](auto& o) { o.key = "no key"; },
                                                                 [](auto& o) { o.algorithm = "rsa-pss-sha512"; },
                                                                 [](auto& o) {
                                                                   o.algorithm = kHmacSha256;
                                                                   o.key = "short";
                                                                 }};
  for (const auto& alter : cases) {
    MessageSignatureOptions altered = options(kEd25519).verify;
    alter(altered);
    EXPECT_TRUE(make_message_signature_authenticator(altered, clock).has_error());
    EXPECT_TRUE(make_message_signature_signer(altered, clock).has_error());
  }
}

// The examples in the body of RFC 9421 whose components this profile can compute.
struct Example {
  HttpRequest request;
  std::vector<std::string> texts;
};
HttpRequest parse_message(std::string_view text) {
  HttpRequest request;
  const auto next_line = [&text] {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
  };
  std::string line = next_line();
  if (line.find(": ") == std::string::npos) {
    request.method = line.substr(0, line.find(' '));
    request.target = line.substr(line.find(' ') + 1, line.rfind(' ') - line.find(' ') - 1);
    line = next_line();
  }
  for (; !line.empty(); line = next_line()) {
    if (line.front() == ' ') {
      request.headers.back().second += " " + line.substr(line.find_first_not_of(' '));
    } else {
      request.headers.emplace_back(line.substr(0, line.find(':')), line.substr(line.find(':') + 1));
    }
  }
  return request;
}
std::vector<std::string> blocks_of(std::string_view anchor) {
  const auto folder = test::data_folder();
  if (!folder) return {};
  const auto document = decode_json(test::read_file(*folder / "http-signatures/rfc9421-body-examples.json"));
  std::vector<std::string> blocks;
  for (const Node& section : children(document->root())) {
    if (section.find("anchor")->text != anchor) continue;
    for (const Node& block : children(*section.find("blocks"))) blocks.emplace_back(block.find("unfolded")->text);
  }
  return blocks;
}

TEST(SignatureBase, ComponentsOfTheStandardsExamples) {
  struct Case {
    std::string_view anchor;
    std::size_t message, text;
  };
  for (const Case& c :
       {Case{"http-fields", 0, 1}, Case{"content-request-method", 0, 2}, Case{"content-request-path", 0, 2},
        Case{"content-request-query", 0, 2}, Case{"content-request-query", 3, 5}, Case{"http-field-structured", 0, 1},
        Case{"http-field-byte-sequence", 0, 2}, Case{"http-field-byte-sequence", 1, 2}}) {
    const auto blocks = blocks_of(c.anchor);
    if (blocks.empty()) GTEST_SKIP() << "no test data";
    const HttpRequest request = parse_message(blocks.at(c.message));
    std::string_view rest = blocks.at(c.text);
    while (!rest.empty()) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(line.size() + 1);
      const auto end = line.find("\": ");
      ASSERT_NE(end, std::string_view::npos);
      EXPECT_EQ(component_value(request, line.substr(1, end - 1)), std::string(line.substr(end + 3))) << c.anchor;
    }
  }
}

TEST(SignatureBase, AbsentPartsAreWrittenAsTheStandardSays) {
  HttpRequest request;
  EXPECT_EQ(component_value(request, "@path"), "/");
  EXPECT_EQ(component_value(request, "@query"), "?");
  EXPECT_EQ(component_value(request, "x"), std::nullopt);
  request.headers = {{"X", "  "}};
  EXPECT_EQ(component_value(request, "x"), "");
  EXPECT_EQ(signature_base(request, {"y"}, "()"), std::nullopt);
}

TEST(SignatureBase, WholeBaseOfTheStandardsExample) {
  const auto blocks = blocks_of("create-sig-input");
  if (blocks.empty()) GTEST_SKIP() << "no test data";
  const HttpRequest request = parse_message(blocks.at(1));
  // "@authority" is not of this profile: its line is left out on both sides.
  std::string expected = blocks.at(2);
  const std::string authority = "\"@authority\": example.com\n";
  expected.erase(expected.find(authority), authority.size());
  const std::string mark = "\"@signature-params\": ";
  const std::string parameters = expected.substr(expected.find(mark) + mark.size());
  const auto base =
      signature_base(request, {"@method", "@path", "content-digest", "content-length", "content-type"}, parameters);
  EXPECT_EQ(base, expected);
}

TEST(SignatureBase, ParametersOfTheStandardsExamplesGoThereAndBack) {
  for (const std::string_view anchor : {"verify", "signature-input-header", "signature-header", "signature-multiple"}) {
    for (const std::string& block : blocks_of(anchor)) {
      const HttpRequest request = parse_message(block);
      for (const std::string_view name : {"signature-input", "signature"}) {
        const auto value = component_value(request, name);
        if (!value || value->find('\\') != std::string::npos) continue;
        const auto field = sf::parse_dictionary(*value);
        ASSERT_TRUE(field.has_value()) << *value;
        std::string again;
        for (const auto& [label, member] : field->members)
          again += (again.empty() ? "" : ", ") + label + "=" + sf::serialize(member);
        EXPECT_EQ(again, *value);
      }
    }
  }
}

}  // namespace
}  // namespace tongqu
