#include "gateway/settings/yaml_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/settings/settings_codes.hpp"
#include "tests/unit/settings/settings_support.hpp"

namespace tongqu {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string kFile = "a.yaml";

std::vector<std::string> faults_of(std::string_view text, const YamlLimits& limits = {}) {
  FaultSink sink;
  static_cast<void>(read_yaml(kFile, text, limits, sink));
  return test::brief(sink.take());
}

TEST(YamlReader, GivesEveryKeyAndValueItsPlaceInCharacters) {
  FaultSink sink;
  const auto root = read_yaml(kFile, "名称: {甲: \"乙\", 丙: [1, 二]}\n块: |\n  一\n  二\n", {}, sink);
  ASSERT_TRUE(root.has_value());
  EXPECT_THAT(test::brief(sink.take()), IsEmpty());
  const SettingsNode& map = root->members.at(0).value;
  EXPECT_EQ(root->members.at(0).key, "名称");
  EXPECT_EQ(map.position, (Position{1, 5}));
  EXPECT_EQ(map.members.at(0).key_position, (Position{1, 6}));
  EXPECT_EQ(map.members.at(0).value.position, (Position{1, 9}));
  EXPECT_TRUE(map.members.at(0).value.quoted);
  EXPECT_EQ(map.members.at(1).value.items.at(1).text, "二");
  EXPECT_EQ(map.members.at(1).value.items.at(1).position, (Position{1, 21}));
  EXPECT_FALSE(map.members.at(1).value.items.at(0).quoted);
  EXPECT_EQ(root->members.at(1).value.text, "一\n二\n");
  EXPECT_GE(root->members.at(1).value.last_line, 4U);
}

TEST(YamlReader, TextInAFlowReachesUpToTheNextValue) {
  FaultSink sink;
  const auto root = read_yaml(kFile, "a: [one\n  two, three]\nb: 1\n", {}, sink);
  ASSERT_TRUE(root.has_value());
  const SettingsNode& list = root->members.at(0).value;
  EXPECT_EQ(list.items.at(0).last_line, 2U);
  EXPECT_EQ(list.items.at(1).last_line, 2U);
  EXPECT_EQ(list.last_line, 2U);
}

TEST(YamlReader, AcceptsByteOrderMarkAndWindowsLines) {
  FaultSink sink;
  const auto root = read_yaml(kFile,
                              "\xEF\xBB\xBF"
                              "a: 1\r\nb: 二\r\n",
                              {}, sink);
  ASSERT_TRUE(root.has_value());
  EXPECT_THAT(test::brief(sink.take()), IsEmpty());
  EXPECT_EQ(root->members.at(0).value.text, "1");
  EXPECT_EQ(root->members.at(1).value.text, "二");
  EXPECT_EQ(root->members.at(1).key_position, (Position{2, 1}));
}

TEST(YamlReader, AnEmptyFileIsAnEmptyMap) {
  for (const char* text : {"", "\n\n", "# comment\n", "---\n", "~\n"}) {
    FaultSink sink;
    const auto root = read_yaml(kFile, text, {}, sink);
    ASSERT_TRUE(root.has_value()) << text;
    EXPECT_EQ(root->kind, SettingsNode::Kind::kMap);
    EXPECT_FALSE(sink.has_errors()) << text;
  }
}

TEST(YamlReader, AnEmptyValueStandsAtItsKey) {
  FaultSink sink;
  const auto root = read_yaml(kFile, "a:\n\nb: ~\nc: null\nd: \"null\"\n", {}, sink);
  ASSERT_TRUE(root.has_value());
  EXPECT_EQ(root->members.at(0).value.kind, SettingsNode::Kind::kNull);
  EXPECT_EQ(root->members.at(0).value.position, (Position{1, 1}));
  EXPECT_EQ(root->members.at(2).value.kind, SettingsNode::Kind::kNull);
  EXPECT_EQ(root->members.at(3).value.text, "null");
}

struct BytesCase {
  std::string_view text;
  const char* fault;
};

TEST(YamlReader, RefusesBytesThatNoConfigurationHolds) {
  const BytesCase cases[] = {{"a: \xC3\x28", "a.yaml:1:4 settings.not-utf8"},
                             {"a: 1\nb: \xED\xA0\x80", "a.yaml:2:4 settings.not-utf8"},
                             {"\xFF\xFE\x61", "a.yaml:1:1 settings.not-utf8"},
                             {{"a: \0b", 5}, "a.yaml:1:4 settings.control-character"},
                             {"a: \x04", "a.yaml:1:4 settings.control-character"},
                             {"a: 中\x7F", "a.yaml:1:5 settings.control-character"},
                             {"a: \xC2\x85", "a.yaml:1:4 settings.control-character"},
                             {"a: 1\rb: 2", "a.yaml:1:5 settings.control-character"},
                             {"a: \xEF\xBB\xBF", "a.yaml:1:4 settings.control-character"},
                             {"a:\t1", "a.yaml:1:3 settings.tab"}};
  for (const BytesCase& each : cases) EXPECT_THAT(faults_of(each.text), ElementsAre(each.fault)) << each.text;
}

TEST(YamlReader, KeepsTheFirstOfTwoEqualKeys) {
  FaultSink sink;
  const auto root = read_yaml(kFile, "a: 1\nb: {c: 1, c: {d: [1]}}\na: 2\n\"a\": 3\n", {}, sink);
  ASSERT_TRUE(root.has_value());
  ASSERT_EQ(root->members.size(), 2U);
  EXPECT_EQ(root->members.at(0).value.text, "1");
  EXPECT_EQ(root->members.at(1).value.members.size(), 1U);
  EXPECT_THAT(test::brief(sink.take()),
              ElementsAre("a.yaml:2:11 settings.duplicate-key", "a.yaml:3:1 settings.duplicate-key",
                          "a.yaml:4:1 settings.duplicate-key"));
}

TEST(YamlReader, QuotationMarksThatCloseAreNoFault) {
  for (const char* text : {"a: \"b \\\" c\"", "a: 'it''s'", "a: \"\"", "a: ''", "a: [\"x\", 'y']", "a: it's",
                           "\"a\": 1", "a: 1 # \"open", "a: |\n  \"open\n"})
    EXPECT_THAT(faults_of(text), IsEmpty()) << text;
}

TEST(YamlReader, FindsTheMarkThatIsNotClosed) {
  EXPECT_THAT(faults_of("a: 1\nb: \"x\nc: 2\nd: 3\n"), ElementsAre("a.yaml:2:4 settings.unclosed-quote"));
  EXPECT_THAT(faults_of("a: \"x\" \nb: 'y\nc: 2\n"), ElementsAre("a.yaml:2:4 settings.unclosed-quote"));
  EXPECT_THAT(faults_of("a: \"x\n  y\"\n"), ElementsAre("a.yaml:1:4 settings.unclosed-quote"));
  EXPECT_THAT(faults_of("a: [1, 'x]\n"), ElementsAre("a.yaml:1:8 settings.unclosed-quote"));
}

std::string nested(std::size_t depth) {  // a map that holds depth - 1 lists
  return "a: " + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "\n";
}

TEST(YamlReader, LimitsHoldAtBothSides) {
  EXPECT_THAT(faults_of(nested(32)), IsEmpty());
  EXPECT_THAT(faults_of(nested(33)), ElementsAre("a.yaml:1:35 settings.too-deep"));
  EXPECT_THAT(faults_of(nested(8'000)), ElementsAre("a.yaml:1:35 settings.too-deep"));
  YamlLimits limits;
  limits.max_values = 4;
  EXPECT_THAT(faults_of("a: 1\n", limits), IsEmpty());  // the map, the key, the value
  EXPECT_THAT(faults_of("a: 1\nb: 2\n", limits), ElementsAre("a.yaml:2:4 settings.too-many-values"));
  limits = {};
  limits.max_line_bytes = 4;
  EXPECT_THAT(faults_of("a: 1\nb: 2", limits), IsEmpty());
  EXPECT_THAT(faults_of("a: 1\nb: 22", limits), ElementsAre("a.yaml:2:1 settings.line-too-long"));
  limits = {};
  limits.max_bytes = 5;
  EXPECT_THAT(faults_of("a: 1\n", limits), IsEmpty());
  EXPECT_THAT(faults_of("a: 11\n", limits), ElementsAre("a.yaml:0:0 settings.file-too-large"));
}

TEST(YamlReader, NamesTheLineOfAText) {
  EXPECT_EQ(line_of("a\r\nb\n中", 1), "a");
  EXPECT_EQ(line_of("a\r\nb\n中", 2), "b");
  EXPECT_EQ(line_of("a\r\nb\n中", 3), "中");
  EXPECT_EQ(line_of("a\r\nb\n中", 4), "");
}

}  // namespace
}  // namespace tongqu
