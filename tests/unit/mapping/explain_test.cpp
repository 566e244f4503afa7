// Explanations and flows: what each output field is made of.
#include "tests/unit/mapping/mapping_support.hpp"

namespace tongqu::test {
namespace {

using Texts = std::vector<std::string>;

TEST(MappingExplain, EveryFieldOfTheTargetSaysWhereItCameFromOrWhyItIsMissing) {
  const Mapped mapped =
      run("t = lookup(city-a/problem, trim($.t))\nu = upper($.u)\ni = integer($.o.t)  on fault keep, flag\n"
          "d = decimal($.t)\nb = false\nat = $.at otherwise datetime($.u, \"yyyy\")",
          R"({"t":" 1","o":{"t":"x"}})");
  const MapTrace* t = trace_of(mapped, "t");
  ASSERT_NE(t, nullptr);
  EXPECT_TRUE(t->present);
  EXPECT_EQ(t->sources, Texts{"$.t"});
  EXPECT_EQ(t->functions, (Texts{"trim", "lookup"}));
  EXPECT_EQ(t->tables, Texts{"city-a/problem@2024-01"});
  EXPECT_EQ(t->line, 4U);
  EXPECT_EQ(t->why, "");
  EXPECT_EQ(trace_of(mapped, "u")->why, "source absent");
  EXPECT_EQ(trace_of(mapped, "i")->why, "kept: map.number");
  EXPECT_FALSE(trace_of(mapped, "i")->present);
  EXPECT_EQ(trace_of(mapped, "d")->why, "fault: map.number");
  EXPECT_TRUE(trace_of(mapped, "b")->present);
  EXPECT_TRUE(trace_of(mapped, "b")->sources.empty());
  EXPECT_EQ(trace_of(mapped, "at")->sources, (Texts{"$.at", "$.u"}));
  EXPECT_EQ(trace_of(mapped, "o.deep.t")->why, "no rule assigns it");
  EXPECT_EQ(trace_of(mapped, "items")->why, "no rule assigns it");
  EXPECT_EQ(trace_of(mapped, "o"), nullptr);
}

TEST(MappingExplain, ElementsAreToldOneByOne) {
  const std::string rules = "items = each $.items {\n  t = $.no\n  subs = each $.subs { t = $.x }\n}";
  const Mapped mapped = run(rules, R"({"items":[{"no":"a"},{"subs":[{"x":"1"}]}]})");
  EXPECT_EQ(trace_of(mapped, "items[0].t")->sources, Texts{"$.items[0].no"});
  EXPECT_EQ(trace_of(mapped, "items[0].subs")->why, "source absent");
  EXPECT_EQ(trace_of(mapped, "items[0].subs[].t")->why, "list absent");
  EXPECT_EQ(trace_of(mapped, "items[1].t")->why, "source absent");
  EXPECT_EQ(trace_of(mapped, "items[1].subs[0].t")->sources, Texts{"$.items[1].subs[0].x"});
  EXPECT_EQ(trace_of(mapped, "items[1].o.t")->why, "no rule assigns it");
  EXPECT_EQ(trace_of(mapped, "items")->sources, Texts{"$.items"});
  EXPECT_EQ(trace_of(run(rules, R"({"items":[]})"), "items[].t")->why, "list empty");
  EXPECT_EQ(trace_of(run(rules, R"({})"), "items[].subs")->why, "list absent");
}

TEST(MappingExplain, AFieldWhoseConditionIsFalseIsAbsentForThatReason) {
  const std::string rules = "t = if $.u == \"x\" then $.t\nu = if $.u != \"x\" then $.t";
  const Mapped no = run(rules, R"({"u":"y","t":"v"})");
  EXPECT_EQ(trace_of(no, "t")->why, "condition is false");
  EXPECT_TRUE(trace_of(no, "u")->present);
  const Mapped yes = run(rules, R"({"u":"x","t":"v"})");
  EXPECT_TRUE(trace_of(yes, "t")->present);
  EXPECT_EQ(trace_of(yes, "u")->why, "condition is false");
  EXPECT_EQ(trace_of(run(rules, R"({"u":"x"})"), "t")->why, "source absent");
}

const FieldFlow* flow_of(const Mapping& mapping, std::string_view output) {
  for (const FieldFlow& flow : mapping.flows()) {
    if (flow.output == output) return &flow;
  }
  return nullptr;
}

TEST(MappingFlow, ValuesAndChoicesAreToldApart) {
  const auto mapping = compiled(with_header(
      "when $.o.t == \"x\" hold \"y\"\nt = if $.b then concat($.t, lookup(city-a/problem, $.u)) else \"n\"\n"
      "i = length($.t)  on fault keep, flag\nu = $.empty otherwise $.u\n"
      "items = each $.items { t = $.no, o.t = $$.t, subs = each $.subs { t = $.x } }\n"
      "texts = split($.t, \",\")\nb = exists($.o)"));
  ASSERT_NE(mapping, nullptr);
  const FieldFlow* when = flow_of(*mapping, "");
  ASSERT_EQ(when->sources.size(), 1U);
  EXPECT_TRUE(when->sources[0].choice);
  EXPECT_EQ(when->sources[0].path, "$.o.t");
  const FieldFlow* t = flow_of(*mapping, "t");
  ASSERT_EQ(t->sources.size(), 3U);
  EXPECT_TRUE(t->sources[0].choice);
  EXPECT_EQ(t->sources[0].path, "$.b");
  EXPECT_FALSE(t->sources[1].choice);
  EXPECT_EQ(t->sources[1].flow, mapping::LabelFlow::kPasses);
  EXPECT_EQ(t->sources[2].functions, (Texts{"lookup", "concat"}));
  EXPECT_EQ(t->sources[2].flow, mapping::LabelFlow::kTable);
  EXPECT_EQ(t->sources[2].tables, Texts{"city-a/problem@2024-01"});
  EXPECT_EQ(flow_of(*mapping, "i")->sources[0].flow, mapping::LabelFlow::kReduces);
  EXPECT_TRUE(flow_of(*mapping, "i")->keeps);
  const FieldFlow* u = flow_of(*mapping, "u");
  ASSERT_EQ(u->sources.size(), 3U);
  EXPECT_TRUE(u->sources[1].choice);
  EXPECT_EQ(u->sources[1].path, "$.empty");
  EXPECT_TRUE(flow_of(*mapping, "items")->sources[0].choice);
  EXPECT_EQ(flow_of(*mapping, "items[].t")->sources[0].path, "$.items[].no");
  EXPECT_EQ(flow_of(*mapping, "items[].o.t")->sources[0].path, "$.t");
  EXPECT_EQ(flow_of(*mapping, "items[].subs[].t")->sources[0].path, "$.items[].subs[].x");
  EXPECT_EQ(flow_of(*mapping, "b")->sources[0].flow, mapping::LabelFlow::kReduces);
}

}  // namespace
}  // namespace tongqu::test
