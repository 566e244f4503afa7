// Published conformance cases (docs/conformance-json.md).
#include <gtest/gtest.h>

#include <iostream>

#include "gateway/core/text.hpp"
#include "tests/support/data.hpp"
#include "transforms/codecs/codecs_codes.hpp"
#include "transforms/codecs/json_codec.hpp"
#include "transforms/codecs/json_scan.hpp"

namespace tongqu {
namespace {

// Cases of the suite that must be accepted and are refused here, with the reason.
struct Deviation {
  std::string_view name;
  std::string_view code;
  std::string_view reason;
};
constexpr Deviation kDeviations[] = {
    {"y_object_duplicated_key.json", "json.duplicate-key",
     "RFC 8259 section 4: names SHOULD be unique; here they must"},
    {"y_object_duplicated_key_and_value.json", "json.duplicate-key", "as above, even when the values agree"},
};

const Deviation* deviation_of(std::string_view name) {
  for (const Deviation& deviation : kDeviations) {
    if (deviation.name == name) return &deviation;
  }
  return nullptr;
}

std::string member(const Document& record, std::string_view name) {
  const Node* node = record.root().find(name);
  return node == nullptr ? std::string{} : std::string(node->text);
}

std::string bytes_of(const Document& record) {
  if (record.root().find("b64") != nullptr) return from_base64(member(record, "b64")).value_or("");
  const std::string unit = from_base64(member(record, "repeat_unit_b64")).value_or("");
  std::string bytes;
  for (int i = std::stoi(member(record, "repeat")); i > 0; --i) bytes += unit;
  return bytes + from_base64(member(record, "tail_b64")).value_or("");
}

void expect_round_trip(const Document& document, const std::string& name) {
  std::string once;
  ASSERT_TRUE(JsonCodec().encode(document.root(), once).has_value()) << name;
  const auto again = decode_json(once);
  ASSERT_TRUE(again.has_value()) << name;
  std::string twice;
  ASSERT_TRUE(JsonCodec().encode(again->root(), twice).has_value()) << name;
  EXPECT_EQ(once, twice) << name;
}

TEST(JsonTestSuite, EveryCaseIsAcceptedOrRefusedAsItSays) {
  std::map<std::string, int> counts;
  for (const std::string& line : test::data_lines("json-suite/jsontestsuite.dev.jsonl")) {
    const auto record = decode_json(line);
    ASSERT_TRUE(record.has_value());
    const std::string name = member(*record, "name");
    const std::string expect = member(*record, "expect");
    const auto result = decode_json(bytes_of(*record));
    ++counts[expect + (result.has_value() ? ": accepted" : ": refused")];
    if (result.has_value()) {
      EXPECT_NE(expect, "reject") << name;
      expect_round_trip(*result, name);
      continue;
    }
    EXPECT_EQ(result.error().faults.size(), 1U) << name;
    if (expect == "reject") continue;
    const Deviation* deviation = deviation_of(name);
    if (expect == "accept") {
      ASSERT_NE(deviation, nullptr) << name << " is refused with " << result.error().code->id;
      EXPECT_EQ(result.error().code->id, deviation->code) << name;
    }
    std::cout << "refused: " << name << " (" << expect << "): " << result.error().code->id
              << (deviation != nullptr ? std::string(" – ").append(deviation->reason) : "") << '\n';
  }
  for (const auto& [what, count] : counts) std::cout << what << ' ' << count << '\n';
}

TEST(Utf8Suite, TextsAreJsonExactlyWhenTheyAreUtf8) {
  int valid = 0;
  int invalid = 0;
  for (const std::string& line : test::data_lines("text-encodings/utf8tests.dev.jsonl")) {
    const auto record = decode_json(line);
    ASSERT_TRUE(record.has_value());
    const std::string text = from_hex(member(*record, "hex")).value_or("");
    const bool expected = member(*record, "valid") == "true";
    std::size_t offset = 0;
    const json::ScanResult scanned = json::scan(text, offset);
    EXPECT_EQ(scanned != json::ScanResult::kMalformed, expected) << member(*record, "id");
    const auto result = decode_json("[\"" + text + "\"]");
    EXPECT_EQ(result.has_value(), scanned == json::ScanResult::kClean) << member(*record, "id");
    if (result.has_error()) {
      const ErrorCode& code = expected ? codes::kJsonControl : codes::kJsonUtf8;
      EXPECT_EQ(result.error().code->id, code.id) << member(*record, "id");
    }
    ++(expected ? valid : invalid);
  }
  std::cout << valid << " valid, " << invalid << " malformed\n";
}

TEST(NaughtyStrings, SurviveARoundTrip) {
  const auto folder = test::data_folder();
  if (!folder) GTEST_SKIP() << "test data is absent";
  const auto strings = decode_json(test::read_file(*folder / "text-encodings/blns.dev.json"));
  ASSERT_TRUE(strings.has_value()) << strings.error().code->id;
  ASSERT_GT(strings->root().count, 100U);
  expect_round_trip(*strings, "blns");
}

// Reference: one code point after the other, without the blocks.
TEST(JsonScan, FindsTheSamePlaceAsASlowScan) {
  std::uint32_t seed = 12315;
  const auto next = [&seed] { return seed = seed * 1664525U + 1013904223U; };
  static constexpr std::string_view kPieces[] = {"a",  "0123456", "中",   "市场监管", "é",        "𠮷",
                                                 "\n", "\x7F",    "\x1F", "\x80",     "\xED\xA0", "\xF0\x9F"};
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (std::uint32_t i = next() >> 27U; i > 0; --i) text += kPieces[(next() >> 8U) % (next() % 4 == 0 ? 12 : 8)];
    std::size_t expected = 0;
    json::ScanResult expected_result = json::ScanResult::kClean;
    while (expected < text.size() && expected_result == json::ScanResult::kClean) {
      const std::size_t at = expected;
      if (static_cast<unsigned char>(text[at]) < 0x20 && text[at] != '\n') {
        expected_result = json::ScanResult::kControl;
      } else if (!next_code_point(text, expected)) {
        expected_result = json::ScanResult::kMalformed;
      }
    }
    std::size_t offset = text.size();
    EXPECT_EQ(json::scan(text, offset), expected_result) << round;
    EXPECT_EQ(offset, expected) << round;
  }
}

}  // namespace
}  // namespace tongqu
