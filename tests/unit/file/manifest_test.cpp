#include "connectors/file/manifest.hpp"

#include <gtest/gtest.h>

#include "connectors/file/file_codes.hpp"

namespace tongqu::file {
namespace {

constexpr std::string_view kHeader = "file,rows,bytes,algorithm,digest\n";

TEST(Manifest, WhatIsWrittenIsRead) {
  const std::vector<ManifestEntry> entries{{"a.csv", 3, 120, "sm3", "00ff"}, {"数据,1.csv", 0, 0, "sha-256", "ab"}};
  const auto read = read_manifest(write_manifest(entries));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, entries);
}

TEST(Manifest, AnythingElseIsNamedWithItsLine) {
  const struct {
    std::string text;
    std::string_view line;
  } cases[] = {
      {"", "1"},
      {std::string(kHeader), "1"},
      {"file,rows\na,1\n", "1"},
      {std::string(kHeader) + "a.csv,1,2,sm3\n", "2"},
      {std::string(kHeader) + "a.csv,1,2,sm3,zz\n", "2"},
      {std::string(kHeader) + "a.csv,1,2,sm3,\n", "2"},
      {std::string(kHeader) + "a.csv,-1,2,sm3,aa\n", "2"},
      {std::string(kHeader) + "a.csv,01,2,sm3,aa\n", "2"},
      {std::string(kHeader) + "a.csv,1,99999999999999999999,sm3,aa\n", "2"},
      {std::string(kHeader) + ",1,2,sm3,aa\n", "2"},
      {std::string(kHeader) + "a.csv,1,2,sm3,aa\na.csv,1,2,sm3,aa\n", "3"},
      {std::string(kHeader) + "a.csv,1,2,sm3,\"aa\n", "2"},
  };
  for (const auto& one : cases) {
    const auto read = read_manifest(one.text);
    ASSERT_TRUE(read.has_error()) << one.text;
    EXPECT_EQ(read.error().code, &codes::kManifestForm);
    EXPECT_EQ(read.error().param, one.line) << one.text;
  }
}

TEST(Manifest, TooManyLinesAreNotRead) {
  std::string text(kHeader);
  for (std::size_t i = 0; i <= kMaxManifestEntries; ++i) text += "f" + std::to_string(i) + ",1,1,sm3,aa\n";
  EXPECT_TRUE(read_manifest(text).has_error());
}

TEST(Manifest, EachDifferenceHasItsCode) {
  const ManifestEntry says{"a", 1, 2, "sm3", "aa"};
  EXPECT_TRUE(check_entry(says, says).has_value());
  EXPECT_EQ(check_entry(says, {"a", 2, 2, "sm3", "aa"}).error().code, &codes::kManifestRows);
  EXPECT_EQ(check_entry(says, {"a", 1, 3, "sm3", "aa"}).error().code, &codes::kManifestSize);
  EXPECT_EQ(check_entry(says, {"a", 1, 2, "sha-256", "aa"}).error().code, &codes::kManifestAlgorithm);
  EXPECT_EQ(check_entry(says, {"a", 1, 2, "sm3", "ab"}).error().code, &codes::kManifestDigest);
}

}  // namespace
}  // namespace tongqu::file
