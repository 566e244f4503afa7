#include "gateway/settings/config_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "connectors/all_connectors.hpp"
#include "gateway/settings/active.hpp"
#include "gateway/settings/settings_codes.hpp"
#include "tests/support/data.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/unit/settings/settings_support.hpp"

namespace tongqu {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

void write(const fs::path& path, std::string_view bytes) { std::ofstream(path, std::ios::binary) << bytes; }

class LastGood : public testing::Test {
 protected:
  fs::path directory_ = test::on_disk(test::small_config_with("policies/p.yaml", "title_zh: 名称\nrules: []\n"));
  fs::path state_ = test::temporary_folder("state");
  test::ManualClock clock_;
  ConfigSource source_{directory_, all_specs(), test::test_hash, clock_};
  KeptConfigs kept_{state_, test::test_hash};

  // What the start does with a configuration that passed.
  ConfigId accept() {
    const ConfigSource::Loaded loaded = source_.load();
    EXPECT_TRUE(loaded.snapshot.has_value());
    EXPECT_TRUE(kept_.keep_copy(loaded.snapshot->settings.image(), loaded.id).has_value());
    EXPECT_TRUE(kept_.mark_good(loaded.id).has_value());
    return loaded.id;
  }
};

TEST_F(LastGood, RunsWhenTheNewestDoesNotPass) {
  const ConfigId good = accept();
  write(directory_ / "policies/p.yaml", "title_zh: 名称\n");
  const ConfigSource::Loaded newest = source_.load();
  EXPECT_FALSE(newest.snapshot.has_value());
  EXPECT_NE(newest.id, good);
  EXPECT_THAT(test::brief(newest.faults), ElementsAre("policies/p.yaml:1:1 settings.missing-key rules"));
  ASSERT_EQ(kept_.last_good(), good);
  auto image = kept_.open_copy(good, directory_);
  ASSERT_TRUE(image.has_value());
  EXPECT_EQ(image->directory(), directory_);
  clock_.advance(5);
  const ConfigSource::Loaded last = source_.load(std::move(image).value());
  ASSERT_TRUE(last.snapshot.has_value());
  EXPECT_EQ(last.snapshot->id, good);
  EXPECT_EQ(last.snapshot->settings.id(), good);
  EXPECT_EQ(last.snapshot->loaded_at, clock_.now());
  EXPECT_NE(last.snapshot->settings.find("policy", "p"), nullptr);
}

TEST_F(LastGood, CopiesHoldNoSecretsAndAreForTheOwnerOnly) {
  fs::create_directories(directory_ / "secrets");
  write(directory_ / "secrets/audit.key", "canary");
  const ConfigId id = accept();
  EXPECT_FALSE(fs::exists(state_ / "config" / id.str() / "secrets"));
  EXPECT_EQ(fs::status(state_ / "config").permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::status(state_ / "config" / id.str()).permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::status(state_ / "config" / id.str() / "policies/p.yaml").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(accept(), id);
}

TEST_F(LastGood, AnAlteredCopyDoesNotOpen) {
  const ConfigId id = accept();
  write(state_ / "config" / id.str() / "policies/p.yaml", "title_zh: 别的\nrules: []\n");
  const auto copy = kept_.open_copy(id, directory_);
  ASSERT_TRUE(copy.has_error());
  EXPECT_EQ(copy.error().code, &codes::kCopyAltered);
}

TEST_F(LastGood, NamesThatAreNoDigestReachNoFile) {
  for (const char* name : {"", "..", "../../etc", "abc", "ABCDEF0123456789", "0123456789abcdef/x"}) {
    EXPECT_EQ(kept_.open_copy(ConfigId(name), directory_).error().code, &codes::kCopyMissing) << name;
    EXPECT_EQ(kept_.mark_good(ConfigId(name)).error().code, &codes::kCopyMissing) << name;
    EXPECT_EQ(kept_.keep_copy({}, ConfigId(name)).error().code, &codes::kCopyNotKept) << name;
  }
  EXPECT_EQ(kept_.mark_good(ConfigId("0123456789abcdef")).error().code, &codes::kCopyMissing);
  EXPECT_EQ(kept_.last_good(), std::nullopt);
  fs::create_directories(state_ / "config");
  write(state_ / "config/last-good", "../../etc\n");
  EXPECT_EQ(kept_.last_good(), std::nullopt);
}

TEST_F(LastGood, KeepsWhatIsReferencedAndPrunesTheRest) {
  const ConfigId first = accept();
  write(directory_ / "policies/q.yaml", "title_zh: 二\nrules: []\n");
  const ConfigId second = accept();
  write(directory_ / "policies/r.yaml", "title_zh: 三\nrules: []\n");
  const ConfigId third = accept();
  fs::create_directories(state_ / "config" / "0123456789abcdef.partial" / "x");
  EXPECT_EQ(kept_.kept().size(), 3U);
  EXPECT_EQ(kept_.prune({first}), 1U);
  std::vector<ConfigId> left{first, third};
  std::sort(left.begin(), left.end());
  EXPECT_EQ(kept_.kept(), left);
  EXPECT_FALSE(fs::exists(state_ / "config" / "0123456789abcdef.partial"));
  EXPECT_EQ(kept_.open_copy(second, directory_).error().code, &codes::kCopyMissing);
  EXPECT_EQ(kept_.prune({first}), 0U);
  EXPECT_EQ(kept_.last_good(), third);
}

TEST_F(LastGood, SaysWhenTheFolderCannotBeWritten) {
  write(state_ / "config", "a file where the folder should be");
  const ConfigSource::Loaded loaded = source_.load();
  EXPECT_EQ(kept_.keep_copy(loaded.snapshot->settings.image(), loaded.id).error().code, &codes::kCopyNotKept);
  EXPECT_THAT(kept_.kept(), IsEmpty());
  EXPECT_EQ(kept_.prune({}), 0U);
}

TEST(Active, ReadersKeepWhatTheyTookWhileOthersSwap) {
  struct Plan {
    int number = 0;
    int twice = 0;
  };
  constexpr int kSwaps = 2000;
  Active<Plan> active(std::make_shared<const Plan>(Plan{0, 0}));
  const auto kept = active.get();
  std::atomic<bool> stop = false;
  std::atomic<int> torn = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      for (int last = 0; !stop.load();) {
        const auto plan = active.get();
        if (plan->twice != 2 * plan->number || plan->number < last) ++torn;
        last = plan->number;
      }
    });
  }
  for (int i = 1; i <= kSwaps; ++i) {
    const auto before = active.swap(std::make_shared<const Plan>(Plan{i, 2 * i}));
    ASSERT_EQ(before->number, i - 1);
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(torn, 0);
  EXPECT_EQ(kept->number, 0);
  EXPECT_EQ(kept.use_count(), 1);
  EXPECT_EQ(active.get()->number, kSwaps);
}

}  // namespace
}  // namespace tongqu
