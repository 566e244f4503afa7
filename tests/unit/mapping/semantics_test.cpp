// What expressions and rules mean, as a table: rules, document, result, flags.
#include "tests/support/data.hpp"
#include "tests/unit/mapping/mapping_support.hpp"

namespace tongqu::test {
namespace {

struct Case {
  std::string rules, in, out;
  std::vector<std::string> flags = {};
};

void check(const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    const Mapped mapped = run(one.rules, one.in);
    EXPECT_EQ(mapped.json, one.out) << one.rules << "  " << one.in;
    EXPECT_EQ(mapped.flags, one.flags) << one.rules << "  " << one.in;
  }
}

TEST(Mapping, AbsentNullAndEmptyAreThreeThings) {
  check({{"t = $.t", R"({})", R"({})"},
         {"t = $.t", R"({"t":null})", R"({})"},
         {"t = $.t", R"({"t":""})", R"({"t":""})"},
         {"t = $.empty", R"({"empty":""})", R"({})"},
         {"t = $.t otherwise \"x\"", R"({"t":null})", R"({"t":"x"})"},
         {"t = $.t otherwise \"x\"", R"({"t":""})", R"({"t":""})"},
         {"t = $.empty otherwise $.u otherwise \"x\"", R"({"empty":"","u":"y"})", R"({"t":"y"})"},
         {"b = exists($.t)", R"({"t":""})", R"({"b":true})"},
         {"b = exists($.t)", R"({"t":null})", R"({"b":false})"},
         {"b = exists($.empty)", R"({"empty":""})", R"({"b":false})"},
         {"b = exists($.i)", R"({"i":"no number"})", R"({"b":true})"},
         {"b = exists($.o)", R"({"o":{}})", R"({"b":true})"},
         {"b = exists($.any)", R"({"any":[1]})", R"({"b":true})"},
         {"t = $.o.deep.t", R"({"o":null})", R"({})"},
         {"o.deep.t = $.o.deep.t", R"({"o":{"deep":{"t":"x"}}})", R"({"o":{"deep":{"t":"x"}}})"}});
}

TEST(Mapping, CodeZeroIsAValue) {
  check({{"t = lookup(city-a/problem, $.t)", R"({"t":"0"})", R"({"t":"00"})"},
         {"i = $.i otherwise 9", R"({"i":0})", R"({"i":0})"},
         {"b = $.b otherwise true", R"({"b":false})", R"({"b":false})"},
         {"t = if $.t == \"0\" then \"solved\" else \"open\"", R"({"t":"0"})", R"({"t":"solved"})"}});
}

TEST(Mapping, SourceTypesAreThoseOfTheSchema) {
  check({{"t = $.t", R"({"t":5})", R"({})", {"map.source-type $.t error"}},
         {"i = $.i", R"({"i":"12"})", R"({"i":12})"},
         {"i = $.i", R"({"i":12.0})", R"({"i":12})"},
         {"i = $.i", R"({"i":1e3})", R"({"i":1000})"},
         {"i = $.i", R"({"i":1.5})", R"({})", {"map.source-type $.i error"}},
         {"i = $.i", R"({"i":true})", R"({})", {"map.source-type $.i error"}},
         {"i = $.i", R"({"i":9223372036854775808})", R"({})", {"map.number-range $.i error"}},
         {"d = $.d", R"({"d":12.50})", R"({"d":12.50})"},
         {"d = $.d", R"({"d":"0.10"})", R"({"d":0.10})"},
         {"d = $.d", R"({"d":1.25e-3})", R"({"d":0.00125})"},
         {"b = $.b", R"({"b":"true"})", R"({"b":true})"},
         {"b = $.b", R"({"b":1})", R"({})", {"map.source-type $.b error"}},
         {"at = $.at", R"({"at":"2026-03-15T02:00:00Z"})", R"({"at":"2026-03-15T10:00:00.000+08:00"})"},
         {"at = $.at", R"({"at":"2026-03-15"})", R"({})", {"map.source-type $.at error"}},
         {"t = $.o.t", R"({"o":[]})", R"({})", {"map.source-type $.o.t error"}},
         {"texts = $.texts", R"({"texts":"one"})", R"({"texts":["one"]})"},
         {"texts = $.texts", R"({"texts":["a",null,"b"]})", R"({"texts":["a","b"]})"},
         {"numbers = $.numbers", R"({"numbers":[1,"x"]})", R"({})", {"map.source-type $.numbers error"}},
         {"numbers = $.numbers", R"({"numbers":[]})", R"({"numbers":[]})"}});
}

TEST(Mapping, PathsReachXmlMembersIndexesAndQuotedNames) {
  check({{"t = $.el.@id", R"({"el":{"@id":"7","#text":"x"}})", R"({"t":"7"})"},
         {"t = $.el.#text # comment", R"({"el":{"@id":"7","#text":"x"}})", R"({"t":"x"})"},
         {"t = $.el.#text", R"({"el":"x"})", R"({"t":"x"})"},
         {"t = $.el.@id", R"({"el":""})", R"({})"},
         {"t = $.t", R"({"t":{"@a":"1","#text":"x"}})", R"({"t":"x"})"},
         {"t = $.el.\"in\"\nu = $.el.a-b", R"({"el":{"in":"1","a-b":"2"}})", R"({"t":"1","u":"2"})"},
         {"\"in\" = $.t", R"({"t":"x"})", R"({"in":"x"})"},
         {"t = $.items[1].no", R"({"items":[{"no":"a"},{"no":"b"}]})", R"({"t":"b"})"},
         {"t = $.items[2].no", R"({"items":[{"no":"a"},{"no":"b"}]})", R"({})"},
         {"t = $.items[0].no", R"({"items":{"no":"a"}})", R"({"t":"a"})"},
         {"t = $.texts[0]", R"({"texts":["x"]})", R"({"t":"x"})"}});
}

TEST(Mapping, EachMakesOneObjectOfEachElement) {
  check({{"items = each $.items { t = $.no, i = $.n }", R"({"items":[{"no":"a","n":1},null,{"n":2},{}]})",
          R"({"items":[{"t":"a","i":1},{"i":2}]})"},
         {"items = each $.items { t = $.no }", R"({})", R"({})"},
         {"items = each $.items { t = $.no }", R"({"items":[]})", R"({"items":[]})"},
         {"items = each split($.t, \",\") { t = $ }", R"({"t":"a,,b,"})", R"({"items":[{"t":"a"},{"t":"b"}]})"},
         {"items = each $.texts { t = $, o.t = upper($) }", R"({"texts":["x"]})",
          R"({"items":[{"t":"x","o":{"t":"X"}}]})"},
         {"items = each $.items {\n  t = $$.t\n  subs = each $.subs { t = $.x, u = $$.u }\n}",
          R"({"t":"r","u":"v","items":[{"subs":[{"x":"1"},{"x":"2"}]},{}]})",
          R"({"items":[{"t":"r","subs":[{"t":"1","u":"v"},{"t":"2","u":"v"}]},{"t":"r"}]})"},
         {"items = each $.items { i = $.n }",
          R"({"items":[{"n":1},{"n":"x"}]})",
          R"({"items":[{"i":1}]})",
          {"map.source-type $.items[1].n error"}}});
}

TEST(Mapping, LogicHasThreeResults) {
  const std::string yes = R"({"b":true})", no = R"({"b":false})", none = R"({})";
  const std::string doc = R"({"t":"x","i":5,"d":1.50,"j":"bad"})";
  check({{"b = $.t == \"x\"", doc, yes},
         {"b = $.u == \"x\"", doc, none},
         {"b = not ($.u == \"x\")", doc, none},
         {"b = $.u == \"x\" or $.t == \"x\"", doc, yes},
         {"b = $.u == \"x\" or $.t == \"y\"", doc, none},
         {"b = $.u == \"x\" and $.t == \"y\"", doc, no},
         {"b = $.j == 1 and $.t == \"y\"", doc, no},
         {"b = $.j == 1 and $.t == \"x\"", doc, none, {"map.source-type $.j error"}},
         {"b = $.j == 1 or true", doc, yes},
         {"b = $.i > 4 and $.i >= 5 and $.i < 6 and $.i <= 5 and $.i != 4", doc, yes},
         {"b = $.d == 1.5 and $.d < 1.51 and $.d > -2.0", doc, yes},
         {"b = $.d in [1.5, 2.0]", doc, yes},
         {"b = $.t in [\"a\", \"x\"] and $.i not in [4, 6]", doc, yes},
         {"b = $.u in [\"a\"]", doc, none},
         {"b = true == false", doc, no},
         {"b = datetime(\"2026-04-15\", \"yyyy-MM-dd\") <= datetime(\"20260415\", \"yyyyMMdd\")", doc, yes},
         {"t = if $.i > 4 then \"big\" else \"small\"", doc, R"({"t":"big"})"},
         {"t = if $.i > 5 then \"big\" else if $.i > 4 then \"five\" else \"small\"", doc, R"({"t":"five"})"},
         {"t = if $.u == \"1\" then \"a\" else \"b\"", doc, none},
         {"t = if $.j == 1 then \"a\" else \"b\"", doc, none, {"map.source-type $.j error"}},
         {"t = (if $.i == 0 then \"a\" else $.u) otherwise \"c\"", doc, R"({"t":"c"})"},
         {"i = $.j otherwise 1", doc, none, {"map.source-type $.j error"}}});
}

TEST(Mapping, FaultsAreKeptFlaggedOrRefused) {
  check({{"t = uscc($.t) on fault keep, flag", R"({"t":"bad"})", R"({"t":"bad"})", {"map.uscc $.t warning"}},
         {"i = fen($.t, unit: yuan) on fault keep, flag",
          R"({"t":"bad"})",
          R"({"kept":[{"field":"i","source":"$.t","value":"bad"}]})",
          {"map.amount $.t warning"}},
         {"t = $.t on fault keep, flag", R"({"t":5})", R"({"t":"5"})", {"map.source-type $.t warning"}},
         {"t = $.t on fault keep, flag",
          R"({"t":{"x":1}})",
          R"({"kept":[{"field":"t","source":"$.t","value":{"x":1}}]})",
          {"map.source-type $.t warning"}},
         {"o.deep.t = phone($.t) on fault keep, flag",
          R"({"t":"?"})",
          R"({"o":{"deep":{"t":"?"}}})",
          {"map.phone $.t warning"}},
         {"t = lookup(city-a/problem, concat($.t, $.u)) on fault keep, flag",
          R"({"t":"9","u":"8"})",
          R"({"t":"9"})",
          {"map.unknown-code $.t warning"}},
         {"items = each $.items { i = integer($.no) on fault keep, flag }",
          R"({"items":[{"no":"1"},{"no":"x"}]})",
          R"({"items":[{"i":1}],"kept":[{"field":"items[1].i","source":"$.items[1].no","value":"x"}]})",
          {"map.number $.items[1].no warning"}},
         {"items = each split($.t, \",\") { i = integer($) on fault keep, flag }",
          R"({"t":"x"})",
          R"({"items":[],"kept":[{"field":"items[0].i","source":"$.t","value":"x"}]})",
          {"map.number $.t warning"}},
         {"t = uscc(\"x\") on fault keep, flag", R"({})", R"({})", {"map.uscc $ error"}}});
}

TEST(Mapping, RefusalTellsAllFaultsAtOnce) {
  const Mapped mapped =
      run("t = uscc($.t) on fault refuse \"无效\"\ni = integer($.u)\nb = $.b", R"({"t":"1","u":"x","b":true})");
  EXPECT_EQ(mapped.outcome.verdict, MapVerdict::kRefused);
  EXPECT_EQ(mapped.outcome.reason, "无效");
  EXPECT_EQ(mapped.json, "{}");
  EXPECT_EQ(mapped.flags, (std::vector<std::string>{"map.uscc $.t error", "map.number $.u error"}));
  EXPECT_FALSE(run("t = uscc($.t) on fault refuse", R"({"t":"1"})").outcome.reason.empty());
}

TEST(Mapping, FaultsNameTheFieldAndItsPlaceButNoValue) {
  const Mapped mapped = run("i = integer($.o.t)", "{\n  \"o\": {\"t\": \"13800138000x\"}}");
  ASSERT_EQ(mapped.outcome.flags.size(), 1U);
  const Fault& fault = mapped.outcome.flags[0];
  EXPECT_EQ(fault.field_zh, "题t");
  EXPECT_EQ(fault.path, "$.o.t");
  EXPECT_EQ(fault.position.line, 2U);
  for (const Lang lang : {Lang::kEnglish, Lang::kChinese}) EXPECT_EQ(fault.text(lang).find("138"), std::string::npos);
}

TEST(Mapping, TheFirstExampleOfThePageDoesWhatItSays) {
  const std::string page = read_file(source_folder() / "docs/mapping.md");
  const auto begin = page.find("```map\n") + 7;
  const auto mapping = compiled(page.substr(begin, page.find("```", begin) - begin));
  ASSERT_NE(mapping, nullptr);
  const Mapped mapped =
      run(*mapping, R"({"type":"投诉","orderNum":"A1","callTime":"2026-04-20 23:59:00","callerName":"张三",)"
                    R"("callerPhone":"138 0013 8000","company":{"code":"O1350100M000100Y43"},"money":"1,600元",)"
                    R"("questionCode":"1","files":"http://x/a.jpg?k=1,http://x/b.pdf"})");
  EXPECT_EQ(mapped.outcome.verdict, MapVerdict::kMapped);
  EXPECT_EQ(mapped.flags, std::vector<std::string>{"map.uscc $.company.code warning"});
  EXPECT_EQ(mapped.json,
            R"({"source_no":"A1","received_at":"2026-04-20T23:59:00.000+08:00","provider":{"name":"张三",)"
            R"("phone":"13800138000"},"target":{"uscc":"O1350100M000100Y43"},"amount":160000,"problem_category":"01",)"
            R"("attachments":[{"url":"http://x/a.jpg?k=1","name":"a.jpg"},{"url":"http://x/b.pdf","name":"b.pdf"}]})");
  EXPECT_EQ(run(*mapping, R"({"type":"表扬"})").outcome.verdict, MapVerdict::kHeld);
}

TEST(Mapping, FirstWhenThatIsTrueDecides) {
  const std::string rules =
      "when $.u == \"1\" hold \"first\"\nwhen $.t == \"x\" hold \"second\"\nwhen $.t == \"x\" refuse \"third\"\n"
      "when $.t == \"r\" refuse \"fourth\"\nwhen $.i == 1 hold \"fifth\"\nt = $.t";
  struct When {
    std::string in;
    MapVerdict verdict;
    std::string reason, out;
    std::size_t flags = 0;
  };
  for (const When& one : {When{R"({"t":"x"})", MapVerdict::kHeld, "second", R"({"t":"x"})"},
                          When{R"({"t":"x","u":"1"})", MapVerdict::kHeld, "first", R"({"t":"x"})"},
                          When{R"({"t":"r"})", MapVerdict::kRefused, "fourth", "{}"},
                          When{R"({"t":"y"})", MapVerdict::kMapped, "", R"({"t":"y"})"},
                          When{R"({"t":"y","i":"?"})", MapVerdict::kMapped, "", R"({"t":"y"})", 1}}) {
    const Mapped mapped = run(rules, one.in);
    EXPECT_EQ(mapped.outcome.verdict, one.verdict) << one.in;
    EXPECT_EQ(mapped.outcome.reason, one.reason) << one.in;
    EXPECT_EQ(mapped.json, one.out) << one.in;
    EXPECT_EQ(mapped.flags.size(), one.flags) << one.in;
  }
}

}  // namespace
}  // namespace tongqu::test
