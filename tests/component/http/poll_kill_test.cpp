// The process of a polled list is killed between each two of its steps; the next one loses and doubles nothing.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <set>

#include "connectors/http/poll_position.hpp"
#include "tests/component/http/poll_bench.hpp"
#include "tests/support/child_program.hpp"
#include "tests/support/data.hpp"
#include "tests/support/file_intake.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::test {
namespace {

constexpr std::size_t kCount = 40;

// FileIntake ends it within the hand-over, the test when it asks for something or writes its position.
const ChildProgram kPolling("polling", [] {
  const JsonCodec json;
  SystemClock clock;
  net::IoPool pool(1);
  FileIntake intake(std::getenv("TONGQU_CHILD_FILE"), std::getenv("TONGQU_CHILD_WHERE"), 3);
  auto poll = make_poll(static_cast<std::uint16_t>(std::atoi(std::getenv("TONGQU_CHILD_PORT"))),
                        std::getenv("TONGQU_CHILD_FOLDER"), json, clock, pool, intake);
  poll->start();
  for (;;) ::pause();
});

class HttpPollKilled : public testing::Test {
 protected:
  HttpPollKilled() : folder_(temporary_folder("poll-killed")), effects_(folder_ / "effects") {}

  [[nodiscard]] std::unique_ptr<Child> start(const std::string& where) const {
    return kPolling.start({{"TONGQU_CHILD_FILE", effects_},
                           {"TONGQU_CHILD_WHERE", where},
                           {"TONGQU_CHILD_FOLDER", folder_ / "position"},
                           {"TONGQU_CHILD_PORT", std::to_string(server_.port())}},
                          folder_ / "child.log");
  }
  // Starts a process and kills it when it asks for something that begins with `target`. False when it never does.
  bool kill_when_asked(const std::string& target) {
    std::unique_lock lock(mutex_);
    deadly_ = target;
    asked_ = false;
    const auto child = start("never");
    return changed_.wait_for(lock, kPatience, [this] { return asked_; });
  }
  void before(const std::string& target) {
    const std::lock_guard lock(mutex_);
    if (!deadly_.empty() && target.starts_with(deadly_)) asked_ = true;
    changed_.notify_all();
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
  std::condition_variable changed_;
  std::string deadly_;
  bool asked_ = false;
  ListServer list_{kCount, [this](const std::string& target) { before(target); }};
  RunningServer server_{
      [this](const HttpRequest& request, const HttpHandler::Done& done) { list_.handle(request, done); }};
};

TEST_F(HttpPollKilled, BetweenEachTwoStepsLosesAndDoublesNothing) {
  for (const char* where : {"delivered", "stored", "answered", "behind"})
    EXPECT_EQ(start(where)->wait(), 128 + SIGKILL) << where;
  EXPECT_TRUE(kill_when_asked("/list"));
  EXPECT_TRUE(kill_when_asked("/ack"));

  // A pipe in the place of the new position: who has written it stands still there, after the acknowledgement.
  const std::string before = position();
  const std::filesystem::path fresh = folder_ / "position" / "http-poll.position.new";
  std::filesystem::remove(fresh);
  ASSERT_EQ(::mkfifo(fresh.c_str(), 0600), 0);
  const std::size_t acknowledged = list_.acknowledged().size();
  pollfd written{::open(fresh.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC), POLLIN, 0};
  {
    const auto child = start("never");
    EXPECT_EQ(::poll(&written, 1, 20'000), 1);
  }
  ::close(written.fd);
  EXPECT_EQ(list_.acknowledged().size(), acknowledged + 1);
  EXPECT_EQ(position(), before);
  std::filesystem::remove(fresh);

  std::ofstream(fresh) << "3";  // killed while it wrote
  EXPECT_TRUE(kill_when_asked("/list?cursor=" + std::to_string(kCount))) << "the end of the list";

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
