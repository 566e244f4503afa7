// The store of a local base: what stays, what is found, what a disk that fails leaves.
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "gateway/store/store_codes.hpp"
#include "tests/component/registry/base_fixture.hpp"
#include "tests/support/child_program.hpp"
#include "tests/support/fault_vfs.hpp"

namespace tongqu::test {
namespace {

TEST(References, TheLaterRecordStaysWhicheverComesFirst) {
  for (const SuiteId suite : {SuiteId::kGm, SuiteId::kIntl}) {
    BaseHouse house(suite);
    EXPECT_EQ(house.put(reference("m1", "a", "2014", "first")), ReferencePut::kStored);
    EXPECT_EQ(house.put(reference("m2", "a", "2016", "third")), ReferencePut::kStored);
    EXPECT_EQ(house.put(reference("m3", "a", "2015", "second")), ReferencePut::kOlder);
    EXPECT_EQ(house.at("key-a"), "third");
    EXPECT_EQ(house.put(reference("m4", "a", "2016", "third, corrected")), ReferencePut::kStored)
        << "the later message";
    EXPECT_EQ(house.put(reference("m2", "a", "2016", "third")), ReferencePut::kOlder) << "the same message again";
    EXPECT_EQ(house.put(reference("m4", "a", "2016", "third, corrected")), ReferencePut::kStored);
    EXPECT_EQ(house.at("key-a"), "third, corrected");
    EXPECT_EQ(house.at("key-b"), "-");
    EXPECT_EQ(house.at("key-a", PartnerId("other")), "-") << "bases do not see each other";
    EXPECT_EQ(*house.store->newest(kBase), "2016");
    EXPECT_EQ(*house.store->newest(PartnerId("other")), "");
  }
}

TEST(References, OfSeveralRecordsWithOneKeyTheLatestIsFound) {
  const BaseHouse house;
  EXPECT_EQ(house.put(reference("m1", "grant", "2016", "B")), ReferencePut::kStored);
  EXPECT_EQ(house.put(reference("m2", "publication", "2014", "A")), ReferencePut::kStored);
  EXPECT_EQ(house.at("all"), "B");
  NewReference moved = reference("m3", "grant", "2017", "B2");
  moved.keys = {"elsewhere"};
  EXPECT_EQ(house.put(moved), ReferencePut::kStored);
  EXPECT_EQ(house.at("all"), "A") << "keys of a record that was replaced are gone";
  EXPECT_EQ(house.at("elsewhere"), "B2");
}

TEST(References, ItIsThereAfterAStart) {
  BaseHouse house;
  EXPECT_EQ(house.put(reference("m1", "a", "2014", "content")), ReferencePut::kStored);
  house.open();
  EXPECT_EQ(house.at("key-a"), "content");
  EXPECT_EQ(house.put(reference("m1", "a", "2014", "content")), ReferencePut::kStored);
}

TEST(References, AFullBaseTakesNothingNewButLaterVersions) {
  BaseHouse house;
  house.limits.max_records = 2;
  EXPECT_EQ(house.put(reference("m1", "a", "2014", "a")), ReferencePut::kStored);
  EXPECT_EQ(house.put(reference("m2", "b", "2014", "b")), ReferencePut::kStored);
  EXPECT_EQ(house.put(reference("m3", "c", "2014", "c")), ReferencePut::kFull);
  EXPECT_EQ(house.put(reference("m4", "a", "2015", "A")), ReferencePut::kStored);
  house.open();
  EXPECT_EQ(house.put(reference("m3", "c", "2014", "c")), ReferencePut::kFull) << "the sum is kept";
  house.limits = {10, 200};
  EXPECT_EQ(house.put(reference("m5", "d", "2014", std::string(200, 'd'))), ReferencePut::kFull);
  EXPECT_EQ(house.put(reference("m6", "a", "2016", std::string(200, 'a'))), ReferencePut::kFull);
  EXPECT_EQ(house.at("key-a"), "A");
  EXPECT_EQ(house.at("key-c") + house.at("key-d"), "--");
}

TEST(References, NothingReadableIsOnTheDiskAndOnlyTheOwnerReadsIt) {
  const BaseHouse house;
  EXPECT_EQ(house.put(reference("m1", "secret-identity", "2014", "secret-content")), ReferencePut::kStored);
  for (const auto& entry : std::filesystem::directory_iterator(house.root / "references")) {
    const std::string bytes = read_file(entry.path());
    EXPECT_EQ(bytes.find("secret-"), std::string::npos) << entry.path();
    struct stat info{};
    ASSERT_EQ(::stat(entry.path().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0600U) << entry.path();
  }
}

TEST(References, RecordsWithoutTheirKeysDoNotOpenAsAnEmptyBase) {
  BaseHouse house;
  EXPECT_EQ(house.put(reference("m1", "a", "2014", "content")), ReferencePut::kStored);
  house.store.reset();
  for (const char* end : {"", "-wal", "-shm"})
    std::filesystem::remove(house.root / ("references/reference-keys.db" + std::string(end)));
  const auto opened = SqlReferences::open(house.root / "references", *house.sealer, *house.suite);
  ASSERT_TRUE(opened.has_error());
  EXPECT_EQ(opened.error().code, &codes::kStoreCorrupt);
}

// Every write and sync made the last one before the power goes: what was answered is there, what was not may be, each
// record is readable, and the same messages again lead to the same base.
TEST(References, APowerCutAtEveryWriteLosesNothingThatWasAnswered) {
  std::uint64_t cuts = 0;
  for (std::uint64_t at = 1;; ++at) {
    FaultVfs vfs;
    BaseHouse house;
    house.open(vfs.name());
    EXPECT_EQ(house.put(reference("m0", "a", "2013", "old")), ReferencePut::kStored);
    vfs.arm({FaultVfs::Fault::kCut, at, at});
    const auto first = house.store->put(kBase, house.limits, {reference("m1", "a", "2014", "new")});
    const auto second = house.store->put(kBase, house.limits, {reference("m2", "b", "2014", "other")});
    const bool cut = vfs.is_cut();
    house.store.reset();
    vfs.settle_disk();
    house.open();
    const std::string a = house.at("key-a");
    const std::string b = house.at("key-b");
    if (first.has_value()) {
      ASSERT_EQ(a, "new") << at;
    } else {
      ASSERT_TRUE(a == "old" || a == "new") << at << a;
    }
    if (second.has_value()) {
      ASSERT_EQ(b, "other") << at;
    } else {
      ASSERT_TRUE(b == "-" || b == "other") << at << b;
    }
    EXPECT_EQ(house.put(reference("m1", "a", "2014", "new")), ReferencePut::kStored);
    EXPECT_EQ(house.put(reference("m2", "b", "2014", "other")), ReferencePut::kStored);
    ASSERT_EQ(house.at("key-a") + house.at("key-b"), "newother") << at;
    if (!cut) break;
    ++cuts;
  }
  EXPECT_GT(cuts, 10U);
}

TEST(References, AFullDiskIsSaidAndGoneWhenThereIsRoom) {
  FaultVfs vfs;
  BaseHouse house;
  house.open(vfs.name());
  EXPECT_EQ(house.put(reference("m1", "a", "2014", "content")), ReferencePut::kStored);
  vfs.set_full(true);
  const auto full = house.store->put(kBase, house.limits, {reference("m2", "b", "2014", std::string(100'000, 'b'))});
  ASSERT_TRUE(full.has_error());
  EXPECT_EQ(full.error().code, &codes::kUnavailable);
  EXPECT_EQ(house.at("key-a"), "content");
  vfs.set_full(false);
  EXPECT_EQ(house.put(reference("m2", "b", "2014", "b")), ReferencePut::kStored);
  EXPECT_EQ(house.at("key-b"), "b");
}

constexpr const char* kChildFolder = "TONGQU_REFERENCES_CHILD";

// Stores until it is killed; tells each number when it was answered.
const ChildProgram kFilling("filling", [] {
  const BaseHouse house(SuiteId::kGm, std::getenv(kChildFolder));
  for (int n = 1;; ++n) {
    const std::string text = std::to_string(n);
    const auto put = house.put(reference("m" + text, std::to_string(n % 7), std::to_string(1'000'000 + n), text));
    if (put == ReferencePut::kFull) std::abort();
    const std::string line = text + "\n";
    if (write(STDOUT_FILENO, line.data(), line.size()) < 0) std::abort();
  }
});

TEST(References, AKilledProcessLeavesAWholeBase) {
  const auto folder = temporary_folder("references-killed");
  const auto told = kFilling.run_until_told({{kChildFolder, folder}}, 60, [](std::string_view line) {
    return !line.empty() && line.find_first_not_of("0123456789") == std::string_view::npos;
  });
  const BaseHouse house(SuiteId::kGm, folder);
  for (int identity = 0; identity < 7; ++identity) {
    const std::string content = house.at("key-" + std::to_string(identity));
    EXPECT_GE(std::stoi(content), 54) << "of each the last or the one being stored";
    EXPECT_EQ(std::stoi(content) % 7, identity);
  }
}

}  // namespace
}  // namespace tongqu::test
