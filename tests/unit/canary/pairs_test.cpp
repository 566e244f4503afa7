// Random (configuration, message) pairs that pass the check, and no canary where nobody permitted it.
//   TONGQU_CANARY_PAIRS (default 2000), TONGQU_CANARY_SEED (default 12315)
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "tests/unit/canary/judge.hpp"
#include "tests/unit/canary/messages.hpp"
#include "tests/unit/canary/shipped.hpp"
#include "tests/unit/canary/worlds.hpp"

namespace tongqu::canary_test {
namespace {

constexpr std::size_t kPairsOfConfig = 20;
constexpr std::size_t kPairsOfBatch = 2000;
constexpr std::size_t kEnoughLeaks = 100;

std::size_t setting(const char* name, std::size_t usual) {
  const char* text = std::getenv(name);
  return text == nullptr ? usual : std::strtoull(text, nullptr, 10);
}
std::size_t all_pairs() { return setting("TONGQU_CANARY_PAIRS", 2000); }
std::uint32_t seed() { return static_cast<std::uint32_t>(setting("TONGQU_CANARY_SEED", 12315)); }

// One configuration, and a source of messages for it.
struct Drawn {
  std::shared_ptr<const CompiledConfig> config;
  std::function<Message()> message;
};

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
  void run_batch(const std::function<Drawn()>& draw, std::size_t pairs, House& house) {
    Judge judge;
    while (judge.pairs.size() < pairs) {
      const Drawn drawn = draw();
      const auto clearance = std::make_shared<const Clearance>(*drawn.config);
      house.use(drawn.config);
      const std::size_t first = judge.pairs.size();
      for (std::size_t i = 0; i < kPairsOfConfig && judge.pairs.size() < pairs; ++i) {
        Message message = drawn.message();
        const auto index = static_cast<std::uint32_t>(judge.pairs.size());
        judge.pairs.push_back(
            {drawn.config, clearance, judge.canaries.size(), message.canaries.size(), {}, {}, {}, {}});
        judge.pairs.back().service = message.target.substr(message.target.rfind('/') + 1);
        for (Canary& canary : message.canaries) {
          canary.pair = index;
          judge.canaries.push_back(std::move(canary));
        }
        counts_.faulty += std::string(message.fault) == "none" ? 0 : 1;
        if (message.is_query) {
          const std::lock_guard lock(mutex_);
          answers_[message.number] = message.answer;
        }
        house.post(message.partner, message.target, message.content_type, std::move(message.body), index,
                   message.is_query);
      }
      ASSERT_TRUE(house.wait_answers());
      note_taken(house, judge, first);
    }
    ASSERT_TRUE(house.settle(!shipped_));
    house.keep_unsent();
    house.collect();
    house.close();
    judge.arm();
    judge.examine(house.pieces(), figures_, leaks_);
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
      const auto config = std::exchange(pair.config, nullptr);
      if (pair.exchange.empty()) continue;
      pair.route = house.route_of(pair.exchange);
      const auto canonical = config->plan->canonical.find(pair.service);
      ASSERT_NE(canonical, config->plan->canonical.end());
      judge.locate(i, house.record_of(pair.exchange), canonical->second->fields(), shipped_, leaks_);
      if (i % 10 == 0) house.explain(pair.exchange);
    }
  }

  void report(std::size_t passed, std::size_t refused) const {
    std::cout << "[ figure   ] seed " << seed() << ": " << counts_.pairs << " pairs under " << passed
              << " configurations that pass (" << refused << " refused); " << counts_.stored << " stored, "
              << counts_.answered << " answered, " << counts_.turned_back << " turned back, " << counts_.faulty
              << " with a fault put in\n[ figure   ] " << figures_.canaries << " canaries in " << figures_.patterns
              << " forms, searched in " << figures_.pieces << " pieces, " << figures_.bytes << " bytes:";
    for (const auto& [sink, count] : figures_.pieces_by_sink) std::cout << " " << sink << " " << count;
    std::cout << "\n[ figure   ] found where the policy says clear: " << figures_.permitted
              << "; of addresses that a mapping wrote twice, left by their mask: " << figures_.left_by_mask
              << "; where nobody permitted it: " << leaks_.size();
    if (shipped_) {
      std::cout << "\n[ figure   ] structured values in free texts: found in texts that go as they are "
                << figures_.in_clear_text << "; in scrubbed ones " << figures_.in_scrubbed_text << ", of which found "
                << figures_.missed_by_scrubber;
      for (const std::string& one : figures_.missed) std::cout << "\n[ figure   ]   " << one;
    }
    std::cout << "\n";
  }

  void judge_all(std::size_t wanted) {
    std::map<std::string, std::size_t> by_sink;
    for (const std::string& leak : leaks_) ++by_sink[leak.substr(0, leak.find_first_of(" :"))];
    for (const auto& [sink, count] : by_sink) ADD_FAILURE() << sink << ": " << count << " finds";
    for (std::size_t i = 0; i < std::min<std::size_t>(20, leaks_.size()); ++i) ADD_FAILURE() << leaks_[i];
    EXPECT_TRUE(leaks_.empty()) << leaks_.size() << " finds that nobody permitted";
    EXPECT_EQ(counts_.pairs, wanted);
    // It looked where it should: values that may be seen were seen, and every sink gave something.
    EXPECT_GT(figures_.permitted, wanted / 4);
    for (const char* sink : {"message", "response", "ledger", "audit", "admin", "metrics", "log", "disk"})
      EXPECT_GT(figures_.pieces_by_sink[sink], 0U) << sink;
  }

  std::string answer_to(const std::string& question) {
    const auto at = question.find("\"n0\":\"") + 6;
    const std::lock_guard lock(mutex_);
    return answers_[question.substr(at, question.find('"', at) - at)];
  }

  std::filesystem::path directory_;
  bool shipped_ = false;
  std::mutex mutex_;
  std::map<std::string, std::string> answers_;  // by the question's number
  std::uint32_t next_number_ = 1;
  Counts counts_;
  Figures figures_;
  std::vector<std::string> leaks_;
};

TEST_F(Canaries, OfRandomConfigurationsStayWhereTheyMayBe) {
  const std::size_t wanted = all_pairs() - all_pairs() / 5;
  Worlds worlds(directory_, seed());
  proof_test::Random random(seed() + 1);
  const auto draw = [&] {
    const auto drawn = std::make_shared<const WorldConfig>(worlds.next());
    return Drawn{drawn->compiled, [&, drawn] { return make_message(drawn->world, random, next_number_); }};
  };
  while (counts_.pairs < wanted && leaks_.size() < kEnoughLeaks && !HasFatalFailure()) {
    const auto state = directory_ / "state";
    House house(state, {"r1", "r3"}, {"r2", "r4"}, {"reg"}, [this](const std::string& q) { return answer_to(q); });
    run_batch(draw, std::min(kPairsOfBatch, wanted - counts_.pairs), house);
    std::filesystem::remove_all(state);
  }
  report(worlds.passed(), worlds.refused());
  judge_all(wanted);
  EXPECT_GT(figures_.pieces_by_sink["answer"], 0U);
}

TEST_F(Canaries, OfTheShippedConfigurationAndChangedOnesStayWhereTheyMayBe) {
  shipped_ = true;
  const std::size_t wanted = all_pairs() / 5;
  Shipped shipped(std::filesystem::absolute("config"), seed() + 2);
  const auto draw = [&] {
    const auto config = shipped.next();
    return Drawn{config, [&, config] { return shipped.message(next_number_); }};
  };
  while (counts_.pairs < wanted && leaks_.size() < kEnoughLeaks && !HasFatalFailure()) {
    std::vector<std::string> recipients;
    for (const auto& entry : std::filesystem::directory_iterator("config/partners")) {
      if (entry.path().extension() == ".yaml") recipients.push_back(entry.path().stem().string());
    }
    const auto state = directory_ / "state";
    House house(state, recipients, {}, {}, [](const std::string&) { return std::string(); });
    run_batch(draw, std::min(kPairsOfBatch, wanted - counts_.pairs), house);
    std::filesystem::remove_all(state);
  }
  report(shipped.passed(), shipped.refused());
  judge_all(wanted);
  EXPECT_GT(figures_.in_scrubbed_text, 0U);
  // Measured, not proven; but of what the record itself names hardly anything is missed.
  EXPECT_LE(figures_.missed_by_scrubber * 1000, figures_.in_scrubbed_text);
}

}  // namespace
}  // namespace tongqu::canary_test
