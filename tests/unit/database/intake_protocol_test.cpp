#include "connectors/database/intake_protocol.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "connectors/database/database_codes.hpp"

namespace tongqu::database {
namespace {

using Do = IntakeProtocol::Do;
using Verdict = IntakeProtocol::Verdict;

// The partner's table and the line, both as simple as can be: what the protocol drives.
struct World {
  struct Row {
    std::string id, matter;
    int state = 0;
    std::int64_t taken_ms = 0;
  };
  std::vector<Row> rows;
  std::map<std::string, int> stored;      // by key: how often it took effect
  std::vector<std::string> order;         // of the first storing
  std::set<std::string> poison, not_yet;  // what the line answers
  std::int64_t now = 1000;
  IntakeLimits limits{
      .batch_rows = 4, .in_hand = 2, .poll_ms = 100, .lease_ms = 5000, .backoff_first_ms = 50, .backoff_max_ms = 400};

  explicit World(std::vector<std::pair<std::string, std::string>> ids) {
    for (auto& [id, matter] : ids) rows.push_back({id, matter});
  }
  std::vector<IntakeProtocol::Claimed> claim() {
    std::vector<IntakeProtocol::Claimed> got;
    for (Row& row : rows) {
      if (got.size() == limits.batch_rows) break;
      if (row.state == 0 || (row.state == 1 && row.taken_ms < now - limits.lease_ms)) {
        row.state = 1;
        row.taken_ms = now;
        got.push_back({row.id, row.matter});
      }
    }
    return got;
  }
  Row& at(const std::string& id) {
    for (Row& row : rows) {
      if (row.id == id) return row;
    }
    std::abort();
  }
  [[nodiscard]] bool all_settled() const {
    for (const Row& row : rows) {
      if (row.state != 2 && row.state != 3) return false;
    }
    return true;
  }
};

enum class Fail { kNone, kBefore, kAfter, kCrashAfter };

// Runs the protocol on the world; step number `at` fails as `how` says. Answers of the line come one step late.
// Returns the number of steps until everything was settled.
int drive(World& world, int at, Fail how) {
  auto protocol = std::make_unique<IntakeProtocol>(world.limits);
  std::vector<std::size_t> in_hand;
  int count = 0;
  for (; count < 500 && !world.all_settled(); ++count) {
    const auto step = protocol->next(world.now);
    const bool fails = count == at && how != Fail::kNone;
    const bool effect = !fails || how != Fail::kBefore;
    bool reported = false;
    const auto report = [&](auto good) {
      if (fails && how != Fail::kCrashAfter) {
        protocol->failed(codes::kDbUnreachable, world.now);
      } else {
        good();
      }
      reported = true;
    };
    switch (step.what) {
      case Do::kOpen: report([&] { protocol->opened(); }); break;
      case Do::kClaim: {
        auto rows = effect ? world.claim() : std::vector<IntakeProtocol::Claimed>();
        report([&] { protocol->claimed(std::move(rows), world.now); });
        break;
      }
      case Do::kHandOver: {
        if (fails && how == Fail::kBefore) {
          protocol->failed(codes::kDbUnreachable, world.now);
          break;
        }
        const std::string id = protocol->id_of(step.row);
        protocol->handed(step.row);
        if (!world.poison.contains(id) && !world.not_yet.contains(id)) {
          if (++world.stored[id] == 1) world.order.push_back(id);
        }
        in_hand.push_back(step.row);
        break;
      }
      case Do::kSettle:
        if (effect) {
          for (const auto& row : protocol->settlements())
            world.at(row.id).state = row.state == RowState::kOk ? 2 : row.state == RowState::kFailed ? 3 : 0;
        }
        report([&] { protocol->settled(world.now); });
        break;
      case Do::kAwait:
        if (in_hand.empty()) {
          world.now += step.wait_ms;
          break;
        }
        {
          const std::size_t row = in_hand.front();
          in_hand.erase(in_hand.begin());
          const std::string id = protocol->id_of(row);
          const Verdict verdict = world.poison.contains(id)    ? Verdict::kTurnedBack
                                  : world.not_yet.contains(id) ? Verdict::kLater
                                                               : Verdict::kTaken;
          world.not_yet.erase(id);
          protocol->answered(row, verdict, &codes::kDbRowText);
        }
        break;
      case Do::kSleep: world.now += step.wait_ms; break;
      case Do::kStop: return count;
    }
    if (fails && how == Fail::kCrashAfter) {
      protocol = std::make_unique<IntakeProtocol>(world.limits);  // a new process knows nothing
      in_hand.clear();
      world.now += 1;
    }
  }
  return count;
}

World seven() { return World({{"1", "A"}, {"2", "B"}, {"3", "A"}, {"4", ""}, {"5", ""}, {"6", "B"}, {"7", "A"}}); }

TEST(IntakeProtocol, TakesEverythingOnceInOrderOfItsMatter) {
  World world = seven();
  world.poison = {"4"};
  drive(world, -1, Fail::kNone);
  EXPECT_TRUE(world.all_settled());
  EXPECT_EQ(world.at("4").state, 3);
  EXPECT_EQ(world.stored.size(), 6U);
  for (const auto& [id, times] : world.stored) EXPECT_EQ(times, 1) << id;
  const auto place = [&](const char* id) { return std::find(world.order.begin(), world.order.end(), id); };
  EXPECT_LT(place("1"), place("3"));
  EXPECT_LT(place("3"), place("7"));
  EXPECT_LT(place("2"), place("6"));
}

TEST(IntakeProtocol, EveryStepFailingInTurnLosesNothing) {
  World plain = seven();
  const int steps = drive(plain, -1, Fail::kNone);
  ASSERT_GT(steps, 10);
  for (const Fail how : {Fail::kBefore, Fail::kAfter, Fail::kCrashAfter}) {
    for (int at = 0; at < steps; ++at) {
      World world = seven();
      world.poison = {"4"};
      drive(world, at, how);
      EXPECT_TRUE(world.all_settled()) << "step " << at << " how " << static_cast<int>(how);
      EXPECT_EQ(world.stored.size(), 6U);
      // A row may come before the line again – under the same key – only when the process or the connection died.
      EXPECT_EQ(world.at("4").state, 3);
    }
  }
}

TEST(IntakeProtocol, BackPressureGivesTheRestBackAndWaits) {
  IntakeProtocol protocol(
      {.batch_rows = 4, .in_hand = 1, .poll_ms = 100, .lease_ms = 5000, .backoff_first_ms = 50, .backoff_max_ms = 120});
  std::int64_t now = 0;
  for (const std::int64_t expected : {50, 100, 120}) {
    if (now == 0) {
      ASSERT_EQ(protocol.next(now).what, Do::kOpen);
      protocol.opened();
    }
    ASSERT_EQ(protocol.next(now).what, Do::kClaim);
    protocol.claimed({{"1", ""}, {"2", ""}, {"3", ""}}, now);
    ASSERT_EQ(protocol.next(now).what, Do::kHandOver);
    protocol.handed(0);
    ASSERT_EQ(protocol.next(now).what, Do::kAwait);
    protocol.answered(0, Verdict::kLater, nullptr);
    ASSERT_EQ(protocol.next(now).what, Do::kSettle);
    const auto rows = protocol.settlements();
    ASSERT_EQ(rows.size(), 3U);
    for (const auto& row : rows) EXPECT_EQ(row.state, RowState::kFresh);
    protocol.settled(now);
    const auto step = protocol.next(now);
    EXPECT_EQ(step.what, Do::kSleep);
    EXPECT_EQ(step.wait_ms, expected);
    now += expected;
  }
}

TEST(IntakeProtocol, AfterTheLeaseRowsAreNotHandedOver) {
  IntakeProtocol protocol(
      {.batch_rows = 4, .in_hand = 1, .poll_ms = 100, .lease_ms = 1000, .backoff_first_ms = 50, .backoff_max_ms = 120});
  EXPECT_EQ(protocol.next(0).what, Do::kOpen);
  protocol.opened();
  protocol.claimed({{"1", ""}, {"2", ""}}, 0);
  EXPECT_EQ(protocol.next(0).what, Do::kHandOver);
  protocol.handed(0);
  protocol.answered(0, Verdict::kTaken, nullptr);
  EXPECT_EQ(protocol.next(1000).what, Do::kSettle);
  ASSERT_EQ(protocol.settlements().size(), 1U);
  EXPECT_EQ(protocol.settlements()[0].id, "1");
}

TEST(IntakeProtocol, StoppingFinishesWhatIsInHand) {
  IntakeProtocol protocol({.batch_rows = 4, .in_hand = 1});
  protocol.opened();
  protocol.claimed({{"1", ""}, {"2", ""}}, 0);
  protocol.handed(0);
  protocol.stop();
  EXPECT_EQ(protocol.next(0).what, Do::kAwait);
  protocol.answered(0, Verdict::kTaken, nullptr);
  EXPECT_EQ(protocol.next(0).what, Do::kSettle);
  const auto rows = protocol.settlements();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].state, RowState::kOk);
  EXPECT_EQ(rows[1].state, RowState::kFresh);
  protocol.settled(0);
  EXPECT_EQ(protocol.next(0).what, Do::kStop);
}

TEST(IntakeProtocol, ADuplicateIsThePartnersAndNotOurOwnEarlierAttempt) {
  IntakeProtocol protocol({.batch_rows = 4, .in_hand = 4, .tells_duplicates = true});
  protocol.opened();
  protocol.claimed({{"new", ""}, {"known", ""}, {"ours", "", true}, {"ours, later", "", true}}, 0);
  for (std::size_t row = 0; row < 4; ++row) protocol.handed(row);
  protocol.answered(0, Verdict::kTaken, nullptr);
  protocol.answered(1, Verdict::kKnown, nullptr);
  protocol.answered(2, Verdict::kKnown, nullptr);
  protocol.answered(3, Verdict::kLater, nullptr);
  const auto rows = protocol.settlements();
  ASSERT_EQ(rows.size(), 3U) << "the last one keeps its claim, and so stays known as claimed before";
  EXPECT_EQ(rows[0].state, RowState::kOk);
  EXPECT_EQ(rows[1].state, RowState::kDuplicate);
  EXPECT_EQ(rows[2].state, RowState::kOk);
}

TEST(IntakeProtocol, TroubleIsTold) {
  IntakeProtocol protocol({});
  protocol.failed(codes::kDbUnreachable, 0);
  EXPECT_EQ(protocol.trouble(), &codes::kDbUnreachable);
  protocol.opened();
  protocol.claimed({}, 1000);
  EXPECT_EQ(protocol.trouble(), nullptr);
}

}  // namespace
}  // namespace tongqu::database
