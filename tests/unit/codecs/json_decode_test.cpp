#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/data.hpp"
#include "transforms/codecs/codecs_codes.hpp"
#include "transforms/codecs/json_codec.hpp"
#include "transforms/codecs/json_path.hpp"

namespace tongqu {
namespace {

std::string repeat(std::string_view unit, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += unit;
  return out;
}

std::string encoded(const Document& document) {
  std::string out;
  const Status done = JsonCodec().encode(document.root(), out);
  EXPECT_TRUE(done.has_value());
  return out;
}

struct Refusal {
  std::string_view name;
  std::string json;
  const ErrorCode& code;
  std::string path;
  Position position;
};

std::vector<Refusal> refusals() {
  using namespace codes;
  return {
      {"nothing", "", kJsonEmpty, "$", {1, 1}},
      {"white space only", " \n ", kJsonEmpty, "$", {2, 2}},
      {"a second value", "{} {}", kJsonTrailing, "$", {1, 4}},
      {"a zero byte behind the value", std::string("[1]\0", 4), kJsonControl, "$", {1, 4}},
      {"a zero byte in a text", std::string("[\"a\0b\"]", 7), kJsonControl, "$", {1, 4}},
      {"an unescaped unit separator", "[\"0123456789abcdef0123456789abcdef\x1F\"]", kJsonControl, "$", {1, 35}},
      {"an unescaped line feed in a text", "[\"a\nb\"]", kJsonEscape, "$[0]", {1, 4}},
      {"a byte order mark", "\xEF\xBB\xBF{}", kJsonByteOrder, "$", {1, 1}},
      {"malformed UTF-8", "{\"甲\":\"\xC3(\"}", kJsonUtf8, "$", {1, 7}},
      {"an encoded surrogate", "[\"\xED\xA0\x80\"]", kJsonUtf8, "$", {1, 3}},
      {"an overlong encoding", "[\"\xE0\x80\xAF\"]", kJsonUtf8, "$", {1, 3}},
      {"GB18030", "{\"a\":\"\xCA\xD0\"}", kJsonUtf8, "$", {1, 7}},
      {"a low surrogate alone", R"({"a":"\ude00"})", kJsonSurrogate, "$.a", {1, 6}},
      {"a low surrogate alone in a name", R"({"\ude00":1})", kJsonSurrogate, "$", {1, 2}},
      {"a high surrogate alone", R"({"a":"\ud83d"})", kJsonSurrogate, "$.a", {1, 7}},
      {"a high surrogate before a letter", R"(["\ud83dx"])", kJsonSurrogate, "$[0]", {1, 3}},
      {"two high surrogates", R"(["\ud83d\ud83d"])", kJsonSurrogate, "$[0]", {1, 3}},
      {"an unknown escape", R"({"a":"\x41"})", kJsonEscape, "$.a", {1, 7}},
      {"an incomplete escape", R"(["\u12"])", kJsonEscape, "$[0]", {1, 3}},
      {"a text without its end", "{\"a\": \"b", kJsonUnclosed, "$.a", {1, 9}},
      {"a missing colon", R"({"a" 1})", kJsonSyntax, "$.a", {1, 6}},
      {"a missing comma in an object", R"({"a":1 "b":2})", kJsonSyntax, "$.a", {1, 8}},
      {"a missing comma in a list", "[1 2]", kJsonSyntax, "$[1]", {1, 4}},
      {"a missing comma behind an object", R"({"a":{"b":1} "c":2})", kJsonSyntax, "$.a", {1, 14}},
      {"a comma before the end", "[1,]", kJsonSyntax, "$[1]", {1, 4}},
      {"a name without quotes", "{a:1}", kJsonSyntax, "$", {1, 2}},
      {"single quotes", "['a']", kJsonSyntax, "$[0]", {1, 2}},
      {"a comment", "[1] // x", kJsonTrailing, "$", {1, 5}},
      {"not a number", "[NaN]", kJsonSyntax, "$[0]", {1, 2}},
      {"a literal in capitals", "[True]", kJsonSyntax, "$[0]", {1, 2}},
      {"a number without a fraction", "[1.]", kJsonNumber, "$[0]", {1, 4}},
      {"a number without an exponent", "[1e+]", kJsonNumber, "$[0]", {1, 5}},
      {"a leading zero", "[012]", kJsonSyntax, "$[1]", {1, 3}},
      {"a number beyond any double", "[1,1e309]", kJsonNumberRange, "$[1]", {1, 4}},
      {"an integer of 400 digits", "[" + repeat("9", 400) + "]", kJsonNumberRange, "$[0]", {1, 2}},
      {"a name twice", "{\n \"a\": 1,\n \"b\": {},\n \"a\": 2}", kJsonDuplicateKey, "$.a", {4, 7}},
      {"a name twice, once escaped", R"({"x":[{"ab":1,"\u0061b":2}]})", kJsonDuplicateKey, "$.x[0].ab", {1, 25}},
      {"the empty name twice", R"({"":1,"":2})", kJsonDuplicateKey, "$[*]", {1, 10}},
  };
}

TEST(JsonRefusals, EachNamesItsCodeItsPathAndItsPlace) {
  for (const Refusal& refusal : refusals()) {
    const auto result = decode_json(refusal.json);
    ASSERT_TRUE(result.has_error()) << refusal.name;
    const Error& error = result.error();
    EXPECT_EQ(error.code->id, refusal.code.id) << refusal.name;
    ASSERT_EQ(error.faults.size(), 1U) << refusal.name;
    EXPECT_EQ(error.faults[0].path, refusal.path) << refusal.name;
    EXPECT_EQ(error.faults[0].position.line, refusal.position.line) << refusal.name;
    EXPECT_EQ(error.faults[0].position.column, refusal.position.column) << refusal.name;
  }
}

TEST(JsonLimits, EachLimitHoldsAtItsEdge) {
  struct Case {
    std::string_view name;
    std::string json;
    DecodeLimits within;
    DecodeLimits beyond;
    const ErrorCode& code;
    std::string_view param;
  };
  const std::vector<Case> cases{
      {"bytes", "[1,2]", {.max_bytes = 5}, {.max_bytes = 4}, codes::kJsonBytes, "4"},
      {"depth", "[[{}]]", {.max_depth = 3}, {.max_depth = 2}, codes::kJsonDepth, "2"},
      {"nodes", "[1,{\"a\":2}]", {.max_nodes = 4}, {.max_nodes = 3}, codes::kJsonNodes, "3"},
      {"text", "\"四字\"", {.max_text_bytes = 6}, {.max_text_bytes = 5}, codes::kJsonTextBytes, "5"},
      {"name", "{\"abcd\":1}", {.max_text_bytes = 4}, {.max_text_bytes = 3}, codes::kJsonTextBytes, "3"},
      {"number", "12345", {.max_text_bytes = 5}, {.max_text_bytes = 4}, codes::kJsonTextBytes, "4"},
  };
  for (const Case& c : cases) {
    EXPECT_TRUE(decode_json(c.json, c.within).has_value()) << c.name;
    const auto refused = decode_json(c.json, c.beyond);
    ASSERT_TRUE(refused.has_error()) << c.name;
    EXPECT_EQ(refused.error().code->id, c.code.id) << c.name;
    EXPECT_EQ(refused.error().kind(), ErrorKind::kTooLarge) << c.name;
    EXPECT_EQ(refused.error().param, c.param) << c.name;
  }
}

TEST(JsonLimits, NestingIsBoundedWhateverTheLimitsSay) {
  const DecodeLimits generous{.max_depth = 1'000'000};
  EXPECT_TRUE(decode_json(repeat("[", kMaxJsonDepth) + repeat("]", kMaxJsonDepth), generous).has_value());
  const auto refused = decode_json(repeat("{\"a\":", 100'000), generous);
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().code->id, codes::kJsonDepth.id);
  EXPECT_EQ(refused.error().param, "512");
}

std::string object_of(std::size_t members, std::size_t duplicate_of) {
  std::string json = "{";
  for (std::size_t i = 0; i < members; ++i) json += "\"m" + std::to_string(i) + "\":0,";
  return json + "\"m" + std::to_string(duplicate_of) + "\":0}";
}

TEST(JsonDuplicates, AreFoundInObjectsOfEverySize) {
  for (const std::size_t members : {1U, 2U, 31U, 32U, 33U, 34U, 500U, 20'000U}) {
    for (const std::size_t duplicate : {std::size_t{0}, members / 2, members - 1}) {
      const auto refused = decode_json(object_of(members, duplicate));
      ASSERT_TRUE(refused.has_error()) << members << ' ' << duplicate;
      EXPECT_EQ(refused.error().code->id, codes::kJsonDuplicateKey.id);
    }
    EXPECT_TRUE(decode_json(object_of(members, members)).has_value()) << members;
  }
}

TEST(JsonDuplicates, TheFirstRepetitionIsReported) {
  const auto refused = decode_json(object_of(40, 7).substr(0, object_of(40, 7).size() - 1) + ",\"m3\":1}");
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().faults[0].path, "$.m7");
}

TEST(JsonDecode, NumbersStayAsWritten) {
  for (const char* number : {"0", "-0", "-0.0", "1E+2", "1e-999999999999", "12345678901234567890123456789",
                             "0.1000000000000000000000001", "1.7e308", "100.00"}) {
    const auto document = decode_json(number);
    ASSERT_TRUE(document.has_value()) << number;
    EXPECT_EQ(document->root().kind, Kind::kNumber);
    EXPECT_EQ(document->root().text, number);
    EXPECT_EQ(encoded(*document), number);
  }
}

TEST(JsonDecode, TextsAreUnescaped) {
  const auto document = decode_json(R"({"\u4e2d\t":"\"\\\/\b\f\n\r\t\u0000\ud83d\ude00\u00e9"})");
  ASSERT_TRUE(document.has_value());
  ASSERT_NE(document->root().first, nullptr);
  EXPECT_EQ(document->root().first->name, "中\t");
  EXPECT_EQ(document->root().first->text, std::string_view("\"\\/\b\f\n\r\t\0😀é", 15));
}

TEST(JsonDecode, EveryValueKnowsItsPlaceInCodePoints) {
  const auto document = decode_json("{\r\n  \"甲乙\": \"𠮷野家\", \"b\": [true,\n\tfalse, null,\n 1.5, {}]\r\n}");
  ASSERT_TRUE(document.has_value());
  const auto place = [&](std::string_view path) {
    const Node* node = at_path(document->root(), path);
    return node == nullptr ? std::pair(0U, 0U) : std::pair(node->position.line, node->position.column);
  };
  EXPECT_EQ(place("$"), std::pair(1U, 1U));
  EXPECT_EQ(place("甲乙"), std::pair(2U, 9U));
  EXPECT_EQ(place("b"), std::pair(2U, 21U));
  EXPECT_EQ(place("b[0]"), std::pair(2U, 22U));
  EXPECT_EQ(place("b[1]"), std::pair(3U, 2U));
  EXPECT_EQ(place("b[2]"), std::pair(3U, 9U));
  EXPECT_EQ(place("b[3]"), std::pair(4U, 2U));
  EXPECT_EQ(place("b[4]"), std::pair(4U, 7U));
}

TEST(JsonDecode, AReusedDocumentForgetsWhatItHeld) {
  Document document;
  const JsonCodec codec;
  ASSERT_TRUE(codec.decode(R"({"a":[1,2,3]})", {}, document).has_value());
  ASSERT_TRUE(codec.decode("[]", {}, document).has_value());
  EXPECT_EQ(encoded(document), "[]");
  ASSERT_TRUE(codec.decode("[", {}, document).has_error());
  ASSERT_TRUE(codec.decode("7", {}, document).has_value());
  EXPECT_EQ(encoded(document), "7");
}

// Counts what a Document asks for beyond its first block.
class CountingResource final : public std::pmr::memory_resource {
 public:
  int blocks = 0;

 private:
  void* do_allocate(std::size_t size, std::size_t alignment) override {
    ++blocks;
    return std::pmr::new_delete_resource()->allocate(size, alignment);
  }
  void do_deallocate(void* at, std::size_t size, std::size_t alignment) override {
    std::pmr::new_delete_resource()->deallocate(at, size, alignment);
  }
  [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
};

TEST(JsonDecode, AMessageOfOneKibibyteFitsIntoTheFirstBlockOfAReusedDocument) {
  CountingResource counting;
  std::pmr::memory_resource* const before = std::pmr::set_default_resource(&counting);
  Document document;
  std::pmr::set_default_resource(before);
  std::string json = "{\"content\":\"" + repeat("市场监管", 60) + "\"";
  for (int i = 0; i < 24; ++i) json += ",\"field" + std::to_string(i) + "\":\"v\\n\"";
  json += "}";
  ASSERT_GE(json.size(), 1024U);
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(JsonCodec().decode(json, {}, document).has_value());
    EXPECT_EQ(counting.blocks, 0) << round;
  }
  ASSERT_TRUE(JsonCodec().decode("\"" + repeat("x", 20'000) + "\"", {}, document).has_value());
  EXPECT_GT(counting.blocks, 0);
}

TEST(JsonPath, NamesThatCouldBeValuesAreNotRepeated) {
  struct Case {
    std::string_view name;
    std::string_view path;
  };
  for (const Case& c : {Case{"orderNum", "$.orderNum"}, Case{"投诉人", "$.投诉人"}, Case{"@id", "$.@id"},
                        Case{"line1234", "$.line1234"}, Case{"13800138000", "$[*]"}, Case{"a@b.cn", "$[*]"},
                        Case{"a b", "$[*]"}, Case{"a.b", "$[*]"}, Case{"", "$[*]"}, Case{"a\nb", "$[*]"}}) {
    std::string path = "$";
    append_path_member(path, c.name);
    EXPECT_EQ(path, c.path);
  }
  std::string path = "$";
  append_path_member(path, std::string(65, 'a'));
  EXPECT_EQ(path, "$[*]");
}

TEST(CodecCodes, AreUniqueAndSpeakBothLanguages) {
  std::set<std::string_view> ids;
  for (const ErrorCode* code : codes::codecs_codes()) {
    EXPECT_TRUE(ids.insert(code->id).second) << code->id;
    EXPECT_NE(code->id.find('.'), std::string_view::npos) << code->id;
    EXPECT_EQ(code->en.find("{}") == std::string_view::npos, code->zh.find("{}") == std::string_view::npos) << code->id;
    EXPECT_FALSE(code->en.empty() || code->zh.empty()) << code->id;
  }
}

}  // namespace
}  // namespace tongqu
