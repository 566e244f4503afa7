#pragma once
// A partner's folder with the gateway's state beside it, brought in once, with each step made to fail, and with each
// step the last one before the process is killed.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>

#include "connectors/file/importer.hpp"
#include "connectors/support/local_files.hpp"
#include "security/crypto/suites.hpp"
#include "tests/support/data.hpp"
#include "tests/support/fake_intake.hpp"
#include "tests/support/fault_files.hpp"

namespace tongqu::file::imports {

namespace fs = std::filesystem;
using test::FakeIntake;
using test::FaultFiles;
using test::FaultPlan;
using test::read_file;

inline void put(const fs::path& path, const std::string& bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

inline std::string rows(int count, int refused_every = 0) {
  std::string text = "no,\"content\"\r\n";
  for (int i = 1; i <= count; ++i) {
    text += std::to_string(i) + (refused_every != 0 && i % refused_every == 0 ? ",REFUSE\r\n" : ",\"a\nb\"\r\n");
  }
  return text;
}

// One folder of a partner and the gateway's state beside it.
struct Place {
  Place() { fs::create_directories(root / "in"); }
  fs::path root = test::temporary_folder("import");
  fs::path there = root;
  fs::path state = root / "state";
  std::unique_ptr<Suite> suite = make_suite(SuiteId::kIntl).value();
  SystemClock clock;
  ImportCounts counts;
  ImportOptions options = [] {
    ImportOptions o;
    o.partner = PartnerId("hotline");
    o.service = ServiceId("legacy.import");
    o.inbox = "in";
    o.archive = "archive";
    o.quarantine = "quarantine";
    o.reports = "reports";
    o.parallel = 3;
    o.checkpoint_rows = 4;
    return o;
  }();

  // One go with a fresh importer, as after a start of the process.
  Status go(FakeIntake& intake, FaultPlan& plan, const std::vector<std::string>& companions = {}) {
    fs::create_directories(state);
    const auto real_there = make_local_files(there, true);
    const auto real_spool = make_local_files(state, false);
    FaultFiles faulty_there(*real_there, plan);
    FaultFiles faulty_spool(*real_spool, plan);
    Importer importer(options, faulty_there, faulty_spool, state, *suite, clock, intake, counts);
    if (auto status = importer.resume(); status.has_error()) return status;
    const auto info = real_there->info("in/a.csv");
    if (!info.has_value() || !*info) return {};
    return importer.run(**info, companions);
  }
  Status go(FakeIntake& intake) {
    FaultPlan plan;
    return go(intake, plan);
  }
  [[nodiscard]] std::string day() const { return to_beijing_text(clock.now()).substr(0, 10); }
  [[nodiscard]] std::string result() const { return read_file(root / "reports/a.csv.result.csv"); }
};

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// Brings the files of a fresh place in, again and again, with each step the failing one; `complete` looks at what came
// of it. The steps that there were.
template <class P>
std::uint64_t fail_each_step(const std::function<void(P&)>& prepare,
                             const std::function<void(P&, FakeIntake&, const std::string&)>& complete) {
  for (std::uint64_t n = 1;; ++n) {
    P place;
    prepare(place);
    FakeIntake intake;
    FaultPlan plan{.fail_at = n};
    const Status first = place.go(intake, plan);
    if (plan.calls < n) return n - 1;
    // Some steps have a second way round; the others tell.
    if (first.has_error()) EXPECT_TRUE(place.go(intake).has_value()) << n;
    complete(place, intake, "failed at step " + std::to_string(n));
    if (testing::Test::HasFailure()) return n;
  }
}

// The same with each step the last one before the process is killed; `effects`: messages that take effect, once each.
template <class P>
std::uint64_t kill_at_each_step(const std::function<void(P&)>& prepare,
                                const std::function<void(P&, FakeIntake&, const std::string&)>& complete,
                                std::int64_t effects) {
  for (std::uint64_t n = 1;; ++n) {
    P place;
    prepare(place);
    const std::string line = place.root / "line";
    const pid_t child = ::fork();
    if (child == 0) {
      FakeIntake intake(line);
      FaultPlan plan{.kill_at = n};
      ::_exit(place.go(intake, plan).has_value() ? 0 : 1);
    }
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    if (WIFEXITED(status)) {
      EXPECT_EQ(WEXITSTATUS(status), 0);
      return n - 1;
    }
    EXPECT_EQ(WTERMSIG(status), SIGKILL);
    FakeIntake intake(line);
    EXPECT_TRUE(place.go(intake).has_value());
    complete(place, intake, "killed before step " + std::to_string(n));
    std::ifstream in(line);
    EXPECT_EQ(std::count(std::istreambuf_iterator<char>(in), {}, '\n'), effects)
        << "a message had its effect twice: " << n;
    if (testing::Test::HasFailure()) return n;
  }
}

}  // namespace tongqu::file::imports
