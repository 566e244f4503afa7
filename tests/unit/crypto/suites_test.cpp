#include "security/crypto/suites.hpp"

#include <gtest/gtest.h>

#include "security/crypto/ciphers.hpp"
#include "security/crypto/crypto_codes.hpp"
#include "tests/support/data.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu {
namespace {

std::unique_ptr<Suite> suite(SuiteId id) {
  auto made = make_suite(id);
  return made.has_value() ? std::move(*made) : nullptr;
}
std::string hex(const Digest32& digest) { return to_hex(as_text(digest)); }
std::string repeat(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}
std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}
Bytes hex_member(const Node& node, std::string_view name) { return from_hex(node.find(name)->text).value_or("?"); }

TEST(Suites, RunningHashIsTheHashOfTheWhole) {
  for (const SuiteId id : {SuiteId::kGm, SuiteId::kIntl}) {
    const auto made = suite(id);
    const auto running = made->start_hash();
    running->update("abc");
    running->update("");
    const Digest32 other = made->hash({"in between"});  // does not disturb the one that runs
    running->update(repeat("abcd", 1000));
    EXPECT_EQ(running->finish(), made->hash({"abc", repeat("abcd", 1000)}));
    EXPECT_NE(other, made->hash({"abc"}));
  }
}
TEST(Suites, HashKnownTexts) {
  struct Case {
    SuiteId id;
    std::string text;
    std::string_view digest;
  };
  const Case cases[] = {
      {SuiteId::kGm, "abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"},
      {SuiteId::kGm, repeat("abcd", 16), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"},
      {SuiteId::kIntl, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {SuiteId::kIntl, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
  };
  for (const Case& c : cases) EXPECT_EQ(hex(suite(c.id)->hash({c.text})), c.digest) << c.text;
}

TEST(Suites, KeyedHashOfTheDomainGuide) {
  EXPECT_EQ(hex(suite(SuiteId::kGm)->hmac("0123456789abcdef", {"abc"})),
            "7f121eb91c94ccf54bf5d4e639f4e96eaa77bb2f0f52f875fc7c17ca0688278c");
}

TEST(Suites, PartsAreOneText) {
  const std::string text = repeat("0123456789", 30);
  for (const SuiteId id : {SuiteId::kGm, SuiteId::kIntl}) {
    const auto s = suite(id);
    for (const std::size_t cut : {0U, 1U, 63U, 64U, 65U, 300U}) {
      const std::string_view head = std::string_view(text).substr(0, cut);
      const std::string_view tail = std::string_view(text).substr(cut);
      EXPECT_EQ(s->hash({head, tail}), s->hash({text}));
      EXPECT_EQ(s->hmac("key", {head, {}, tail}), s->hmac("key", {text}));
    }
  }
}

TEST(Suites, InterleaveOnOneThread) {
  const auto gm = suite(SuiteId::kGm);
  const auto intl = suite(SuiteId::kIntl);
  const Digest32 first = gm->hash({"x"});
  const Digest32 second = intl->hash({"x"});
  EXPECT_NE(first, second);
  EXPECT_EQ(gm->hash({"x"}), first);
  EXPECT_EQ(intl->hash({"x"}), second);
}

TEST(Suites, NamesGoThereAndBack) {
  for (const SuiteId id : {SuiteId::kGm, SuiteId::kIntl}) {
    EXPECT_EQ(suite_from_name(name_of(id)), id);
    EXPECT_EQ(suite(id)->id(), id);
  }
  EXPECT_EQ(suite_from_name("GM"), std::nullopt);
  EXPECT_EQ(suite(SuiteId::kGm)->hash_name(), "sm3");
  EXPECT_EQ(suite(SuiteId::kIntl)->hash_name(), "sha-256");
}

// Blocks "Name = value" of the data files that Tongsuo carries.
struct Block {
  std::string algorithm, input, key, output;
};
std::vector<Block> read_blocks(const std::string& file, const std::string& kind) {
  std::vector<Block> blocks;
  for (const std::string& line : test::data_lines(file)) {
    const auto at = line.find(" = ");
    if (at == std::string::npos) continue;
    const std::string name = line.substr(0, at);
    const std::string value = line.substr(at + 3);
    if (name == kind) blocks.push_back({kind == "Digest" ? value : "", "", "", ""});
    if (blocks.empty()) continue;
    const bool quoted = value.starts_with('"');
    const Bytes bytes = quoted ? value.substr(1, value.size() - 2) : from_hex(value).value_or("");
    if (name == "Algorithm") blocks.back().algorithm = value;
    if (name == "Input") blocks.back().input += bytes;
    if (name == "Key") blocks.back().key = bytes;
    if (name == "Output") blocks.back().output = lower(value);
  }
  return blocks;
}

TEST(Suites, DigestsOfTongsuo) {
  const auto gm = suite(SuiteId::kGm);
  int checked = 0;
  for (const Block& block : read_blocks("crypto/tongsuo/evpmd_sm3.txt", "Digest")) {
    if (lower(block.algorithm) != "sm3") continue;
    EXPECT_EQ(hex(gm->hash({block.input})), block.output);
    ++checked;
  }
  if (test::data_folder()) {
    EXPECT_GE(checked, 8);
  }
}

TEST(Suites, KeyedHashesOfTongsuo) {
  const auto gm = suite(SuiteId::kGm);
  const auto blocks = read_blocks("crypto/tongsuo/evpmac_sm3.txt", "MAC");
  for (const Block& block : blocks) EXPECT_EQ(hex(gm->hmac(block.key, {block.input})), block.output);
  if (test::data_folder()) {
    EXPECT_EQ(blocks.size(), 4U);
  }
}

void check_wycheproof_mac(const std::string& file, SuiteId id) {
  const auto folder = test::data_folder();
  if (!folder) GTEST_SKIP() << "no test data";
  const auto document = decode_json(test::read_file(*folder / file));
  ASSERT_TRUE(document.has_value());
  const auto s = suite(id);
  int checked = 0;
  for (const Node& group : children(*document->root().find("testGroups"))) {
    for (const Node& one : children(*group.find("tests"))) {
      const Bytes tag = hex_member(one, "tag");
      const Digest32 mac = s->hmac(hex_member(one, "key"), {hex_member(one, "msg")});
      const bool good = equal_constant_time(as_text(mac).substr(0, tag.size()), tag);
      EXPECT_EQ(good, one.find("result")->text == "valid") << one.find("tcId")->text;
      ++checked;
    }
  }
  EXPECT_EQ(checked, 174);
}

TEST(Suites, KeyedHashesOfWycheproofSm3) { check_wycheproof_mac("crypto/wycheproof/hmac_sm3_test.json", SuiteId::kGm); }
TEST(Suites, KeyedHashesOfWycheproofSha256) {
  check_wycheproof_mac("crypto/wycheproof/hmac_sha256_test.json", SuiteId::kIntl);
}

TEST(Ciphers, Sm4BlockOfTheStandard) {
  const auto ciphers = Ciphers::create();
  ASSERT_TRUE(ciphers.has_value());
  const Bytes key = *from_hex("0123456789abcdeffedcba9876543210");
  Bytes out = "head";
  // Counter mode over zeros is the encrypted counter block itself.
  ASSERT_TRUE(ciphers->sm4_ctr(key, key, Bytes(16, '\0'), out));
  EXPECT_EQ(to_hex(out), to_hex("head") + "681edf34d206965e86b3e94f536e4246");
}

TEST(Ciphers, WrongSizesAreRefused) {
  const auto ciphers = Ciphers::create();
  ASSERT_TRUE(ciphers.has_value());
  Bytes out;
  EXPECT_FALSE(ciphers->sm4_ctr(Bytes(15, 'k'), Bytes(16, 'n'), "x", out));
  EXPECT_FALSE(ciphers->sm4_ctr(Bytes(16, 'k'), Bytes(12, 'n'), "x", out));
  EXPECT_FALSE(ciphers->gcm_seal(Bytes(16, 'k'), Bytes(12, 'n'), "", "x", out));
  EXPECT_FALSE(ciphers->gcm_seal(Bytes(32, 'k'), Bytes(16, 'n'), "", "x", out));
  EXPECT_FALSE(ciphers->gcm_open(Bytes(32, 'k'), Bytes(12, 'n'), "", "short", out));
  EXPECT_TRUE(out.empty());
}

TEST(Ciphers, GcmOfWycheproof) {
  const auto folder = test::data_folder();
  if (!folder) GTEST_SKIP() << "no test data";
  const auto document = decode_json(test::read_file(*folder / "crypto/wycheproof/aes_gcm_test.json"));
  ASSERT_TRUE(document.has_value());
  const auto ciphers = Ciphers::create();
  ASSERT_TRUE(ciphers.has_value());
  int checked = 0;
  for (const Node& group : children(*document->root().find("testGroups"))) {
    if (group.find("keySize")->text != "256" || group.find("ivSize")->text != "96") continue;
    for (const Node& one : children(*group.find("tests"))) {
      const Bytes key = hex_member(one, "key"), nonce = hex_member(one, "iv"), aad = hex_member(one, "aad");
      const Bytes sealed = hex_member(one, "ct") + hex_member(one, "tag");
      Bytes plain;
      const bool valid = one.find("result")->text == "valid";
      EXPECT_EQ(ciphers->gcm_open(key, nonce, aad, sealed, plain), valid) << one.find("tcId")->text;
      EXPECT_EQ(plain, valid ? hex_member(one, "msg") : "");
      Bytes again;
      if (valid) {
        EXPECT_TRUE(ciphers->gcm_seal(key, nonce, aad, plain, again));
        EXPECT_EQ(again, sealed);
      }
      ++checked;
    }
  }
  EXPECT_EQ(checked, 66);
}

TEST(CryptoCodes, AreUniqueAndBilingual) {
  std::vector<std::string_view> ids;
  for (const ErrorCode* code : codes::crypto_codes()) {
    EXPECT_FALSE(code->en.empty());
    EXPECT_FALSE(code->zh.empty());
    ids.push_back(code->id);
  }
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(std::unique(ids.begin(), ids.end()), ids.end());
}

}  // namespace
}  // namespace tongqu
