#include "security/identity/structured_fields.hpp"

#include <gtest/gtest.h>

#include "tests/support/data.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu {
namespace {

// Parses by kind and writes again; empty on a syntax error.
std::optional<std::string> parse_and_write(std::string_view kind, std::string_view field) {
  const auto join = [](std::string& out, std::string text) {
    if (!out.empty()) out += ", ";
    out += text;
  };
  std::string out;
  if (kind == "item") {
    const auto item = sf::parse_item(field);
    if (!item) return std::nullopt;
    out = sf::serialize(item->value);
    sf::append_parameters(out, item->parameters);
  } else if (kind == "list") {
    const auto list = sf::parse_list(field);
    if (!list) return std::nullopt;
    for (const sf::Member& member : *list) join(out, sf::serialize(member));
  } else {
    const auto dictionary = sf::parse_dictionary(field);
    if (!dictionary) return std::nullopt;
    for (const auto& [name, member] : dictionary->members) {
      const bool flag = !member.is_list && member.items.front().value == sf::BareItem(true);
      std::string text = name;
      if (flag) {
        sf::append_parameters(text, member.parameters);
      } else {
        text += "=" + sf::serialize(member);
      }
      join(out, text);
    }
  }
  return out;
}

std::string joined(const Node& lines) {
  std::string out;
  for (const Node& line : children(lines)) {
    if (&line != lines.first) out += ", ";
    out += line.text;
  }
  return out;
}

class PublishedCases : public testing::TestWithParam<std::string_view> {};
INSTANTIATE_TEST_SUITE_P(StructuredFields, PublishedCases,
                         testing::Values("dictionary", "examples", "item", "list", "number", "string"),
                         [](const auto& p) { return std::string(p.param); });

TEST_P(PublishedCases, AreReadAndWrittenAsTheySay) {
  const auto folder = test::data_folder();
  if (!folder) GTEST_SKIP() << "no test data";
  const auto file = *folder / ("http-signatures/structured-fields/" + std::string(GetParam()) + ".json");
  const auto document = decode_json(test::read_file(file));
  ASSERT_TRUE(document.has_value());
  for (const Node& one : children(document->root())) {
    const std::string raw = joined(*one.find("raw"));
    const auto written = parse_and_write(one.find("header_type")->text, raw);
    const Node* must_fail = one.find("must_fail");
    if (must_fail != nullptr && must_fail->text == "true") {
      EXPECT_FALSE(written.has_value()) << one.find("name")->text;
      continue;
    }
    if (const Node* can_fail = one.find("can_fail"); !written && can_fail != nullptr) continue;
    ASSERT_TRUE(written.has_value()) << one.find("name")->text;
    const Node* canonical = one.find("canonical");
    EXPECT_EQ(*written, joined(canonical == nullptr ? *one.find("raw") : *canonical)) << one.find("name")->text;
  }
}

TEST(StructuredFields, ValuesAreTyped) {
  const auto field = sf::parse_dictionary("a=(\"x\" y;p=1);q=?0;r=:AQI=:, b=-1.5, c, d=\"q\\\"\\\\\"");
  ASSERT_TRUE(field.has_value());
  const sf::Member* a = field->find("a");
  ASSERT_TRUE(a != nullptr && a->is_list && a->items.size() == 2);
  EXPECT_EQ(a->items[0].value, sf::BareItem(std::string("x")));
  EXPECT_EQ(a->items[1].value, sf::BareItem(sf::Token{"y"}));
  EXPECT_EQ(*a->items[1].parameters.find("p"), sf::BareItem(std::int64_t{1}));
  EXPECT_EQ(*a->parameters.find("q"), sf::BareItem(false));
  EXPECT_EQ(*a->parameters.find("r"), sf::BareItem(sf::Binary{"\1\2"}));
  EXPECT_EQ(field->find("b")->items[0].value, sf::BareItem(sf::Decimal{-1500}));
  EXPECT_EQ(field->find("c")->items[0].value, sf::BareItem(true));
  EXPECT_EQ(field->find("d")->items[0].value, sf::BareItem(std::string("q\"\\")));
  EXPECT_EQ(field->find("e"), nullptr);
  EXPECT_FALSE(field->repeated);
}

TEST(StructuredFields, RepetitionIsSeen) {
  EXPECT_TRUE(sf::parse_dictionary("a=1, a=2")->repeated);
  EXPECT_TRUE(sf::parse_dictionary("a=1;x;x")->find("a")->parameters.repeated);
}

TEST(StructuredFields, SyntaxErrorsAndExcessAreRefused) {
  for (const std::string_view field : {"a=",
                                       "a=(",
                                       "a=(1",
                                       "a=(1 2",
                                       "a=(1,2)",
                                       "A=1",
                                       "a=1,",
                                       "a=1,,b=2",
                                       "a=:AQI:",
                                       "a=:AQI=",
                                       "a=\"x",
                                       "a=\"\\x\"",
                                       "a=\"\x01\"",
                                       "a=?2",
                                       "a=1;",
                                       "a=1;X=2",
                                       "=1",
                                       "a=1 b=2",
                                       "a=@1",
                                       "a=1.",
                                       "a=1.2345",
                                       "a=1234567890123456",
                                       "a=1234567890123.1",
                                       "a=\xC3\xA4",
                                       "1=a",
                                       "a= 1"})
    EXPECT_FALSE(sf::parse_dictionary(field).has_value()) << field;
  EXPECT_FALSE(sf::parse_dictionary("a=\"" + std::string(sf::kMaxFieldBytes, 'x') + "\"").has_value());
  std::string many = "a0";
  for (std::size_t i = 1; i <= sf::kMaxMembers; ++i) many += ", a" + std::to_string(i);
  EXPECT_FALSE(sf::parse_dictionary(many).has_value());
  EXPECT_FALSE(sf::parse_item("").has_value());
  EXPECT_FALSE(sf::parse_item("1, 2").has_value());
}

}  // namespace
}  // namespace tongqu
