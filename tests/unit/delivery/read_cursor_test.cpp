#include "gateway/delivery/read_cursor.hpp"

#include <gtest/gtest.h>

namespace tongqu {
namespace {

TEST(ReadCursor, ReadsOnceAndThenWaitsForAChange) {
  ReadCursor cursor;
  ASSERT_TRUE(cursor.wanted());
  EXPECT_EQ(cursor.begin(), 0);
  cursor.ended(7, true, true);
  EXPECT_FALSE(cursor.wanted());
  cursor.touch();
  EXPECT_TRUE(cursor.wanted());
  EXPECT_EQ(cursor.begin(), 0);
}

TEST(ReadCursor, GoesThroughTheWholeQueueAndLooksAtTheFrontAgain) {
  ReadCursor cursor;
  EXPECT_EQ(cursor.begin(), 0);
  cursor.ended(10, false, true);
  EXPECT_TRUE(cursor.in_pass());
  EXPECT_EQ(cursor.begin(), 10);
  cursor.ended(20, false, true);
  EXPECT_EQ(cursor.begin(), 20);
  cursor.ended(25, true, true);
  EXPECT_FALSE(cursor.in_pass());
  ASSERT_TRUE(cursor.wanted()) << "rows before may have come due meanwhile";
  EXPECT_EQ(cursor.begin(), 0);
  cursor.ended(25, true, false);
  EXPECT_FALSE(cursor.wanted());
}

TEST(ReadCursor, AlternatesBetweenAChangingFrontAndThePass) {
  ReadCursor cursor;
  EXPECT_EQ(cursor.begin(), 0);
  cursor.ended(10, false, true);
  for (std::int64_t pass = 10; pass < 50; pass += 10) {
    cursor.touch();
    EXPECT_EQ(cursor.begin(), pass);
    cursor.ended(pass + 10, false, true);
    EXPECT_EQ(cursor.begin(), 0);
    EXPECT_TRUE(cursor.reads_front());
    cursor.ended(10, false, true);
  }
}

TEST(ReadCursor, AFrontThatShowsEverythingEndsThePass) {
  ReadCursor cursor;
  EXPECT_EQ(cursor.begin(), 0);
  cursor.ended(10, false, true);
  EXPECT_EQ(cursor.begin(), 10);
  cursor.ended(20, false, true);
  cursor.touch();
  EXPECT_EQ(cursor.begin(), 0);
  cursor.ended(12, true, true);
  EXPECT_FALSE(cursor.wanted());
}

TEST(ReadCursor, StopsAfterAPassThatFoundNothingToDo) {
  ReadCursor cursor;
  EXPECT_EQ(cursor.begin(), 0);
  cursor.ended(10, false, false);
  EXPECT_EQ(cursor.begin(), 10);
  cursor.ended(14, true, false);
  EXPECT_FALSE(cursor.wanted());
}

TEST(ReadCursor, AFailedReadIsRepeatedAtTheSamePlace) {
  ReadCursor cursor;
  EXPECT_EQ(cursor.begin(), 0);
  cursor.failed();
  EXPECT_TRUE(cursor.wanted());
  EXPECT_EQ(cursor.begin(), 0);
  cursor.ended(10, false, true);
  EXPECT_EQ(cursor.begin(), 10);
  cursor.failed();
  EXPECT_EQ(cursor.begin(), 10);
}

}  // namespace
}  // namespace tongqu
