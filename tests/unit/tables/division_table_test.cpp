#include "transforms/tables/division_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>

#include "tests/support/data.hpp"
#include "transforms/tables/tables_codes.hpp"

namespace tongqu {
namespace {

using Standing = DivisionSet::Standing;

const DivisionTable& committed() {
  static const auto table = DivisionTable::load(test::source_folder() / "config/tables/divisions.csv");
  EXPECT_TRUE(table.has_value());
  return *table.value();
}

const std::string kHead =
    "#table,divisions\n#version,1\n#source,test\ncode,name,valid_from,valid_to,successor,source\n";

TEST(DivisionTable, PrefersTheRowInForceAndKnowsDates) {
  const auto table = DivisionTable::parse(kHead +
                                              "220281,桦甸市,2003-01-01,2004-12-31,,x\n220281,蛟河市,2004-01-01,,,x\n"
                                              "220281,蛟河市,,2003-12-31,,x\n110103,崇文区,,2010-12-31,110101,x\n",
                                          "d.csv");
  ASSERT_TRUE(table.has_value());
  const DivisionTable& t = *table.value();
  EXPECT_EQ(t.find("220281")->name, "蛟河市");
  EXPECT_TRUE(t.find("220281")->valid_to.empty());
  EXPECT_EQ(t.find("220281", "1990-05-01")->valid_to, "2003-12-31");
  EXPECT_EQ(t.find("220281", "2003-06-01")->name, "桦甸市");
  EXPECT_EQ(t.find("220281", "2026-01-01")->name, "蛟河市");
  EXPECT_EQ(t.find("110103")->successor, "110101");
  EXPECT_EQ(t.find("110103", "2011-01-01"), nullptr);
  EXPECT_EQ(t.standing("110103"), Standing::kRetired);
  EXPECT_EQ(t.standing("220281"), Standing::kCurrent);
  for (const char* unknown : {"", "11", "110102", "1101030", "999999", "000000"}) {
    EXPECT_EQ(t.find(unknown), nullptr) << unknown;
    EXPECT_EQ(t.standing(unknown), Standing::kUnknown) << unknown;
  }
}

TEST(DivisionTable, RefusesRowsOutOfForm) {
  const std::vector<std::pair<std::string, Position>> cases{
      {"11010,东城区,,,,x\n", {5, 1}},
      {"11010A,东城区,,,,x\n", {5, 1}},
      {"110101,,,,,x\n", {5, 8}},
      {"110101,东城区,1980,,,x\n", {5, 12}},
      {"110101,东城区,1990-01-01,1980-01-01,,x\n", {5, 23}},
      {"110101,东城区,,,12,x\n", {5, 14}},
  };
  for (const auto& [row, position] : cases) {
    const auto table = DivisionTable::parse(kHead + row, "d.csv");
    ASSERT_TRUE(table.has_error()) << row;
    EXPECT_EQ(table.error().faults.at(0).position, position) << row << table.error().faults[0].position.column;
  }
  EXPECT_TRUE(DivisionTable::load("/nonexistent/divisions.csv").has_error());
}

TEST(CommittedDivisions, NamesAndChangesThatPeopleKnow) {
  const DivisionTable& t = committed();
  EXPECT_EQ(t.full_name("330102"), "浙江省杭州市上城区");
  EXPECT_EQ(t.full_name("110101"), "北京市东城区");
  EXPECT_EQ(t.full_name("440000"), "广东省");
  EXPECT_EQ(t.full_name("429004"), "湖北省仙桃市");
  EXPECT_EQ(t.full_name("110200"), "北京市");
  EXPECT_EQ(t.full_name("999999"), "");
  for (const char* current :
       {"653228", "653229", "653132", "659013", "500157", "460302", "460303", "710000", "810000", "820000"}) {
    EXPECT_EQ(t.standing(current), Standing::kCurrent) << current;
  }
  const std::vector<std::pair<const char*, const char*>> successors{
      {"110103", "110101"}, {"310119", "310115"}, {"500105", "500157"}, {"540422", "540481"}};
  for (const auto& [code, successor] : successors) {
    EXPECT_EQ(t.standing(code), Standing::kRetired) << code;
    EXPECT_EQ(t.find(code)->successor, successor) << code;
  }
}

TEST(CommittedDivisions, EverySuccessorExistsAndNoCodeHasTwoRowsInForce) {
  const DivisionTable& t = committed();
  std::set<std::string> in_force;
  for (const Division& row : t.rows()) {
    if (!row.successor.empty()) {
      EXPECT_EQ(t.standing(row.successor), Standing::kCurrent) << row.code;
    }
    if (row.valid_to.empty()) {
      EXPECT_TRUE(in_force.insert(row.code).second) << row.code;
    }
  }
  EXPECT_GT(in_force.size(), 3'200U);
}

// {"110000": "北京市", …}, one pair a line.
std::map<std::string, std::string> read_pairs(const std::string& relative_path) {
  std::map<std::string, std::string> out;
  for (const std::string& line : test::data_lines(relative_path)) {
    std::vector<std::string> parts;
    std::stringstream stream(line);
    for (std::string part; std::getline(stream, part, '"');) parts.push_back(part);
    if (parts.size() >= 4) out[parts[1]] = parts[3];
  }
  return out;
}

TEST(CommittedDivisions, HasEveryCodeOfAnIndependentCurrentTable) {
  const auto other = read_pairs("divisions/mumuy-list.json");
  if (other.empty()) GTEST_SKIP() << "test data absent";
  std::size_t compared = 0;
  for (const auto& [code, name] : other) {
    // Below province level that table numbers the districts of Hong Kong, Macao and Taiwan in its author's own way,
    // and Taiwan as 83, which only residence permits do.
    const std::string province = code.substr(0, 2);
    if (province == "81" || province == "82" || province == "83") continue;
    ++compared;
    const Division* row = committed().find(code);
    ASSERT_NE(row, nullptr) << code;
    EXPECT_TRUE(row->valid_to.empty()) << code;
    EXPECT_EQ(row->name, name) << code;
  }
  EXPECT_GT(compared, 3'200U);
  // The other way: what is in force here and not there.
  for (const Division& row : committed().rows()) {
    if (!row.valid_to.empty() || other.contains(row.code)) continue;
    const bool filler = row.name == "市辖区" || row.name == "县" || row.name.find("直辖县级") != std::string::npos;
    const bool forest = row.code.substr(0, 4) == "2327";  // 加格达奇 and three more: districts of a forest region
    EXPECT_TRUE(filler || forest || row.code == "710000") << row.code;  // Taiwan stands there as 83
  }
}

TEST(CommittedDivisions, ResolvesEveryCodeOfTheMinistrysTablesSince1980) {
  const auto lines = test::data_lines("divisions/gb2260-code-intervals-1980-2019.tsv");
  if (lines.empty()) GTEST_SKIP() << "test data absent";
  std::size_t compared = 0;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    std::stringstream stream(lines[i]);
    std::string code;
    std::string name;
    std::string first;
    std::string last;
    std::getline(stream, code, '\t');
    std::getline(stream, name, '\t');
    std::getline(stream, first, '\t');
    std::getline(stream, last, '\t');
    ++compared;
    EXPECT_NE(committed().standing(code), Standing::kUnknown) << code;
  }
  EXPECT_GT(compared, 6'800U);
}

}  // namespace
}  // namespace tongqu
