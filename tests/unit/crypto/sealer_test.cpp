#include "security/crypto/sealer.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "security/crypto/crypto_codes.hpp"
#include "security/crypto/random.hpp"
#include "security/crypto/sealing.hpp"
#include "tests/support/data.hpp"
#include "tests/support/manual_clock.hpp"

namespace tongqu {
namespace {

const ExchangeId kExchange{"01HF7YAT00ABCDEFGHJKMNPQRS"};
const ExchangeId kOther{"01HF7YAT00ABCDEFGHJKMNPQRT"};
constexpr SuiteId kSuites[] = {SuiteId::kGm, SuiteId::kIntl};

std::unique_ptr<Sealer> sealer(SuiteId suite, const std::filesystem::path& folder, const Clock& clock,
                               char master = 'm') {
  auto files = open_month_key_files(folder);
  if (files.has_error()) return nullptr;
  auto made = make_sealer(suite, Bytes(32, master), std::move(*files), clock);
  return made.has_value() ? std::move(*made) : nullptr;
}

std::filesystem::path key_file(const std::filesystem::path& folder, const std::string& month) {
  return folder / ("month-" + month + ".key");
}

class EachSuite : public testing::TestWithParam<SuiteId> {
 protected:
  std::filesystem::path folder_ = test::temporary_folder("sealer") / "keys";
  test::ManualClock clock_;
  std::unique_ptr<Sealer> sealer_ = sealer(GetParam(), folder_, clock_);
};
INSTANTIATE_TEST_SUITE_P(Sealer, EachSuite, testing::ValuesIn(kSuites),
                         [](const auto& p) { return p.param == SuiteId::kGm ? "Gm" : "Intl"; });

TEST_P(EachSuite, OpensWhatItSealed) {
  const auto key = sealer_->make_key(kExchange);
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(key->plain.size(), 32U);
  for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 2048U, 100'000U}) {
    const Bytes plain(size, 'p');
    const auto sealed = sealer_->seal(*key, "record", plain);
    ASSERT_TRUE(sealed.has_value());
    EXPECT_EQ(sealed->size(), size + (GetParam() == SuiteId::kGm ? 2 + 16 + 32 : 2 + 12 + 16));
    const auto opened = sealer_->open(*key, "record", *sealed);
    ASSERT_TRUE(opened.has_value());
    EXPECT_EQ(*opened, plain);
  }
}

TEST_P(EachSuite, EveryFlippedByteIsFound) {
  const auto key = sealer_->make_key(kExchange);
  ASSERT_TRUE(key.has_value());
  const auto sealed = sealer_->seal(*key, "record", "some content of a record");
  ASSERT_TRUE(sealed.has_value());
  for (std::size_t i = 0; i < sealed->size(); ++i) {
    for (const int mask : {1, 3, 128}) {
      Bytes altered = *sealed;
      altered[i] = static_cast<char>(altered[i] ^ mask);
      const auto opened = sealer_->open(*key, "record", altered);
      ASSERT_TRUE(opened.has_error()) << i;
      EXPECT_EQ(opened.error().code, &codes::kCryptoSealed);
    }
  }
  for (std::size_t size = 0; size < sealed->size(); ++size)
    EXPECT_TRUE(sealer_->open(*key, "record", sealed->substr(0, size)).has_error()) << size;
  EXPECT_TRUE(sealer_->open(*key, "record", *sealed + "x").has_error());
}

TEST_P(EachSuite, BlobOpensOnlyWhereItBelongs) {
  const auto key = sealer_->make_key(kExchange);
  const auto other = sealer_->make_key(kExchange);
  ASSERT_TRUE(key.has_value() && other.has_value());
  const auto sealed = sealer_->seal(*key, "out/a", "x");
  ASSERT_TRUE(sealed.has_value());
  EXPECT_TRUE(sealer_->open(*key, "out/a", *sealed).has_value());
  EXPECT_TRUE(sealer_->open(*key, "out/b", *sealed).has_error());
  EXPECT_TRUE(sealer_->open(*key, "out/", *sealed).has_error());
  EXPECT_TRUE(sealer_->open(*key, "", *sealed).has_error());
  EXPECT_TRUE(sealer_->open(*other, "out/a", *sealed).has_error());
  const SealKey elsewhere{kOther, key->wrapped, key->plain};
  EXPECT_TRUE(sealer_->open(elsewhere, "out/a", *sealed).has_error());
  // The border between context and exchange is authenticated too.
  const SealKey shifted{ExchangeId("a" + kExchange.str()), key->wrapped, key->plain};
  EXPECT_TRUE(sealer_->open(shifted, "out/", *sealed).has_error());
}

TEST_P(EachSuite, EqualContentsLookDifferent) {
  const auto key = sealer_->make_key(kExchange);
  ASSERT_TRUE(key.has_value());
  const auto first = sealer_->seal(*key, "record", "same");
  const auto second = sealer_->seal(*key, "record", "same");
  ASSERT_TRUE(first.has_value() && second.has_value());
  EXPECT_NE(*first, *second);
}

TEST_P(EachSuite, UnwrapsItsKeys) {
  const auto key = sealer_->make_key(kExchange);
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(key->wrapped.find(key->plain), Bytes::npos);
  const auto again = sealer_->unwrap(kExchange, key->wrapped);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->plain, key->plain);
  EXPECT_EQ(again->wrapped, key->wrapped);
  EXPECT_EQ(again->exchange, kExchange);
  const auto elsewhere = sealer_->unwrap(kOther, key->wrapped);
  ASSERT_TRUE(elsewhere.has_error());
  EXPECT_EQ(elsewhere.error().code, &codes::kCryptoWrapped);
}

TEST_P(EachSuite, EveryFlippedByteOfAWrappedKeyIsFound) {
  const auto key = sealer_->make_key(kExchange);
  ASSERT_TRUE(key.has_value());
  for (std::size_t i = 0; i < key->wrapped.size(); ++i) {
    Bytes altered = key->wrapped;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    const auto opened = sealer_->unwrap(kExchange, altered);
    ASSERT_TRUE(opened.has_error()) << i;
    EXPECT_EQ(opened.error().kind(), ErrorKind::kCorrupt) << i;
  }
  for (std::size_t size = 0; size < key->wrapped.size(); ++size)
    EXPECT_TRUE(sealer_->unwrap(kExchange, key->wrapped.substr(0, size)).has_error());
}

TEST_P(EachSuite, SurvivesARestart) {
  const auto key = sealer_->make_key(kExchange);
  ASSERT_TRUE(key.has_value());
  const auto sealed = sealer_->seal(*key, "record", "content");
  ASSERT_TRUE(sealed.has_value());
  const auto again = sealer(GetParam(), folder_, clock_);
  const auto unwrapped = again->unwrap(kExchange, key->wrapped);
  ASSERT_TRUE(unwrapped.has_value());
  const auto opened = again->open(*unwrapped, "record", *sealed);
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(*opened, "content");
}

TEST_P(EachSuite, OpensWhatTheOtherSuiteSealed) {
  const auto key = sealer_->make_key(kExchange);
  ASSERT_TRUE(key.has_value());
  const auto sealed = sealer_->seal(*key, "record", "content");
  ASSERT_TRUE(sealed.has_value());
  const auto switched = sealer(GetParam() == SuiteId::kGm ? SuiteId::kIntl : SuiteId::kGm, folder_, clock_);
  const auto unwrapped = switched->unwrap(kExchange, key->wrapped);
  ASSERT_TRUE(unwrapped.has_value());
  EXPECT_TRUE(switched->open(*unwrapped, "record", *sealed).has_value());
}

TEST_P(EachSuite, OneKeyEachMonth) {
  EXPECT_FALSE(std::filesystem::exists(key_file(folder_, "2026-04")));
  ASSERT_TRUE(sealer_->make_key(kExchange).has_value());
  ASSERT_TRUE(sealer_->make_key(kOther).has_value());
  EXPECT_TRUE(std::filesystem::exists(key_file(folder_, "2026-04")));
  const std::int64_t kEndOfApril = 1'777'564'800'000;  // 2026-05-01T00:00:00+08:00
  clock_.advance(kEndOfApril - clock_.now().ms - 1);
  ASSERT_TRUE(sealer_->make_key(kExchange).has_value());
  EXPECT_FALSE(std::filesystem::exists(key_file(folder_, "2026-05")));
  clock_.advance(1);
  const auto may = sealer_->make_key(kExchange);
  ASSERT_TRUE(may.has_value());
  EXPECT_EQ(may->wrapped.substr(1, 7), "2026-05");
  EXPECT_TRUE(std::filesystem::exists(key_file(folder_, "2026-05")));
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    struct stat status{};
    ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    ++files;
  }
  EXPECT_EQ(files, 2U);
}

TEST_P(EachSuite, MissingOrAlteredMonthKeyIsNamed) {
  const auto key = sealer_->make_key(kExchange);
  ASSERT_TRUE(key.has_value());
  const auto file = key_file(folder_, "2026-04");
  Bytes content = test::read_file(file);
  content[10] = static_cast<char>(content[10] ^ 1);
  std::ofstream(file, std::ios::binary) << content;
  const auto altered = sealer(GetParam(), folder_, clock_)->unwrap(kExchange, key->wrapped);
  ASSERT_TRUE(altered.has_error());
  EXPECT_EQ(altered.error().code, &codes::kCryptoMonthKey);
  EXPECT_EQ(altered.error().param, "2026-04");
  std::filesystem::remove(file);
  const auto missing = sealer(GetParam(), folder_, clock_)->unwrap(kExchange, key->wrapped);
  ASSERT_TRUE(missing.has_error());
  EXPECT_EQ(missing.error().code, &codes::kCryptoMonthKey);
  EXPECT_FALSE(std::filesystem::exists(file)) << "unwrapping must not make keys";
}

TEST_P(EachSuite, AnotherMasterKeyOpensNothing) {
  const auto key = sealer_->make_key(kExchange);
  ASSERT_TRUE(key.has_value());
  const auto stranger = sealer(GetParam(), folder_, clock_, 'x');
  const auto opened = stranger->unwrap(kExchange, key->wrapped);
  ASSERT_TRUE(opened.has_error());
  EXPECT_EQ(opened.error().code, &codes::kCryptoMonthKey);
  EXPECT_TRUE(stranger->make_key(kOther).has_error()) << "and must not replace the key either";
}

TEST_P(EachSuite, RacingMakersShareTheMonthKey) {
  // Two sealers stand for two processes; each thread's key must open with the other sealer.
  const auto second = sealer(GetParam(), folder_, clock_);
  std::vector<Bytes> wrapped(8);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < wrapped.size(); ++i) {
      threads.emplace_back([&, i] {
        const auto key = (i % 2 == 0 ? sealer_ : second)->make_key(kExchange);
        if (key.has_value()) wrapped[i] = key->wrapped;
      });
    }
  }
  const auto third = sealer(GetParam(), folder_, clock_);
  for (const Bytes& w : wrapped) EXPECT_TRUE(third->unwrap(kExchange, w).has_value());
}

TEST(MonthKeyFiles, FirstKeyOfAMonthStays) {
  const auto folder = test::temporary_folder("months") / "deep" / "keys";
  const auto files = open_month_key_files(folder);
  ASSERT_TRUE(files.has_value());
  const auto none = (*files)->load("2026-11");
  ASSERT_TRUE(none.has_value());
  EXPECT_FALSE(none->has_value());
  const auto first = (*files)->keep("2026-11", "one");
  const auto second = (*files)->keep("2026-11", "two");
  ASSERT_TRUE(first.has_value() && second.has_value());
  EXPECT_EQ(*first, "one");
  EXPECT_EQ(*second, "one");
}

TEST(MonthKeyFiles, RefusesOddNamesAndFiles) {
  const auto folder = test::temporary_folder("months");
  const auto files = open_month_key_files(folder);
  ASSERT_TRUE(files.has_value());
  for (const std::string_view month : {"", "2026-13", "2026-00", "../../x", "2026-1", "2026/11", "x026-11"}) {
    EXPECT_FALSE(is_month(month));
    EXPECT_TRUE((*files)->keep(month, "k").has_error());
  }
  std::ofstream(key_file(folder, "2026-10")) << std::string(5000, 'x');
  EXPECT_TRUE((*files)->load("2026-10").has_error());
  std::ofstream(folder / "file") << "x";
  const auto blocked = open_month_key_files(folder / "file" / "keys");
  ASSERT_TRUE(blocked.has_error());
  EXPECT_EQ(blocked.error().code, &codes::kCryptoMonthStore);
}

TEST(MasterKey, ReadsHexAndBase64) {
  const Bytes raw(32, 'k');
  for (const std::string& text : {to_hex(raw), to_base64(raw), " " + to_hex(raw) + "\n", to_base64(raw) + "\r\n"}) {
    const auto key = parse_master_key(text);
    ASSERT_TRUE(key.has_value());
    EXPECT_EQ(*key, raw);
  }
  const Bytes wide(64, 'k');
  const auto from_hex_text = parse_master_key(to_hex(wide));
  const auto from_base64_text = parse_master_key(to_base64(wide));
  ASSERT_TRUE(from_hex_text.has_value() && from_base64_text.has_value());
  EXPECT_EQ(*from_hex_text, *from_base64_text);
  EXPECT_EQ(from_hex_text->size(), 32U);
  EXPECT_NE(*from_hex_text, raw);
}

TEST(MasterKey, RefusesEverythingElse) {
  for (const std::string& text : {std::string(), std::string(" \n"), std::string(63, 'a'), std::string(64, 'z'),
                                  to_base64(Bytes(31, 'k')), to_base64(Bytes(48, 'k')), to_hex(Bytes(16, 'k'))}) {
    const auto key = parse_master_key(text);
    ASSERT_TRUE(key.has_error());
    EXPECT_EQ(key.error().code, &codes::kCryptoKey);
    EXPECT_EQ(key.error().param.find("z"), std::string::npos);
  }
  const test::ManualClock clock;
  EXPECT_TRUE(make_sealer(SuiteId::kGm, "short", nullptr, clock).has_error());
}

TEST(Sealing, RefusesAKeyOfTheWrongSize) {
  const auto sealing = make_sealing(SuiteId::kGm);
  ASSERT_TRUE(sealing.has_value());
  EXPECT_TRUE((*sealing)->seal("short", "c", "s", "x").has_error());
  EXPECT_TRUE((*sealing)->open("short", "c", "s", Bytes(80, 'x')).has_error());
}

TEST(Sealing, OpensBlobsThatWereWrittenBefore) {
  for (const std::string_view blob : {"0101f6eac35cd69aff9bc2945b82f2764e7d7688591e5d0c7ea725db39c4c300d852822f20a6baed"
                                      "e1c759e34a0fa470b7e19136f0c8dc4181",
                                      "0102fbefc2ec03176e75b329a970f49194d56a23a782f29ebed1e78bec9f82f45877740d92"}) {
    for (const SuiteId id : kSuites) {
      const auto sealing = make_sealing(id);
      ASSERT_TRUE(sealing.has_value());
      const auto opened = (*sealing)->open(Bytes(32, 'k'), "record", kExchange.str(), *from_hex(blob));
      ASSERT_TRUE(opened.has_value());
      EXPECT_EQ(*opened, "content");
    }
  }
}

TEST(Random, BytesDiffer) {
  const auto a = random_bytes(32);
  const auto b = random_bytes(32);
  ASSERT_TRUE(a.has_value() && b.has_value());
  EXPECT_EQ(a->size(), 32U);
  EXPECT_NE(*a, *b);
  Bytes secret = *a;
  cleanse(secret);
  EXPECT_TRUE(secret.empty());
}

}  // namespace
}  // namespace tongqu
