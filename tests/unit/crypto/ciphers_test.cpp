#include "security/crypto/ciphers.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <random>

#include "security/crypto/random.hpp"

namespace tongqu {
namespace {

std::string bytes(std::mt19937& random, std::size_t size) {
  std::string out(size, '\0');
  for (char& c : out) c = static_cast<char>(random());
  return out;
}

const unsigned char* raw(const std::string& text) { return reinterpret_cast<const unsigned char*>(text.data()); }

// The other library's answer.
std::string openssl_sm4_ctr(const std::string& key, const std::string& counter, const std::string& in) {
  std::string out(in.size(), '\0');
  const std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  int size = 0;
  EXPECT_EQ(EVP_EncryptInit_ex(context.get(), EVP_sm4_ctr(), nullptr, raw(key), raw(counter)), 1);
  EXPECT_EQ(EVP_EncryptUpdate(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, raw(in),
                              static_cast<int>(in.size())),
            1);
  return out;
}

TEST(Ciphers, Sm4AgreesWithTheOtherLibrary) {
  std::mt19937 random(4);
  const auto ciphers = Ciphers::create();
  ASSERT_TRUE(ciphers.has_value());
  for (std::size_t size = 0; size < 700; size += size < 40 ? 1 : 13) {
    const std::string key = bytes(random, kSm4KeyBytes);
    std::string counter = bytes(random, kSm4CounterBytes);
    // The counter is one number of 128 bits: its carry goes all the way.
    if (size % 3 == 0) counter.replace(4, 12, std::string(12, '\xff'));
    if (size % 7 == 0) counter.assign(kSm4CounterBytes, '\xff');
    const std::string in = bytes(random, size);
    Bytes out = "before";
    ASSERT_TRUE(ciphers->sm4_ctr(key, counter, in, out));
    EXPECT_EQ(out, "before" + openssl_sm4_ctr(key, counter, in)) << size;
  }
}

TEST(Ciphers, WrongSizesAreRefused) {
  const auto ciphers = Ciphers::create();
  ASSERT_TRUE(ciphers.has_value());
  Bytes out = "before";
  EXPECT_FALSE(ciphers->sm4_ctr("short", Bytes(kSm4CounterBytes, 'c'), "text", out));
  EXPECT_FALSE(ciphers->sm4_ctr(Bytes(kSm4KeyBytes, 'k'), "short", "text", out));
  EXPECT_EQ(out, "before");
}

TEST(RandomBytes, GivesNoByteTwice) {
  // Far more than one supply, in pieces of several sizes; pieces of 16 bytes that repeat would show a reuse.
  std::set<Bytes> pieces;
  std::size_t count = 0;
  for (int round = 0; round < 300; ++round) {
    for (const std::size_t size : {16U, 12U, 32U, 255U, 256U, 257U, 3000U}) {
      const auto made = random_bytes(size);
      ASSERT_TRUE(made.has_value());
      ASSERT_EQ(made->size(), size);
      for (std::size_t at = 0; at + 12 <= size; at += 12, ++count) pieces.insert(made->substr(at, 12));
    }
  }
  EXPECT_EQ(pieces.size(), count);
}

}  // namespace
}  // namespace tongqu
