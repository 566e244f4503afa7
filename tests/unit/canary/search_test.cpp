// The search can fail: a canary in any form in any sink is found, and told to be permitted only where it is.
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <fstream>
#include <set>

#include "tests/unit/canary/judge.hpp"
#include "tests/unit/canary/messages.hpp"
#include "tests/unit/canary/worlds.hpp"

namespace tongqu::canary_test {
namespace {

const std::vector<Label> kLabels{
    {"name", "complainant"},  {"phone", "informant"}, {"id", "agent"},        {"address", "respondent"},
    {"email", "complainant"}, {"bank", "officer"},    {"free-text", "agent"}, {"", ""}};
constexpr std::array<const char*, 9> kSinks{"message", "answer",  "response", "ledger", "audit",
                                            "admin",   "metrics", "log",      "disk"};

// One pair without any clearance, whose canaries are of all labels.
Judge judge_of_all_labels() {
  Judge judge;
  judge.pairs.push_back({nullptr, std::make_shared<const Clearance>(), 0, kLabels.size(), "m.send", "E", "main", {}});
  for (std::size_t i = 0; i < kLabels.size(); ++i) {
    judge.canaries.push_back(make_canary(kLabels[i], static_cast<std::uint32_t>(1234 + i)));
    judge.canaries.back().pair = 0;
  }
  judge.arm();
  return judge;
}

TEST(CanarySearch, FindsEveryFormInEverySink) {
  const Judge judge = judge_of_all_labels();
  std::size_t planted = 0;
  for (const char* sink : kSinks) {
    for (const Canary& canary : judge.canaries) {
      for (const Form& form : forms_of(canary.core)) {
        for (const bool is_text : {false, true}) {
          Figures figures;
          std::vector<std::string> leaks;
          const std::string bytes = "{\"a\":\"" + form.bytes + "\",\"b\":1}";
          judge.examine({{sink, "r1", "m.send", "E", 0, bytes, is_text}}, figures, leaks);
          EXPECT_FALSE(leaks.empty()) << sink << ": " << canary.label.kind << " as " << form.name;
          ++planted;
        }
      }
    }
  }
  std::cout << "[ figure   ] planted " << planted << ", all found\n";
  EXPECT_GT(planted, 2000U);
}

TEST(CanarySearch, FindsNumbersWithSeparatorsAndCapitals) {
  const Judge judge = judge_of_all_labels();
  const std::string& phone = judge.canaries[1].value;
  const std::string& word = judge.canaries[6].value;
  std::string capitals = word;
  for (char& c : capitals) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  for (const std::string& text :
       {phone.substr(0, 3) + "-" + phone.substr(3, 4) + "-" + phone.substr(7),
        phone.substr(0, 3) + " " + phone.substr(3, 4) + " " + phone.substr(7), "+86" + phone, capitals}) {
    Figures figures;
    std::vector<std::string> leaks;
    judge.examine({{"log", "", "", "", kNoPair, "x " + text + " y", true}}, figures, leaks);
    EXPECT_EQ(leaks.size(), 1U) << text.size();
  }
}

// What a mask leaves is no find: first and last characters of these canaries are not searched.
TEST(CanarySearch, MaskedFormsAreNoFind) {
  const Judge judge = judge_of_all_labels();
  const auto characters = [](const std::string& text) { return text.substr(0, 3) + "***"; };
  const std::string& phone = judge.canaries[1].value;
  const std::string& id = judge.canaries[2].value;
  for (const std::string& text :
       {characters(judge.canaries[0].value), phone.substr(0, 3) + "****" + phone.substr(7),
        id.substr(0, 1) + "***************" + id.substr(16), std::string("某省某市某区某街道********"),
        judge.canaries[4].value.substr(0, 1) + "***@example.cn"}) {
    Figures figures;
    std::vector<std::string> leaks;
    judge.examine({{"message", "r1", "m.send", "E", 0, text, true}}, figures, leaks);
    EXPECT_TRUE(leaks.empty()) << text;
  }
}

TEST(CanarySearch, EncodedTextsAreFoundAtEveryAlignment) {
  const Judge judge = judge_of_all_labels();
  for (const Canary& canary : judge.canaries) {
    for (std::size_t before = 0; before < 6; ++before) {
      Figures figures;
      std::vector<std::string> leaks;
      const std::string inner = std::string(before, '#') + canary.value + "&&&";
      judge.examine({{"audit", "", "", "", kNoPair, to_base64(inner), true}}, figures, leaks);
      EXPECT_FALSE(leaks.empty()) << canary.label.kind << " behind " << before;
    }
  }
}

// The house's own sinks reach the search: a value written to the log and a file beside the store.
TEST(CanarySearch, SeesTheLogAndTheDisk) {
  std::string name = (std::filesystem::temp_directory_path() / "tongqu-canary-XXXXXX").string();
  const std::filesystem::path folder = ::mkdtemp(name.data());
  Worlds worlds(folder, 1);
  const Judge judge = judge_of_all_labels();
  House house(folder / "state", {"r1", "r3"}, {"r2", "r4"}, {"reg"}, [](const std::string&) { return std::string(); });
  house.use(worlds.next().compiled);
  spdlog::warn("a value: {}", judge.canaries[0].value);
  std::ofstream(folder / "state" / "beside.bin", std::ios::binary)
      << std::string("\0\1", 2) << to_hex(judge.canaries[1].value);
  house.collect();
  house.close();
  Figures figures;
  std::vector<std::string> leaks;
  judge.examine(house.pieces(), figures, leaks);
  EXPECT_EQ(leaks.size(), 2U) << ::testing::PrintToString(leaks);
  std::filesystem::remove_all(folder);
}

// Numbers that follow each other, and canaries of all kinds, never look alike.
TEST(CanarySearch, CanariesAreDistinct) {
  for (const Label& label : kLabels) {
    std::set<std::string> seen;
    for (std::uint32_t i = 0; i < 20'000; ++i) {
      const std::string core = make_canary(label, i * 449).core;
      EXPECT_TRUE(seen.insert(folded(pinyin_of(core))).second) << label.kind << " " << i;
    }
  }
}

}  // namespace
}  // namespace tongqu::canary_test
