#include <gtest/gtest.h>

#include "transforms/content/magic_typer.hpp"

namespace tongqu::test {
namespace {

using namespace std::string_literals;

struct Sample {
  std::string name;
  std::string type;
  std::string bytes;
};

// A layer III frame of MPEG 1, 128 kbit/s, 44.1 kHz: 417 bytes.
std::string mp3_frames(int count) {
  std::string frames;
  for (int i = 0; i < count; ++i) frames += "\xFF\xFB\x90\x00"s + std::string(413, '\x55');
  return frames;
}
std::string box(const std::string& brand) { return "\0\0\0\x18"s + "ftyp" + brand + "\0\0\2\0"s + brand + "mp41"; }

const Sample kSamples[] = {
    {"Jpeg", "image/jpeg", "\xFF\xD8\xFF\xE0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"s},
    {"JpegExif", "image/jpeg", "\xFF\xD8\xFF\xE1\0\x20"s + "Exif\0\0II*\0"s},
    {"Png", "image/png", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0"s},
    {"Gif", "image/gif", "GIF89a\1\0\1\0\x80\0\0"s},
    {"Pdf", "application/pdf", "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n"},
    {"Mp3WithTag", "audio/mpeg", "ID3\4\0\0\0\0\0\x0A"s + std::string(10, '\0') + mp3_frames(3)},
    {"Mp3WithoutTag", "audio/mpeg", mp3_frames(3)},
    {"Mp3Short", "audio/mpeg", mp3_frames(1)},
    {"Wav", "audio/wav", "RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x44\xAC\0\0\x88\x58\1\0\2\0\x10\0data\0\0\0\0"s},
    {"Amr", "audio/amr", "#!AMR\n\x3C\x91\x17\x16"},
    {"Mp4", "video/mp4", box("mp42")},
    {"Quicktime", "video/quicktime", "\0\0\0\x14"s + "ftypqt  \0\0\2\0"s + "qt  "},
    {"M4a", "audio/mp4", box("M4A ")},
    {"Threegp", "video/3gpp", box("3gp4")},
    {"Nothing", "application/octet-stream", "\1\0\xC7\2\0\0\x99\0\x13\0\0\4"s},
};

class ContentType : public testing::TestWithParam<Sample> {};
INSTANTIATE_TEST_SUITE_P(Samples, ContentType, testing::ValuesIn(kSamples), [](const auto& p) { return p.param.name; });

TEST_P(ContentType, IsToldByTheFirstBytes) {
  const auto typer = make_magic_typer();
  ASSERT_TRUE(typer.has_value());
  const auto found = (*typer)->type_of(GetParam().bytes);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(*found, GetParam().type);
}

TEST(ContentTypes, OtherNamesMeanTheSame) {
  EXPECT_EQ(media_type_name("Image/JPG; q=1"), "image/jpeg");
  EXPECT_EQ(media_type_name("audio/x-wav"), "audio/wav");
  EXPECT_TRUE(types_fit("audio/mp4", "video/mp4"));
  EXPECT_FALSE(types_fit("video/mp4", "audio/mp4"));
  EXPECT_FALSE(types_fit("image/jpeg", "text/html"));
}

TEST(ContentTypes, PagesAndProgramsAreNotWhatTheyAreNamed) {
  const auto typer = make_magic_typer();
  for (const std::string& bytes : {"<html><script>alert(1)</script></html>"s,
                                   "\x7F"
                                   "ELF\2\1\1\0"s +
                                       std::string(56, '\0'),
                                   "MZ\x90\0\3\0\0\0"s + std::string(64, '\0'), "#!/bin/sh\necho hello\n"s}) {
    const auto found = (*typer)->type_of(bytes);
    ASSERT_TRUE(found.has_value());
    EXPECT_FALSE(found->starts_with("image/") || found->starts_with("audio/") || found->starts_with("video/") ||
                 *found == "application/pdf")
        << *found;
  }
}

}  // namespace
}  // namespace tongqu::test
