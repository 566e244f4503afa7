// Numbers from the test suites of other programs and from public registers, held against ours. Every case agrees or
// stands in a list with its reason.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "tests/support/data.hpp"
#include "transforms/codecs/json_codec.hpp"
#include "transforms/identifiers/identifiers.hpp"
#include "transforms/tables/division_table.hpp"

namespace tongqu {
namespace {

constexpr std::int32_t kToday = 20260415;

const DivisionTable& divisions() {
  static const auto table = DivisionTable::load(test::source_folder() / "config/tables/divisions.csv");
  EXPECT_TRUE(table.has_value());
  return *table.value();
}

std::string member(const Node& node, const char* name) {
  const Node* found = node.find(name);
  return found == nullptr ? std::string{} : std::string(found->text);
}

// What the result says in the words of the test data.
std::string verdict(IdResult result) {
  switch (result) {
    case IdResult::kValid: return "valid";
    // Issued or not, a wrong check digit is a warning (domain rule); which of the two it is no program can know.
    case IdResult::kBadCheckDigit: return "check digit";
    default: return std::string(name_of(result));
  }
}

TEST(PublishedNumbers, CreditCodesAgree) {
  const auto lines = test::data_lines("identifiers/uscc.dev.jsonl");
  if (lines.empty()) GTEST_SKIP() << "test data absent";
  std::size_t compared = 0;
  for (const std::string& line : lines) {
    const auto doc = decode_json(line);
    ASSERT_TRUE(doc.has_value()) << line;
    const std::string code = member(doc.value().root(), "code");
    const std::string expect = member(doc.value().root(), "expect");
    const UsccCheck check = check_uscc(code, &divisions());
    const bool form_only = expect == "format-only";
    const std::string wanted = expect == "valid" ? "valid" : "check digit";
    if (form_only) {
      EXPECT_NE(check.result, IdResult::kBadForm) << code;
    } else {
      EXPECT_EQ(verdict(check.result), wanted) << line;
    }
    EXPECT_EQ(member(doc.value().root(), "gb32100_check_ok") == "true",
              check.result == IdResult::kValid || check.result == IdResult::kUnknownDivision)
        << code;
    if (member(doc.value().root(), "gb11714_inner_ok") == "true") {
      EXPECT_EQ(check_organisation_code(std::string_view(code).substr(8, 9)), IdResult::kValid) << code;
    }
    ++compared;
  }
  EXPECT_GT(compared, 100U);
}

TEST(PublishedNumbers, CitizenIdsAgree) {
  const auto lines = test::data_lines("identifiers/citizen-id.dev.jsonl");
  if (lines.empty()) GTEST_SKIP() << "test data absent";
  std::size_t compared = 0;
  for (const std::string& line : lines) {
    const auto doc = decode_json(line);
    ASSERT_TRUE(doc.has_value()) << line;
    const Node& root = doc.value().root();
    const std::string value = member(root, "value");
    const CitizenIdCheck check = check_citizen_id(value, &divisions(), kToday);
    const std::string expect = member(root, "expect");
    // A small x is a slip here: the mended value is the valid one, the value as it came has not the standard's form.
    EXPECT_EQ(check.mended == IdResult::kValid, expect == "valid" || expect == "valid-lenient") << line;
    if (value.ends_with('x')) {
      EXPECT_EQ(check.result, IdResult::kBadForm) << line;
      EXPECT_EQ(check.slips, kLowerCase) << line;
    }
    if (expect == "valid") {
      if (const std::string sex = member(root, "sex"); !sex.empty()) {
        EXPECT_EQ(check.male, sex == "M") << line;
      }
      if (std::string birth = member(root, "birth"); !birth.empty()) {
        std::erase(birth, '-');
        EXPECT_EQ(std::to_string(check.birth_yyyymmdd.value_or(0)), birth) << line;
      }
    }
    if (member(root, "iso7064_ok") == "true" && value.size() == 18) {
      EXPECT_NE(check.mended, IdResult::kBadCheckDigit) << line;
    }
    ++compared;
  }
  EXPECT_GE(compared, 25U);
}

TEST(PublishedNumbers, RetiredDivisionsAreKnown) {
  // 天津市东郊区 (to 1992), 珠海 and 肇庆 of the eighties.
  for (const char* value : {"120110198012010073", "44040119580101000X", "441282198101011230"}) {
    EXPECT_EQ(check_citizen_id(value, &divisions(), kToday).result, IdResult::kValid);
  }
  EXPECT_TRUE(check_citizen_id("441282198101011230", &divisions(), kToday).retired_division);
}

}  // namespace
}  // namespace tongqu
