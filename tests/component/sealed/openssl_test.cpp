// Sealed values against the openssl program: what the documents say is enough to open them without Tongqu.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "security/crypto/public_sealing.hpp"
#include "security/crypto/suites.hpp"
#include "tests/support/data.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kContext = "case\nreport.hand-over@1\ninformant.name";
constexpr std::string_view kLabel{"tongqu sealed value v1\0", 23};

class Openssl : public testing::Test {
 protected:
  void write(const std::string& name, std::string_view bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream in(folder_ / name, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
  }
  // In the folder of the test.
  [[nodiscard]] bool openssl(const std::string& arguments) const {
    return std::system(("cd '" + folder_.string() + "' && openssl " + arguments + " 2>errors").c_str()) == 0;
  }
  std::filesystem::path folder_ = test::temporary_folder("sealed");
};

TEST_F(Openssl, DecryptsWhatWasSealedWithSm2) {
  ASSERT_TRUE(openssl("genpkey -algorithm SM2 -out key.pem") && openssl("pkey -in key.pem -pubout -out key.pub"))
      << read("errors");
  const auto sealer = make_public_sealer(SuiteId::kGm, read("key.pub"));
  ASSERT_TRUE(sealer.has_value());
  write("sealed", *(*sealer)->seal(kContext, "李四光"));
  ASSERT_TRUE(openssl("pkeyutl -decrypt -inkey key.pem -in sealed -out plain")) << read("errors");
  const auto suite = make_suite(SuiteId::kGm).value();
  EXPECT_EQ(read("plain"), std::string(as_text(suite->hash({kLabel, kContext}))) + "李四光");
}

TEST_F(Openssl, WhatItEncryptsWithSm2Opens) {
  ASSERT_TRUE(openssl("genpkey -algorithm SM2 -out key.pem") && openssl("pkey -in key.pem -pubout -out key.pub"))
      << read("errors");
  const auto suite = make_suite(SuiteId::kGm).value();
  write("plain", std::string(as_text(suite->hash({kLabel, kContext}))) + "李四光");
  ASSERT_TRUE(openssl("pkeyutl -encrypt -pubin -inkey key.pub -in plain -out sealed")) << read("errors");
  const auto opener = make_public_opener(read("key.pem"));
  ASSERT_TRUE(opener.has_value());
  const auto opened = (*opener)->open(kContext, read("sealed"));
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(*opened, "李四光");
}

// The ciphertext of GCM without its tag is counter mode, which the program has.
TEST_F(Openssl, DerivesTheKeyOfX25519) {
  ASSERT_TRUE(openssl("genpkey -algorithm X25519 -out key.pem") && openssl("pkey -in key.pem -pubout -out key.pub") &&
              openssl("pkey -in key.pem -pubout -outform DER -out key.der"))
      << read("errors");
  const auto sealer = make_public_sealer(SuiteId::kIntl, read("key.pub"));
  ASSERT_TRUE(sealer.has_value());
  const Bytes sealed = *(*sealer)->seal(kContext, "李四光");
  const std::string der = read("key.der");
  const std::string head = der.substr(0, der.size() - 32);  // SubjectPublicKeyInfo up to the point
  write("peer.der", head + sealed.substr(0, 32));
  ASSERT_TRUE(openssl("pkeyutl -derive -inkey key.pem -peerform DER -peerkey peer.der -out secret")) << read("errors");
  const std::string info =
      std::string(kLabel) + sealed.substr(0, 32) + der.substr(der.size() - 32) + std::string(kContext);
  ASSERT_TRUE(openssl("kdf -keylen 44 -kdfopt digest:SHA256 -kdfopt hexkey:" + to_hex(read("secret")) +
                      " -kdfopt hexinfo:" + to_hex(info) + " -binary -out keys HKDF"))
      << read("errors");
  const std::string keys = read("keys");
  ASSERT_EQ(keys.size(), 44U);
  write("ciphertext", sealed.substr(32, sealed.size() - 48));
  ASSERT_TRUE(openssl("enc -d -aes-256-ctr -nopad -in ciphertext -out plain -K " + to_hex(keys.substr(0, 32)) +
                      " -iv " + to_hex(keys.substr(32)) + "00000002"))
      << read("errors");
  EXPECT_EQ(read("plain"), "李四光");
}

TEST_F(Openssl, AnExpiredCertificateSaysSo) {
  ASSERT_TRUE(openssl("genpkey -algorithm SM2 -out key.pem") &&
              openssl("req -new -x509 -key key.pem -sm3 -sigopt distid:1234567812345678 -days 10 -subj /CN=officer "
                      "-out officer.crt"))
      << read("errors");
  const auto sealer = make_public_sealer(SuiteId::kGm, read("officer.crt"));
  ASSERT_TRUE(sealer.has_value());
  ASSERT_TRUE((*sealer)->expires().has_value());
  EXPECT_NEAR(static_cast<double>((*sealer)->expires()->ms - SystemClock().now().ms), 10.0 * 24 * 3600 * 1000, 60e3);
  const auto opener = make_public_opener(read("key.pem"));
  EXPECT_EQ((*opener)->key_id(), (*sealer)->key_id());
}

}  // namespace
}  // namespace tongqu
