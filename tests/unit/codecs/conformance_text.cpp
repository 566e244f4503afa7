#include <sstream>
#include <vector>

#include "gateway/core/text.hpp"
#include "tests/support/data.hpp"
#include "tests/unit/codecs/codec_support.hpp"
#include "tests/unit/codecs/conformance_page.hpp"
#include "transforms/codecs/charset.hpp"

namespace tongqu::test {
namespace {

struct Entry {
  unsigned pointer = 0;
  char32_t code_point = 0;
};

std::vector<Entry> entries(const std::string& file) {
  std::vector<Entry> all;
  for (const std::string& line : data_lines(file)) {
    if (line.starts_with('#')) continue;
    std::istringstream in(line);
    Entry entry;
    std::string hex;
    in >> entry.pointer >> hex;
    entry.code_point = static_cast<char32_t>(std::stoul(hex, nullptr, 16));
    all.push_back(entry);
  }
  return all;
}

std::string two_bytes(unsigned pointer) {
  const unsigned trail = pointer % 190;
  return {static_cast<char>(pointer / 190 + 0x81), static_cast<char>(trail + (trail < 0x3F ? 0x40 : 0x41))};
}

std::string four_bytes(unsigned pointer) {
  return {static_cast<char>(pointer / 12600 + 0x81), static_cast<char>(pointer / 1260 % 10 + 0x30),
          static_cast<char>(pointer / 10 % 126 + 0x81), static_cast<char>(pointer % 10 + 0x30)};
}

std::string utf8_of(char32_t code_point) {
  std::string text;
  append_utf8(text, code_point);
  return text;
}

std::string decoded(std::string_view bytes, Charset charset) {
  std::string text;
  return decode_charset(bytes, charset, text).has_value() ? text : "";
}

std::string encoded(std::string_view text, Charset charset) {
  std::string bytes;
  return encode_charset(text, charset, Unencodable::kRefuse, bytes).has_value() ? bytes : "";
}

// A3A0: U+3000 by a rule of the web, private use U+E5E5 in the standard.
constexpr unsigned kA3A0 = (0xA3 - 0x81) * 190 + 0xA0 - 0x41;
// 8135F437: U+1E3F stands in two bytes (A8BC), so the standard has U+E7C7 here.
constexpr unsigned k8135F437 = 7457;

void check_two_bytes(Counts& counts) {
  for (const Entry& entry : entries("text-encodings/whatwg-index-gb18030.txt")) {
    const std::string bytes = two_bytes(entry.pointer);
    const std::string text = utf8_of(entry.code_point);
    ++counts["two"];
    if (entry.pointer == kA3A0) {
      EXPECT_EQ(decoded(bytes, Charset::kGb18030), utf8_of(0xE5E5));
      EXPECT_EQ(encoded(utf8_of(0xE5E5), Charset::kGb18030), bytes);
      continue;
    }
    const bool good = decoded(bytes, Charset::kGb18030) == text && encoded(text, Charset::kGb18030) == bytes;
    EXPECT_TRUE(good) << to_hex(bytes);
    counts["two good"] += good ? 1 : 0;
    for (const Charset charset : {Charset::kGbk, Charset::kGb2312}) {
      const std::string part = encoded(text, charset);
      if (part.empty()) continue;
      ++counts[std::string(name_of(charset))];
      EXPECT_EQ(part, entry.code_point == U'€' && charset == Charset::kGbk ? "\x80" : bytes) << to_hex(bytes);
    }
  }
}

void check_four_bytes(Counts& counts) {
  const std::vector<Entry> ranges = entries("text-encodings/whatwg-index-gb18030-ranges.txt");
  constexpr unsigned kEndOfBmp = 39420;
  constexpr unsigned kEnd = 189000 + 0x100000;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const unsigned begin = ranges[i].pointer;
    const unsigned end = i + 1 == ranges.size() ? kEnd
                         : begin < kEndOfBmp    ? std::min(ranges[i + 1].pointer, kEndOfBmp)
                                                : ranges[i + 1].pointer;
    for (unsigned pointer = begin; pointer < end; ++pointer) {
      const char32_t code_point = ranges[i].code_point + (pointer - begin);
      const std::string bytes = four_bytes(pointer);
      const std::string text = utf8_of(code_point);
      ++counts["four"];
      if (pointer == k8135F437) {
        EXPECT_EQ(decoded(bytes, Charset::kGb18030), utf8_of(0xE7C7));
        continue;
      }
      const bool is_read = decoded(bytes, Charset::kGb18030) == text;
      EXPECT_TRUE(is_read) << to_hex(bytes);
      counts["four read"] += is_read ? 1 : 0;
      const std::string back = encoded(text, Charset::kGb18030);
      ++counts[back == bytes ? "four written" : "four written in two"];
      if (back != bytes) EXPECT_EQ(back.size(), 2U) << to_hex(bytes);
    }
  }
}

}  // namespace

std::string gb18030_section() {
  Counts counts;
  check_two_bytes(counts);
  check_four_bytes(counts);
  std::ostringstream out;
  out << "## GB18030\n\nWHATWG index gb18030 (edition 2022), every character in both directions.\n\n"
      << "| characters | as the index says |\n|---|---|\n"
      << "| two bytes, read and written | " << counts["two good"] << " of " << counts["two"] << " |\n"
      << "| four bytes, read | " << counts["four read"] << " of " << counts["four"] << " |\n"
      << "| four bytes, written | " << counts["four written"] << ", and " << counts["four written in two"]
      << " in the two bytes that edition 2022 gives them |\n"
      << "| of these written as GBK | " << counts["GBK"]
      << ", with the same bytes; the euro sign is 80, as Windows has it |\n"
      << "| of these written as GB2312 | " << counts["GB2312"] << ", with the same bytes |\n\n"
      << "| deviation | outcome | reason |\n|---|---|---|\n"
      << "| `A3A0` | U+E5E5 | U+3000 is a rule of the web; the standard has private use there |\n"
      << "| `8135F437` | U+E7C7 | U+1E3F is `A8BC`; the standard gives each code point one form |\n\n"
      << "A single byte 80 is read as the euro sign under all three labels.\n\n";
  return out.str();
}

std::string utf8_section() {
  Counts counts;
  for (const std::string& line : data_lines("text-encodings/utf8tests.dev.jsonl")) {
    const Document record = json(line);
    const std::string bytes = from_hex(record.root().find("hex")->text).value_or("");
    const bool expected = record.root().find("valid")->text == "true";
    std::string text;
    EXPECT_EQ(decode_charset(bytes, Charset::kUtf8, text).has_value(), expected) << line;
    ++counts[expected ? "valid" : "malformed"];
  }
  const Document strings = json(read_file(*data_folder() / "text-encodings/blns.dev.json"));
  for (const Node& one : children(strings.root())) {
    for (const Charset charset : {Charset::kUtf8, Charset::kGb18030, Charset::kUtf16, Charset::kUtf16Be}) {
      EXPECT_EQ(decoded(encoded(one.text, charset), charset), one.text);
    }
    ++counts["strings"];
  }
  std::ostringstream out;
  out << "## UTF-8, UTF-16 and hostile strings\n\nutf8tests: " << counts["valid"] << " valid and "
      << counts["malformed"]
      << " malformed byte sequences are told apart. Big List of Naughty Strings: " << counts["strings"]
      << " strings keep\ntheir characters in UTF-8, GB18030 and UTF-16 of both orders.\n";
  return out.str();
}

}  // namespace tongqu::test
