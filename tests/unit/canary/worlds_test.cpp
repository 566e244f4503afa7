// 100,000 random (configuration, message) pairs that pass the check, and no canary where nobody permitted it.
//   TONGQU_CANARY_PAIRS (default 2000), TONGQU_CANARY_SEED (default 12315)
#include "tests/unit/canary/worlds.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <iostream>

#include "tests/unit/canary/judge.hpp"
#include "tests/unit/canary/messages.hpp"

namespace tongqu::canary_test {
namespace {

constexpr std::size_t kPairsOfConfig = 20;
constexpr std::size_t kPairsOfBatch = 2000;

std::size_t setting(const char* name, std::size_t usual) {
  const char* text = std::getenv(name);
  return text == nullptr ? usual : std::strtoull(text, nullptr, 10);
}

struct Counts {
  std::size_t pairs = 0, stored = 0, answered = 0, turned_back = 0, faulty = 0;
};

class Canaries : public ::testing::Test {
 protected:
  Canaries() {
    std::string name = (std::filesystem::temp_directory_path() / "tongqu-canary-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
  }
  ~Canaries() override { std::filesystem::remove_all(directory_); }

  // One store's worth of pairs.
  void run_batch(Worlds& worlds, std::size_t pairs, const std::filesystem::path& state) {
    Judge judge;
    std::mutex mutex;
    std::map<std::string, std::string> answers;  // by the question's number
    House house(state, {"r1", "r3"}, {"r2", "r4"}, {"reg"}, [&](const std::string& question) {
      const auto at = question.find("\"n0\":\"") + 6;
      const std::lock_guard lock(mutex);
      return answers[question.substr(at, question.find('"', at) - at)];
    });
    while (judge.pairs.size() < pairs) {
      const WorldConfig config = worlds.next();
      const auto clearance = std::make_shared<const Clearance>(*config.compiled);
      house.use(config.compiled);
      const std::size_t first = judge.pairs.size();
      for (std::size_t i = 0; i < kPairsOfConfig && judge.pairs.size() < pairs; ++i) {
        Message message = make_message(config.world, random_, next_number_);
        const auto index = static_cast<std::uint32_t>(judge.pairs.size());
        Pair pair{
            config.compiled, clearance, judge.canaries.size(), message.canaries.size(), message.is_query, {}, {}, {}};
        for (Canary& canary : message.canaries) {
          canary.pair = index;
          judge.canaries.push_back(std::move(canary));
        }
        judge.pairs.push_back(std::move(pair));
        counts_.faulty += std::string(message.fault) == "none" ? 0 : 1;
        if (message.is_query) {
          const std::lock_guard lock(mutex);
          answers[message.number] = message.answer;
        }
        house.post(message.partner, message.target, message.content_type, std::move(message.body), index,
                   message.is_query);
      }
      ASSERT_TRUE(house.wait_answers());
      note_taken(house, judge, first);
    }
    ASSERT_TRUE(house.settle());
    house.collect();
    house.close();
    judge.arm();
    judge.examine(house.pieces(), figures_, leaks_);
    std::filesystem::remove_all(state);
  }

  void note_taken(House& house, Judge& judge, std::size_t first) {
    for (std::size_t i = first; i < judge.pairs.size(); ++i) {
      Pair& pair = judge.pairs[i];
      const House::Taken taken = house.taken(static_cast<std::uint32_t>(i));
      ++counts_.pairs;
      counts_.stored += taken.status == 202 ? 1 : 0;
      counts_.answered += taken.status == 200 ? 1 : 0;
      counts_.turned_back += taken.status >= 400 ? 1 : 0;
      pair.exchange = taken.exchange;
      if (pair.exchange.empty()) continue;
      pair.route = house.route_of(pair.exchange);
      judge.locate(i, house.record_of(pair.exchange), pair.config->schemas.at("m.send@1")->fields(), false, leaks_);
      if (i % 10 == 0) house.explain(pair.exchange);
    }
  }

  void report(const Worlds& worlds, std::uint32_t seed) const {
    std::cout << "[ figure   ] seed " << seed << ": " << counts_.pairs << " pairs under " << worlds.passed()
              << " configurations that pass (" << worlds.refused() << " refused); " << counts_.stored << " stored, "
              << counts_.answered << " answered, " << counts_.turned_back << " turned back, " << counts_.faulty
              << " with a fault put in\n[ figure   ] " << figures_.canaries << " canaries in " << figures_.patterns
              << " forms, searched in " << figures_.pieces << " pieces, " << figures_.bytes << " bytes:";
    for (const auto& [sink, count] : figures_.pieces_by_sink) std::cout << " " << sink << " " << count;
    std::cout << "\n[ figure   ] found where the policy says clear: " << figures_.permitted
              << "; where nobody permitted it: " << leaks_.size() << "\n";
  }

  std::filesystem::path directory_;
  proof_test::Random random_;
  std::uint32_t next_number_ = 1;
  Counts counts_;
  Figures figures_;
  std::vector<std::string> leaks_;
};

TEST_F(Canaries, OfRandomConfigurationsStayWhereTheyMayBe) {
  const std::size_t wanted = setting("TONGQU_CANARY_PAIRS", 2000);
  const auto seed = static_cast<std::uint32_t>(setting("TONGQU_CANARY_SEED", 12315));
  Worlds worlds(directory_, seed);
  random_.seed(seed + 1);
  while (counts_.pairs < wanted && leaks_.empty()) {
    run_batch(worlds, std::min(kPairsOfBatch, wanted - counts_.pairs), directory_ / "state");
    if (HasFatalFailure()) return;
  }
  report(worlds, seed);
  for (std::size_t i = 0; i < std::min<std::size_t>(20, leaks_.size()); ++i) ADD_FAILURE() << leaks_[i];
  EXPECT_TRUE(leaks_.empty()) << leaks_.size() << " finds that nobody permitted";
  EXPECT_EQ(counts_.pairs, wanted);
  // It looked where it should: values that may be seen were seen, and every sink gave something.
  EXPECT_GT(figures_.permitted, wanted / 2);
  for (const char* sink : {"message", "answer", "response", "ledger", "audit", "admin", "metrics", "log", "disk"})
    EXPECT_GT(figures_.pieces_by_sink[sink], 0U) << sink;
}

}  // namespace
}  // namespace tongqu::canary_test
