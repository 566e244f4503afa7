#include "security/crypto/sm3_lanes.hpp"

#include <gtest/gtest.h>

#include <random>

#include "security/crypto/suites.hpp"

namespace tongqu {
namespace {

std::string bytes(std::mt19937& random, std::size_t size) {
  std::string out(size, '\0');
  for (char& c : out) c = static_cast<char>(random());
  return out;
}

// Texts of all lengths around one and two blocks, in an order in which long and short ones share the lanes.
std::vector<std::string> texts_of_all_lengths(std::mt19937& random) {
  std::vector<std::string> texts;
  for (std::size_t size = 0; size <= 200; ++size) texts.push_back(bytes(random, size));
  texts.push_back(bytes(random, 5000));
  std::shuffle(texts.begin(), texts.end(), random);
  return texts;
}

std::vector<std::string_view> views_of(const std::vector<std::string>& texts, std::size_t count) {
  return {texts.begin(), texts.begin() + static_cast<std::ptrdiff_t>(count)};
}

class ManyAtOnce : public ::testing::TestWithParam<SuiteId> {
 protected:
  std::unique_ptr<Suite> suite_ = make_suite(GetParam()).value();
  std::mt19937 random_{20260101};
};

TEST_P(ManyAtOnce, HashesAsOneByOne) {
  const auto texts = texts_of_all_lengths(random_);
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{8}, texts.size()}) {
    for (const std::size_t prefix_size : {0U, 1U, 63U, 64U, 130U}) {
      const std::string prefix = bytes(random_, prefix_size);
      const auto views = views_of(texts, count);
      std::vector<Digest32> digests(count);
      suite_->hash_each(prefix, views, digests);
      for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(digests[i], suite_->hash({prefix, views[i]})) << i;
    }
  }
}

TEST_P(ManyAtOnce, KeyedHashesAsOneByOne) {
  const auto texts = texts_of_all_lengths(random_);
  for (const std::size_t key_size : {0U, 16U, 32U, 64U, 65U}) {
    const std::string key = bytes(random_, key_size);
    const auto views = views_of(texts, texts.size());
    std::vector<Digest32> digests(texts.size());
    suite_->hmac_each(key, "field", views, digests);
    for (std::size_t i = 0; i < views.size(); ++i) ASSERT_EQ(digests[i], suite_->hmac(key, {"field", views[i]})) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(BothSuites, ManyAtOnce, ::testing::Values(SuiteId::kGm, SuiteId::kIntl));

// A machine runs one form only; the others are checked where they can run at all.
TEST(Sm3LanesForms, AllComputeTheSame) {
  std::mt19937 random(7);
  const auto forms = sm3_compressions();
  ASSERT_FALSE(forms.empty());
  for (int round = 0; round < 100; ++round) {
    alignas(64) Sm3Lanes begin{};
    alignas(64) Sm3Block block{};
    for (auto& word : begin) std::ranges::generate(word, [&] { return static_cast<std::uint32_t>(random()); });
    for (auto& word : block) std::ranges::generate(word, [&] { return static_cast<std::uint32_t>(random()); });
    alignas(64) Sm3Lanes expected = begin;
    forms.back()(expected, block);
    for (const Sm3Compress form : forms) {
      alignas(64) Sm3Lanes state = begin;
      form(state, block);
      EXPECT_EQ(state, expected);
    }
    // One lane of them against the scalar form.
    Sm3Start start;
    std::array<unsigned char, 64> bytes_of_lane{};
    for (std::size_t i = 0; i < 8; ++i) start.state[i] = begin[i][5];
    for (std::size_t i = 0; i < 64; ++i) {
      bytes_of_lane[i] = static_cast<unsigned char>(block[i / 4][5] >> (24 - 8 * (i % 4)));
    }
    const Sm3Start after = sm3_after(start, bytes_of_lane);
    for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ(after.state[i], expected[i][5]);
    EXPECT_EQ(after.bytes, 64U);
  }
}

}  // namespace
}  // namespace tongqu
