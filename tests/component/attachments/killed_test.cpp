// An upload in a process that is killed again and again.
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <random>

#include "tests/component/attachments/attachment_fixture.hpp"

namespace tongqu::test {
namespace {

constexpr const char* kChildFolder = "TONGQU_ATTACHMENT_CHILD";
constexpr std::size_t kSizeBytes = 3'000'017;
constexpr std::uint64_t kSeed = 20261126;

AttachmentHouse house_in(const std::filesystem::path& folder) { return AttachmentHouse(SuiteId::kGm, folder); }

// The process that is killed: started by the test below with a folder in its environment. Tells every offset that it
// was answered.
TEST(KilledChild, DISABLED_UploadsUntilItIsKilled) {
  const char* folder = std::getenv(kChildFolder);
  ASSERT_NE(folder, nullptr);
  AttachmentHouse house = house_in(folder);
  house.options.checkpoint_every_bytes = 128 * 1024;
  house.open();
  const Bytes content = picture(kSizeBytes);
  const AttachmentId id = house.create(content, "killed");
  std::mt19937_64 random(std::random_device{}());
  std::size_t at = house.store->find(id)->offset_bytes;
  while (at < kSizeBytes) {
    const std::size_t next = std::min<std::size_t>(kSizeBytes, at + 1 + random() % 40'000);
    const auto taken = house.send(id, content, at, next, 1 + random() % 9'000);
    if (taken.has_error()) std::abort();
    at = next;
    const std::string line = std::to_string(at) + "\n";
    if (write(STDOUT_FILENO, line.data(), line.size()) < 0) std::abort();
  }
}

// The last offset that the child told before it was killed behind `answers` of them; 0 = none. `whole`: it came to its
// end.
std::uint64_t run_child(const std::filesystem::path& folder, std::size_t answers, bool& whole) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  std::string variable = std::string(kChildFolder) + "=" + folder.string();
  std::string program = "/proc/self/exe";
  std::string filter = "--gtest_filter=KilledChild.*";
  std::string also = "--gtest_also_run_disabled_tests";
  char* arguments[] = {program.data(), filter.data(), also.data(), nullptr};
  char* environment[] = {variable.data(), nullptr};
  pid_t child = 0;
  EXPECT_EQ(posix_spawn(&child, program.c_str(), &actions, nullptr, arguments, environment), 0);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  std::uint64_t last = 0;
  std::size_t told = 0;
  std::string text;
  char buffer[4096];
  for (ssize_t got = 0; (got = read(ends[0], buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(got));
    for (std::size_t end = 0; (end = text.find('\n')) != std::string::npos; text.erase(0, end + 1)) {
      if (end == 0 || text.find_first_not_of("0123456789") != end) continue;
      last = std::stoull(text.substr(0, end));
      ++told;
    }
    if (told >= answers) kill(child, SIGKILL);
  }
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  whole = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  return last;
}

TEST(Killed, AnUploadGoesOnFromWhatWasAnsweredAndEndsWhole) {
  const std::filesystem::path folder = temporary_folder("killed");
  const Bytes content = picture(kSizeBytes);
  std::mt19937_64 random(kSeed);
  bool whole = false;
  int kills = 0;
  for (int run = 0; run < 200 && !whole; ++run) {
    SCOPED_TRACE("run " + std::to_string(run) + ", seed " + std::to_string(kSeed));
    const std::uint64_t told = run_child(folder, 1 + random() % 14, whole);
    if (!whole) ++kills;
    const AttachmentHouse house = house_in(folder);
    const AttachmentId id = house.create(content, "killed");
    const auto now = house.store->find(id);
    ASSERT_TRUE(now.has_value());
    EXPECT_GE(now->offset_bytes, told) << "answered as taken";
    if (now->state == AttachmentState::kStored) whole = true;
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(kills, 5);
  const AttachmentHouse house = house_in(folder);
  EXPECT_EQ(*house.content(house.create(content, "killed")), content);
}

}  // namespace
}  // namespace tongqu::test
