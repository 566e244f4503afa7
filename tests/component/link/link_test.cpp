// Both connectors with a 网闸 between them that carries as badly as it can.
#include <gtest/gtest.h>

#include <map>

#include "connectors/link/link_codes.hpp"
#include "connectors/link/link_inbound.hpp"
#include "connectors/link/link_outbound.hpp"
#include "connectors/support/folder_codes.hpp"
#include "connectors/support/local_files.hpp"
#include "tests/support/link_bench.hpp"
#include "tests/support/link_gate.hpp"
#include "tests/support/recording_intake.hpp"

namespace tongqu::link {
namespace {

namespace fs = std::filesystem;
using test::deliver_and_wait;
using test::GateHabits;
using test::link_message_id;
using test::RecordingIntake;

struct Zones {
  explicit Zones(SuiteId id = SuiteId::kIntl, FileType type = FileType::kText) : keys(id) {
    for (const char* folder : {"out", "in", "acks-out", "acks-in"}) fs::create_directories(root / folder);
    rules.link = "gov-to-biz";
    rules.type = type;
    rules.extension = type == FileType::kXml ? ".xml" : ".txt";
    rules.settle_ms = 20;
    out.rules = rules;
    out.send.resend_ms = 300;
    out.max_messages = 7;
    out.max_delay_ms = 10;
    out.poll_ms = 10;
    out.ask_again_ms = 20;
    out.retry_first_ms = 5;
    out.retry_max_ms = 20;
    out.state = root / "sender";
    in.rules = rules;
    in.times.ask_ms = 100;
    in.feed.retry = {5, 20};
    in.poll_ms = 10;
    in.state = root / "receiver";
  }
  LinkParts parts(const test::LinkEnd&, const char* to, const char* from, const fs::path& state, bool sends) {
    LinkParts made;
    made.out = file::make_local_files(root / to, true);
    made.in = file::make_local_files(root / from, true);
    made.state = file::make_local_files(state, false);
    made.own = std::make_unique<Lent>(sends ? *keys.sender.own : *keys.receiver.own);
    made.peer = std::make_unique<LentVerifier>(sends ? *keys.sender.peer : *keys.receiver.peer);
    return made;
  }
  std::unique_ptr<LinkOutbound> outbound() {
    return std::make_unique<LinkOutbound>(out, parts(keys.sender, "out", "acks-in", out.state, true), *keys.suite,
                                          clock);
  }
  std::unique_ptr<LinkInbound> inbound() {
    auto made = std::make_unique<LinkInbound>(
        in, PartnerId("gov"), parts(keys.receiver, "acks-out", "in", in.state, false), *keys.suite, clock, intake);
    made->start();
    return made;
  }
  [[nodiscard]] std::size_t bundles() const {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(root / "out")) count += entry.path().filename().string()[0] != '.';
    return count;
  }

  // Keys are made once and used by every connector of a test.
  struct Lent final : Signer {
    explicit Lent(const Signer& inner) : inner(inner) {}
    [[nodiscard]] Result<Bytes> sign(std::string_view text) const override { return inner.sign(text); }
    [[nodiscard]] std::string_view algorithm() const override { return inner.algorithm(); }
    const Signer& inner;
  };
  struct LentVerifier final : Verifier {
    explicit LentVerifier(const Verifier& inner) : inner(inner) {}
    [[nodiscard]] bool verify(std::string_view text, std::string_view signature) const override {
      return inner.verify(text, signature);
    }
    [[nodiscard]] std::string_view algorithm() const override { return inner.algorithm(); }
    const Verifier& inner;
  };

  fs::path root = test::temporary_folder("zones");
  test::LinkPair keys;
  SystemClock clock;
  LinkRules rules;
  OutboundOptions out;
  InboundOptions in;
  RecordingIntake intake;
  test::LinkGate there{root / "out", root / "in", 7};
  test::LinkGate back{root / "acks-out", root / "acks-in", 8};
};

OutboundMessage message(int n, std::string body = {}) {
  Entry entry = test::link_entry(n, std::move(body));
  return {entry.message_id, ServiceId(entry.service), entry.body, entry.content_type, 1};
}

// The lane's part: brings each message until it has a final answer.
class Lane {
 public:
  explicit Lane(OutboundConnector& connector) : connector_(connector) {}
  void bring(int n, std::int64_t timeout_ms) {
    connector_.deliver(message(n), timeout_ms, [this, n](DeliveryOutcome outcome) {
      const std::lock_guard lock(mutex_);
      outcomes_.emplace_back(n, std::move(outcome));
      came_.notify_all();
    });
  }
  // Outcomes so far; waits a little for one.
  std::vector<std::pair<int, DeliveryOutcome>> outcomes() {
    std::unique_lock lock(mutex_);
    came_.wait_for(lock, std::chrono::milliseconds(5), [this] { return !outcomes_.empty(); });
    return std::exchange(outcomes_, {});
  }

 private:
  OutboundConnector& connector_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<std::pair<int, DeliveryOutcome>> outcomes_;
};

void everything_arrives_once(Zones& zones, const GateHabits& habits, int count) {
  auto outbound = zones.outbound();
  auto inbound = zones.inbound();
  std::map<int, DeliveryOutcome> final;
  {
    Lane lane(*outbound);
    for (int n = 1; n <= count; ++n) lane.bring(n, 200);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(240);
    while (final.size() < static_cast<std::size_t>(count) && std::chrono::steady_clock::now() < end) {
      zones.there.carry(habits);
      zones.back.carry(habits);
      for (auto& [n, outcome] : lane.outcomes()) {
        if (outcome.verdict == DeliveryVerdict::kDelivered) {
          final[n] = std::move(outcome);
        } else {
          ASSERT_TRUE(outcome.verdict == DeliveryVerdict::kPending || outcome.verdict == DeliveryVerdict::kRetry);
          lane.bring(n, 200);
        }
      }
    }
    outbound.reset();
  }
  inbound->stop(1000);
  ASSERT_EQ(final.size(), static_cast<std::size_t>(count));
  const auto effects = zones.intake.effects();
  EXPECT_EQ(effects.size(), static_cast<std::size_t>(count));
  EXPECT_EQ(zones.intake.conflicts(), 0U);
  for (const InboundMessage& effect : effects) {
    EXPECT_EQ(effect.identity.partner.str(), "gov");
    EXPECT_EQ(effect.origin.str() + "-zone", effect.idempotency_key);
  }
  for (const auto& [n, outcome] : final) {
    const Digest32 receipt = zones.keys.suite->hash({"receipt of " + link_message_id(n)});
    EXPECT_EQ(outcome.answer_digest, to_hex(as_text(receipt)));
  }
}

TEST(Link, EverythingArrivesOnceOverAGateThatLosesDoublesReordersAndCorrupts) {
  Zones zones;
  everything_arrives_once(zones, {.lose = 0.15, .twice = 0.2, .later = 0.3, .corrupt = 0.1, .cut = 0.1}, 200);
}

TEST(Link, EverythingArrivesOnceOverAGoodGateInTheOtherSuiteAndType) {
  Zones zones(SuiteId::kGm, FileType::kXml);
  everything_arrives_once(zones, {}, 50);
}

TEST(Link, AMessageThatComesAgainJoinsItsBundle) {
  Zones zones;
  zones.out.send.resend_ms = 3'600'000;
  auto outbound = zones.outbound();
  const DeliveryOutcome first = deliver_and_wait(*outbound, message(1), 100);
  EXPECT_EQ(first.verdict, DeliveryVerdict::kPending);
  EXPECT_EQ(first.retry_after_ms, 20);
  EXPECT_EQ(deliver_and_wait(*outbound, message(1), 50).verdict, DeliveryVerdict::kPending);
  EXPECT_EQ(zones.bundles(), 1U);
  // Also after a restart: the bundle is put into the folder anew, nothing else.
  outbound = zones.outbound();
  EXPECT_EQ(deliver_and_wait(*outbound, message(1), 100).verdict, DeliveryVerdict::kPending);
  EXPECT_EQ(zones.bundles(), 1U);
  auto inbound = zones.inbound();
  zones.there.carry({});
  ASSERT_TRUE(zones.intake.wait_effects(1));
  while (zones.back.carry({}) == 0) std::this_thread::yield();
  EXPECT_EQ(deliver_and_wait(*outbound, message(1)).verdict, DeliveryVerdict::kDelivered);
  // Delivered and brought again, because the outbox did not get to write it down.
  EXPECT_EQ(deliver_and_wait(*outbound, message(1)).verdict, DeliveryVerdict::kDelivered);
  outbound = zones.outbound();
  EXPECT_EQ(deliver_and_wait(*outbound, message(1)).verdict, DeliveryVerdict::kDelivered);
  EXPECT_EQ(zones.bundles(), 0U);
  EXPECT_EQ(zones.intake.asked(), 1U);
}

TEST(Link, WhatTheOtherSideTurnsBackIsRefusedAndGoesAgainWhenAPersonWantsIt) {
  Zones zones;
  zones.intake.set_script([](const InboundMessage& one) -> std::optional<Error> {
    if (one.idempotency_key == link_message_id(1)) return make_error(codes::kLinkMessage);
    return std::nullopt;
  });
  auto outbound = zones.outbound();
  auto inbound = zones.inbound();
  Lane lane(*outbound);
  std::map<int, DeliveryOutcome> final;
  const auto run = [&] {
    const std::size_t want = final.size() + 1;
    while (final.size() < want) {
      zones.there.carry({});
      zones.back.carry({});
      for (auto& [n, outcome] : lane.outcomes()) final[n] = std::move(outcome);
    }
  };
  lane.bring(1, 60'000);
  run();
  EXPECT_EQ(final[1].verdict, DeliveryVerdict::kRefused);
  EXPECT_EQ(final[1].code, &codes::kLinkRefused);
  zones.intake.set_script({});
  final.clear();
  lane.bring(1, 60'000);
  run();
  EXPECT_EQ(final[1].verdict, DeliveryVerdict::kDelivered);
  EXPECT_EQ(inbound->health().accepted, 1U);
  EXPECT_EQ(inbound->health().turned_back, 1U);
}

TEST(Link, TheLinesBackPressureHoldsTheBundle) {
  Zones zones;
  std::atomic<int> left{5};
  zones.intake.set_script([&](const InboundMessage&) -> std::optional<Error> {
    if (left-- > 0) return make_error(codes::kUnavailable);
    return std::nullopt;
  });
  everything_arrives_once(zones, {}, 10);
  EXPECT_GE(zones.intake.asked(), 15U);
}

TEST(Link, LimitsAreAnsweredAsWhatTheyAre) {
  Zones zones;
  zones.out.send.max_open_messages = 1;
  zones.out.rules.max_bundle_bytes = 64 * 1024;
  auto outbound = zones.outbound();
  EXPECT_EQ(deliver_and_wait(*outbound, message(1), 100).verdict, DeliveryVerdict::kPending);
  const DeliveryOutcome full = deliver_and_wait(*outbound, message(2), 10'000);
  EXPECT_EQ(full.verdict, DeliveryVerdict::kRetry);
  EXPECT_EQ(full.code, &codes::kLinkFull);
  const DeliveryOutcome large = deliver_and_wait(*outbound, message(3, std::string(64 * 1024, 'x')), 10'000);
  EXPECT_EQ(large.verdict, DeliveryVerdict::kRefused);
  EXPECT_EQ(large.code, &codes::kLinkMessage);
  OutboundMessage odd = message(4);
  odd.content_type = "text/plain; charset=utf-8";
  EXPECT_EQ(deliver_and_wait(*outbound, odd, 10'000).code, &codes::kLinkMessage);
}

TEST(Link, AFolderThatIsNotThereIsTriedAgain) {
  Zones zones;
  fs::remove(zones.root / "out");
  auto outbound = zones.outbound();
  const DeliveryOutcome outcome = deliver_and_wait(*outbound, message(1), 100);
  EXPECT_NE(outcome.verdict, DeliveryVerdict::kDelivered);
  fs::create_directories(zones.root / "out");
  EXPECT_EQ(deliver_and_wait(*outbound, message(1), 200).verdict, DeliveryVerdict::kPending);
  EXPECT_EQ(zones.bundles(), 1U);
}

TEST(Link, StoppingAnswersEverybody) {
  Zones zones;
  zones.out.max_delay_ms = 60'000;
  std::atomic<int> answers{0};
  {
    auto outbound = zones.outbound();
    for (int n = 1; n <= 3; ++n)
      outbound->deliver(message(n), 60'000, [&](const DeliveryOutcome& outcome) {
        EXPECT_EQ(outcome.verdict, DeliveryVerdict::kRetry);
        ++answers;
      });
  }
  EXPECT_EQ(answers, 3);
  RecordingIntake& intake = zones.intake;
  intake.hold();
  zones.out.max_delay_ms = 1;
  auto outbound = zones.outbound();
  EXPECT_EQ(deliver_and_wait(*outbound, message(1), 100).verdict, DeliveryVerdict::kPending);
  zones.there.carry({});
  auto inbound = zones.inbound();
  ASSERT_TRUE(intake.wait_for([](const RecordingIntake& self) { return self.asked_now() == 1; }));
  inbound->stop(50);  // the line does not answer: stop comes back all the same
  EXPECT_TRUE(fs::exists(zones.root / "in/gov-to-biz-0000000001.txt"));
  intake.release();
}

}  // namespace
}  // namespace tongqu::link
