// One layout, the same after the second time, nothing lost.
#include "transforms/mapping/formatter.hpp"

#include "tests/support/data.hpp"
#include "tests/unit/mapping/mapping_support.hpp"

namespace tongqu::test {
namespace {

std::string formatted(const std::string& text) {
  const auto result = format_mapping(text);
  EXPECT_FALSE(result.has_error()) << text;
  return result.has_value() ? result.value() : "";
}

TEST(MappingFormatter, AlignsWithinGroupsAndKeepsComments) {
  const std::string untidy =
      "# top\n\n\nmapping   a/b   # name\n from in@1\nto out@1 # target\n"
      "when   $.t==\"x\"   hold  \"y\"# why\n"
      "t=$ . t\nat = datetime( $.u ,\"yyyy\" )   on   fault  keep ,flag # date\n\n\n"
      "# group\nitems= each   $.items {t=$.no,i=$.n}\n"
      "o.deep.t = concat($.t, # inside\n  $.u)\n"
      "numbers = $.numbers on fault refuse \"a\"\n"
      "b = not($.t in[\"a\",\"b\"]) and ( $.items [ 0 ].n==-3 )\n# end\n";
  const std::string tidy =
      "# top\n\nmapping a/b  # name\nfrom in@1\nto   out@1  # target\n\n"
      "when $.t == \"x\"  hold \"y\"  # why\n"
      "t  = $.t\nat = datetime($.u, \"yyyy\")  on fault keep, flag  # date\n\n"
      "# group\nitems = each $.items { t = $.no, i = $.n }\n"
      "# inside\no.deep.t = concat($.t, $.u)\n"
      "numbers  = $.numbers  on fault refuse \"a\"\n"
      "b        = not ($.t in [\"a\", \"b\"]) and ($.items[0].n == -3)\n# end\n";
  EXPECT_EQ(formatted(untidy), tidy);
  EXPECT_EQ(formatted(tidy), tidy);
}

TEST(MappingFormatter, BlocksKeepTheirLines) {
  const std::string untidy =
      "mapping a\nfrom in@1\nto out@1\nitems = each $.items { # first\n t=$.no, # no\n\n  o.t=$.no\n"
      "subs = each $.subs {\n t = $.x }\n # last\n} on fault keep, flag # kept\nt = $.t\n";
  const std::string tidy =
      "mapping a\nfrom in@1\nto   out@1\n\nitems = each $.items {\n  # first\n  t = $.no  # no\n\n  o.t  = $.no\n"
      "  subs = each $.subs {\n    t = $.x\n  }\n  # last\n}  on fault keep, flag  # kept\nt = $.t\n";
  EXPECT_EQ(formatted(untidy), tidy);
  EXPECT_EQ(formatted(tidy), tidy);
}

TEST(MappingFormatter, DocumentedExamplesMeanTheSameAfterwards) {
  const std::string page = read_file(source_folder() / "docs/mapping.md");
  std::size_t examples = 0;
  for (std::size_t at = page.find("```map\n"); at != page.npos; at = page.find("```map\n", at + 1)) {
    const std::string text = page.substr(at + 7, page.find("```", at + 7) - at - 7);
    const std::string once = formatted(text);
    EXPECT_EQ(formatted(once), once);
    const auto first = compiled(text);
    const auto second = compiled(once);
    ASSERT_TRUE(first != nullptr && second != nullptr) << text;
    EXPECT_TRUE(first->findings().empty());
    EXPECT_EQ(first->flows().size(), second->flows().size());
    ++examples;
  }
  EXPECT_EQ(examples, 3U);
}

TEST(MappingFormatter, BrokenTextIsAnError) {
  EXPECT_TRUE(format_mapping("mapping a\nfrom b\nto c\nt = ").has_error());
  EXPECT_TRUE(format_mapping("").has_error());
  EXPECT_EQ(formatted("mapping a\nfrom b\nto c"), "mapping a\nfrom b\nto   c\n");
}

}  // namespace
}  // namespace tongqu::test
