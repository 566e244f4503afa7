#include "security/crypto/keys.hpp"

#include <gtest/gtest.h>

#include "security/crypto/crypto_codes.hpp"
#include "tests/support/data.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kAlgorithms[] = {kSm2Sm3, kEd25519, kEcdsaP256Sha256};

// The public key of GB/T 32918.5 Annex A: the point of the private key 3945208F….
constexpr std::string_view kStandardPoint =
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";

// DER of SEQUENCE{INTEGER r, INTEGER s} out of hex numbers of 32 bytes.
Bytes der_signature(std::string_view r, std::string_view s) {
  Bytes body;
  for (const std::string_view part : {r, s}) {
    Bytes value = *from_hex(part);
    if (static_cast<unsigned char>(value[0]) >= 0x80) value.insert(value.begin(), '\0');
    body.push_back(2);
    body.push_back(static_cast<char>(value.size()));
    body += value;
  }
  return Bytes("\x30") + static_cast<char>(body.size()) + body;
}

TEST(Keys, SignatureOfTheSm2StandardVerifies) {
  const auto verifier = make_verifier_from_raw(kSm2Sm3, *from_hex(kStandardPoint));
  ASSERT_TRUE(verifier.has_value());
  const Bytes signature = der_signature("f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3",
                                        "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa");
  EXPECT_TRUE((*verifier)->verify("message digest", signature));
  EXPECT_FALSE((*verifier)->verify("message digesu", signature));
  for (std::size_t i = 0; i < signature.size(); ++i) {
    Bytes altered = signature;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_FALSE((*verifier)->verify("message digest", altered)) << i;
  }
}

TEST(Keys, SignatureOfTheSharedVectorVerifies) {
  const auto folder = test::data_folder();
  if (!folder) GTEST_SKIP() << "no test data";
  const auto document = decode_json(test::read_file(*folder / "crypto/sm2_gbt32918_5.json"));
  ASSERT_TRUE(document.has_value());
  const Node& sign = *document->root().find("sign");
  ASSERT_EQ(sign.find("id")->text, "1234567812345678");
  const auto verifier = make_verifier_from_raw(kSm2Sm3, *from_hex(kStandardPoint));
  ASSERT_TRUE(verifier.has_value());
  EXPECT_TRUE(
      (*verifier)->verify(sign.find("message")->text, der_signature(sign.find("r")->text, sign.find("s")->text)));
}

TEST(Keys, WhatIsSignedVerifiesAndNothingElse) {
  for (const std::string_view algorithm : kAlgorithms) {
    const auto pair = generate_key(algorithm);
    const auto other = generate_key(algorithm);
    ASSERT_TRUE(pair.has_value() && other.has_value()) << algorithm;
    const auto signer = make_signer(algorithm, pair->private_pem);
    const auto verifier = make_verifier(algorithm, pair->public_pem);
    const auto stranger = make_verifier(algorithm, other->public_pem);
    ASSERT_TRUE(signer.has_value() && verifier.has_value() && stranger.has_value()) << algorithm;
    EXPECT_EQ((*signer)->algorithm(), algorithm);
    EXPECT_EQ((*verifier)->algorithm(), algorithm);
    for (const std::string& message : {std::string(), std::string("a"), std::string(5000, 'x')}) {
      const auto signature = (*signer)->sign(message);
      ASSERT_TRUE(signature.has_value()) << algorithm;
      EXPECT_TRUE((*verifier)->verify(message, *signature)) << algorithm;
      EXPECT_FALSE((*verifier)->verify(message + "!", *signature)) << algorithm;
      EXPECT_FALSE((*stranger)->verify(message, *signature)) << algorithm;
      EXPECT_FALSE((*verifier)->verify(message, signature->substr(1))) << algorithm;
      EXPECT_FALSE((*verifier)->verify(message, *signature + "x")) << algorithm;
      EXPECT_FALSE((*verifier)->verify(message, "")) << algorithm;
      if (algorithm != kSm2Sm3) {
        EXPECT_EQ(signature->size(), 64U) << algorithm;
      }
    }
  }
}

TEST(Keys, EveryFlippedByteOfASignatureIsFound) {
  for (const std::string_view algorithm : kAlgorithms) {
    const auto pair = generate_key(algorithm);
    ASSERT_TRUE(pair.has_value());
    const auto signer = make_signer(algorithm, pair->private_pem);
    const auto verifier = make_verifier(algorithm, pair->public_pem);
    ASSERT_TRUE(signer.has_value() && verifier.has_value());
    const auto signature = (*signer)->sign("message");
    ASSERT_TRUE(signature.has_value());
    for (std::size_t i = 0; i < signature->size(); ++i) {
      Bytes altered = *signature;
      altered[i] = static_cast<char>(altered[i] ^ 0x80);
      EXPECT_FALSE((*verifier)->verify("message", altered)) << algorithm << ' ' << i;
    }
  }
}

TEST(Keys, RawPublicKeysGoThereAndBack) {
  for (const std::string_view algorithm : kAlgorithms) {
    const auto pair = generate_key(algorithm);
    ASSERT_TRUE(pair.has_value());
    const auto of_private = public_key_raw(algorithm, pair->private_pem);
    const auto of_public = public_key_raw(algorithm, pair->public_pem);
    ASSERT_TRUE(of_private.has_value() && of_public.has_value()) << algorithm;
    EXPECT_EQ(*of_private, *of_public);
    EXPECT_EQ(of_public->size(), algorithm == kEd25519 ? 32U : 65U);
    const auto verifier = make_verifier_from_raw(algorithm, *of_public);
    const auto signer = make_signer(algorithm, pair->private_pem);
    ASSERT_TRUE(verifier.has_value() && signer.has_value());
    const auto signature = (*signer)->sign("m");
    ASSERT_TRUE(signature.has_value());
    EXPECT_TRUE((*verifier)->verify("m", *signature));
  }
}

TEST(Keys, KeyOfAnotherAlgorithmIsRefused) {
  for (const std::string_view made : kAlgorithms) {
    const auto pair = generate_key(made);
    ASSERT_TRUE(pair.has_value());
    for (const std::string_view asked : kAlgorithms) {
      if (asked == made) continue;
      const auto signer = make_signer(asked, pair->private_pem);
      ASSERT_TRUE(signer.has_error()) << made << " as " << asked;
      EXPECT_EQ(signer.error().code, &codes::kCryptoKey);
      EXPECT_TRUE(make_verifier(asked, pair->public_pem).has_error()) << made << " as " << asked;
      EXPECT_TRUE(public_key_raw(asked, pair->public_pem).has_error()) << made << " as " << asked;
    }
  }
}

TEST(Keys, TextsThatAreNoKeysAreRefused) {
  const auto pair = generate_key(kSm2Sm3);
  ASSERT_TRUE(pair.has_value());
  const std::string cases[] = {"",
                               "no key",
                               pair->private_pem.substr(0, 60),
                               pair->public_pem,
                               std::string(kMaxPemBytes + 1, 'A'),
                               "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"};
  for (const std::string& text : cases) {
    const auto signer = make_signer(kSm2Sm3, text);
    ASSERT_TRUE(signer.has_error());
    EXPECT_EQ(signer.error().code, &codes::kCryptoKey);
  }
  Bytes off_curve = *from_hex(kStandardPoint);
  off_curve.back() = static_cast<char>(off_curve.back() ^ 1);
  EXPECT_TRUE(make_verifier_from_raw(kSm2Sm3, off_curve).has_error());
  EXPECT_TRUE(make_verifier_from_raw(kSm2Sm3, "short").has_error());
  EXPECT_TRUE(make_verifier_from_raw(kEd25519, Bytes(33, 'k')).has_error());
}

TEST(Keys, UnknownAlgorithmIsRefused) {
  for (const std::string_view name : {"", "rsa-pss-sha512", "SM2-SM3", "hmac-sha256"}) {
    const auto made = generate_key(name);
    ASSERT_TRUE(made.has_error());
    EXPECT_EQ(made.error().code, &codes::kCryptoUnavailable);
    EXPECT_TRUE(make_signer(name, "").has_error());
    EXPECT_TRUE(make_verifier(name, "").has_error());
    EXPECT_TRUE(make_verifier_from_raw(name, "").has_error());
    EXPECT_TRUE(public_key_raw(name, "").has_error());
  }
}

}  // namespace
}  // namespace tongqu
