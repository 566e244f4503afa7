// Sealed texts made with openssl enc -aes-128-ecb and -aes-256-cbc.
#include "security/crypto/aes_padded.hpp"

#include <gtest/gtest.h>

namespace tongqu {
namespace {

const Bytes kEcb = *from_base64("MWm/uNxo1m148i6SfiPAyDdyIuBhqSTFkc2cJ+oWPtQ=");
const Bytes kCbc =
    *from_hex("000102030405060708090a0b0c0d0e0f033d4b1d16a5fa4f89a51ab0ae6373cdb77cc1bf271ed7e199b25e08e9a46e4e");
constexpr std::string_view kKey16 = "0123456789abcdef";
constexpr std::string_view kKey32 = "0123456789abcdef0123456789abcdef";

TEST(AesPadded, OpensWhatOpensslSealed) {
  EXPECT_EQ(aes_decrypt(AesMode::kEcb, kKey16, kEcb), "session-secret-1");
  EXPECT_EQ(aes_decrypt(AesMode::kCbc, kKey32, kCbc), "session-secret-1");
}

TEST(AesPadded, GivesNothingForWhatDoesNotFit) {
  EXPECT_FALSE(aes_decrypt(AesMode::kEcb, "0123456789abcdeg", kEcb));    // another key
  EXPECT_FALSE(aes_decrypt(AesMode::kEcb, "short", kEcb));               // no AES key
  EXPECT_FALSE(aes_decrypt(AesMode::kEcb, kKey16, ""));                  // no block
  EXPECT_FALSE(aes_decrypt(AesMode::kEcb, kKey16, kEcb.substr(0, 31)));  // not whole blocks
  EXPECT_FALSE(aes_decrypt(AesMode::kCbc, kKey32, kCbc.substr(0, 16)));  // vector only
  EXPECT_FALSE(aes_decrypt(AesMode::kCbc, kKey32, kCbc.substr(0, 15)));  // not even that
  EXPECT_FALSE(aes_decrypt(AesMode::kEcb, kKey16, Bytes(kMaxAesBytes + 16, 'x')));
}

}  // namespace
}  // namespace tongqu
