// Code tables and units as messages: digests, changes, files.
#include "gateway/app/directory_rows.hpp"

#include <gtest/gtest.h>

#include "gateway/app/app_codes.hpp"
#include "security/crypto/suites.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::app {
namespace {

class DirectoryRowsTest : public testing::Test {
 protected:
  [[nodiscard]] const Suite* suite_named(std::string_view name) const {
    return name == "sm3" ? gm.get() : name == "sha-256" ? intl.get() : nullptr;
  }
  Result<Received> read(const std::string& json_text, const DirectoryRows& here) {
    Document record;
    EXPECT_TRUE(json.decode(json_text, DecodeLimits{}, record).has_value()) << json_text;
    return read_publication(record.root(), here, [this](std::string_view name) { return suite_named(name); });
  }
  static Directory codes_of(DirectoryRows rows) {
    return {DirectoryKind::kCodes, "national/channel", "渠道", "2026-01", "2026-01-01", "来源", std::move(rows)};
  }

  const JsonCodec json;
  const std::unique_ptr<Suite> gm = make_suite(SuiteId::kGm).value();
  const std::unique_ptr<Suite> intl = make_suite(SuiteId::kIntl).value();
  const DirectoryRows one{{"1", "电话", ""}, {"2", "网页", "含小程序"}};
  const DirectoryRows two{{"1", "电话", ""}, {"2", "网页", ""}, {"3", "来信", ""}};
};

// The vector of docs/directories.md.
TEST_F(DirectoryRowsTest, TheDigestIsThatOfTheSortedLines) {
  EXPECT_EQ(lines_of(one), "1\t电话\t\n2\t网页\t含小程序\n");
  EXPECT_EQ(digest_of(one, *intl), "sha-256:4a63e8984c0d57b73111703ac35f90a87b853d0f2111202073e577c4e7fb76f3");
  EXPECT_EQ(digest_of(one, *gm).substr(0, 4), "sm3:");
  EXPECT_EQ(rows_of_lines(lines_of(one), DirectoryKind::kCodes), one);
  EXPECT_EQ(rows_of_lines(lines_of(one) + "broken\n", DirectoryKind::kCodes), one);
  // Sorted as lines, not cell by cell: TAB comes before whatever a longer code goes on with.
  EXPECT_EQ(lines_of({{"1-2", "b", ""}, {"1", "a", ""}}), "1\ta\t\n1-2\tb\t\n");
}

TEST_F(DirectoryRowsTest, WholeAndChangeGiveTheSameRows) {
  const Publication head{"peer/national/channel", "peer", 7};
  const auto whole = read(publication_json(head, codes_of(two), nullptr, *gm), {});
  ASSERT_TRUE(whole.has_value());
  EXPECT_EQ(whole->directory.rows, two);
  EXPECT_EQ(whole->directory.table, "national/channel");
  const std::string change = publication_json(head, codes_of(two), &one, *gm);
  EXPECT_EQ(change.find("电话"), std::string::npos) << "what stays is not told again";
  const auto applied = read(change, one);
  ASSERT_TRUE(applied.has_value());
  EXPECT_EQ(applied->directory.rows, two);
  EXPECT_EQ(applied->added, 2U);
  EXPECT_EQ(applied->removed, 1U);
}

TEST_F(DirectoryRowsTest, AChangeOfOtherRowsAndAWrongDigestAreRefused) {
  const Publication head{"peer/national/channel", "peer", 7};
  const auto other = read(publication_json(head, codes_of(two), &one, *gm), two);
  ASSERT_TRUE(other.has_error());
  EXPECT_EQ(other.error().code, &codes::kDirectoryBase);
  std::string whole = publication_json(head, codes_of(two), nullptr, *gm);
  whole.replace(whole.find("来信"), 6, "来访");
  const auto altered = read(whole, {});
  ASSERT_TRUE(altered.has_error());
  EXPECT_EQ(altered.error().code, &codes::kDirectoryDigest);
  std::string unknown = publication_json(head, codes_of(two), nullptr, *gm);
  unknown.replace(unknown.find("sm3:"), 4, "md5:");
  EXPECT_EQ(read(unknown, {}).error().code, &codes::kDirectoryRecord);
}

// A cell with a line end could stand for two rows in the digest.
TEST_F(DirectoryRowsTest, ControlCharactersAreRefused) {
  const std::string text = R"({"table":"t","version":"1","form":"whole","digest":")" +
                           digest_of({{"1", "a", ""}}, *gm) + R"(","rows":[{"code":"1","name":"a\t\n2\tb"}]})";
  const auto got = read(text, {});
  ASSERT_TRUE(got.has_error());
  EXPECT_EQ(got.error().code, &codes::kDirectoryRecord);
}

TEST_F(DirectoryRowsTest, TheFileIsOneThatTheConfigurationReads) {
  DirectoryRows rows = two;
  rows.insert({"4", "来访,\"窗口\"", "a,b"});
  const std::string csv = directory_csv(codes_of(rows), "peer/channel", "peer");
  const auto table = FileTable::parse(csv, "channel.csv");
  ASSERT_TRUE(table.has_value()) << csv;
  EXPECT_EQ(directory_of(**table).rows, rows);
  EXPECT_EQ((*table)->name(), "peer/channel");
  EXPECT_EQ((*table)->version(), "2026-01");

  Directory units{DirectoryKind::kUnits, "", "", "2026-02", "", "", {}};
  units.rows.insert({"samr", "国家市场监督管理总局", "1", "", "", "", "", "", "", "GJ"});
  units.rows.insert({"110000", "北京市市场监督管理局", "2", "samr", "110000", "", "", "2019-01-01", "", "11"});
  const std::string text = directory_csv(units, "peer", "peer");
  const UnitFile file{"peer", "units/peer.csv", text};
  const auto parsed = UnitTable::parse({&file, 1}, nullptr);
  ASSERT_TRUE(parsed.has_value()) << text;
  EXPECT_EQ(directory_of(**parsed, "peer").rows, units.rows);
  // What one partner calls the units is nobody else's business.
  for (const DirectoryRow& row : directory_of(**parsed, "other").rows) EXPECT_EQ(row.back(), "");
}

}  // namespace
}  // namespace tongqu::app
