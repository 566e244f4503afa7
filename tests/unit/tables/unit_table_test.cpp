#include "transforms/tables/unit_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "tests/support/data.hpp"
#include "transforms/tables/tables_codes.hpp"

namespace tongqu {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kHead =
    "#units,demo\n#title,t\n#version,2026-01\n#source,test\n"
    "id,name,level,parent,divisions,zone,acts_in_name_of,valid_from,valid_to,note,code:city-a\n";
// Lines 6 to 10 of every case below.
constexpr std::string_view kGood =
    "samr,总局,1,,,,,,,,\n"
    "fj,福建省局,2,samr,350000,,,,,,35\n"
    "fz,福州市局,3,fj,350100,,,,,,3501\n"
    "gl,鼓楼区局,4,fz,350102,,,,,,3502\n"
    "gl-1,东街所,5,gl,,,gl,,,,0350\n";

const DivisionTable& divisions() {
  static const auto table = DivisionTable::load(test::source_folder() / "config/tables/divisions.csv");
  EXPECT_TRUE(table.has_value());
  return *table.value();
}

Result<std::unique_ptr<UnitTable>> parse(const std::string& text) {
  const UnitFile file{"demo", "units/demo.csv", text};
  return UnitTable::parse({&file, 1}, &divisions());
}

// "line:column code parameter" of each.
std::vector<std::string> brief(const std::vector<Fault>& faults) {
  std::vector<std::string> lines;
  for (const Fault& fault : faults) {
    EXPECT_EQ(fault.path, "units/demo.csv");
    lines.push_back(std::to_string(fault.position.line) + ":" + std::to_string(fault.position.column) + " " +
                    std::string(fault.code->id) + " " + fault.param);
  }
  return lines;
}

std::vector<std::string> faults_of(const std::string& text) {
  const auto table = parse(text);
  return table.has_error() ? brief(table.error().faults) : std::vector<std::string>{};
}

std::vector<std::string> with_row(std::string_view row) {
  return faults_of(std::string(kHead) + std::string(kGood) + std::string(row) + "\n");
}

TEST(UnitTable, ReadsAllFiveLevels) {
  const auto table = parse(std::string(kHead) + std::string(kGood));
  ASSERT_TRUE(table.has_value());
  const Unit* office = (*table)->find("gl-1", "2026-11-26");
  ASSERT_NE(office, nullptr);
  EXPECT_EQ(office->level, UnitLevel::kFieldOffice);
  EXPECT_EQ(office->acts_in_name_of, "gl");
  EXPECT_EQ((*table)->find_code("city-a", "0350", "2026-11-26"), office);
  EXPECT_EQ((*table)->find_code("city-a", "350", "2026-11-26"), nullptr) << "a leading zero is part of a code";
  EXPECT_EQ((*table)->find_code("city-b", "0350", "2026-11-26"), nullptr);
  EXPECT_EQ((*table)->version(), "2026-01");
}

TEST(UnitTable, TheShippedOneIsSoundAndHasFiveLevelsAndAZone) {
  std::ifstream in(test::source_folder() / "config/units/demo.csv");
  std::stringstream text;
  text << in.rdbuf();
  const auto table = parse(text.str());
  ASSERT_TRUE(table.has_value()) << ::testing::PrintToString(brief(table.error().faults));
  EXPECT_THAT((*table)->warnings(), IsEmpty());
  std::set<UnitLevel> levels;
  bool zone = false;
  for (const Unit& unit : (*table)->units()) {
    levels.insert(unit.level);
    zone = zone || unit.zone;
  }
  EXPECT_EQ(levels.size(), 5U);
  EXPECT_TRUE(zone);
}

// A row behind the good ones (line 11), and what it is told.
TEST(UnitTable, EachFaultIsNamedWithItsPlace) {
  const std::vector<std::pair<std::string_view, std::vector<std::string>>> cases{
      {"x y,名,4,fz,350103,,,,,,", {"11:1 table.cell-value [A-Za-z0-9][A-Za-z0-9-]{0,39}"}},
      {"tj,,4,fz,350103,,,,,,", {"11:4 table.cell-empty name"}},
      {"tj,台江区局,6,fz,350103,,,,,,", {"11:9 table.cell-value 1 国家, 2 省, 3 市, 4 县, 5 所"}},
      {"tj,台江区局,4,,350103,,,,,,", {"11:11 unit.parent tj"}},
      {"tj,台江区局,4,fzz,350103,,,,,,", {"11:11 unit.unknown fzz (fz?)"}},
      {"tj,台江区局,4,gl,350103,,,,,,", {"11:11 unit.parent tj"}},
      {"tj,台江区局,4,gl-1,350103,,,,,,", {"11:11 unit.parent tj"}},
      {"tj,台江区局,4,tj,350103,,,,,,", {"11:11 unit.loop tj → tj"}},
      {"sm,另一个,1,samr,,,,,,,", {"11:10 unit.parent sm"}},
      {"tj,台江区局,4,fz,,,,,,,", {"11:14 table.cell-empty divisions"}},
      {"tj,台江区局,4,fz,35010,,,,,,", {"11:14 table.cell-value dddddd"}},
      {"tj,台江区局,4,fz,350199,,,,,,", {"11:14 unit.division 350199 (350100?)"}},
      {"tj,台江区局,4,fz,350100,,,,,,", {"11:14 unit.division-level 350100"}},
      {"tj,台江区局,4,fz,350103,no,,,,,", {"11:21 table.cell-value yes"}},
      {"tj,台江区局,4,fz,350103,,fz,,,,", {"11:22 unit.acts-for tj"}},
      {"gl-2,所,5,gl,,,,,,,", {"11:15 table.cell-empty acts_in_name_of"}},
      {"gl-2,所,5,gl,,,glx,,,,", {"11:15 unit.unknown glx (gl?)"}},
      {"gl-2,所,5,gl,,,gl-1,,,,", {"11:15 unit.acts-for gl-2"}},
      {"tj,台江区局,4,fz,350103,,,2026-1-1,,,", {"11:23 table.cell-value YYYY-MM-DD"}},
      {"tj,台江区局,4,fz,350103,,,2026-01-02,2026-01-01,,", {"11:34 table.cell-value valid_from <= valid_to"}},
      {"gl,鼓楼区局,4,fz,350102,,,2020-01-01,,,3502", {"11:1 unit.overlap units/demo.csv:9"}},
      {"gl,鼓楼区局,3,fj,350100,,,2020-01-01,,,3502",
       {"11:1 unit.overlap units/demo.csv:9", "11:9 unit.level units/demo.csv:9"}},
      {"tj,台江区局,4,fz,350103,,,,,,3502", {"11:26 unit.code gl, units/demo.csv:9"}},
      {"tj,台江区局,4,fz,350103,,,,,", {"11:1 table.cells 11"}},
  };
  for (const auto& [row, expected] : cases) EXPECT_EQ(with_row(row), expected) << row;
}

TEST(UnitTable, WholeLoopsAreShown) {
  EXPECT_EQ(faults_of(std::string(kHead) + "a,甲,3,b,350100,,,,,,\nb,乙,3,a,350100,,,,,,\n"),
            (std::vector<std::string>{"6:7 unit.loop a → b → a", "7:7 unit.loop b → a → b"}));
}

TEST(UnitTable, HeadAndHeadingsAreToldWithTheNearestWord) {
  std::string text = std::string(kHead) + std::string(kGood);
  text.replace(text.find("#units,demo"), 11, "#units,other");
  text.replace(text.find("parent"), 6, "parrent");
  const auto faults = faults_of(text);
  EXPECT_THAT(faults, ::testing::Contains("5:15 table.heading  (parent?)"));
  EXPECT_THAT(faults, ::testing::Contains("1:8 table.head-value demo"));
  EXPECT_THAT(
      faults_of("#units,demo\n#title,t\n#version,1\n#source,s\nid,name,level,parent,divisions,zone,acts_in_name_"
                "of,valid_from,valid_to,note,code:City A\n"),
      ElementsAre("5:78 table.head-value code:<partner>"));
}

TEST(UnitTable, ManyFaultsComeAtOnce) { EXPECT_EQ(with_row("tj,,4,fzz,350199,no,,,,,\ncs,,9,,,,,,,,").size(), 6U); }

TEST(UnitTable, AUnitHasItsTimes) {
  const auto table = parse(std::string(kHead) +
                           "samr,总局,1,,,,,,,,\nfj,工商局,2,samr,350000,,,,2018-12-31,,35\n"
                           "fj,市场监管局,2,samr,350000,,,2019-01-01,,,35\n");
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ((*table)->find("fj", "2018-12-31")->name, "工商局");
  EXPECT_EQ((*table)->find("fj", "2019-01-01")->name, "市场监管局");
  EXPECT_EQ((*table)->find("fj", "")->name, "工商局");
  const auto then = (*table)->lookups("2017-06-01");
  const auto now = (*table)->lookups("2026-11-26");
  ASSERT_EQ(now.size(), 2U);
  EXPECT_EQ(now[0]->name(), "units/city-a");
  EXPECT_EQ(now[0]->find("35")->code, "fj");
  EXPECT_EQ(now[0]->find("35")->name, "市场监管局");
  EXPECT_EQ(then[0]->find("35")->name, "工商局");
  EXPECT_EQ(now[1]->name(), "units-out/city-a");
  EXPECT_EQ(now[1]->find("fj")->code, "35");
  EXPECT_EQ(now[1]->find("35"), nullptr);
}

TEST(UnitTable, ARetiredDivisionIsAWarningWhileTheUnitIsInForce) {
  const std::string before = std::string(kHead) + "samr,总局,1,,,,,,,,\nbj,北京市局,2,samr,110000,,,,,,\n";
  const auto table = parse(before + "cw,崇文区局,4,bj,110103,,,,,,\n");
  ASSERT_TRUE(table.has_value());
  EXPECT_THAT(brief((*table)->warnings()), ElementsAre("8:14 unit.division-retired 110103"));
  EXPECT_THAT((*parse(before + "cw,崇文区局,4,bj,110103,,,,2010-07-01,,\n"))->warnings(), IsEmpty());
}

TEST(UnitTable, FilesAreOneDirectory) {
  const std::string first = std::string(kHead) + std::string(kGood);
  std::string second = std::string(kHead) + "tj,台江区局,4,fz,350103,,,,,,3502\n";
  second.replace(second.find("demo"), 4, "more");
  const std::vector<UnitFile> files{{"demo", "units/demo.csv", first}, {"more", "units/more.csv", second}};
  const auto table = UnitTable::parse(files, &divisions());
  ASSERT_TRUE(table.has_error());
  ASSERT_EQ(table.error().faults.size(), 1U);
  EXPECT_EQ(table.error().faults[0].path, "units/more.csv");
  EXPECT_EQ(table.error().faults[0].param, "gl, units/demo.csv:9");
}

}  // namespace
}  // namespace tongqu
