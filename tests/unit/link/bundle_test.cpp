#include "connectors/link/bundle.hpp"

#include <gtest/gtest.h>

#include "connectors/link/file_name.hpp"
#include "connectors/link/link_codes.hpp"
#include "tests/support/link_bench.hpp"

namespace tongqu::link {
namespace {

using test::link_entry;
using test::LinkPair;

constexpr Instant kNow{1'776'700'800'000};

Bundle some_bundle() {
  return {"gov-to-biz", 17, std::string(64, 'a'), kNow, {link_entry(1), link_entry(2, "中文\n\n"), link_entry(3, "x")}};
}

Answers some_answers() {
  Answers answers{"gov-to-biz", kNow, 18, 21, {18, 20}, {}};
  answers.bundles = {
      {16, std::string(64, 'b'), {{"m1", true, "01ARZ3NDEKTSV4RRFFQ69G5FAV", std::string(64, 'c'), {}}}},
      {17, std::string(64, 'd'), {{"m2", false, {}, {}, "admit.service"}, {"m3", false, {}, {}, "x.y"}}}};
  return answers;
}

// Signs any text, so that what is wrong inside is reached.
std::string signed_text(const std::string& content, const Signer& signer) {
  return content + "signature " + std::string(signer.algorithm()) + " " + to_base64(signer.sign(content).value()) +
         "\nend\n";
}

TEST(LinkBundle, WhatIsWrittenIsReadInBothSuitesAndTypes) {
  for (const SuiteId id : {SuiteId::kGm, SuiteId::kIntl}) {
    const LinkPair keys(id);
    for (const FileType type : {FileType::kText, FileType::kXml}) {
      const Bundle bundle = some_bundle();
      const Written written = write_bundle(bundle, *keys.suite, *keys.sender.own).value();
      const std::string file = wrap(written.text, type);
      const auto read = read_bundle(unwrap(file, type), *keys.suite, *keys.receiver.peer);
      ASSERT_TRUE(read.has_value()) << read.error().text(Lang::kEnglish);
      EXPECT_EQ(read->bundle, bundle);
      EXPECT_EQ(read->digest, written.digest);
      EXPECT_EQ(read_own_bundle(written.text, *keys.suite)->bundle, bundle);
      const Answers answers = some_answers();
      const std::string back = wrap(write_answers(answers, *keys.suite, *keys.receiver.own)->text, type);
      EXPECT_EQ(read_answers(unwrap(back, type), *keys.suite, *keys.sender.peer).value(), answers);
      for (const unsigned char c : file + back) ASSERT_TRUE(c == '\n' || (c >= 0x20 && c < 0x7F));
    }
  }
}

TEST(LinkBundle, NoCutAndNoAlteredByteIsRead) {
  const LinkPair keys(SuiteId::kIntl);
  const std::string text = write_bundle(some_bundle(), *keys.suite, *keys.sender.own)->text;
  const std::string answers = write_answers(some_answers(), *keys.suite, *keys.receiver.own)->text;
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto read = read_bundle(text.substr(0, size), *keys.suite, *keys.receiver.peer);
    ASSERT_TRUE(read.has_error() && read.error().code == &codes::kLinkCut) << size;
  }
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string altered = text;
    altered[at] = altered[at] == 'A' ? 'B' : 'A';
    ASSERT_TRUE(read_bundle(altered, *keys.suite, *keys.receiver.peer).has_error()) << at;
  }
  for (std::size_t at = 0; at < answers.size(); ++at) {
    std::string altered = answers;
    altered[at] = altered[at] == '1' ? '2' : '1';
    ASSERT_TRUE(read_answers(altered, *keys.suite, *keys.sender.peer).has_error()) << at;
  }
}

TEST(LinkBundle, OnlyTheOtherGatewaysSignatureCounts) {
  const LinkPair keys(SuiteId::kGm);
  const LinkPair strangers(SuiteId::kGm);
  const LinkPair other_suite(SuiteId::kIntl);
  const auto code = [&](const std::string& text) {
    const auto read = read_bundle(text, *keys.suite, *keys.receiver.peer);
    return read.has_error() ? read.error().code : nullptr;
  };
  EXPECT_EQ(code(write_bundle(some_bundle(), *keys.suite, *strangers.sender.own)->text), &codes::kLinkSignature);
  // What we sent ourselves and came back.
  EXPECT_EQ(code(write_bundle(some_bundle(), *keys.suite, *keys.receiver.own)->text), &codes::kLinkSignature);
  EXPECT_EQ(code(write_bundle(some_bundle(), *keys.suite, *other_suite.sender.own)->text), &codes::kLinkSignature);
  EXPECT_EQ(code(write_bundle(some_bundle(), *other_suite.suite, *keys.sender.own)->text), &codes::kLinkHash);
  EXPECT_EQ(code(write_answers(some_answers(), *keys.suite, *keys.sender.own)->text), &codes::kLinkForm);
  EXPECT_EQ(code("a\nend\n"), &codes::kLinkSignature);
  EXPECT_EQ(code(""), &codes::kLinkCut);
}

TEST(LinkBundle, EachLineHasItsForm) {
  const LinkPair keys(SuiteId::kIntl);
  const std::string good = write_bundle(some_bundle(), *keys.suite, *keys.sender.own)->text;
  const std::string content = good.substr(0, good.rfind("signature "));
  struct Case {
    const char* was;
    const char* is;
    const ErrorCode* code;
    const char* where;
  };
  const Case cases[] = {
      {"tongqu-link/1", "tongqu-link/2", &codes::kLinkForm, "line 1"},
      {"link gov-to-biz", "link gov to biz", &codes::kLinkForm, "line 2"},
      {"number 17", "number 017", &codes::kLinkForm, "line 3"},
      {"number 17", "number 0", &codes::kLinkForm, "line 3"},
      {"number 17", "number 10000000000", &codes::kLinkForm, "line 3"},
      {"number 17", "number -1", &codes::kLinkForm, "line 3"},
      {"previous a", "previous g", &codes::kLinkForm, "line 4"},
      {"+08:00", "+09:00", &codes::kLinkForm, "line 5"},
      {"entries 3", "entries 4", &codes::kLinkForm, "line 13"},
      {"entries 3", "entries 2", &codes::kLinkForm, "line 11"},
      {"entries 3", "entries 10001", &codes::kLinkForm, "line 6"},
      {"entry 0", "entry  0", &codes::kLinkForm, "line 7"},
      {"entry 0", "entry &0", &codes::kLinkForm, "line 7"},
      {"json 7", "json 8", &codes::kLinkDigest, "1"},
      {"eyJu", "eyJv", &codes::kLinkDigest, "1"},
      {"eyJu", "eyJ*", &codes::kLinkForm, "line 8"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(std::string(c.was) + " -> " + c.is);
    std::string text = content;
    const auto at = text.find(c.was);
    ASSERT_NE(at, std::string::npos);
    text.replace(at, std::string_view(c.was).size(), c.is);
    const auto read = read_bundle(signed_text(text, *keys.sender.own), *keys.suite, *keys.receiver.peer);
    ASSERT_TRUE(read.has_error());
    EXPECT_EQ(read.error().code, c.code) << read.error().code->id;
    EXPECT_EQ(read.error().param, c.where);
  }
}

TEST(LinkBundle, EachLineOfAnswersHasItsForm) {
  const LinkPair keys(SuiteId::kIntl);
  const std::string good = write_answers(some_answers(), *keys.suite, *keys.receiver.own)->text;
  const std::string content = good.substr(0, good.rfind("signature "));
  struct Case {
    const char* was;
    const char* is;
    const char* where;
  };
  const Case cases[] = {
      {"next 18", "next 0", "line 4"},
      {"missing 18,20", "missing 20,18", "line 6"},
      {"missing 18,20", "missing 18,22", "line 6"},
      {"missing 18,20", "missing 18,", "line 6"},
      {"bundles 2", "bundles 3", "line 13"},
      {"bundles 2", "bundles 5000", "line 7"},
      {"bundle 17", "bundle 16", "line 12"},
      {"stored m1 0", "stored m1 m2 0", "line 9"},
      {"refused m2", "Refused m2", "line 11"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(std::string(c.was) + " -> " + c.is);
    std::string text = content;
    const auto at = text.find(c.was);
    ASSERT_NE(at, std::string::npos);
    text.replace(at, std::string_view(c.was).size(), c.is);
    const auto read = read_answers(signed_text(text, *keys.receiver.own), *keys.suite, *keys.sender.peer);
    ASSERT_TRUE(read.has_error());
    EXPECT_EQ(read.error().code, &codes::kLinkForm);
    EXPECT_EQ(read.error().param, c.where);
  }
}

TEST(LinkBundle, KeptAnswersAreReadBackAndNoCutIs) {
  const KeptAnswer kept{some_answers().bundles[1], kNow};
  const std::string text = write_kept(kept);
  EXPECT_EQ(read_kept(text).value(), kept);
  for (std::size_t size = 0; size < text.size(); ++size) ASSERT_TRUE(read_kept(text.substr(0, size)).has_error());
}

TEST(LinkBundle, AnEntryIsNotLargerThanReckoned) {
  const LinkPair keys(SuiteId::kGm);
  for (const std::size_t bytes :
       {std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{70'000}}) {
    Bundle bundle = some_bundle();
    bundle.link = std::string(40, 'l');
    bundle.number = kMaxNumber;
    bundle.entries = {link_entry(1, std::string(bytes, 'x'))};
    bundle.entries[0].body.resize(bytes);
    const std::string file = wrap(write_bundle(bundle, *keys.suite, *keys.sender.own)->text, FileType::kXml);
    EXPECT_LE(file.size(), entry_bytes(bundle.entries[0]) + kFrameBytes);
  }
}

TEST(LinkFileName, OnlyItsOwnNamesAreRead) {
  EXPECT_EQ(file_name("a-b", {FileKind::kBundle, 17}, ".txt"), "a-b-0000000017.txt");
  EXPECT_EQ(file_name("a-b", {FileKind::kList, 2026112601}, ".xml"), "a-b-2026112601-list.xml");
  for (const FileKind kind : {FileKind::kBundle, FileKind::kAck, FileKind::kGap, FileKind::kList}) {
    const FileName name{kind, 17};
    EXPECT_EQ(read_file_name(file_name("a-b", name, ".txt"), "a-b", ".txt"), name);
  }
  for (const char* name :
       {"", "a-b", "a-b-0000000017", "a-b-0000000017.xml", ".a-b-0000000017.txt.tmp", "a-b-000000017.txt",
        "a-b-00000000017.txt", "a-b-0000000000.txt", "a-b-0000000017-ack2.txt", "a-c-0000000017.txt",
        "a-b-00000000x7.txt", "a-b-c-0000000017.txt", "a-b-0000000017.txt.txt"}) {
    EXPECT_FALSE(read_file_name(name, "a-b", ".txt").has_value()) << name;
  }
}

}  // namespace
}  // namespace tongqu::link
