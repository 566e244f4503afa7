// Handing files over, in a real folder: every step made to fail, every step made the last one before a kill, batches,
// acknowledgements, and what is delivered twice.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <fstream>
#include <future>
#include <iostream>
#include <set>

#include "connectors/file/archive.hpp"
#include "connectors/file/file_codes.hpp"
#include "connectors/file/file_outbound.hpp"
#include "connectors/file/manifest.hpp"
#include "connectors/support/local_files.hpp"
#include "connectors/support/state_lock.hpp"
#include "security/crypto/suites.hpp"
#include "tests/support/data.hpp"
#include "tests/support/fault_files.hpp"

namespace tongqu::file {
namespace {

namespace fs = std::filesystem;
using test::FaultFiles;
using test::FaultPlan;
using test::read_file;

struct Place {
  Place() { fs::create_directories(root / "there"); }
  fs::path root = test::temporary_folder("outbound");
  std::unique_ptr<Suite> suite = make_suite(SuiteId::kGm).value();
  SystemClock clock;
  OutboundOptions options = [this] {
    OutboundOptions o;
    o.hand_over.folder = "out";
    o.hand_over.zip = true;
    o.batch = true;
    o.prefix = "penalty";
    o.collect.max_rows = 3;
    o.collect.max_age_ms = 20;
    o.poll_ms = 10;
    o.retry_first_ms = 5;
    o.retry_max_ms = 10;
    o.state = root / "state";
    return o;
  }();
  [[nodiscard]] std::vector<std::string> files() const {
    std::vector<std::string> names;
    if (!fs::exists(root / "there/out")) return names;
    for (const auto& entry : fs::directory_iterator(root / "there/out")) names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }
  // All rows that the partner finds in whole files, each with its manifest checked.
  std::vector<std::string> rows() const {
    std::vector<std::string> found;
    fs::create_directories(root / "unpacked");
    const auto spool = make_local_files(root / "unpacked", false);
    for (const std::string& name : files()) {
      if (name.front() == '.') continue;
      const auto members = unpack(root / "there/out" / name, *spool, "m-", {});
      EXPECT_TRUE(members.has_value()) << name;
      if (members.has_error()) continue;
      const std::string csv = read_file(root / "unpacked" / (*members)[0].path);
      const auto manifest = read_manifest(read_file(root / "unpacked" / (*members)[1].path));
      EXPECT_EQ((*manifest)[0].digest, to_hex(as_text(suite->hash({csv}))));
      EXPECT_EQ((*manifest)[0].algorithm, "sm3");
      RowSplitter splitter({});
      splitter.feed(csv);
      (void)splitter.next(true);
      std::uint64_t count = 0;
      while (splitter.next(true) == RowSplitter::Step::kRecord) {
        found.emplace_back(splitter.record().bytes);
        ++count;
      }
      EXPECT_EQ((*manifest)[0].rows, count);
    }
    return found;
  }
};

OutboundMessage message(const std::string& id, const std::string& body = "") {
  return {id, ServiceId("credit.penalty-publicity"), body.empty() ? "no,fine\n" + id + ",1\n" : body, "text/csv", 1};
}

std::future<DeliveryOutcome> deliver(FileOutbound& to, OutboundMessage what, std::int64_t timeout_ms = 5000) {
  auto promise = std::make_shared<std::promise<DeliveryOutcome>>();
  to.deliver(std::move(what), timeout_ms,
             [promise](DeliveryOutcome outcome) { promise->set_value(std::move(outcome)); });
  return promise->get_future();
}

std::unique_ptr<FileOutbound> open(Place& place) {
  return std::make_unique<FileOutbound>(place.options, make_local_files(place.root / "there", true), *place.suite,
                                        place.clock);
}

TEST(FileOutbound, RowsBecomeOneFileWithItsManifest) {
  Place place;
  const auto connector = open(place);
  std::vector<std::future<DeliveryOutcome>> answers;
  for (const char* id : {"m1", "m2", "m3", "m4"}) answers.push_back(deliver(*connector, message(id)));
  for (auto& answer : answers) EXPECT_EQ(answer.get().verdict, DeliveryVerdict::kDelivered);
  EXPECT_EQ(place.rows(), (std::vector<std::string>{"m1,1", "m2,1", "m3,1", "m4,1"}));
  EXPECT_EQ(place.files().size(), 2U) << "three rows close a file, age the other";
  // Delivered again, also by the connector of another configuration: no second file.
  EXPECT_EQ(deliver(*connector, message("m2")).get().verdict, DeliveryVerdict::kDelivered);
  auto next = open(place);
  auto waiting = deliver(*next, message("m3"));
  EXPECT_EQ(place.rows().size(), 4U);
}

TEST(FileOutbound, OneFileAMessageNamedByItsId) {
  Place place;
  place.options.batch = false;
  place.options.hand_over.zip = false;
  place.options.hand_over.sidecar = true;
  place.options.hand_over.marker_suffix = ".ok";
  const auto connector = open(place);
  OutboundMessage one = message("01ARZ3NDEKTSV4RRFFQ69G5FAV-credit", "{\"a\":1}");
  one.content_type = "application/json";
  EXPECT_EQ(deliver(*connector, one).get().verdict, DeliveryVerdict::kDelivered);
  EXPECT_EQ(deliver(*connector, one).get().verdict, DeliveryVerdict::kDelivered);
  const std::string name = "penalty-01ARZ3NDEKTSV4RRFFQ69G5FAV-credit.json";
  EXPECT_EQ(place.files(), (std::vector<std::string>{name, name + ".manifest", name + ".ok"}));
  EXPECT_EQ(read_file(place.root / "there/out" / name), "{\"a\":1}");
  EXPECT_EQ(deliver(*connector, message("../m")).get().verdict, DeliveryVerdict::kRefused);
}

TEST(FileOutbound, APoisonMessageIsRefusedAndTheOthersGo) {
  Place place;
  const auto connector = open(place);
  auto good = deliver(*connector, message("m1"));
  const auto bad = deliver(*connector, message("m2", "no header and row")).get();
  EXPECT_EQ(bad.verdict, DeliveryVerdict::kRefused);
  EXPECT_EQ(bad.code, &codes::kBatchForm);
  EXPECT_EQ(good.get().verdict, DeliveryVerdict::kDelivered);
}

TEST(FileOutbound, WithAcknowledgementsRowsAreRefusedByLine) {
  Place place;
  place.options.ack_folder = "ack";
  const auto connector = open(place);
  auto one = deliver(*connector, message("m1"));
  auto two = deliver(*connector, message("m2"));
  auto three = deliver(*connector, message("m3"));
  while (place.files().empty() || place.files().front().front() == '.') std::this_thread::yield();
  const std::string name = place.files().front();
  EXPECT_EQ(two.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout) << "not before the answer";
  fs::create_directories(place.root / "there/ack");
  std::ofstream(place.root / "there/ack/half.tmp") << "line,result,code\n3,refused,E1\ntotal,3,1\n";
  fs::rename(place.root / "there/ack/half.tmp", place.root / "there/ack" / (name + ".ack.csv"));
  EXPECT_EQ(one.get().verdict, DeliveryVerdict::kDelivered);
  const auto refused = two.get();
  EXPECT_EQ(refused.verdict, DeliveryVerdict::kRefused);
  EXPECT_EQ(refused.code, &codes::kBatchRefused);
  EXPECT_EQ(three.get().verdict, DeliveryVerdict::kDelivered);
  EXPECT_EQ(deliver(*connector, message("m2")).get().verdict, DeliveryVerdict::kRefused);
}

TEST(FileOutbound, AnAnswerThatDoesNotComeIsRetriedWithoutASecondFile) {
  Place place;
  place.options.ack_folder = "ack";
  const auto connector = open(place);
  for (int i = 0; i < 3; ++i) {
    const auto late = deliver(*connector, message("m1"), 100).get();
    EXPECT_EQ(late.verdict, DeliveryVerdict::kRetry);
    EXPECT_EQ(late.code, &codes::kBatchAckMissing);
  }
  EXPECT_EQ(place.files().size(), 1U);
}

TEST(FileOutbound, StopGivesBackWhatWaits) {
  Place place;
  place.options.collect.max_age_ms = 60'000;
  auto connector = open(place);
  auto waiting = deliver(*connector, message("m1"), 60'000);
  connector.reset();
  const auto outcome = waiting.get();
  EXPECT_EQ(outcome.verdict, DeliveryVerdict::kRetry);
  EXPECT_EQ(outcome.code, &codes::kBatchStopped);
}

TEST(FileOutbound, StopAnswersEachCallOfWhatWasNotTakenUp) {
  Place place;
  const auto another = StateLock::take(place.options.state);  // so the thread waits and takes nothing up
  ASSERT_TRUE(another.has_value() && *another != nullptr);
  auto connector = open(place);
  auto first = deliver(*connector, message("m1"), 60'000);
  auto second = deliver(*connector, message("m1"), 60'000);
  connector.reset();
  EXPECT_EQ(first.get().code, &codes::kBatchStopped);
  EXPECT_EQ(second.get().code, &codes::kBatchStopped);
}

TEST(FileOutbound, AFolderThatIsAwayIsRetriedInTime) {
  Place place;
  fs::remove(place.root / "there");
  std::ofstream(place.root / "there") << "no folder";
  const auto connector = open(place);
  EXPECT_EQ(deliver(*connector, message("m1"), 150).get().verdict, DeliveryVerdict::kRetry);
  fs::remove(place.root / "there");
  fs::create_directories(place.root / "there");
  EXPECT_EQ(deliver(*connector, message("m1")).get().verdict, DeliveryVerdict::kDelivered);
  EXPECT_EQ(place.rows(), std::vector<std::string>{"m1,1"});
}

// The hand-over without its thread: one batch of two messages, as the connector does it after each start.
Status one_go(Place& place, FaultPlan& plan) {
  fs::create_directories(place.root / "state");
  const auto real_there = make_local_files(place.root / "there", true);
  const auto real_spool = make_local_files(place.root / "state", false);
  FaultFiles there(*real_there, plan);
  FaultFiles spool(*real_spool, plan);
  BatchBook book(1'000'000, 1000);
  HandOver hand_over(place.options.hand_over, there, spool, book, *place.suite);
  if (auto status = hand_over.load(0); status.has_error()) return status;
  if (book.of("m1") == nullptr) {
    Batch batch;
    batch.name = "penalty-" + std::to_string(book.next_number()) + ".zip";
    batch.rows = {{"m1", 2}, {"m2", 3}};
    if (auto status = hand_over.build(std::move(batch), "no\r\nm1\r\nm2\r\n", 0); status.has_error()) return status;
  }
  return hand_over.run(book.of("m1")->number, [] { return true; });
}

TEST(HandOver, AfterAFailureOfAnyStepTheFileIsThereOnceAndWhole) {
  std::uint64_t steps = 0;
  for (std::uint64_t n = 1;; ++n) {
    Place place;
    place.options.hand_over.marker_suffix = "";
    FaultPlan plan{.fail_at = n};
    const Status first = one_go(place, plan);
    if (plan.calls < n) break;
    steps = n;
    ASSERT_TRUE(first.has_error()) << n;
    (void)place.rows();  // whatever is there under its name is whole
    FaultPlan none;
    ASSERT_TRUE(one_go(place, none).has_value()) << n;
    ASSERT_EQ(place.rows(), (std::vector<std::string>{"m1", "m2"})) << n;
  }
  std::cout << "steps made to fail: " << steps << "\n";
  EXPECT_GT(steps, 20U);
}

TEST(HandOver, AfterAKillBetweenAnyTwoStepsTheFileIsThereOnceAndWhole) {
  for (const bool partner_takes_it : {false, true}) {
    std::uint64_t kills = 0;
    for (std::uint64_t n = 1;; ++n) {
      Place place;
      place.options.hand_over.marker_suffix = "";
      const pid_t child = ::fork();
      if (child == 0) {
        FaultPlan plan{.kill_at = n};
        ::_exit(one_go(place, plan).has_value() ? 0 : 1);
      }
      int status = 0;
      ASSERT_EQ(::waitpid(child, &status, 0), child);
      if (WIFEXITED(status)) {
        ASSERT_EQ(WEXITSTATUS(status), 0);
        break;
      }
      ++kills;
      std::vector<std::string> taken;
      if (partner_takes_it) {
        taken = place.rows();
        for (const std::string& name : place.files()) {
          if (name.front() != '.') fs::remove(place.root / "there/out" / name);
        }
      }
      FaultPlan none;
      ASSERT_TRUE(one_go(place, none).has_value()) << n;
      for (const std::string& row : place.rows()) taken.push_back(row);
      ASSERT_EQ(taken, (std::vector<std::string>{"m1", "m2"})) << "killed before step " << n;
    }
    std::cout << "kills: " << kills << (partner_takes_it ? ", the partner takes the file meanwhile" : "") << "\n";
    EXPECT_GT(kills, 20U);
  }
}

}  // namespace
}  // namespace tongqu::file
