#include "connectors/file/arrival.hpp"

#include <gtest/gtest.h>

namespace tongqu::file {
namespace {

FileInfo info(std::string name, std::uint64_t size = 1, std::int64_t mtime = 1) {
  return {std::move(name), size, mtime, true};
}
std::vector<std::string> names(const std::vector<FileInfo>& files) {
  std::vector<std::string> list;
  for (const FileInfo& file : files) list.push_back(file.name);
  return list;
}
using Names = std::vector<std::string>;

TEST(Arrival, AFileIsWholeWhenTwoLooksSeeTheSame) {
  Arrival arrival({.ready = Ready::kStable, .pattern = "*.csv"});
  EXPECT_EQ(names(arrival.look({{info("a.csv", 5), info("b.csv", 5, 2)}, false})), Names{});
  EXPECT_EQ(names(arrival.look({{info("a.csv", 6), info("b.csv", 5, 2)}, false})), Names{"b.csv"});
  EXPECT_EQ(names(arrival.look({{info("a.csv", 6), info("b.csv", 5, 3)}, false})), Names{"a.csv"});
  EXPECT_EQ(names(arrival.look({{info("c.csv", 6)}, false})), Names{});
  EXPECT_EQ(names(arrival.look({{info("a.csv", 6), info("c.csv", 6)}, false})), Names{"c.csv"});
}

TEST(Arrival, WithMarkerOnlyWhatIsMarked) {
  Arrival arrival({.ready = Ready::kMarker, .pattern = "*", .marker = ".done"});
  EXPECT_EQ(names(arrival.look({{info("a"), info("b"), info("b.done")}, false})), Names{"b"});
  EXPECT_EQ(arrival.companions("b"), Names{"b.done"});
}

TEST(Arrival, TemporaryNamesAndOurOwnReportsAreNeverLookedAt) {
  Arrival arrival({.ready = Ready::kRenamed, .pattern = "*"});
  Listing listing;
  for (const char* name : {".a", "a.tmp", "a.part", "a.filepart", "a~", "a.csv.errors.csv", "a.csv.result.csv", "a\nb"})
    listing.files.push_back(info(name));
  listing.files.push_back(info(std::string(201, 'x')));
  EXPECT_EQ(names(arrival.look(listing)), Names{});
}

TEST(Arrival, TheSidecarHasToBeWholeToo) {
  Arrival arrival({.ready = Ready::kStable, .pattern = "*.csv", .sidecar = true});
  const Listing alone{{info("a.csv")}, false};
  const Listing both{{info("a.csv"), info("a.csv.manifest")}, false};
  (void)arrival.look(alone);
  EXPECT_EQ(names(arrival.look(alone)), Names{});
  EXPECT_EQ(names(arrival.look(both)), Names{});
  EXPECT_EQ(names(arrival.look(both)), Names{"a.csv"});
}

TEST(Arrival, OldestFirst) {
  Arrival arrival({.ready = Ready::kRenamed, .pattern = "*"});
  EXPECT_EQ(names(arrival.look({{info("c", 1, 9), info("b", 1, 5), info("a", 1, 9)}, false})), (Names{"b", "a", "c"}));
}

}  // namespace
}  // namespace tongqu::file
