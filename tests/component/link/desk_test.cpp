// Both sides of a link in real folders: every call to a folder made to fail, every call made the last one before a
// kill.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <iostream>
#include <set>

#include "connectors/link/entry_feeder.hpp"
#include "connectors/link/link_codes.hpp"
#include "connectors/link/receive_desk.hpp"
#include "connectors/link/send_desk.hpp"
#include "connectors/support/local_files.hpp"
#include "tests/support/data.hpp"
#include "tests/support/fake_intake.hpp"
#include "tests/support/fault_files.hpp"
#include "tests/support/link_bench.hpp"
#include "tests/support/link_gate.hpp"

namespace tongqu::link {
namespace {

namespace fs = std::filesystem;
using test::FaultFiles;
using test::FaultPlan;
using test::link_entry;
using test::link_message_id;

constexpr Instant kNow{1'776'700'800'000};

struct Place {
  explicit Place(SuiteId id = SuiteId::kIntl) : keys(id) {
    for (const char* folder : {"out", "in", "acks-out", "acks-in", "sender", "receiver"})
      fs::create_directories(root / folder);
    rules.link = "gov-to-biz";
    rules.settle_ms = 0;
  }
  fs::path root = test::temporary_folder("link");
  test::LinkPair keys;
  LinkRules rules;
  SendRules send;
  ReceiveRules receive;
  [[nodiscard]] std::size_t files(const char* folder) const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(root / folder), fs::directory_iterator()));
  }
};

// Both sides with all their folders, each call of which counts in `plan`.
struct Sides {
  Sides(Place& place, FaultPlan& plan, Intake& intake)
      : plain{files(place, "out", true),      files(place, "acks-in", true), files(place, "sender", false),
              files(place, "acks-out", true), files(place, "in", true),      files(place, "receiver", false)},
        faulty{FaultFiles(*plain[0], plan), FaultFiles(*plain[1], plan), FaultFiles(*plain[2], plan),
               FaultFiles(*plain[3], plan), FaultFiles(*plain[4], plan), FaultFiles(*plain[5], plan)},
        sender(place.rules, place.send, {faulty[0], faulty[1], faulty[2]},
               {*place.keys.suite, *place.keys.sender.own, *place.keys.sender.peer}),
        receiver(place.rules, place.receive, {faulty[3], faulty[4], faulty[5]},
                 {*place.keys.suite, *place.keys.receiver.own, *place.keys.receiver.peer}),
        feeder({}, PartnerId("gov"), "link:test", *place.keys.suite, clock, intake, counts) {}
  static std::unique_ptr<file::FileSystem> files(Place& place, const char* folder, bool shared) {
    return file::make_local_files(place.root / folder, shared);
  }
  std::unique_ptr<file::FileSystem> plain[6];
  FaultFiles faulty[6];
  SystemClock clock;
  FeedCounts counts;
  SendDesk sender;
  ReceiveDesk receiver;
  EntryFeeder feeder;
};

// Everything the gates hold is carried, nothing is lost.
void carry(Place& place) {
  test::LinkGate there(place.root / "out", place.root / "in", 1);
  test::LinkGate back(place.root / "acks-out", place.root / "acks-in", 1);
  there.carry({});
  back.carry({});
}

// The messages that are neither open nor answered go into bundles of two, as the lane would bring them again.
Status send_rest(SendDesk& sender, int count) {
  std::vector<Entry> entries;
  for (int n = 1; n <= count; ++n) {
    const std::string id = link_message_id(n);
    if (sender.book().open(id) || sender.book().answer(id) != nullptr) continue;
    entries.push_back(link_entry(n));
    if (entries.size() < 2) continue;
    if (auto status = sender.make(std::exchange(entries, {}), kNow); status.has_error()) return status;
  }
  return entries.empty() ? Status() : sender.make(std::move(entries), kNow);
}

Status receive_all(Sides& sides) {
  for (;;) {
    std::vector<Error> bad;
    const auto found = sides.receiver.look(0, kNow, bad);
    if (found.has_error()) return found.error();
    if (!*found) return sides.receiver.ask(0, kNow);
    auto answers = sides.feeder.feed((*found)->read);
    if (answers.has_error()) return answers.error();
    if (auto status = sides.receiver.take(**found, std::move(*answers), kNow); status.has_error()) return status;
  }
}

Status one_go(Place& place, FaultPlan& plan, Intake& intake, int count) {
  Sides sides(place, plan, intake);
  if (auto status = sides.sender.load(); status.has_error()) return status;
  if (auto status = send_rest(sides.sender, count); status.has_error()) return status;
  if (auto status = sides.sender.drop(0, kNow); status.has_error()) return status;
  carry(place);
  if (auto status = sides.receiver.load(); status.has_error()) return status;
  if (auto status = receive_all(sides); status.has_error()) return status;
  carry(place);
  std::vector<Error> bad;
  return sides.sender.collect(0, kNow, bad);
}

void expect_complete(Place& place, const fs::path& effects, int count, const std::string& what) {
  SCOPED_TRACE(what);
  FaultPlan none;
  test::FakeIntake intake(effects);
  for (int go = 0; go < 2; ++go) {
    const auto status = one_go(place, none, intake, count);
    ASSERT_TRUE(status.has_value()) << status.error().text(Lang::kEnglish);
  }
  Sides sides(place, none, intake);
  ASSERT_TRUE(sides.sender.load().has_value());
  ASSERT_TRUE(sides.receiver.load().has_value());
  for (int n = 1; n <= count; ++n) {
    const Answer* answer = sides.sender.book().answer(link_message_id(n));
    ASSERT_NE(answer, nullptr) << n;
    ASSERT_TRUE(answer->stored) << n;
  }
  EXPECT_TRUE(sides.sender.book().open_bundles().empty());
  EXPECT_EQ(place.files("sender/bundles"), 0U) << "an answered bundle holds bodies for nothing";
  EXPECT_EQ(sides.receiver.book().awaited(), sides.sender.book().next_number());
  EXPECT_EQ(sides.receiver.book().last_digest(), sides.sender.book().last_digest());
  // Each message took effect once: the file holds a line for each key at its first coming.
  std::ifstream in(effects);
  std::set<std::string> keys;
  std::size_t lines = 0;
  for (std::string line; std::getline(in, line); ++lines) keys.insert(line);
  EXPECT_EQ(keys.size(), static_cast<std::size_t>(count));
  EXPECT_EQ(lines, keys.size());
  EXPECT_FALSE(fs::exists(place.root / "receiver/quarantine"));
  EXPECT_FALSE(fs::exists(place.root / "sender/quarantine"));
}

TEST(LinkDesks, EveryCallMayFailOnceOrForGood) {
  std::uint64_t steps = 0;
  for (const bool for_good : {false, true}) {
    for (std::uint64_t n = 1;; ++n) {
      Place place;
      const fs::path effects = place.root / "effects";
      FaultPlan plan{.fail_at = n, .fail_for_good = for_good};
      test::FakeIntake intake(effects);
      (void)one_go(place, plan, intake, 3);
      if (plan.calls < n) break;
      ++steps;
      expect_complete(place, effects, 3, "call " + std::to_string(n));
    }
  }
  std::cout << "calls made to fail: " << steps << "\n";
  EXPECT_GT(steps, 100U);
}

TEST(LinkDesks, AfterAKillBetweenAnyTwoStepsNothingIsLostAndNothingTwice) {
  std::uint64_t kills = 0;
  for (std::uint64_t n = 1;; ++n) {
    Place place;
    const fs::path effects = place.root / "effects";
    const pid_t child = ::fork();
    if (child == 0) {
      FaultPlan plan{.kill_at = n};
      test::FakeIntake intake(effects);
      ::_exit(one_go(place, plan, intake, 3).has_value() ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    if (WIFEXITED(status)) {
      ASSERT_EQ(WEXITSTATUS(status), 0);
      break;
    }
    ++kills;
    expect_complete(place, effects, 3, "killed before step " + std::to_string(n));
  }
  std::cout << "kills: " << kills << "\n";
  EXPECT_GT(kills, 50U);
}

struct Bench {
  explicit Bench(Place& at) : place(at), sides(at, plan, intake) {
    EXPECT_TRUE(sides.sender.load().has_value());
    EXPECT_TRUE(sides.receiver.load().has_value());
  }
  void send(int from, int to) {
    for (int n = from; n <= to; ++n) ASSERT_TRUE(sides.sender.make({link_entry(n)}, kNow).has_value());
    ASSERT_TRUE(sides.sender.drop(0, kNow).has_value());
  }
  [[nodiscard]] fs::path sent(int n) const { return place.root / "out" / place.rules.name(FileKind::kBundle, n); }
  [[nodiscard]] fs::path arrived(int n) const { return place.root / "in" / place.rules.name(FileKind::kBundle, n); }
  // What one look finds wrong; bundles that are next are taken.
  std::vector<const ErrorCode*> look(std::int64_t steady_ms = 0) {
    std::vector<const ErrorCode*> codes;
    for (;;) {
      std::vector<Error> bad;
      const auto found = sides.receiver.look(steady_ms, kNow, bad);
      EXPECT_TRUE(found.has_value());
      for (const Error& error : bad) codes.push_back(error.code);
      if (found.has_error() || !*found) return codes;
      EXPECT_TRUE(sides.receiver.take(**found, sides.feeder.feed((*found)->read).value(), kNow).has_value());
    }
  }
  std::vector<const ErrorCode*> collect(std::int64_t steady_ms = 0) {
    std::vector<Error> bad;
    EXPECT_TRUE(sides.sender.collect(steady_ms, {kNow.ms + steady_ms}, bad).has_value());
    std::vector<const ErrorCode*> codes;
    for (const Error& error : bad) codes.push_back(error.code);
    return codes;
  }
  Place& place;
  FaultPlan plan;
  test::FakeIntake intake;
  Sides sides;
};

TEST(LinkDesks, AGapHoldsWhatIsLaterAndIsAskedFor) {
  Place place;
  Bench bench(place);
  bench.send(1, 4);
  fs::remove(bench.sent(2));
  carry(place);
  EXPECT_TRUE(bench.look().empty());
  EXPECT_EQ(bench.intake.distinct(), 1U) << "3 and 4 wait";
  EXPECT_TRUE(bench.sides.receiver.waits());
  ASSERT_TRUE(bench.sides.receiver.ask(0, kNow).has_value());
  carry(place);
  EXPECT_TRUE(bench.collect().empty());
  EXPECT_EQ(bench.sides.sender.book().open_bundles(), (std::vector<std::uint64_t>{2, 3, 4}));
  EXPECT_EQ(bench.sides.sender.book().to_drop(0), std::vector<std::uint64_t>{2});
  ASSERT_TRUE(bench.sides.sender.drop(0, kNow).has_value());
  carry(place);
  EXPECT_TRUE(bench.look().empty());
  EXPECT_EQ(bench.intake.distinct(), 4U);
  EXPECT_EQ(bench.intake.bodies.back(), link_entry(4).body);
  ASSERT_TRUE(bench.sides.receiver.ask(1, kNow).has_value());
  carry(place);
  EXPECT_TRUE(bench.collect().empty());
  EXPECT_TRUE(bench.sides.sender.book().open_bundles().empty());
}

TEST(LinkDesks, ARepeatedBundleGetsTheSameAnswersAndHasNoEffect) {
  Place place;
  Bench bench(place);
  bench.send(1, 1);
  const std::string bytes = test::read_file(bench.sent(1));
  carry(place);
  EXPECT_TRUE(bench.look().empty());
  const fs::path ack = place.root / "acks-out" / place.rules.name(FileKind::kAck, 1);
  const auto read = [&] {
    return read_answers(test::read_file(ack), *place.keys.suite, *place.keys.sender.peer).value();
  };
  const Answers first = read();
  fs::remove(ack);
  std::ofstream(bench.arrived(1)) << bytes;
  EXPECT_TRUE(bench.look().empty());
  EXPECT_EQ(read(), first);
  EXPECT_EQ(bench.intake.calls, 1U);
  EXPECT_FALSE(fs::exists(bench.arrived(1)));
}

TEST(LinkDesks, WhatIsBadGoesToQuarantineWithItsReasonAndIsAskedFor) {
  struct Case {
    const char* what;
    std::function<std::string(Place&, const std::string&)> spoil;
    const ErrorCode* code;
  };
  const Case cases[] = {
      {"a byte altered", [](Place&, std::string text) { return text[200] ^= 1, text; }, &codes::kLinkSignature},
      {"cut", [](Place&, const std::string& text) { return text.substr(0, text.size() / 2); }, &codes::kLinkCut},
      {"empty", [](Place&, const std::string&) { return std::string(); }, &codes::kLinkCut},
      {"too large", [](Place& p, const std::string&) { return std::string(p.rules.max_bundle_bytes + 1, 'x'); },
       &codes::kLinkTooLarge},
      {"another number",
       [](Place& p, const std::string&) {
         const Bundle other{p.rules.link, 2, {}, kNow, {link_entry(9)}};
         return write_bundle(other, *p.keys.suite, *p.keys.sender.own)->text;
       },
       &codes::kLinkName},
      {"another link",
       [](Place& p, const std::string&) {
         const Bundle other{"biz-to-gov", 1, {}, kNow, {link_entry(9)}};
         return write_bundle(other, *p.keys.suite, *p.keys.sender.own)->text;
       },
       &codes::kLinkName},
      {"another chain",
       [](Place& p, const std::string&) {
         const Bundle other{p.rules.link, 1, std::string(64, 'a'), kNow, {link_entry(9)}};
         return write_bundle(other, *p.keys.suite, *p.keys.sender.own)->text;
       },
       &codes::kLinkChain},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    Place place;
    place.rules.settle_ms = 100;
    Bench bench(place);
    bench.send(1, 1);
    carry(place);
    const std::string bad = c.spoil(place, test::read_file(bench.arrived(1)));
    std::ofstream(bench.arrived(1)) << bad;
    EXPECT_TRUE(bench.look(0).empty()) << "it may be written still";
    EXPECT_TRUE(bench.look(99).empty());
    EXPECT_EQ(bench.look(100), std::vector<const ErrorCode*>{c.code});
    EXPECT_EQ(bench.intake.calls, 0U);
    EXPECT_FALSE(fs::exists(bench.arrived(1)));
    bool told = false;
    for (const auto& entry : fs::directory_iterator(place.root / "receiver/quarantine")) {
      const std::string text = test::read_file(entry.path());
      if (entry.path().string().ends_with(".error.txt")) told = text.starts_with(c.code->id);
    }
    EXPECT_TRUE(told);
    // It is asked for, comes again and is taken.
    ASSERT_TRUE(bench.sides.receiver.ask(100, kNow).has_value());
    carry(place);
    EXPECT_TRUE(bench.collect().empty());
    ASSERT_TRUE(bench.sides.sender.drop(100, kNow).has_value());
    carry(place);
    EXPECT_TRUE(bench.look(200).empty());
    EXPECT_EQ(bench.intake.distinct(), 1U);
  }
}

TEST(LinkDesks, ANumberUsedTwiceIsNoRepetition) {
  Place place;
  Bench bench(place);
  bench.send(1, 1);
  carry(place);
  EXPECT_TRUE(bench.look().empty());
  const Bundle other{place.rules.link, 1, {}, kNow, {link_entry(9)}};
  std::ofstream(bench.arrived(1)) << write_bundle(other, *place.keys.suite, *place.keys.sender.own)->text;
  EXPECT_EQ(bench.look(), std::vector<const ErrorCode*>{&codes::kLinkReused});
  EXPECT_EQ(bench.intake.distinct(), 1U);
}

TEST(LinkDesks, AnswersThatDoNotFitGoToQuarantine) {
  Place place;
  Bench bench(place);
  bench.send(1, 1);
  const auto put = [&](const Answers& answers, const Signer& signer) {
    std::ofstream(place.root / "acks-in" / place.rules.name(FileKind::kAck, 1))
        << write_answers(answers, *place.keys.suite, signer)->text;
  };
  const Answer stored{link_message_id(1), true, "E", std::string(64, 'e'), {}};
  const Answers wrong{place.rules.link, kNow, 2, 1, {}, {{1, std::string(64, 'a'), {stored}}}};
  put(wrong, *place.keys.receiver.own);
  EXPECT_EQ(bench.collect(), std::vector<const ErrorCode*>{&codes::kLinkAnswer});
  put(wrong, *place.keys.sender.own);
  EXPECT_EQ(bench.collect(1), std::vector<const ErrorCode*>{&codes::kLinkSignature});
  put({"biz-to-gov", kNow, 1, 0, {}, {}}, *place.keys.receiver.own);
  EXPECT_EQ(bench.collect(2), std::vector<const ErrorCode*>{&codes::kLinkName});
  EXPECT_EQ(bench.sides.sender.book().open_bundles(), std::vector<std::uint64_t>{1});
  EXPECT_EQ(place.files("sender/quarantine"), 6U);
  EXPECT_EQ(place.files("acks-in"), 0U);
}

TEST(LinkDesks, ARefusalIsToldOnceAndTheMessageGoesAgainThen) {
  Place place;
  Bench bench(place);
  const auto refuse = link_entry(1, "REFUSE");
  ASSERT_TRUE(bench.sides.sender.make({refuse, link_entry(2)}, kNow).has_value());
  ASSERT_TRUE(bench.sides.sender.drop(0, kNow).has_value());
  carry(place);
  EXPECT_TRUE(bench.look().empty());
  carry(place);
  EXPECT_TRUE(bench.collect().empty());
  const Answer* answer = bench.sides.sender.book().answer(link_message_id(1));
  ASSERT_NE(answer, nullptr);
  EXPECT_FALSE(answer->stored);
  EXPECT_EQ(answer->code, "file.empty");
  EXPECT_TRUE(bench.sides.sender.book().answer(link_message_id(2))->stored);
  ASSERT_TRUE(bench.sides.sender.forget(link_message_id(1)).has_value());
  ASSERT_TRUE(bench.sides.sender.load().has_value());
  EXPECT_EQ(bench.sides.sender.book().answer(link_message_id(1)), nullptr);
  EXPECT_NE(bench.sides.sender.book().answer(link_message_id(2)), nullptr);
  EXPECT_EQ(bench.sides.sender.book().next_number(), 2U);
}

TEST(LinkDesks, OneWayAPersonCarriesTheListsAndWhatIsMissingGoesAgain) {
  Place place;
  place.rules.one_way = true;
  place.rules.max_bundle_bytes = 64 * 1024;
  Bench bench(place);
  bench.send(1, 3);
  fs::remove(bench.sent(3));
  test::LinkGate there(place.root / "out", place.root / "in", 1);
  there.carry({});
  EXPECT_TRUE(bench.look().empty());
  ASSERT_TRUE(bench.sides.receiver.ask(0, kNow).has_value());
  EXPECT_EQ(place.files("acks-out"), 0U) << "nothing goes back by itself";
  ASSERT_TRUE(bench.sides.receiver.list(0, {kNow.ms + 1000}).has_value());
  ASSERT_EQ(place.files("acks-out"), 1U);
  EXPECT_TRUE(fs::exists(place.root / "acks-out/gov-to-biz-2026042101-list.txt"));
  fs::copy(place.root / "acks-out/gov-to-biz-2026042101-list.txt", place.root / "acks-in");
  EXPECT_TRUE(bench.collect().empty());
  EXPECT_EQ(bench.sides.sender.book().open_bundles(), std::vector<std::uint64_t>{3});
  EXPECT_EQ(bench.sides.sender.book().to_drop(0), std::vector<std::uint64_t>{3});
  ASSERT_TRUE(bench.sides.sender.drop(0, kNow).has_value());
  there.carry({});
  EXPECT_TRUE(bench.look().empty());
  EXPECT_EQ(bench.intake.distinct(), 3U);
  // After a restart the list of the day is whole again, and so are those of earlier days.
  ASSERT_TRUE(bench.sides.receiver.load().has_value());
  ASSERT_TRUE(bench.sides.receiver.list(10'000'000, {kNow.ms + 86'400'000}).has_value());
  EXPECT_EQ(place.files("acks-out"), 2U) << "yesterday's and today's";
  fs::copy(place.root / "acks-out/gov-to-biz-2026042101-list.txt", place.root / "acks-in");
  EXPECT_TRUE(bench.collect().empty());
  EXPECT_TRUE(bench.sides.sender.book().open_bundles().empty());
}

TEST(LinkDesks, ALongDayHasSeveralLists) {
  Place place;
  place.rules.one_way = true;
  place.rules.max_bundle_bytes = 64 * 1024;
  Bench bench(place);
  bench.send(1, 400);
  test::LinkGate(place.root / "out", place.root / "in", 1).carry({});
  EXPECT_TRUE(bench.look().empty());
  EXPECT_EQ(bench.intake.distinct(), 400U);
  ASSERT_TRUE(bench.sides.receiver.list(0, kNow).has_value());
  EXPECT_GT(place.files("acks-out"), 1U);
  test::LinkGate(place.root / "acks-out", place.root / "acks-in", 1).carry({});
  EXPECT_TRUE(bench.collect().empty());
  EXPECT_TRUE(bench.sides.sender.book().open_bundles().empty());
}

}  // namespace
}  // namespace tongqu::link
