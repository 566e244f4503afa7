#include "connectors/file/archive.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "connectors/file/file_codes.hpp"
#include "connectors/support/local_files.hpp"
#include "tests/support/data.hpp"
#include "tests/support/zip_maker.hpp"

namespace tongqu::file {
namespace {

using test::raw_zip;

class Archive : public testing::Test {
 protected:
  Result<std::vector<Member>> open(const std::string& bytes, const UnpackLimits& limits = {}) {
    std::ofstream(folder_ / "source", std::ios::binary) << bytes;
    return unpack(folder_ / "source", *spool_, "m-", limits);
  }
  const ErrorCode* fault(const std::string& bytes, const UnpackLimits& limits = {}) {
    const auto opened = open(bytes, limits);
    return opened.has_error() ? opened.error().code : nullptr;
  }
  std::filesystem::path folder_ = test::temporary_folder("archive");
  std::unique_ptr<FileSystem> spool_ = make_local_files(folder_, false);
};

TEST_F(Archive, WhatIsPackedIsUnpacked) {
  const std::string big(3'000'000, 'a');
  const auto zip = make_zip({{"a.csv", "x,y\n1,2\n"}, {"manifest.csv", big}}, 1'700'000'000);
  ASSERT_TRUE(zip.has_value());
  EXPECT_LT(zip->size(), 20'000U);
  EXPECT_EQ(*zip, *make_zip({{"a.csv", "x,y\n1,2\n"}, {"manifest.csv", big}}, 1'700'000'000));
  const auto members = open(*zip, {.max_ratio = 1000});
  ASSERT_TRUE(members.has_value());
  ASSERT_EQ(members->size(), 2U);
  EXPECT_EQ((*members)[0].name, "a.csv");
  EXPECT_EQ(test::read_file(folder_ / (*members)[0].path), "x,y\n1,2\n");
  EXPECT_EQ(test::read_file(folder_ / (*members)[1].path), big);
}

TEST_F(Archive, NamesInGbkAndUtf8AreReadRightly) {
  const std::string utf8 = "投诉数据.csv";
  const std::string gbk = "\xCD\xB6\xCB\xDF\xCA\xFD\xBE\xDD.csv";
  for (const test::RawEntry& entry :
       std::vector<test::RawEntry>{{gbk, "x"}, {utf8, "x"}, {utf8, "x", 0100644, 0x800}, {"dir/" + gbk, "x"}}) {
    const auto members = open(raw_zip({entry}));
    ASSERT_TRUE(members.has_value());
    EXPECT_EQ(members->front().name, utf8);
  }
}

TEST_F(Archive, NamesThatLeadOutAreTurnedBack) {
  for (const std::string name : {"../a", "/etc/a", "a/../../b", "..", "a\nb", "\xFF\xFF"}) {
    EXPECT_EQ(fault(raw_zip({{name, "x"}})), &codes::kArchiveName) << name;
  }
  EXPECT_EQ(fault(raw_zip({{"b/a", "x"}, {"b/a", "x"}})), &codes::kArchiveName) << "twice the same";
  EXPECT_TRUE(open(raw_zip({{"..a", "x"}, {"b..c/d..", "x"}})).has_value());
}

TEST_F(Archive, LinksAndEncryptedEntriesAreTurnedBack) {
  EXPECT_EQ(fault(raw_zip({{"a", "/etc/passwd", 0120777}})), &codes::kArchiveKind);
  EXPECT_EQ(fault(raw_zip({{"a", "0123456789abcdef", 0100644, 1}})), &codes::kArchiveKind);
}

TEST_F(Archive, BombsAreBounded) {
  const auto bomb = make_zip({{"a", std::string(30'000'000, '0')}}, 0);
  EXPECT_EQ(fault(*bomb), &codes::kArchiveRatio);
  EXPECT_EQ(fault(*bomb, {.max_bytes = 1000, .max_ratio = 100'000}), &codes::kArchiveSize);
  EXPECT_EQ(fault(raw_zip({{"a", ""}, {"b", ""}, {"c", ""}}), {.max_entries = 2}), &codes::kArchiveEntries);
}

TEST_F(Archive, GarbageAndCutArchivesAreTurnedBackWhole) {
  const auto zip = make_zip({{"a", std::string(1000, 'x')}, {"b", "y"}}, 0);
  EXPECT_EQ(fault(""), &codes::kArchiveForm);
  EXPECT_EQ(fault("PK\x03\x04 no archive"), &codes::kArchiveForm);
  for (std::size_t size = 0; size + 1 < zip->size(); ++size) EXPECT_NE(fault(zip->substr(0, size)), nullptr) << size;
}

}  // namespace
}  // namespace tongqu::file
