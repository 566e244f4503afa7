// Memory, limits, and mappings that nobody would write.
#include <cstdlib>
#include <new>
#include <random>

#include "tests/unit/mapping/mapping_support.hpp"
#include "transforms/mapping/formatter.hpp"

namespace {
thread_local std::size_t allocations = 0;
}

// Counts what the code under test takes from the heap.
void* operator new(std::size_t size) {
  ++allocations;
  if (void* room = std::malloc(size == 0 ? 1 : size)) return room;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, std::align_val_t align) {
  ++allocations;
  const auto alignment = static_cast<std::size_t>(align);
  if (void* room = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment)) return room;
  throw std::bad_alloc();
}
void operator delete(void* room) noexcept { std::free(room); }
void operator delete(void* room, std::size_t) noexcept { std::free(room); }
void operator delete(void* room, std::align_val_t) noexcept { std::free(room); }
void operator delete(void* room, std::size_t, std::align_val_t) noexcept { std::free(room); }

namespace tongqu::test {
namespace {

TEST(MappingBounds, ManyRulesDoNotFillTheStack) {
  FixedSchemas own;
  std::string fields, rules = "mapping a\nfrom many@1\nto many@1\n";
  for (int i = 0; i < 300; ++i) {
    const std::string n = std::to_string(i);
    fields += "f" + n + ": text\n";
    rules += "f" + n + " = trim($.f" + n + ")\n";
  }
  own.add("many@1", fields_of(fields));
  EXPECT_TRUE(compile_mapping(rules, "many.map", own, tables()).has_value());
}

TEST(MappingBounds, ElementsComeFromTheListAndNotFromWhatChoseIt) {
  FixedSchemas own;
  own.add("in@1", fields_of("kind: text\nnames: text\nmore: text\n"));
  own.add("out@1", fields_of("list: list\n  name: text\n"));
  const auto mapping = compile_mapping(
      "mapping a\nfrom in@1\nto out@1\nlist = each split(if $.kind == \"1\" then $.names else $.more, \",\") { name = "
      "$ }\n",
      "a.map", own, tables());
  ASSERT_TRUE(mapping.has_value());
  std::vector<std::string> sources;
  for (const SourceFlow& source : mapping.value()->flows().back().sources) sources.push_back(source.path);
  EXPECT_EQ(sources, (std::vector<std::string>{"$.names", "$.more"}));
}

TEST(MappingBounds, SteadyStateTakesNothingFromTheHeap) {
  FixedSchemas own;
  std::string fields, rules = "mapping a\nfrom wide@1\nto wide-out@1\nwhen $.f0 == \"never\" hold \"x\"\n";
  const std::vector<std::string> expressions{"$.f{}",
                                             "phone($.f0)",
                                             "trim(concat(\"长长长长长长长长长\", $.f{}))",
                                             "lookup(city-a/problem, $.code)",
                                             "html_to_text($.html)",
                                             "format_datetime(datetime($.day, \"yyyyMMdd\"), \"yyyy-MM-dd\")",
                                             "text(fen($.money, unit: yuan))",
                                             "if $.f1 in [\"a\", \"b\"] then $.f2 else upper($.f3)",
                                             "$.missing otherwise replace($.f{}, \"1\", \"2\")",
                                             "text(datetime($.day, \"yyyyMMdd\"))"};
  for (int i = 0; i < 30; ++i) {
    const std::string n = std::to_string(i);
    fields += "f" + n + ": text\n";
    std::string expression = expressions[static_cast<std::size_t>(i) % expressions.size()];
    if (const auto at = expression.find("{}"); at != expression.npos) expression.replace(at, 2, n);
    rules += "f" + n + " = " + expression + "\n";
  }
  rules += "list = each split($.files, \",\") { url = $, name = basename($) }\n";
  own.add("wide-out@1", fields_of(fields + "list: list\n  url: text\n  name: text\n"));
  own.add("wide@1", fields_of(fields + "code: text\nhtml: text\nday: text\nmoney: text\nmissing: text\nfiles: text\n"));
  auto mapping = compile_mapping(rules, "wide.map", own, tables());
  ASSERT_TRUE(mapping.has_value());
  std::string json = R"({"code":"0","html":"a<br>b","day":"20260315","money":"壹仟陆佰元","files":"/a/b.jpg,/c/d.png")";
  for (int i = 0; i < 30; ++i) json += ",\"f" + std::to_string(i) + "\":\"13800138000\"";
  const auto in = decode_json(json + "}");
  ASSERT_TRUE(in.has_value());
  Document out;
  MapOutcome outcome;
  mapping.value()->map(in.value().root(), out, outcome, nullptr);
  EXPECT_TRUE(outcome.flags.empty());
  EXPECT_EQ(out.root().count, 31U);
  const std::size_t before = allocations;
  for (int i = 0; i < 100; ++i) mapping.value()->map(in.value().root(), out, outcome, nullptr);
  EXPECT_EQ(allocations - before, 0U);
  EXPECT_EQ(out.root().count, 31U);
}

TEST(MappingBounds, ListsTextsStepsAndNodesAreLimited) {
  std::string many = R"({"t":")";
  for (int i = 0; i < 10'001; ++i) many += "a,";
  EXPECT_EQ(run("texts = split($.t, \",\")", many + "\"}").flags, std::vector<std::string>{"map.limit-list $.t error"});
  std::string list = "{\"texts\":[\"\"";
  for (int i = 0; i < 10'000; ++i) list += ",\"\"";
  EXPECT_EQ(run("texts = $.texts", list + "]}").flags, std::vector<std::string>{"map.limit-list $.texts error"});
  const std::string megabyte(700'000, 'x');
  EXPECT_EQ(run("t = concat($.t, $.t)", "{\"t\":\"" + megabyte + "\"}").flags,
            std::vector<std::string>{"map.limit-text $.t error"});
  EXPECT_EQ(run("t = replace($.t, \"x\", \"xxxxxxxxxxx\")", "{\"t\":\"" + megabyte + "\"}").flags,
            std::vector<std::string>{"map.limit-text $.t error"});
  std::string items = "{\"t\":\"x\",\"items\":[{}";
  for (int i = 0; i < 9'998; ++i) items += ",{}";
  items += "]}";
  std::string block = "items = each $.items { subs = each $$.items { t = $$.t } }";
  const Mapped mapped = run(block, items);
  ASSERT_EQ(mapped.flags.size(), 1U);
  EXPECT_TRUE(mapped.flags[0].starts_with("map.limit-")) << mapped.flags[0];
}

TEST(MappingBounds, FlagsAreCapped) {
  std::string items = "{\"items\":[{\"n\":\"x\"}";
  for (int i = 0; i < 2'000; ++i) items += ",{\"n\":\"x\"}";
  EXPECT_EQ(run("items = each $.items { i = $.n }", items + "]}").flags.size(), 1000U);
}

// Random mappings out of the words of the language: most do not load, none may crash, and what loads must run on any
// document, format, and mean the same again.
class Scribe {
 public:
  explicit Scribe(unsigned seed) : random_(seed) {}

  std::string mapping() {
    std::string text = with_header("");
    for (int i = 0; i < 6; ++i) {
      if (pick(8) == 0) text += "when " + boolean(2) + " hold \"h\"\n";
    }
    text += rule("t", this->text(3)) + rule("u", this->text(2)) + rule("i", integer(2)) + rule("b", boolean(3));
    text += rule("d", pick(2) == 0 ? "yuan(" + integer(1) + ")" : "decimal(" + this->text(1) + ")");
    text += rule("texts", pick(2) == 0 ? "$.texts" : "split(" + this->text(1) + ", \",\")");
    in_each_ = true;
    text += "items = each $.items { t = " + this->text(2) + ", i = " + integer(1) + " }\n";
    in_each_ = false;
    return text;
  }

  std::string document(int depth = 3) {
    static const std::vector<std::string> kScalars{"null",   "0",        "\"\"",    "\"1,600元\"", "true",
                                                   "-1.5e3", "\"2026\"", "\"0\"",   "[]",          "\"<b>𠮷\"",
                                                   "{}",     "12",       "\"a,b\"", "\"x\""};
    std::string json = "{";
    for (const char* name :
         {"t", "u", "empty", "i", "j", "d", "b", "at", "texts", "numbers", "o", "items", "no", "n", "el"}) {
      if (pick(3) == 0) continue;
      std::string value = kScalars[pick(kScalars.size())];
      if (depth > 0 && pick(4) == 0) value = document(depth - 1);
      if (depth > 0 && pick(4) == 0) value = "[" + document(depth - 1) + "," + kScalars[pick(kScalars.size())] + "]";
      json += (json.size() > 1 ? ",\"" : "\"") + std::string(name) + "\":" + value;
    }
    return json + "}";
  }

 private:
  std::size_t pick(std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_); }
  std::string rule(const std::string& target, const std::string& value) {
    static const std::vector<std::string> kTails{"", "", " on fault keep, flag", " on fault refuse \"r\""};
    return target + " = " + value + kTails[pick(kTails.size())] + "\n";
  }
  std::string text(int depth) {
    if (depth == 0) {
      if (in_each_) return pick(2) == 0 ? "$.no" : "$$.t";
      static const std::vector<std::string> kLeaves{"$.t",        "$.u",           "$.empty",    "\"x\"",
                                                    "$.o.deep.t", "$.items[0].no", "$.texts[1]", "$.el.@id"};
      return kLeaves[pick(kLeaves.size())];
    }
    const std::string inner = text(depth - 1);
    switch (pick(12)) {
      case 0: return "trim(" + inner + ")";
      case 1: return "concat(" + inner + ", " + text(depth - 1) + ")";
      case 2: return "substring(" + inner + ", 1, 2)";
      case 3: return "html_to_text(" + inner + ")";
      case 4: return "(" + inner + " otherwise " + text(depth - 1) + ")";
      case 5: return "(if " + boolean(depth - 1) + " then " + inner + " else " + text(depth - 1) + ")";
      case 6: return "lookup(city-a/problem, " + inner + ")";
      case 7: return "text(" + integer(depth - 1) + ")";
      case 8: return "join(split(" + inner + ", \",\"), \"/\")";
      case 9: return "format_datetime(datetime(" + inner + ", \"yyyy\"), \"yyyyMMdd\")";
      case 10: return "replace(half_width(" + inner + "), \"1\", \"22\")";
      default: return "phone(" + inner + ")";
    }
  }
  std::string integer(int depth) {
    if (depth == 0) return in_each_ ? "$.n" : pick(2) == 0 ? "$.i" : "7";
    switch (pick(4)) {
      case 0: return "length(" + text(depth - 1) + ")";
      case 1: return "fen(" + text(depth - 1) + ", unit: yuan)";
      case 2: return "integer(" + text(depth - 1) + ")";
      default: return "(" + integer(depth - 1) + " otherwise 3)";
    }
  }
  std::string boolean(int depth) {
    if (depth == 0) return pick(2) == 0 ? "$$.b" : "exists($$.any)";
    switch (pick(5)) {
      case 0: return "(" + text(depth - 1) + " == " + text(depth - 1) + ")";
      case 1: return "(" + integer(depth - 1) + " <= " + integer(depth - 1) + ")";
      case 2: return "(" + text(depth - 1) + " not in [\"x\", \"\"])";
      case 3: return "not " + boolean(depth - 1);
      default: return "(" + boolean(depth - 1) + (pick(2) == 0 ? " and " : " or ") + boolean(depth - 1) + ")";
    }
  }

  std::mt19937 random_;
  bool in_each_ = false;
};

TEST(MappingBounds, RandomMappingsRunOnRandomDocuments) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    Scribe scribe(seed);
    const std::string text = scribe.mapping();
    const auto mapping = compiled(text);
    ASSERT_NE(mapping, nullptr);
    const auto once = format_mapping(text);
    ASSERT_TRUE(once.has_value());
    EXPECT_EQ(format_mapping(once.value()).value(), once.value());
    const auto again = compiled(once.value());
    ASSERT_NE(again, nullptr);
    for (int i = 0; i < 5; ++i) {
      const std::string document = scribe.document();
      const Mapped first = run(*mapping, document);
      const Mapped second = run(*again, document);
      EXPECT_EQ(first.json, second.json) << text << document;
      EXPECT_EQ(first.flags, second.flags);
    }
  }
}

TEST(MappingBounds, CutAndBentMappingsNeverCrash) {
  std::mt19937 random(7);
  for (unsigned seed = 1; seed <= 100; ++seed) {
    std::string text = Scribe(seed).mapping();
    for (int i = 0; i < 10; ++i) {
      std::string bent = text;
      const std::size_t at = random() % bent.size();
      if (i % 2 == 0) bent.erase(at, 1 + random() % 5);
      if (i % 2 != 0) bent[at] = static_cast<char>(random());
      const auto result = compile_mapping(bent, "bent.map", schemas(), tables());
      if (result.has_value()) static_cast<void>(run(*result.value(), R"({"t":"x","items":[{"no":"1"}]})"));
      const auto formatted = format_mapping(bent);
      if (formatted.has_value()) {
        EXPECT_EQ(format_mapping(formatted.value()).value(), formatted.value()) << bent;
      }
    }
  }
}

}  // namespace
}  // namespace tongqu::test
