// An upload in a process that is killed again and again.
#include <unistd.h>

#include <cstdlib>
#include <random>

#include "tests/component/attachments/attachment_fixture.hpp"
#include "tests/support/child_program.hpp"

namespace tongqu::test {
namespace {

constexpr const char* kChildFolder = "TONGQU_ATTACHMENT_CHILD";
constexpr std::size_t kSizeBytes = 3'000'017;
constexpr std::uint64_t kSeed = 20261126;

AttachmentHouse house_in(const std::filesystem::path& folder) { return AttachmentHouse(SuiteId::kGm, folder); }

// Uploads until it is killed or done; tells every offset that it was answered.
const ChildProgram kUploading("uploading", [] {
  AttachmentHouse house = house_in(std::getenv(kChildFolder));
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
});

bool is_offset(std::string_view line) {
  return !line.empty() && line.find_first_not_of("0123456789") == std::string_view::npos;
}

TEST(Killed, AnUploadGoesOnFromWhatWasAnsweredAndEndsWhole) {
  const std::filesystem::path folder = temporary_folder("killed");
  const Bytes content = picture(kSizeBytes);
  std::mt19937_64 random(kSeed);
  bool whole = false;
  int kills = 0;
  for (int run = 0; run < 200 && !whole; ++run) {
    SCOPED_TRACE("run " + std::to_string(run) + ", seed " + std::to_string(kSeed));
    const auto told = kUploading.run_until_told({{kChildFolder, folder}}, 1 + random() % 14, is_offset);
    whole = told.whole;
    if (!whole) ++kills;
    const AttachmentHouse house = house_in(folder);
    const AttachmentId id = house.create(content, "killed");
    const auto now = house.store->find(id);
    ASSERT_TRUE(now.has_value());
    EXPECT_GE(now->offset_bytes, told.lines.empty() ? 0 : std::stoull(told.lines.back())) << "answered as taken";
    if (now->state == AttachmentState::kStored) whole = true;
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(kills, 5);
  const AttachmentHouse house = house_in(folder);
  EXPECT_EQ(*house.content(house.create(content, "killed")), content);
}

}  // namespace
}  // namespace tongqu::test
