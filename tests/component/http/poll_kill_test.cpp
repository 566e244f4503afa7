// The process of a polled list is killed between each two of its steps; the next one loses and doubles nothing.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <set>

#include "connectors/http/poll_position.hpp"
#include "tests/component/http/poll_bench.hpp"
#include "tests/support/child.hpp"
#include "tests/support/data.hpp"
#include "tests/support/file_intake.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::test {
namespace {

constexpr std::size_t kCount = 40;

// Runs in a process of its own; FileIntake ends it within the hand-over, the parent at what it asks.
TEST(HttpPollChild, DISABLED_Poll) {
  const JsonCodec json;
  SystemClock clock;
  net::IoPool pool(1);
  FileIntake intake(std::getenv("TONGQU_CHILD_FILE"), std::getenv("TONGQU_CHILD_WHERE"), 3);
  auto poll = make_poll(static_cast<std::uint16_t>(std::atoi(std::getenv("TONGQU_CHILD_PORT"))),
                        std::getenv("TONGQU_CHILD_FOLDER"), json, clock, pool, intake);
  poll->start();
  for (;;) ::pause();  // the parent ends it
}

class HttpPollKilled : public testing::Test {
 protected:
  HttpPollKilled() : folder_(temporary_folder("poll-killed")), effects_(folder_ / "effects") {}

  // Starts a process, kills it as soon as `due`, and gives its exit code; `where`: the point at which it ends by
  // itself.
  int run(const std::string& where, const std::function<bool()>& due) {
    const std::string self = std::filesystem::read_symlink("/proc/self/exe");
    Child child({self, "--gtest_also_run_disabled_tests", "--gtest_filter=HttpPollChild.DISABLED_Poll"},
                {{"TONGQU_CHILD_FILE", effects_},
                 {"TONGQU_CHILD_WHERE", where},
                 {"TONGQU_CHILD_FOLDER", folder_ / "position"},
                 {"TONGQU_CHILD_PORT", std::to_string(server_.port())}},
                folder_ / "child.log");
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (!due() && !child.ended() && std::chrono::steady_clock::now() < end) ::usleep(1000);
    child.signal(SIGKILL);
    return child.wait();
  }
  // The same, killed when it asks for something that begins with `target`.
  int run_until_asked(const std::string& target) {
    {
      const std::lock_guard lock(mutex_);
      deadly_ = target;
      asked_ = false;
    }
    return run("never", [this] { return asked_.load(); });
  }
  void before(const std::string& target) {
    const std::lock_guard lock(mutex_);
    if (!deadly_.empty() && target.starts_with(deadly_)) asked_ = true;
  }

  [[nodiscard]] std::vector<std::string> effects() const {
    std::vector<std::string> keys;
    std::ifstream in(effects_);
    for (std::string line; std::getline(in, line);) keys.push_back(line.substr(0, line.find(' ')));
    return keys;
  }
  [[nodiscard]] std::string position() const { return PollPosition(folder_ / "position").load("0").value(); }

  std::filesystem::path folder_;
  std::string effects_;
  std::mutex mutex_;
  std::string deadly_;
  std::atomic<bool> asked_{false};
  ListServer list_{kCount, [this](const std::string& target) { before(target); }};
  RunningServer server_{
      [this](const HttpRequest& request, const HttpHandler::Done& done) { list_.handle(request, done); }};
};

TEST_F(HttpPollKilled, BetweenEachTwoStepsLosesAndDoublesNothing) {
  const auto by_itself = [] { return false; };
  for (const char* where : {"delivered", "stored", "answered", "behind"})
    EXPECT_EQ(run(where, by_itself), 128 + SIGKILL) << where;
  EXPECT_EQ(run_until_asked("/list"), 128 + SIGKILL);
  EXPECT_EQ(run_until_asked("/ack"), 128 + SIGKILL);

  // A pipe in the place of the new position: who has written it stands still there, after the acknowledgement.
  const std::string before = position();
  const std::filesystem::path fresh = folder_ / "position" / "http-poll.position.new";
  std::filesystem::remove(fresh);
  ASSERT_EQ(::mkfifo(fresh.c_str(), 0600), 0);
  const std::size_t acknowledged = list_.acknowledged().size();
  pollfd written{::open(fresh.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC), POLLIN, 0};
  EXPECT_EQ(run("never", [&] { return ::poll(&written, 1, 0) == 1 && (written.revents & POLLIN) != 0; }),
            128 + SIGKILL);
  ::close(written.fd);
  EXPECT_EQ(list_.acknowledged().size(), acknowledged + 1);
  EXPECT_EQ(position(), before);
  std::filesystem::remove(fresh);

  std::ofstream(fresh) << "3";  // killed while it wrote
  EXPECT_EQ(run_until_asked("/list?cursor=" + std::to_string(kCount)), 128 + SIGKILL) << "the end of the list";

  std::vector<std::string> expected;
  for (std::size_t i = 0; i < kCount; ++i) expected.push_back("m" + std::to_string(i));
  EXPECT_EQ(effects(), expected);
  EXPECT_EQ(position(), std::to_string(kCount));
  std::set<std::string> told;
  for (const std::string& body : list_.acknowledged())
    for (const std::string& key : expected)
      if (body.find('"' + key + '"') != std::string::npos) told.insert(key);
  EXPECT_EQ(told.size(), kCount) << "each was acknowledged";
}

}  // namespace
}  // namespace tongqu::test
