// Bringing files in, in real folders: every step made to fail, every step made the last one before the process is
// killed, files that are half there, and a file of a million rows.
#include <sys/mount.h>

#include <iostream>

#include "connectors/file/file_inbound.hpp"
#include "connectors/file/manifest.hpp"
#include "tests/component/file/import_fixture.hpp"
#include "tests/support/becomes.hpp"

namespace tongqu::file {
namespace {

using namespace imports;  // NOLINT(google-build-using-namespace): its own fixture
using test::becomes;

TEST(Import, EachRowGoesToTheLineWithItsHeaderAndTheDedupRuleDecides) {
  Place place;
  put(place.root / "in/a.csv", rows(10, 5));
  FakeIntake intake;
  ASSERT_TRUE(place.go(intake).has_value());
  ASSERT_EQ(intake.bodies.size(), 8U);
  EXPECT_EQ(intake.bodies[0], "no,\"content\"\n1,\"a\nb\"\n");
  EXPECT_EQ(intake.last.content_type, "text/csv");
  EXPECT_EQ(intake.last.identity.partner.str(), "hotline");
  EXPECT_TRUE(intake.last.idempotency_key.empty());
  EXPECT_TRUE(has(place.result(), "state,processed\r\n"));
  EXPECT_TRUE(
      has(place.result(), "rows,10\r\nimported,8\r\nheld,0\r\nduplicate,0\r\nrefused,2\r\nreason:file.empty,2"));
  EXPECT_TRUE(has(read_file(place.root / "reports/a.csv.errors.csv"), "\r\n10,3,field,file.empty,"));
  EXPECT_TRUE(fs::exists(place.root / "archive" / place.day() / "a.csv"));
  EXPECT_FALSE(fs::exists(place.root / "in/a.csv"));
  EXPECT_FALSE(fs::exists(place.state / "import.state"));

  // The same bytes again, under another day's name: every row is a duplicate, and the archive keeps both files.
  put(place.root / "in/a.csv", rows(10, 5));
  ASSERT_TRUE(place.go(intake).has_value());
  EXPECT_TRUE(has(place.result(), "imported,0\r\nheld,0\r\nduplicate,8\r\nrefused,2\r\n"));
  EXPECT_TRUE(fs::exists(place.root / "archive" / place.day() / "a.csv.1"));
}

void expect_complete(const Place& place, const FakeIntake& intake, const std::string& what) {
  ASSERT_EQ(intake.distinct(), 11U) << what;
  ASSERT_TRUE(has(place.result(), "rows,13\r\nimported,11\r\nheld,0\r\nduplicate,0\r\nrefused,2\r\n"))
      << what << place.result();
  const std::string errors = read_file(place.root / "reports/a.csv.errors.csv");
  ASSERT_EQ(std::count(errors.begin(), errors.end(), '\n'), 3) << what << errors;
  ASSERT_TRUE(fs::exists(place.root / "archive" / place.day() / "a.csv")) << what;
  ASSERT_FALSE(fs::exists(place.state / "import.state")) << what;
}

void drop_thirteen(Place& place) { put(place.root / "in/a.csv", rows(13, 5)); }

TEST(Import, AfterAFailureOfAnyStepItGoesOnAndNothingIsLostOrDoubled) {
  const auto steps = fail_each_step<Place>(drop_thirteen, expect_complete);
  std::cout << "steps made to fail: " << steps << "\n";
  EXPECT_GT(steps, 50U);
}

TEST(Import, AfterAKillBetweenAnyTwoStepsItGoesOnAndNothingIsLostOrDoubled) {
  const auto kills = kill_at_each_step<Place>(drop_thirteen, expect_complete, 11);
  std::cout << "kills: " << kills << "\n";
  EXPECT_GT(kills, 50U);
}

TEST(Import, BackPressureDelaysAndLosesNothing) {
  Place place;
  put(place.root / "in/a.csv", rows(13, 5));
  FakeIntake intake;
  intake.later_for = 9;
  ASSERT_TRUE(place.go(intake).has_value());
  expect_complete(place, intake, "back-pressure");
  EXPECT_EQ(intake.calls, 13U + 9U);
}

TEST(Import, BrokenFilesGoToQuarantineWithLineAndCode) {
  const struct {
    std::string bytes;
    const ErrorCode* code;
    std::string line;
  } cases[] = {{"", &codes::kFileEmpty, ""},
               {"a,b\n1,2\n3,\"4\n", &codes::kFileQuoteOpen, "3"},
               {"a,b\n" + std::string(200, 'x') + "\n", &codes::kFileRowTooLong, "2"},
               {rows(30), &codes::kFileTooManyRows, "42"},
               {std::string(3000, 'x'), &codes::kFileTooLarge, ""}};
  for (const auto& one : cases) {
    Place place;
    place.options.csv.max_record_bytes = 100;
    place.options.max_rows = 20;
    place.options.max_file_bytes = 2000;
    put(place.root / "in/a.csv", one.bytes);
    FakeIntake intake;
    ASSERT_TRUE(place.go(intake).has_value());
    EXPECT_EQ(intake.calls, 0U) << one.code->id << ": no row goes out of a broken file";
    ASSERT_EQ(intake.broken.size(), 1U);
    EXPECT_EQ(intake.broken.front(), one.code);
    EXPECT_TRUE(has(read_file(place.root / "reports/a.csv.errors.csv"),
                    "\r\n" + one.line + ",,," + std::string(one.code->id) + ","));
    EXPECT_TRUE(has(place.result(), "state,not-processed\r\n"));
    EXPECT_TRUE(fs::exists(place.root / "quarantine" / place.day() / "a.csv"));
  }
}

TEST(Import, AFileThatDiffersFromItsManifestIsNotProcessed) {
  const std::string bytes = rows(3);
  Place probe;
  const std::string digest = to_hex(as_text(probe.suite->hash({bytes})));
  const auto manifest = [&](std::uint64_t count, std::uint64_t size, const std::string& sum) {
    return write_manifest({{"a.csv", count, size, "sha-256", sum}});
  };
  const std::pair<std::string, const ErrorCode*> cases[] = {
      {manifest(3, bytes.size(), digest), nullptr},
      {manifest(4, bytes.size(), digest), &codes::kManifestRows},
      {manifest(3, bytes.size() + 1, digest), &codes::kManifestSize},
      {manifest(3, bytes.size(), std::string(64, '0')), &codes::kManifestDigest},
      {"nonsense", &codes::kManifestForm}};
  for (const auto& [text, code] : cases) {
    Place place;
    place.options.manifest = ManifestUse::kSidecar;
    put(place.root / "in/a.csv", bytes);
    put(place.root / "in/a.csv.manifest", text);
    FakeIntake intake;
    FaultPlan plan;
    ASSERT_TRUE(place.go(intake, plan, {"a.csv.manifest"}).has_value());
    EXPECT_EQ(intake.distinct(), code == nullptr ? 3U : 0U);
    EXPECT_EQ(intake.broken.empty() ? nullptr : intake.broken.front(), code);
    EXPECT_TRUE(fs::is_empty(place.root / "in"));
  }
}

TEST(Import, RowsOfAnArchiveWithItsManifest) {
  Place place;
  place.options.zip = true;
  place.options.manifest = ManifestUse::kInside;
  const std::string one = rows(3);
  std::string two = rows(5);
  std::ranges::replace(two, 'b', 'c');  // other records
  const auto entry = [&](const char* name, const std::string& bytes, std::uint64_t count) {
    return ManifestEntry{name, count, bytes.size(), "sha-256", to_hex(as_text(place.suite->hash({bytes})))};
  };
  const auto zip = make_zip({{"1.csv", one},
                             {"manifest.csv", write_manifest({entry("1.csv", one, 3), entry("2.csv", two, 5)})},
                             {"2.csv", two}},
                            0);
  put(place.root / "in/a.csv", *zip);
  FakeIntake intake;
  FaultPlan plan{.fail_at = 60};  // somewhere in the rows: goes on in the right member
  EXPECT_TRUE(place.go(intake, plan).has_error());
  ASSERT_TRUE(place.go(intake).has_value());
  EXPECT_EQ(intake.distinct(), 8U);
  EXPECT_TRUE(has(place.result(), "rows,8\r\nimported,8\r\n")) << place.result();
}

TEST(Import, OneMessageAFile) {
  Place place;
  place.options.content = Content::kMessage;
  place.options.content_type = "application/xml";
  put(place.root / "in/a.csv", "<a>\n\"</a>");
  FakeIntake intake;
  ASSERT_TRUE(place.go(intake).has_value());
  EXPECT_EQ(intake.bodies, std::vector<std::string>{"<a>\n\"</a>"});
  EXPECT_EQ(intake.last.content_type, "application/xml");
  EXPECT_TRUE(has(place.result(), "rows,1\r\nimported,1\r\n"));
  EXPECT_EQ(intake.last.file, "a.csv");
  EXPECT_GT(intake.last.file_at.ms, 0);
}

// A place whose archives hold one message a file: XML documents, with pictures among them.

// ---- the connector itself ------------------------------------------------------------------------------------------

struct Running {
  explicit Running(Place& place, FakeIntake& intake, Ready ready = Ready::kStable) {
    InboundOptions options;
    options.import = place.options;
    options.arrival = {.ready = ready, .pattern = "*.csv"};
    options.poll_ms = 20;
    options.state = place.state;
    connector = std::make_unique<FileInbound>(std::move(options), make_local_files(place.there, true), *place.suite,
                                              place.clock, intake);
    connector->start();
  }
  std::unique_ptr<FileInbound> connector;
};

TEST(FileInbound, AFileBeingWrittenIsLeftAlone) {
  Place place;
  FakeIntake intake;
  std::ofstream writing(place.root / "in/a.csv", std::ios::binary);
  writing << "no,b\n" << std::flush;
  const Running running(place, intake);
  for (int i = 0; i < 30; ++i) {
    writing << i << ",x\n" << std::flush;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));  // the writer's own pace
  }
  writing.close();
  ASSERT_TRUE(becomes([&] { return fs::exists(place.root / "reports/a.csv.result.csv"); }));
  EXPECT_TRUE(has(place.result(), "rows,30\r\nimported,30\r\n")) << place.result();
  EXPECT_GT(running.connector->health().last_success_ms, 0);
  EXPECT_EQ(running.connector->health().accepted, 30U);
}

TEST(FileInbound, TheNextConnectorTakesOverWhereTheOldOneStopped) {
  Place place;
  put(place.root / "in/a.csv", rows(400));
  FakeIntake intake;
  for (int i = 0; i < 5; ++i) {
    Running before(place, intake, Ready::kRenamed);
    ASSERT_TRUE(becomes([&] { return intake.distinct() > static_cast<std::size_t>(i) * 10; }));
    Running after(place, intake, Ready::kRenamed);  // waits for the lock
    before.connector->stop(1000);
    after.connector->stop(1000);
  }
  const Running last(place, intake, Ready::kRenamed);
  ASSERT_TRUE(becomes([&] { return fs::exists(place.root / "archive" / place.day() / "a.csv"); }));
  EXPECT_EQ(intake.distinct(), 400U);
  EXPECT_TRUE(has(place.result(), "rows,400\r\nimported,400\r\n")) << place.result();
}

TEST(FileInbound, AFolderThatIsNotThereIsToldAndTriedAgain) {
  Place place;
  fs::remove(place.root / "in");
  FakeIntake intake;
  const Running running(place, intake, Ready::kRenamed);
  ASSERT_TRUE(becomes([&] { return running.connector->health().last_code == &codes::kFileMissing; }));
  put(place.root / "in/a.csv", rows(2));
  ASSERT_TRUE(becomes([&] { return intake.distinct() == 2; }));
}

TEST(Import, AFullDiskIsToldAndTheFileGoesOnWhenThereIsSpace) {
  Place place;
  fs::create_directories(place.state);
  if (::mount("tmpfs", place.state.c_str(), "tmpfs", 0, "size=64k") != 0) {
    GTEST_SKIP() << "a small file system cannot be mounted here (needs root)";
  }
  put(place.root / "in/a.csv", rows(9000));  // about 100 KiB
  FakeIntake intake;
  const Status full = place.go(intake);
  EXPECT_TRUE(full.has_error());
  EXPECT_EQ(full.error().code, &codes::kFileFull);
  EXPECT_EQ(::mount("tmpfs", place.state.c_str(), "tmpfs", MS_REMOUNT, "size=1m"), 0);
  EXPECT_TRUE(place.go(intake).has_value());
  EXPECT_EQ(intake.distinct(), 9000U);
  EXPECT_EQ(::umount(place.state.c_str()), 0);
}

std::uint64_t resident_kib() {
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("VmRSS:")) return std::stoull(line.substr(6));
  }
  return 0;
}

// Answers at once and keeps nothing.
class CountingIntake final : public Intake {
 public:
  void accept(InboundMessage /*message*/, Done done) override {
    if (++count % 100'000 == 0) peak_kib = std::max(peak_kib, resident_kib());
    done(Accepted{});
  }
  void turned_back(const std::string& /*s*/, const std::string& /*c*/, const Error& /*e*/) override {}
  std::uint64_t count = 0;
  std::uint64_t peak_kib = 0;
};

TEST(Import, AMillionRowsInFlatMemory) {
  Place place;
  place.options.parallel = 64;
  place.options.checkpoint_rows = 5000;
  {
    std::ofstream out(place.root / "in/a.csv", std::ios::binary);
    out << "no,name,content\n";
    for (int i = 0; i < 1'000'000; ++i)
      out << i << ",\xD5\xC5\xC8\xFD,\"\xB4\xF3\xBC\xD2\xBA\xC3, 0123456789 0123456789 0123456789\"\n";
  }
  place.options.csv.charset = Charset::kGb18030;
  fs::create_directories(place.state);
  const auto there = make_local_files(place.there, true);
  const auto spool = make_local_files(place.state, false);
  CountingIntake intake;
  Importer importer(place.options, *there, *spool, place.state, *place.suite, place.clock, intake, place.counts);
  const std::uint64_t before_kib = resident_kib();
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_TRUE(importer.run(**there->info("in/a.csv"), {}).has_value());
  const auto ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin).count();
  EXPECT_EQ(intake.count, 1'000'000U);
  std::cout << "1,000,000 rows in " << ms << " ms; resident before " << before_kib << " KiB, peak " << intake.peak_kib
            << " KiB\n";
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
  return;  // it keeps what was freed, so that memory says nothing there
#endif
#endif
  EXPECT_LT(intake.peak_kib, before_kib + 8 * 1024);
}

}  // namespace
}  // namespace tongqu::file
