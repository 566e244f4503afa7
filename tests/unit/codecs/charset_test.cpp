#include "transforms/codecs/charset.hpp"

#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <sstream>

#include "gateway/core/text.hpp"
#include "tests/support/data.hpp"
#include "transforms/codecs/codecs_codes.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu {
namespace {

using std::string_view_literals::operator""sv;

std::string decode(std::string_view bytes, Charset charset) {
  std::string out;
  const Status status = decode_charset(bytes, charset, out);
  return status.has_error() ? std::string(status.error().code->id) + ": " + status.error().param : out;
}

std::string encode(std::string_view utf8, Charset charset, Unencodable mode = Unencodable::kRefuse) {
  std::string out = "kept:";
  const Status status = encode_charset(utf8, charset, mode, out);
  if (status.has_error()) {
    EXPECT_EQ(out, "kept:");
    return std::string(status.error().code->id) + ": " + status.error().param;
  }
  return out.substr(5);
}

struct DecodeCase {
  Charset charset;
  std::string_view bytes;
  std::string_view expected;
};

const DecodeCase kDecodeCases[] = {
    {Charset::kGb18030, "\xC1\xF5\xB3\xCF"sv, "刘诚"},
    {Charset::kGb2312, "\xC1\xF5\xB3\xCF"sv, "刘诚"},
    {Charset::kGbk, "\xE9\x46"sv, "镕"},
    {Charset::kGb2312, "\xE9\x46"sv, "镕"},                        // the label is too small
    {Charset::kGb2312, "\x95\x32\x82\x36"sv, "\xF0\xA0\x80\x80"},  // outside the BMP
    {Charset::kGbk, "\xA1\xA4"sv, "·"},
    {Charset::kGbk, "\xA1\xAA"sv, "—"},
    {Charset::kGbk, "a\x80"sv, "a€"},
    {Charset::kGb18030, "\xA6\xD9"sv, "\xEF\xB8\x90"},
    {Charset::kGb18030, "ab\xFFz"sv, "charset.malformed: GB18030, byte 2"},
    {Charset::kGb18030, "ab\xC1"sv, "charset.malformed: GB18030, byte 2"},
    {Charset::kGb18030, "\xC1\xF5\x81\x30\x41"sv, "charset.malformed: GB18030, byte 2"},
    {Charset::kGb18030, "\xFE\x39\xFE\x39"sv, "charset.malformed: GB18030, byte 0"},
    {Charset::kGbk, "\xC1\x20"sv, "charset.malformed: GBK, byte 0"},
    {Charset::kUtf8, "中\xE4\xB8"sv, "charset.malformed: UTF-8, byte 3"},
    {Charset::kUtf8, "a\xED\xA0\x80"sv, "charset.malformed: UTF-8, byte 1"},
    {Charset::kUtf16, "\xFF\xFE\x2D\x4E"sv, "中"},
    {Charset::kUtf16, "\xFE\xFF\x4E\x2D"sv, "中"},
    {Charset::kUtf16, "\x2D\x4E"sv, "中"},
    {Charset::kUtf16Le, "\x42\xD8\xB7\xDF"sv, "𠮷"},
    {Charset::kUtf16Be, "\xD8\x42\xDF\xB7"sv, "𠮷"},
    {Charset::kUtf16Be, "\x00\x61\xDF\xB7"sv, "charset.malformed: UTF-16BE, byte 2"},
    {Charset::kUtf16Be, "\xD8\x42\x00\x61"sv, "charset.malformed: UTF-16BE, byte 0"},
    {Charset::kUtf16, "\xFF\xFE\x2D"sv, "charset.malformed: UTF-16, byte 2"},
    {Charset::kLatin1, "\xE9"sv, "é"},
    {Charset::kAscii, "a\xE9"sv, "charset.malformed: US-ASCII, byte 1"},
};

TEST(Charset, DecodesOrNamesTheByte) {
  for (const DecodeCase& c : kDecodeCases) {
    EXPECT_EQ(decode(c.bytes, c.charset), c.expected) << to_hex(c.bytes);
  }
}

// Cut anywhere, byte by byte: the same text and the same offset.
TEST(Charset, PiecesMakeNoDifference) {
  for (const DecodeCase& c : kDecodeCases) {
    CharsetDecoder decoder(c.charset);
    std::string out;
    Status status;
    for (std::size_t i = 0; i < c.bytes.size() && status.has_value(); ++i) {
      status = decoder.decode(c.bytes.substr(i, 1), false, out);
    }
    if (status.has_value()) status = decoder.decode({}, true, out);
    const std::string whole = decode(c.bytes, c.charset);
    const std::string pieces =
        status.has_error() ? std::string(status.error().code->id) + ": " + status.error().param : out;
    EXPECT_EQ(pieces, whole) << to_hex(c.bytes);
  }
}

struct EncodeCase {
  Charset charset;
  std::string_view text;
  std::string_view expected;
};

TEST(Charset, EncodesWhatTheLabelPromises) {
  const EncodeCase cases[] = {
      {Charset::kGb2312, "刘诚·—", "\xC1\xF5\xB3\xCF\xA1\xA4\xA1\xAA"},
      {Charset::kGb2312, "镕", "charset.unencodable: GB2312"},
      {Charset::kGb2312, "ⅰ", "charset.unencodable: GB2312"},
      {Charset::kGbk, "镕", "\xE9\x46"},
      {Charset::kGbk, "€", "\x80"},
      {Charset::kGbk, "𠮷", "charset.unencodable: GBK"},
      {Charset::kGb18030, "€", "\xA2\xE3"},
      {Charset::kGb18030, "\xF0\xA0\x80\x80", "\x95\x32\x82\x36"},
      {Charset::kGb18030, "\xEF\xB8\x90", "\xA6\xD9"},
      {Charset::kGb18030, "é", "\xA8\xA6"},
      {Charset::kUtf16, "中", "\xFF\xFE\x2D\x4E"},
      {Charset::kUtf16Be, "𠮷", "\xD8\x42\xDF\xB7"},
      {Charset::kLatin1, "é", "\xE9"},
      {Charset::kLatin1, "中", "charset.unencodable: ISO-8859-1"},
      {Charset::kAscii, "é", "charset.unencodable: US-ASCII"},
      {Charset::kGb18030, "\xC1\xF5", "charset.unencodable: GB18030"},
  };
  for (const EncodeCase& c : cases) EXPECT_EQ(encode(c.text, c.charset), c.expected) << c.text;
  EXPECT_EQ(encode("𠮷é中", Charset::kGb2312, Unencodable::kCharacterReference), "&#x20BB7;\xA8\xA6\xD6\xD0");
  EXPECT_EQ(encode("é\U0010FFFF", Charset::kAscii, Unencodable::kCharacterReference), "&#xE9;&#x10FFFF;");
}

TEST(Charset, LabelsHaveAliases) {
  const std::map<std::string, Charset> cases{{"GB2312", Charset::kGb2312},    {"gb_2312-80", Charset::kGb2312},
                                             {"CP936", Charset::kGbk},        {"gbk", Charset::kGbk},
                                             {"Utf8", Charset::kUtf8},        {"UTF-16LE", Charset::kUtf16Le},
                                             {"utf-16be", Charset::kUtf16Be}, {"gb18030", Charset::kGb18030}};
  for (const auto& [label, charset] : cases) EXPECT_EQ(charset_of(label), charset) << label;
  for (const char* label : {"", "utf", "big5", "utf-7", "gbk "}) EXPECT_FALSE(charset_of(label)) << label;
}

TEST(Charset, FindsMarks) {
  EXPECT_EQ(find_byte_order_mark("\xEF\xBB\xBFx")->size, 3U);
  EXPECT_EQ(find_byte_order_mark("\xFF\xFEx")->charset, Charset::kUtf16Le);
  EXPECT_EQ(find_byte_order_mark("\x84\x31\x95\x33")->charset, Charset::kGb18030);
  EXPECT_FALSE(find_byte_order_mark("\xEF\xBB"));
}

}  // namespace
}  // namespace tongqu
