#include <gtest/gtest.h>

#include "connectors/file/batch_book.hpp"
#include "connectors/file/batch_content.hpp"
#include "connectors/file/file_codes.hpp"

namespace tongqu::file {
namespace {

constexpr std::int64_t kDay = 86'400'000;

Batch batch(std::uint64_t number, std::vector<BatchRow> rows, std::int64_t made_ms = 0) {
  Batch one;
  one.number = number;
  one.name = "a-" + std::to_string(number) + ".csv";
  one.made_ms = made_ms;
  one.rows = std::move(rows);
  return one;
}

TEST(BatchBook, WhatWasWrittenDownIsReadBack) {
  BatchBook book(kDay, 1000);
  std::string text = book.open(batch(1, {{"m1", 2}, {"m2", 3}}));
  text += book.stage(1) + book.finish(1) + book.answer(1, {3});
  text += book.open(batch(2, {{"m3", 2}})) + book.stage(2);
  text += book.open(batch(3, {{"m4", 2}})) + book.drop(3);
  BatchBook again(kDay, 1000);
  EXPECT_EQ(again.read(text), text.size());
  EXPECT_EQ(again.of("m1")->state, BatchState::kDone);
  EXPECT_TRUE(again.of("m1")->answered);
  EXPECT_EQ(again.of("m2")->refused_lines, std::set<std::uint64_t>{3});
  EXPECT_EQ(again.of("m3")->state, BatchState::kStaged);
  EXPECT_EQ(again.of("m4"), nullptr);
  EXPECT_EQ(again.next_number(), 4U);
  EXPECT_EQ(again.text(), book.text());
  BatchBook third(kDay, 1000);
  EXPECT_EQ(third.read(book.text()), book.text().size());
  EXPECT_EQ(third.text(), book.text());
}

// A crash may cut the book anywhere: what counts is a whole change, and what is written behind it counts again.
TEST(BatchBook, ACutBookIsTheBookBeforeTheCutChange) {
  BatchBook book(kDay, 1000);
  const std::vector<std::string> changes{book.open(batch(1, {{"m1", 2}, {"m2", 3}})), book.stage(1), book.finish(1)};
  const std::string text = changes[0] + changes[1] + changes[2];
  for (std::size_t size = 0; size < text.size(); ++size) {
    BatchBook cut(kDay, 1000);
    const std::size_t counted = cut.read(text.substr(0, size));
    const std::size_t whole = size < changes[0].size()                       ? 0
                              : size < changes[0].size() + changes[1].size() ? changes[0].size()
                                                                             : changes[0].size() + changes[1].size();
    ASSERT_EQ(counted, whole) << size;
    ASSERT_EQ(cut.of("m2") != nullptr, whole > 0);
  }
  std::string altered = text;
  altered[changes[0].size() + 3] = 'x';
  BatchBook other(kDay, 1000);
  EXPECT_EQ(other.read(altered), changes[0].size());
}

TEST(BatchBook, OldBatchesAreForgottenButNotTheLastNumber) {
  BatchBook book(kDay, 3);
  for (std::uint64_t n = 1; n <= 5; ++n) {
    (void)book.open(batch(n, {{"m" + std::to_string(n), 2}}, static_cast<std::int64_t>(n)));
    if (n != 2) (void)book.finish(n);
  }
  EXPECT_TRUE(book.age(10));  // too many messages: the oldest that are done go
  EXPECT_EQ(book.messages(), 3U);
  EXPECT_NE(book.of("m2"), nullptr) << "what is under way stays";
  EXPECT_TRUE(book.age(3 * kDay));
  EXPECT_NE(book.of("m5"), nullptr) << "the number must not be given again";
  EXPECT_EQ(book.next_number(), 6U);
}

TEST(BatchContent, AMessageIsAHeaderAndOneRow) {
  const auto row = read_row("a,b\r\n1,\"x\ny\"\r\n", {}, "", "id");
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->header, "a,b");
  EXPECT_EQ(row->row, "1,\"x\ny\"");
  const auto with_id = read_row("a\n1\n", {}, "msg_id", "M-1");
  EXPECT_EQ(with_id->header, "msg_id,a");
  EXPECT_EQ(with_id->row, "M-1,1");
  for (const char* bad : {"", "a\n", "a\n1\n2\n", "a\n\"1\n"}) {
    EXPECT_TRUE(read_row(bad, {}, "", "id").has_error()) << bad;
  }
}

TEST(Collector, ClosesByRowsBytesAndAge) {
  Collector rows({.max_rows = 2, .max_bytes = 1000, .max_age_ms = 100});
  EXPECT_FALSE(rows.due(1'000'000));
  rows.add("m1", {"h", "1"}, 50);
  EXPECT_FALSE(rows.due(149));
  EXPECT_TRUE(rows.due(150));
  EXPECT_EQ(rows.due_at_ms(), 150);
  EXPECT_FALSE(rows.fits({"other", "2"}));
  rows.add("m2", {"h", "2"}, 60);
  EXPECT_TRUE(rows.due(61));
  EXPECT_FALSE(rows.fits({"h", "3"}));
  EXPECT_TRUE(rows.remove("m1"));
  EXPECT_FALSE(rows.remove("m1"));
  Collector bytes({.max_rows = 100, .max_bytes = 10, .max_age_ms = 100});
  bytes.add("m1", {"h", "12345"}, 0);
  EXPECT_TRUE(bytes.due(0));
}

TEST(Collector, LinesAreThoseOfTheFile) {
  Collector rows({});
  rows.add("m1", {"\"h\n1\",b", "x,\"a\nb\nc\""}, 0);
  rows.add("m2", {"\"h\n1\",b", "y,z"}, 0);
  const auto closed = rows.close();
  EXPECT_EQ(closed.csv, "\"h\n1\",b\r\nx,\"a\nb\nc\"\r\ny,z\r\n");
  ASSERT_EQ(closed.rows.size(), 2U);
  EXPECT_EQ(closed.rows[0].line, 3U);
  EXPECT_EQ(closed.rows[1].line, 6U);
  EXPECT_TRUE(rows.empty());
}

TEST(Ack, IsReadWhenItIsWhole) {
  const std::vector<BatchRow> rows{{"m1", 2}, {"m2", 3}};
  const std::string whole = "line,result,code\r\n3,refused,E03\r\ntotal,2,1\r\n";
  const auto ack = read_ack(whole, rows);
  ASSERT_TRUE(ack.has_value() && ack->has_value());
  EXPECT_EQ(**ack, std::set<std::uint64_t>{3});
  for (std::size_t size = 0; size < whole.size() - 1; ++size) {
    const auto cut = read_ack(whole.substr(0, size), rows);
    ASSERT_TRUE(cut.has_value() && !cut->has_value()) << size;
  }
  for (const char* bad : {"nonsense\n", "line,result,code\n7,refused,x\ntotal,2,1\n", "line,result,code\ntotal,3,0\n",
                          "line,result,code\n3,taken,\ntotal,2,1\n", "line,result,code\n3,refused,x\ntotal,2,0\n"}) {
    EXPECT_TRUE(read_ack(bad, rows).has_error()) << bad;
  }
}

}  // namespace
}  // namespace tongqu::file
