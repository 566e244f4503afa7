// What is wrong with a mapping is told when it is loaded, at its place, with what was expected.
#include "tests/unit/mapping/mapping_support.hpp"
#include "transforms/mapping/mapping_codes.hpp"
#include "transforms/mapping/parser.hpp"

namespace tongqu::test {
namespace {

using Faults = std::vector<std::string>;

TEST(MappingLoad, EachFaultHasItsPlaceAndTheNearestWord) {
  // Rules begin in line 4, behind the header.
  const std::vector<std::pair<std::string, Faults>> cases{
      {"t = $.tt", {"4:5 mapping.unknown-source-field tt → t"}},
      {"t = $.o.deeep.t", {"4:5 mapping.unknown-source-field deeep → deep"}},
      {"t = $.zzzzzzzz", {"4:5 mapping.unknown-source-field zzzzzzzz"}},
      {"texst = $.texts", {"4:1 mapping.unknown-target-field texst → texts"}},
      {"o.deeq.t = $.t", {"4:1 mapping.unknown-target-field deeq → deep"}},
      {"t = trimm($.t)", {"4:5 mapping.unknown-function trimm → trim"}},
      {"t = lookup(city-a/nothing, $.t)", {"4:12 mapping.unknown-table city-a/nothing"}},
      {"i = fen($.t, unit: jiao)", {"4:20 mapping.unknown-word jiao → yuan | wan | fen"}},
      {"i = fen($.t, unti: yuan)", {"4:20 mapping.unknown-word unti → unit"}},
      {"i = $.t", {"4:5 mapping.type integer ← text"}},
      {"t = 5", {"4:5 mapping.type text ← integer"}},
      {"d = $.i", {"4:5 mapping.type decimal ← integer"}},
      {"texts = $.numbers", {"4:9 mapping.type list of text ← list of integer"}},
      {"items = $.items", {"4:9 mapping.type list of object ← list of object"}},
      {"t = trim($.i)", {"4:10 mapping.type trim(text) → text ← integer"}},
      {"b = $.t == 5", {"4:9 mapping.compare text, integer"}},
      {"b = $.i == 5.0", {"4:9 mapping.compare integer, decimal"}},
      {"b = $.t in [\"a\", 5]", {"4:18 mapping.compare text, integer"}},
      {"b = $.t < \"5\"", {"4:9 mapping.order text"}},
      {"b = $.t and true", {"4:5 mapping.type boolean ← text"}},
      {"b = not $.i", {"4:9 mapping.type boolean ← integer"}},
      {"t = $.t otherwise 5", {"4:19 mapping.type text ← integer"}},
      {"t = if $.b then \"a\" else 1", {"4:26 mapping.type text ← integer"}},
      {"t = if $.t then \"a\" else \"b\"", {"4:8 mapping.type boolean ← text"}},
      {"when $.t hold \"x\"", {"4:6 mapping.type boolean ← text"}},
      {"t = $.items.no", {"4:5 mapping.needs-index $.items"}},
      {"items.t = $.t", {"4:1 mapping.needs-index items"}},
      {"t = $.t[0]", {"4:5 mapping.type list ← text"}},
      {"o = $.t", {"4:1 mapping.whole-object o"}},
      {"t = $.o", {"4:5 mapping.whole-object $.o"}},
      {"t = $.any", {"4:5 mapping.untyped $.any"}},
      {"any = $.t", {"4:1 mapping.untyped any"}},
      {"t = $.t\nt = $.u", {"5:1 mapping.assigned-twice t, 4"}},
      {"kept = $.t", {"4:1 mapping.reserved kept"}},
      {"t = trim()", {"4:5 mapping.arguments trim(text) → text"}},
      {"t = trim($.t, $.u)", {"4:5 mapping.arguments trim(text) → text"}},
      {"t = exists(\"x\")", {"4:5 mapping.arguments exists(path) → boolean"}},
      {"texts = split($.t, $.u)", {"4:20 mapping.constant split(text, \"separator\") → list of texts"}},
      {"texts = split($.t, \"\")", {"4:20 mapping.constant split(text, \"separator\") → list of texts"}},
      {"t = substring($.t, -1)", {"4:20 mapping.constant substring(text, from, [count]) → text"}},
      {"at = datetime($.t, \"yyyy-mm-DD\")", {"4:20 mapping.pattern yyyy-mm-DD"}},
      {"at = datetime($.t, \"MM-dd\")", {"4:20 mapping.pattern MM-dd"}},
      {"items = each $.t { t = $ }", {"4:14 mapping.type list ← text"}},
      {"t = each $.items { t = $.no }", {"4:1 mapping.type text ← list of object"}},
      {"items = each $.items { t = $.nn }", {"4:28 mapping.unknown-source-field nn → no"}},
      {"items = each $.items { x = $.no }", {"4:24 mapping.unknown-target-field x → t"}},
      {"items = each $.texts { t = $.x }", {"4:28 mapping.unknown-source-field x"}},
      {"i = length(each $.items { t = $ })", {"4:12 mapping.each-inside"}},
      {"t = ", {"4:5 mapping.expected-expression"}},
      {"t $.t", {"4:3 mapping.expected ="}},
      {"t = ($.t", {"4:9 mapping.expected )"}},
      {"t = $.t on fautl keep, flag", {"4:12 mapping.expected fault"}},
      {"t = $.t on fault kepp", {"4:18 mapping.expected keep, flag | refuse"}},
      {"when $.b turn \"x\"", {"4:10 mapping.expected hold | refuse"}},
      {"when $.b hold $.t", {"4:15 mapping.expected-text"}},
      {"t = $.t\nwhen $.b hold \"x\"", {"5:1 mapping.when-late"}},
      {"t = \"中文", {"4:5 mapping.text-open"}},
      {"t = concat(\"中文\", \"\\x\")", {"4:19 mapping.escape"}},
      {"t = $.items[x].no", {"4:13 mapping.expected-number"}},
      {"t = $.", {"4:7 mapping.expected-name"}},
      {"i = 99999999999999999999", {"4:5 mapping.number integer"}},
      {"if = $.t", {"4:1 mapping.expected-name"}}};
  for (const auto& [rules, faults] : cases) EXPECT_EQ(load_faults(with_header(rules)), faults) << rules;
}

TEST(MappingLoad, AllFaultsComeAtOnce) {
  EXPECT_EQ(load_faults(with_header("t = $.tt\ni = = 5\nu = trim($.i)\nbb = $.b")),
            (Faults{"4:5 mapping.unknown-source-field tt → t", "5:5 mapping.expected-expression",
                    "6:10 mapping.type trim(text) → text ← integer", "7:1 mapping.unknown-target-field bb → b"}));
}

TEST(MappingLoad, HeaderAndSchemasAreNeeded) {
  EXPECT_EQ(load_faults("from in@1\nto out@1\n"), (Faults{"1:1 mapping.expected mapping"}));
  EXPECT_EQ(load_faults("mapping a\nfrom inn@1\nto out@1\n"), (Faults{"2:6 mapping.unknown-schema inn@1 → in@1"}));
  EXPECT_EQ(load_faults("mapping a\nfrom in@1\nto zzzzzzzzzzzz\n"),
            (Faults{"3:4 mapping.unknown-schema zzzzzzzzzzzz"}));
  EXPECT_FALSE(load_faults("").empty());
}

TEST(MappingLoad, RequiredFieldWithoutARuleIsAWarning) {
  const auto mapping =
      compiled("mapping a\nfrom city-a.workorder@1\nto workorder.transfer@1\namount = fen($.money, unit: yuan)");
  ASSERT_NE(mapping, nullptr);
  ASSERT_EQ(mapping->findings().size(), 1U);
  EXPECT_EQ(mapping->findings()[0].code, &codes::kMappingRequired);
  EXPECT_EQ(mapping->findings()[0].path, "source_no");
  EXPECT_EQ(mapping->findings()[0].field_zh, "题source_no");
  EXPECT_EQ(mapping->findings()[0].grade, Grade::kWarning);
}

TEST(MappingLoad, LimitsAreErrorsAndNoCrash) {
  std::string deep = "t = ";
  for (int i = 0; i < 40; ++i) deep += "(";
  EXPECT_EQ(load_faults(with_header(deep)).size(), 1U);
  std::string calls = "t = ";
  for (int i = 0; i < 30; ++i) calls += "concat(\"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\", ";
  EXPECT_FALSE(load_faults(with_header(calls + "\"x\"" + std::string(30, ')'))).empty());
  std::string chain = "t = $.t";
  for (int i = 0; i < 1000; ++i) chain += " otherwise $.t";
  EXPECT_FALSE(load_faults(with_header(chain)).empty());
  std::string nested = "items = ";
  for (int i = 0; i < 6; ++i) nested += "each $.items { subs = ";
  EXPECT_FALSE(load_faults(with_header(nested)).empty());
  EXPECT_FALSE(load_faults(with_header(std::string(300 * 1024, '#'))).empty());
  std::string rules;
  for (int i = 0; i < 5000; ++i) rules += "t = $.t\n";
  EXPECT_LE(load_faults(with_header(rules)).size(), mapping::kMaxLoadFaults);
  EXPECT_FALSE(load_faults(with_header("t = \"\xff\"")).empty());
}

TEST(MappingLoad, EveryCodeSpeaksBothLanguages) {
  for (const ErrorCode* code : codes::mapping_codes()) {
    EXPECT_TRUE(code->id.starts_with("map.") || code->id.starts_with("mapping."));
    EXPECT_FALSE(code->en.empty() || code->zh.empty()) << code->id;
    EXPECT_EQ(code->en.find("{}") == code->en.npos, code->zh.find("{}") == code->zh.npos) << code->id;
  }
}

TEST(MappingLoad, DigestFollowsTextAndTables) {
  const std::string text = with_header("t = $.t");
  EXPECT_EQ(compiled(text)->digest(), compiled(text)->digest());
  EXPECT_NE(compiled(text)->digest(), compiled(text + " ")->digest());
  EXPECT_EQ(compiled(with_header("t = lookup(city-a/problem, $.t)"))->tables()[0], "city-a/problem@2024-01");
  EXPECT_EQ(compiled(text)->name(), "test/m");
}

}  // namespace
}  // namespace tongqu::test
