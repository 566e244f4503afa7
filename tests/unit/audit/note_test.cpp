#include "security/audit/note.hpp"

#include <gtest/gtest.h>

#include "security/audit/audit_codes.hpp"
#include "security/crypto/crypto_codes.hpp"
#include "tests/support/data.hpp"
#include "tests/unit/audit/audit_fixture.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu {
namespace {

// PKCS #8 around an Ed25519 seed (RFC 8410 section 7).
std::string ed25519_pem(std::string_view seed) {
  const Bytes der = *from_hex("302e020100300506032b657004220420") + Bytes(seed);
  return "-----BEGIN PRIVATE KEY-----\n" + to_base64(der) + "\n-----END PRIVATE KEY-----\n";
}

struct Log {
  NoteSigner signer;
  LogVerifier verifier;
};
Log log_of(SuiteId id, std::string_view origin = test::kOrigin) {
  auto signer = NoteSigner::create(origin, id, test::log_key(id));
  auto verifier = LogVerifier::create(signer->verifier_key_text());
  return {std::move(*signer), std::move(*verifier)};
}

TEST(Notes, SignatureVector) {
  for (const std::string& line : test::data_lines("merkle/signed-note.sign-vector.jsonl")) {
    const auto document = decode_json(line);
    ASSERT_TRUE(document.has_value());
    const Node& one = document->root();
    const std::string_view secret = one.find("signer_key")->text;
    const std::string_view head = "PRIVATE+KEY+PeterNeumann+c74f20a3+";
    ASSERT_TRUE(secret.starts_with(head));
    const Bytes typed_seed = from_base64(secret.substr(head.size())).value_or("?");
    const auto signer = NoteSigner::create("PeterNeumann", SuiteId::kIntl, ed25519_pem(typed_seed.substr(1)));
    ASSERT_TRUE(signer.has_value());
    EXPECT_EQ(signer->verifier_key_text(), one.find("verifier")->text);
    const auto note = signer->sign(one.find("text")->text);
    ASSERT_TRUE(note.has_value());
    EXPECT_EQ(*note, one.find("signed_note")->text);
    const auto verifier = LogVerifier::create(one.find("verifier")->text);
    ASSERT_TRUE(verifier.has_value());
    const auto text = verifier->open(*note);
    ASSERT_TRUE(text.has_value());
    EXPECT_EQ(*text, one.find("text")->text);
  }
}

TEST(Notes, EveryFlippedByteIsFound) {
  for (const SuiteId id : test::kSuites) {
    const Log log = log_of(id);
    const auto note = log.signer.sign(checkpoint_text(test::kOrigin, 7, Digest32{}));
    ASSERT_TRUE(note.has_value());
    ASSERT_TRUE(open_checkpoint(log.verifier, *note).has_value());
    for (std::size_t i = 0; i < note->size(); ++i) {
      for (const int mask : {1, 2, 32, 128}) {
        std::string altered = *note;
        altered[i] = static_cast<char>(altered[i] ^ mask);
        EXPECT_TRUE(open_checkpoint(log.verifier, altered).has_error()) << i;
      }
    }
    for (std::size_t size = 0; size < note->size(); ++size)
      EXPECT_TRUE(open_checkpoint(log.verifier, note->substr(0, size)).has_error()) << size;
  }
}

TEST(Notes, CheckpointGoesThereAndBack) {
  for (const SuiteId id : test::kSuites) {
    const Log log = log_of(id);
    Digest32 root{};
    root[0] = 9;
    const auto note = log.signer.sign(checkpoint_text(test::kOrigin, 123456, root));
    ASSERT_TRUE(note.has_value());
    const auto checkpoint = open_checkpoint(log.verifier, *note);
    ASSERT_TRUE(checkpoint.has_value());
    EXPECT_EQ(checkpoint->origin, test::kOrigin);
    EXPECT_EQ(checkpoint->size, 123456U);
    EXPECT_EQ(checkpoint->root, root);
    EXPECT_EQ(log.verifier.suite().id(), id);
  }
}

TEST(Notes, OtherWitnessesArePassedOver) {
  const Log log = log_of(SuiteId::kIntl);
  const Log witness = log_of(SuiteId::kGm, "witness");
  const std::string text = checkpoint_text(test::kOrigin, 1, Digest32{});
  const auto note = log.signer.sign(text);
  const auto other = witness.signer.sign(text);
  ASSERT_TRUE(note.has_value() && other.has_value());
  const std::string second_line = other->substr(text.size() + 1);
  EXPECT_TRUE(log.verifier.open(*note + second_line).has_value());
  EXPECT_TRUE(witness.verifier.open(*note + second_line).has_value());
  EXPECT_TRUE(witness.verifier.open(*note).has_error());
  std::string crowd = *note;
  for (std::size_t i = 0; i < kMaxNoteSignatures; ++i) crowd += second_line;
  EXPECT_TRUE(log.verifier.open(crowd).has_error());
}

TEST(Notes, SignedTextsThatAreNoCheckpointsAreRefused) {
  const Log log = log_of(SuiteId::kIntl);
  const std::string origin(test::kOrigin);
  const std::string root = to_base64(Bytes(32, '\0'));
  struct Case {
    std::string text;
    const ErrorCode* code;
  };
  const Case cases[] = {
      {origin + "\n", &codes::kAuditCheckpoint},
      {origin + "\n1\n", &codes::kAuditCheckpoint},
      {origin + "\n01\n" + root + "\n", &codes::kAuditCheckpoint},
      {origin + "\n+1\n" + root + "\n", &codes::kAuditCheckpoint},
      {origin + "\n\n" + root + "\n", &codes::kAuditCheckpoint},
      {origin + "\n18446744073709551616\n" + root + "\n", &codes::kAuditCheckpoint},
      {origin + "\n1\n" + to_base64("short") + "\n", &codes::kAuditCheckpoint},
      {origin + "\n1\n" + root + "\nmore\n", &codes::kAuditCheckpoint},
      {"another.log\n1\n" + root + "\n", &codes::kAuditOrigin},
  };
  for (const Case& c : cases) {
    const auto note = log.signer.sign(c.text);
    ASSERT_TRUE(note.has_value()) << c.text;
    const auto opened = open_checkpoint(log.verifier, *note);
    ASSERT_TRUE(opened.has_error()) << c.text;
    EXPECT_EQ(opened.error().code, c.code) << c.text;
  }
}

TEST(Notes, VerifierKeyTextIsStrict) {
  for (const SuiteId id : test::kSuites) {
    const auto text = verifier_key_text(test::kOrigin, id, test::log_key(id));
    ASSERT_TRUE(text.has_value());
    EXPECT_TRUE(LogVerifier::create(*text).has_value());
    EXPECT_TRUE(LogVerifier::create(*text + "\n").has_value());
    EXPECT_TRUE(LogVerifier::create(" " + *text).has_error());
    EXPECT_TRUE(LogVerifier::create("x" + *text).has_error()) << "the key id covers the origin";
    EXPECT_TRUE(LogVerifier::create(text->substr(0, text->size() - 4)).has_error());
    for (std::size_t i = 0; i < text->size(); ++i) {
      std::string altered = *text;
      altered[i] = static_cast<char>(altered[i] ^ 1);
      EXPECT_TRUE(LogVerifier::create(altered).has_error()) << i;
    }
  }
  for (const std::string_view text : {"", "a", "a+b", "a+b+c", "+00000000+AQ==", "a+00000000+", "a+00000000+/w=="}) {
    const auto made = LogVerifier::create(text);
    ASSERT_TRUE(made.has_error());
    EXPECT_EQ(made.error().code, &codes::kAuditKeyText);
  }
}

TEST(Notes, OriginsAreChecked) {
  EXPECT_TRUE(is_origin("通衢日志"));
  for (const std::string& origin : {std::string(), std::string("a b"), std::string("a+b"), std::string("a\nb"),
                                    std::string("a\xE3\x80\x80"), std::string("\xFF"), std::string(201, 'a')}) {
    EXPECT_FALSE(is_origin(origin));
    EXPECT_TRUE(NoteSigner::create(origin, SuiteId::kGm, test::log_key(SuiteId::kGm)).has_error());
    EXPECT_TRUE(verifier_key_text(origin, SuiteId::kGm, test::log_key(SuiteId::kGm)).has_error());
  }
  EXPECT_TRUE(NoteSigner::create("a", SuiteId::kIntl, test::log_key(SuiteId::kGm)).has_error());
}

TEST(Notes, OnlyTextIsSigned) {
  const Log log = log_of(SuiteId::kIntl);
  for (const std::string_view text : {"", "\n", "no line feed", "tab\t\n", "\xFF\n"})
    EXPECT_TRUE(log.signer.sign(text).has_error());
}

}  // namespace
}  // namespace tongqu
