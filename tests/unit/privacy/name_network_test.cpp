#include "security/privacy/name_network.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "gateway/core/text.hpp"

namespace tongqu {
namespace {

// The package python3-jieba brings it; scripts/packages.sh installs it.
constexpr const char* kFolder = "/usr/lib/python3/dist-packages/jieba/lac_small";

std::u32string code_points(std::string_view text) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) out.push_back(next_code_point(text, at).value_or(U'\xFFFD'));
  return out;
}

std::vector<const network::Kernels*> all_kernels() {
  std::vector<const network::Kernels*> out{&network::portable_kernels()};
  for (const network::Kernels* kernels : {network::avx2_kernels(), network::avx512_kernels()}) {
    if (kernels != nullptr) out.push_back(kernels);
  }
  return out;
}

const NameNetwork& net() {
  static const auto kNetwork = [] {
    auto opened = NameNetwork::open(kFolder);
    if (opened.has_error()) {
      ADD_FAILURE() << opened.error().text(Lang::kEnglish);
      std::abort();
    }
    return std::move(*opened);
  }();
  return *kNetwork;
}

// "word/TAG word/TAG …"
std::string tagged(const std::string& text, const network::Kernels& kernels) {
  const std::u32string characters = code_points(text);
  const std::u32string_view one[] = {characters};
  std::string out;
  const auto words = net().words(one, kernels).front();
  for (const TaggedWord& word : words) {
    if (!out.empty()) out.push_back(' ');
    for (std::uint32_t i = word.begin; i < word.end; ++i) append_utf8(out, characters[i]);
    out.push_back('/');
    out += net().tag_name(word.tag);
  }
  return out;
}

// Words and their kinds, and what the emission says of the first and of the last character, as computed in plain
// float32.
struct Vector {
  const char* text;
  const char* words;
  std::size_t first_tag;
  float first_score;
  std::size_t last_tag;
  float last_score;
};
const Vector kVectors[] = {
    {"张小明向李四投诉某某火锅店，电话13800138000，住在北京市海淀区中关村大街5号。",
     "张小明/PER 向/p 李四/PER 投诉/v 某某/r 火锅/n 店/n ，/w 电话/n 13800138000/m ，/w 住在/v 北京市/LOC 海淀区/LOC "
     "中关村大街5号/LOC 。/v",
     48, 8.8930F, 25, 6.7810F},
    {"市民王女士来电反映，其于10月26日在杭州市滨江区的某手机店购买手机，店主陈建国拒绝退款。",
     "市民/n 王女士/PER 来电/v 反映/v ，/w 其于10月26日/TIME 在/p 杭州市/LOC 滨江区/LOC 的/u 某/r 手机/n 店/n 购买/v "
     "手机/n ，/w 店主/n 陈建国/PER 拒绝/v 退款/vn 。/n",
     14, 6.2645F, 25, 6.9106F},
    {"欧阳文静与店员小刘发生争执，派出所民警买买提·艾力到场调解。",
     "欧阳文静/PER 与/c 店员/n 小刘/PER 发生/v 争执/vn ，/w 派出所/n 民警/n 买买/v 提/v ·/w 艾力/nr 到场/v 调解/vn "
     "。/n",
     48, 4.6854F, 25, 7.0468F},
    {"请退还货款1600元，并赔偿损失。", "请/v 退还/v 货款/n 1600元/m ，/w 并/c 赔偿/v 损失/n 。/n", 38, 9.7126F, 25,
     6.9804F},
};

TEST(NameNetwork, FindsWhatThePlainComputationFinds) {
  for (const network::Kernels* kernels : all_kernels()) {
    for (const Vector& vector : kVectors) {
      EXPECT_EQ(tagged(vector.text, *kernels), vector.words) << kernels->name;
      const auto emissions = net().emissions(code_points(vector.text), *kernels);
      EXPECT_EQ(emissions.front().tag, vector.first_tag);
      EXPECT_NEAR(emissions.front().score, vector.first_score, 0.02F);
      EXPECT_EQ(emissions.back().tag, vector.last_tag);
      EXPECT_NEAR(emissions.back().score, vector.last_score, 0.02F);
    }
  }
}

TEST(NameNetwork, EveryInstructionSetGivesTheSameBits) {
  ASSERT_GE(all_kernels().size(), 1U);
  for (const Vector& vector : kVectors) {
    const auto expected = net().emissions(code_points(vector.text), network::portable_kernels());
    for (const network::Kernels* kernels : all_kernels()) {
      const auto found = net().emissions(code_points(vector.text), *kernels);
      for (std::size_t i = 0; i < found.size(); ++i) {
        EXPECT_EQ(found[i].score, expected[i].score) << kernels->name << " character " << i;
      }
    }
  }
}

TEST(NameNetwork, ATextIsReadTheSameBesideOthers) {
  std::vector<std::u32string> texts;
  for (int i = 0; i < 40; ++i) texts.push_back(code_points(kVectors[i % 4].text).substr(0, 3 + i % 30));
  texts.emplace_back();
  const std::vector<std::u32string_view> views(texts.begin(), texts.end());
  const auto together = net().words(views);
  ASSERT_EQ(together.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::u32string_view one[] = {texts[i]};
    const auto alone = net().words(one).front();
    ASSERT_EQ(alone.size(), together[i].size());
    for (std::size_t w = 0; w < alone.size(); ++w) {
      EXPECT_EQ(alone[w].begin, together[i][w].begin);
      EXPECT_EQ(alone[w].end, together[i][w].end);
      EXPECT_EQ(alone[w].tag, together[i][w].tag);
    }
  }
}

TEST(NameNetwork, FullWidthLettersAreReadAsNarrowOnes) {
  EXPECT_EQ(tagged("ＩＤ１３８００１３８０００", network::best_kernels()).size(),
            tagged("ＩＤ１３８００１３８０００", network::portable_kernels()).size());
  const auto wide = net().emissions(code_points("电话１３８"));
  const auto narrow = net().emissions(code_points("电话138"));
  for (std::size_t i = 0; i < wide.size(); ++i) EXPECT_EQ(wide[i].score, narrow[i].score);
}

TEST(NameNetwork, LongTextsAreReadInPieces) {
  std::u32string text;
  while (text.size() < 3 * NameNetwork::kMaxCharacters) text += code_points(kVectors[0].text);
  const std::u32string_view one[] = {text};
  const auto words = net().words(one).front();
  std::uint32_t at = 0;
  for (const TaggedWord& word : words) {
    EXPECT_EQ(word.begin, at) << "no character is left out or read twice";
    at = word.end;
  }
  EXPECT_EQ(at, text.size());
}

// A copy of the package's folder with one file changed.
class NameNetworkFile : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("tongqu-network-" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ / "model_baseline");
    for (const auto& entry : std::filesystem::recursive_directory_iterator(kFolder)) {
      const auto relative = std::filesystem::relative(entry.path(), kFolder);
      if (entry.is_regular_file() && entry.path().extension() != ".py" && entry.path().extension() != ".pyc") {
        std::filesystem::create_symlink(entry.path(), folder_ / relative);
      }
    }
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void replace(const std::string& name, const std::string& bytes) {
    std::filesystem::remove(folder_ / name);
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }
  static std::string original(const std::string& name) {
    std::ifstream in(std::string(kFolder) + "/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::string fault() {
    const auto opened = NameNetwork::open(folder_.string());
    return opened.has_error() ? std::string(opened.error().code->id) + " " + opened.error().param : "";
  }
  std::filesystem::path folder_;
};

TEST_F(NameNetworkFile, EveryFaultIsNamedWithItsFile) {
  EXPECT_EQ(fault(), "");
  std::filesystem::remove(folder_ / "model_baseline/crfw");
  EXPECT_EQ(fault(), "privacy.network crfw: cannot be read");
  replace("model_baseline/crfw", "");
  EXPECT_EQ(fault(), "privacy.network crfw: not a parameter file");
  const std::string crfw = original("model_baseline/crfw");
  replace("model_baseline/crfw", crfw.substr(0, crfw.size() - 1));
  EXPECT_EQ(fault(), "privacy.network crfw: its size does not fit its shape");
  replace("model_baseline/crfw", original("model_baseline/fc_4.w_0"));
  EXPECT_EQ(fault(), "privacy.network crfw: another shape than 59 × 57");
  std::string nan = crfw;
  nan.replace(nan.size() - 4, 4, std::string("\x00\x00\xC0\x7F", 4));
  replace("model_baseline/crfw", nan);
  EXPECT_EQ(fault(), "privacy.network crfw: holds a value that is no number");
  replace("model_baseline/crfw", crfw);
  replace("word.dic", "0\ta\nx\tb\n");
  EXPECT_EQ(fault(), "privacy.network word.dic: line 2");
  replace("word.dic", "0\ta\n1\tb\n");
  EXPECT_EQ(fault(), "privacy.network word.dic: no entry OOV");
  replace("word.dic", "0\ta\n99999\tOOV\n");
  EXPECT_EQ(fault(), "privacy.network word.dic: more entries than word_emb has rows");
}

// Whatever byte of a small file is changed: an error or a network, never a crash.
TEST_F(NameNetworkFile, AChangedByteIsAnErrorOrANetwork) {
  const std::string bias = original("model_baseline/fc_4.b_0");
  for (std::size_t i = 0; i < 40; ++i) {
    std::string changed = bias;
    changed[i] = static_cast<char>(changed[i] ^ 0x81);
    replace("model_baseline/fc_4.b_0", changed);
    static_cast<void>(NameNetwork::open(folder_.string()));
  }
}

}  // namespace
}  // namespace tongqu
