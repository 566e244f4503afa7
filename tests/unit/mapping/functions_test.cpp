// Each function with its edges: expression over {t, i, d, at, texts}, document, result.
#include "tests/unit/mapping/mapping_support.hpp"

namespace tongqu::test {
namespace {

struct Case {
  std::string rules, in, out;
  std::string fault = {};  // code of the one flag
};

std::string quoted(const std::string& text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

void check(const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    const Mapped mapped = run(one.rules, one.in);
    EXPECT_EQ(mapped.json, one.out) << one.rules << "  " << one.in;
    EXPECT_EQ(mapped.outcome.flags.size(), one.fault.empty() ? 0U : 1U) << one.rules << "  " << one.in;
    if (!mapped.outcome.flags.empty()) {
      EXPECT_EQ(mapped.outcome.flags[0].code->id, one.fault) << one.rules << "  " << one.in;
    }
  }
}

TEST(MappingFunction, TextsAreCutJoinedAndReplaced) {
  check({{"t = trim($.t)", R"({"t":" \t　x y\r\n　﻿"})", R"({"t":"x y"})"},
         {"t = trim($.t)", R"({"t":"　"})", R"({"t":""})"},
         {"t = concat($.t, \"-\", $.u)", R"({"t":"a","u":"b"})", R"({"t":"a-b"})"},
         {"t = concat($.t, $.u)", R"({"t":"a"})", R"({})"},
         {"t = replace($.t, \"aa\", \"b\")", R"({"t":"aaa"})", R"({"t":"ba"})"},
         {"t = replace($.t, \"·\", \"\")", R"({"t":"a·b·"})", R"({"t":"ab"})"},
         {"t = substring($.t, 1, 2)", R"({"t":"𠮷野家𠮷"})", R"({"t":"野家"})"},
         {"t = substring($.t, 3)", R"({"t":"𠮷野家𠮷"})", R"({"t":"𠮷"})"},
         {"t = substring($.t, 9)", R"({"t":"ab"})", R"({"t":""})"},
         {"t = substring($.t, 0, 0)", R"({"t":"ab"})", R"({"t":""})"},
         {"t = upper($.t)", R"({"t":"aZ中é1"})", R"({"t":"AZ中é1"})"},
         {"t = lower($.t)", R"({"t":"aZ中1"})", R"({"t":"az中1"})"},
         {"t = half_width($.t)", R"({"t":"Ａ１　～中"})", R"({"t":"A1 ~中"})"},
         {"texts = split($.t, \"；\")", R"({"t":"a；；b；"})", R"({"texts":["a","b"]})"},
         {"texts = split($.t, \",\")", R"({"t":""})", R"({"texts":[]})"},
         {"t = join($.texts, \"、\")", R"({"texts":["a",null,"b"]})", R"({"t":"a、b"})"},
         {"t = join($.texts, \"\")", R"({"texts":["a","b"]})", R"({"t":"ab"})"},
         {"t = join(split($.t, \",\"), \";\")", R"({"t":"a,b"})", R"({"t":"a;b"})"},
         {"t = join($.texts, \",\")", R"({"texts":[]})", R"({"t":""})"},
         {"t = join($.texts, \",\")", R"({"texts":["a",5]})", R"({})", "map.source-type"},
         {"t = first($.texts)", R"({"texts":[null,"b"]})", R"({"t":"b"})"},
         {"t = first($.texts) otherwise \"none\"", R"({"texts":[]})", R"({"t":"none"})"},
         {"i = first($.numbers)", R"({"numbers":[7]})", R"({"i":7})"},
         {"i = length($.t)", R"({"t":"𠮷a中"})", R"({"i":3})"},
         {"i = length($.items)", R"({"items":[{},{}]})", R"({"i":2})"}});
}

TEST(MappingFunction, BasenameNeverShowsTheQueryOfAnAddress) {
  check({{"t = basename($.t)", R"({"t":"https://x.example/a/照片.jpg?sign=secret#x"})", R"({"t":"照片.jpg"})"},
         {"t = basename($.t)", R"({"t":"C:\\dir\\a.png"})", R"({"t":"a.png"})"},
         {"t = basename($.t)", R"({"t":"a?b.png"})", R"({"t":"a?b.png"})"},
         {"t = basename($.t)", R"({"t":"/a/b/"})", R"({"t":""})"}});
}

TEST(MappingFunction, HtmlBecomesReadableText) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"a</br>b<br>c<BR/>d<br />e", "a\nb\nc\nd\ne"},
      {"<p class=\"x\">a</p><div>b</div>", "a\nb\n"},
      {"a\r\nb\rc", "a\nb\nc"},
      {"1 < 2 & 3 > 2", "1 < 2 & 3 > 2"},
      {"&lt;b&gt;&amp;lt;&nbsp;&#65;&#x4E2D;&#128512;", "<b>&lt; A中😀"},
      {"&unknown;&#0;&#xD800;&", "&unknown;&#0;&#xD800;&"},
      {"a<!-- x -->b<!-- open", "ab<!-- open"},
      {"a<script>x<y</script>b<style>p{}</style>c", "abc"},
      {"a<script>open", "aopen"},
      {"价格<100元，数量>5", "价格<100元，数量>5"},
      {"<a<b>c", "<ac"},
      {"", ""}};
  for (const auto& [html, text] : cases)
    check({{"t = html_to_text($.t)", "{\"t\":" + quoted(html) + "}", "{\"t\":" + quoted(text) + "}"}});
}

TEST(MappingFunction, NumbersConvertInSoManyWords) {
  check({{"i = integer($.t)", R"({"t":"007"})", R"({"i":7})"},
         {"i = integer($.t)", R"({"t":"-9223372036854775808"})", R"({"i":-9223372036854775808})"},
         {"i = integer($.t)", R"({"t":"9223372036854775808"})", R"({})", "map.number-range"},
         {"i = integer($.t)", R"({"t":"+5"})", R"({"i":5})"},
         {"i = integer($.t)", R"({"t":" 5"})", R"({})", "map.number"},
         {"i = integer($.t)", R"({"t":"1.0"})", R"({})", "map.number"},
         {"i = integer($.t)", R"({"t":""})", R"({})", "map.number"},
         {"i = integer($.t)", R"({"t":"+-5"})", R"({})", "map.number"},
         {"i = integer($.d)", R"({"d":12.00})", R"({"i":12})"},
         {"i = integer($.d)", R"({"d":12.01})", R"({})", "map.number"},
         {"d = decimal($.t)", R"({"t":"+0012.50"})", R"({"d":12.50})"},
         {"d = decimal($.t)", R"({"t":"1.5e2"})", R"({"d":150})"},
         {"d = decimal($.t)", R"({"t":"15e-3"})", R"({"d":0.015})"},
         {"d = decimal($.t)", R"({"t":"0e5"})", R"({"d":0})"},
         {"d = decimal($.t)", R"({"t":"1e99999999999999999999"})", R"({})", "map.number-range"},
         {"d = decimal($.t)", R"({"t":"123456789012345678901234567890123456789"})", R"({})", "map.number-range"},
         {"d = decimal($.t)", R"({"t":"1."})", R"({})", "map.number"},
         {"d = decimal($.i)", R"({"i":-5})", R"({"d":-5})"},
         {"b = decimal($.t) == 0.0", R"({"t":"-0.00"})", R"({"b":true})"},
         {"b = decimal($.t) < -9.5", R"({"t":"-10.25"})", R"({"b":true})"},
         {"t = text($.i)", R"({"i":0})", R"({"t":"0"})"},
         {"t = text($.d)", R"({"d":1.50})", R"({"t":"1.50"})"},
         {"t = text($.b)", R"({"b":false})", R"({"t":"false"})"},
         {"t = text($.at)", R"({"at":"2026-01-01T00:00:00Z"})", R"({"t":"2026-01-01T08:00:00.000+08:00"})"},
         {"d = yuan($.i)", R"({"i":160005})", R"({"d":1600.05})"},
         {"d = yuan($.i)", R"({"i":-5})", R"({"d":-0.05})"},
         {"d = wan($.i)", R"({"i":5000000})", R"({"d":5.000000})"},
         {"d = wan($.i)", R"({"i":0})", R"({"d":0.000000})"}});
}

TEST(MappingFunction, DatesWithoutZoneAreBeijingTime) {
  const auto at = [](const std::string& pattern, const std::string& text, const std::string& instant,
                     const std::string& fault = "") {
    check({{"at = datetime($.t, \"" + pattern + "\")", "{\"t\":" + quoted(text) + "}",
            instant.empty() ? "{}" : "{\"at\":\"" + instant + "+08:00\"}", fault}});
  };
  at("yyyy-MM-dd HH:mm:ss", "2026-03-15 23:59:59", "2026-03-15T23:59:59.000");
  at("yyyy-MM-dd HH:mm:ss", "2026-03-16 00:00:00", "2026-03-16T00:00:00.000");
  at("yyyyMMdd", "20240229", "2024-02-29T00:00:00.000");
  at("yyyyMMdd", "20260229", "", "map.date");
  at("yyyyMMdd", "2026022", "", "map.date");
  at("yyyyMMdd", "202602281", "", "map.date");
  at("yyyyMMdd", "", "", "map.date");
  at("yyyyMMdd", "00000000", "");
  at("yyyy-MM-dd", "00000000", "");
  at("yyyy-MM-dd HH:mm:ss", "0000-00-00 00:00:00", "");
  at("yyyy年MM月dd日", "2026年03月15日", "2026-03-15T00:00:00.000");
  at("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "2026-03-15T10:00:00.250Z", "2026-03-15T18:00:00.250");
  at("yyyy-MM-dd'T'HH:mm:ssXXX", "2026-03-15T10:00:00-05:00", "2026-03-15T23:00:00.000");
  at("yyyy-MM-dd'T'HH:mm:ssXXX", "2026-03-15T10:00:00", "", "map.date");
  at("yyyy-MM-dd HH:mm", "2026-03-15 24:00", "", "map.date");
  at("epoch_ms", "0", "1970-01-01T08:00:00.000");
  at("epoch_ms", "-1", "1970-01-01T07:59:59.999");
  at("epoch_ms", "99999999999999999", "", "map.date");
  at("epoch_ms", "x", "", "map.date");
  check({{"at = datetime($.i, \"epoch_ms\")", R"({"i":1700000000000})", R"({"at":"2023-11-15T06:13:20.000+08:00"})"},
         {"at = datetime($.i, \"yyyyMMdd\")", R"({"i":20260315})", R"({"at":"2026-03-15T00:00:00.000+08:00"})"}});
}

TEST(MappingFunction, MonthsAreAddedByTheCalendar) {
  const auto later = [](const std::string& at, const std::string& months, const std::string& expected,
                        const std::string& fault = {}) {
    check({{"at = plus_months($.at, $.i)", R"({"at":")" + at + R"(","i":)" + months + "}",
            expected.empty() ? "{}" : R"({"at":")" + expected + R"("})", fault}});
  };
  later("2026-11-23T00:00:00+08:00", "3", "2027-02-23T00:00:00.000+08:00");
  later("2026-11-30T10:20:30.400+08:00", "3", "2027-02-28T10:20:30.400+08:00");
  later("2024-01-31T00:00:00+08:00", "1", "2024-02-29T00:00:00.000+08:00");
  later("2024-02-29T00:00:00+08:00", "12", "2025-02-28T00:00:00.000+08:00");
  later("2026-12-31T16:00:00Z", "1", "2027-02-01T00:00:00.000+08:00");
  later("2026-03-31T00:00:00+08:00", "-1", "2026-02-28T00:00:00.000+08:00");
  later("2026-03-31T00:00:00+08:00", "0", "2026-03-31T00:00:00.000+08:00");
  later("2026-03-31T00:00:00+08:00", "1200", "2126-03-31T00:00:00.000+08:00");
  later("2026-03-31T00:00:00+08:00", "1201", "", "map.number-range");
  later("0001-01-31T00:00:00+08:00", "-1200", "", "map.date");
}

TEST(MappingFunction, InstantsAreWrittenByPattern) {
  const auto written = [](const std::string& pattern, const std::string& text) {
    check({{"t = format_datetime($.at, \"" + pattern + "\")", R"({"at":"2026-03-15T17:05:09.007Z"})",
            "{\"t\":" + quoted(text) + "}"}});
  };
  written("yyyyMMddHHmmssSSS", "20260316010509007");
  written("yyyy-MM-dd'T'HH:mm:ssXXX", "2026-03-16T01:05:09+08:00");
  written("yyyy年MM月dd日", "2026年03月16日");
  written("epoch_ms", "1773594309007");
}

TEST(MappingFunction, AmountsAreExactFen) {
  const auto amount = [](const std::string& unit, const std::string& text, const std::string& result) {
    const bool fault = result.starts_with("map.");
    check({{"i = fen($.t, unit: " + unit + ")", "{\"t\":" + quoted(text) + "}", fault ? "{}" : "{\"i\":" + result + "}",
            fault ? result : ""}});
  };
  for (const auto* text : {"1600", "1,600.00", "１，６００．００", "￥1600", "¥1600元", "人民币1600元整", "壹仟陆佰元",
                           "一千六百", "一千六百元整", "一千六", "一六〇〇", "1600.000块", " 1600 "})
    amount("yuan", text, "160000");
  const std::vector<std::array<std::string, 3>> cases{{"yuan", "0", "0"},
                                                      {"yuan", "0.01", "1"},
                                                      {"yuan", "0.005", "map.amount-fraction"},
                                                      {"yuan", ".5", "50"},
                                                      {"yuan", "5.", "map.amount"},
                                                      {"yuan", "-1", "map.amount-range"},
                                                      {"yuan", "-0", "0"},
                                                      {"yuan", "1,60", "map.amount"},
                                                      {"yuan", "1,6000", "map.amount"},
                                                      {"yuan", "1234,567", "map.amount"},
                                                      {"yuan", "1,234,567.89", "123456789"},
                                                      {"yuan", "10000000000000", "1000000000000000"},
                                                      {"yuan", "10000000000001", "map.amount-range"},
                                                      {"yuan", "99999999999999999999999", "map.amount-range"},
                                                      {"yuan", "", "map.amount"},
                                                      {"yuan", "元", "map.amount"},
                                                      {"yuan", "约100元", "map.amount"},
                                                      {"yuan", "3元5角", "350"},
                                                      {"yuan", "叁元伍角贰分", "352"},
                                                      {"yuan", "叁元零伍分", "305"},
                                                      {"yuan", "伍角", "50"},
                                                      {"yuan", "3元5", "map.amount"},
                                                      {"yuan", "三分五角", "map.amount"},
                                                      {"yuan", "五十分", "map.amount-unit"},
                                                      {"yuan", "1.2万", "map.amount-unit"},
                                                      {"yuan", "1.2万元", "map.amount-unit"},
                                                      {"yuan", "三万元", "3000000"},
                                                      {"yuan", "三万五", "3500000"},
                                                      {"yuan", "三万零五元", "3000500"},
                                                      {"yuan", "十五元", "1500"},
                                                      {"yuan", "一百零五", "10500"},
                                                      {"yuan", "一百五", "15000"},
                                                      {"yuan", "壹亿贰仟万元", "12000000000"},
                                                      {"yuan", "一万亿", "100000000000000"},
                                                      {"yuan", "十十", "map.amount"},
                                                      {"yuan", "一百千", "map.amount"},
                                                      {"yuan", "百", "map.amount"},
                                                      {"yuan", "一点五元", "150"},
                                                      {"yuan", "一点", "map.amount"},
                                                      {"yuan", "二三百", "map.amount"},
                                                      {"wan", "1.2万元", "1200000"},
                                                      {"wan", "1.2", "1200000"},
                                                      {"wan", "三万元", "3000000"},
                                                      {"wan", "三", "3000000"},
                                                      {"wan", "1.2元", "map.amount-unit"},
                                                      {"wan", "三万五", "map.amount-unit"},
                                                      {"wan", "0.000001", "1"},
                                                      {"wan", "0.0000001", "map.amount-fraction"},
                                                      {"fen", "160000", "160000"},
                                                      {"fen", "160000分", "160000"},
                                                      {"fen", "1元", "map.amount-unit"},
                                                      {"fen", "1.0", "1"},
                                                      {"fen", "1.5", "map.amount-fraction"}};
  for (const auto& [unit, text, result] : cases) amount(unit, text, result);
  check({{"i = fen($.i, unit: wan)", R"({"i":3})", R"({"i":3000000})"},
         {"i = fen($.d, unit: yuan)", R"({"d":12.345})", R"({})", "map.amount-fraction"},
         {"i = fen($.d, yuan)", R"({"d":1.2e1})", R"({"i":1200})"}});
}

TEST(MappingFunction, IdentifiersAndTablesKeepWhatTheyDoNotKnow) {
  check({{"t = phone($.t)", R"({"t":"+86 138-0013-8000"})", R"({"t":"13800138000"})"},
         {"t = phone($.t)", R"({"t":"１３８００１３８０００"})", R"({"t":"13800138000"})"},
         {"t = phone($.t)", R"({"t":"(010)8888 6666"})", R"({"t":"01088886666"})"},
         {"t = phone($.t)", R"({"t":"no phone"})", R"({})", "map.phone"},
         {"t = uscc($.t)", R"({"t":"91350100M000100Y43"})", R"({"t":"91350100M000100Y43"})"},
         {"t = uscc($.t)", R"({"t":"91350100M000100Y44"})", R"({})", "map.uscc"},
         {"t = uscc($.t)", R"({"t":"91350100m000100y43"})", R"({})", "map.uscc"},
         {"t = lookup_name(city-a/problem, $.t)", R"({"t":"1"})", R"({"t":"质量"})"},
         {"t = lookup(\"city-a/problem\", $.t)", R"({"t":"2"})", R"({})", "map.unknown-code"},
         {"t = lookup(city-a/problem, text($.i))", R"({"i":0})", R"({"t":"00"})"}});
}

TEST(MappingFunction, EveryFunctionPassesAbsentOn) {
  std::size_t tried = 0;
  for (const mapping::FunctionInfo& info : mapping::functions()) {
    const std::string name(info.name);
    std::string call = "$.t";
    if (name == "concat") call = "$.t, $.u";
    if (name == "datetime") call = "$.t, \"yyyyMMdd\"";
    if (name == "format_datetime") call = "$.at, \"yyyyMMdd\"";
    if (name == "fen") call = "$.t, unit: yuan";
    if (name == "first") call = "$.texts";
    if (name == "join") call = "$.texts, \",\"";
    if (name.starts_with("lookup")) call = "city-a/problem, $.t";
    if (name == "plus_months") call = "$.at, 3";
    if (name == "replace") call = "$.t, \"a\", \"b\"";
    if (name == "split") call = "$.t, \",\"";
    if (name == "substring") call = "$.t, 1";
    if (name == "wan" || name == "yuan") call = "$.i";
    std::string target = info.result == FieldType::kList ? "texts" : "t";
    if (info.result == FieldType::kInteger) target = "i";
    if (info.result == FieldType::kDecimal) target = "d";
    if (info.result == FieldType::kInstant) target = "at";
    check({{target + " = " + name + "(" + call + ")", "{}", "{}"}});
    EXPECT_FALSE(info.signature.empty());
    EXPECT_TRUE(info.body != nullptr);
    ++tried;
  }
  EXPECT_EQ(tried, 26U);
  EXPECT_EQ(mapping::find_function("length")->flow, mapping::LabelFlow::kReduces);
  EXPECT_EQ(mapping::find_function("lookup")->flow, mapping::LabelFlow::kTable);
  EXPECT_EQ(mapping::find_function("concat")->flow, mapping::LabelFlow::kPasses);
  EXPECT_EQ(mapping::find_function("now"), nullptr);
}

}  // namespace
}  // namespace tongqu::test
