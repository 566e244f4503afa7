// What each side knows, without a file.
#include <gtest/gtest.h>

#include "connectors/link/entry_feeder.hpp"
#include "connectors/link/link_codes.hpp"
#include "connectors/link/receive_book.hpp"
#include "connectors/link/send_book.hpp"

namespace tongqu::link {
namespace {

using Numbers = std::vector<std::uint64_t>;

std::string digest(char c) { return std::string(64, c); }

BundleAnswer stored(std::uint64_t number, const std::string& of, const std::vector<std::string>& messages) {
  BundleAnswer answer{number, of, {}};
  for (const std::string& id : messages) answer.answers.push_back({id, true, "E", digest('e'), {}});
  return answer;
}

Answers answers(std::uint64_t next, std::vector<BundleAnswer> bundles, Numbers missing = {},
                std::uint64_t highest = 0) {
  return {"l", {1000}, next, std::max(highest, next - 1), std::move(missing), std::move(bundles)};
}

SendBook three_bundles(SendRules rules = {}) {
  SendBook book(rules);
  book.made(1, digest('a'), {"m1", "m2"});
  book.made(2, digest('b'), {"m3"});
  book.made(3, digest('c'), {"m4"});
  return book;
}

TEST(SendBook, NumbersHaveNoGapAndTheChainGoesOn) {
  SendBook book{SendRules{}};
  EXPECT_EQ(book.next_number(), 1U);
  EXPECT_EQ(book.last_digest(), "");
  book = three_bundles();
  EXPECT_EQ(book.next_number(), 4U);
  EXPECT_EQ(book.last_digest(), digest('c'));
  book.answered(stored(3, digest('c'), {"m4"}));
  EXPECT_EQ(book.next_number(), 4U) << "an answered bundle has used its number";
  // After a restart the answers are all that is left.
  SendBook again{SendRules{}};
  again.answered(stored(3, digest('c'), {"m4"}));
  EXPECT_EQ(again.next_number(), 4U);
  EXPECT_EQ(again.last_digest(), digest('c'));
}

TEST(SendBook, AnswersSettleTheirBundleOnly) {
  SendBook book = three_bundles();
  EXPECT_TRUE(book.open("m3"));
  const auto fresh = book.judge(answers(3, {stored(2, digest('b'), {"m3"})}));
  ASSERT_TRUE(fresh.has_value());
  ASSERT_EQ(fresh->size(), 1U);
  book.answered(fresh->front());
  EXPECT_FALSE(book.open("m3"));
  ASSERT_NE(book.answer("m3"), nullptr);
  EXPECT_EQ(book.answered_in("m3"), 2U);
  EXPECT_EQ(book.answer("m1"), nullptr);
  EXPECT_EQ(book.open_bundles(), (Numbers{1, 3}));
  EXPECT_EQ(book.open_messages(), 3U);
  // The same file again is nothing new.
  EXPECT_TRUE(book.judge(answers(3, {stored(2, digest('b'), {"m3"})}))->empty());
}

TEST(SendBook, AnswersThatDoNotFitWhatWasSentCountForNothing) {
  SendBook book = three_bundles();
  book.answered(stored(3, digest('c'), {"m4"}));
  const Answers cases[] = {
      answers(2, {stored(1, digest('x'), {"m1", "m2"})}),
      answers(2, {stored(1, digest('a'), {"m1"})}),
      answers(2, {stored(1, digest('a'), {"m2", "m1"})}),
      answers(2, {stored(1, digest('a'), {"m1", "m2", "m3"})}),
      answers(2, {stored(1, digest('a'), {"m1", "m2"}), stored(4, digest('d'), {"m5"})}),
      answers(4, {stored(3, digest('x'), {"m4"})}),
      answers(5, {}),
  };
  for (const Answers& one : cases) {
    const auto fresh = book.judge(one);
    ASSERT_TRUE(fresh.has_error());
    EXPECT_EQ(fresh.error().code, &codes::kLinkAnswer);
  }
  EXPECT_TRUE(book.judge(answers(2, {}, {}, 99)).has_value()) << "anybody may put a file of number 99 there";
}

TEST(SendBook, ARefusedMessageGoesAgainOnceItsRefusalWasPassedOn) {
  SendBook book = three_bundles();
  BundleAnswer refused{2, digest('b'), {{"m3", false, {}, {}, "admit.service"}}};
  book.answered(refused);
  ASSERT_NE(book.answer("m3"), nullptr);
  book.forget("m3");
  EXPECT_EQ(book.answer("m3"), nullptr);
  book.made(4, digest('d'), {"m3"});
  EXPECT_TRUE(book.open("m3"));
  // Read at a start: the older answer, then the open bundle.
  SendBook again{SendRules{}};
  again.answered(refused);
  again.made(4, digest('d'), {"m3"});
  EXPECT_TRUE(again.open("m3"));
  EXPECT_EQ(again.answer("m3"), nullptr);
}

TEST(SendBook, ABundleWhoseAnswersAreWrittenIsNotOpenAgain) {
  SendBook book{SendRules{}};
  book.answered(stored(1, digest('a'), {"m1"}));
  book.made(1, digest('a'), {"m1"});  // killed before the bundle was removed
  EXPECT_FALSE(book.open("m1"));
  EXPECT_NE(book.answer("m1"), nullptr);
  EXPECT_TRUE(book.open_bundles().empty());
}

TEST(SendBook, GoesAgainWhenItIsLateOrAskedFor) {
  SendBook book = three_bundles({.resend_ms = 1000});
  EXPECT_EQ(book.to_drop(0), (Numbers{1, 2, 3})) << "after a start all go";
  for (const std::uint64_t n : {1U, 2U, 3U}) book.dropped(n, 100, {500});
  EXPECT_TRUE(book.to_drop(1099).empty());
  EXPECT_EQ(book.to_drop(1100), (Numbers{1, 2, 3}));
  book.asked(answers(1, {}, {2}, 3), false);
  EXPECT_EQ(book.to_drop(200), Numbers{2});
  book.dropped(2, 200, {600});
  EXPECT_TRUE(book.to_drop(300).empty());
}

TEST(SendBook, OneWayOnlyAListMakesABundleGoAgain) {
  SendBook book = three_bundles();
  book.dropped(1, 1, {500});
  book.dropped(2, 1, {500});
  book.dropped(3, 1, {1500});
  EXPECT_TRUE(book.to_drop(1'000'000'000).empty());
  book.asked(answers(2, {}, {}, 1), true);
  EXPECT_EQ(book.to_drop(2), Numbers{2}) << "3 was handed over after the list was made";
}

TEST(SendBook, IsBoundedInWhatIsOpenAndWhatIsRemembered) {
  SendBook few = three_bundles({.max_open_messages = 4});
  EXPECT_FALSE(few.room());
  few.answered(stored(2, digest('b'), {"m3"}));
  EXPECT_TRUE(few.room());
  EXPECT_FALSE(three_bundles({.max_open_bundles = 3}).room());
  SendBook book = three_bundles({.max_answered_bundles = 1});
  book.answered(stored(1, digest('a'), {"m1", "m2"}));
  book.answered(stored(2, digest('b'), {"m3"}));
  book.answered(stored(3, digest('c'), {"m4"}));
  EXPECT_EQ(book.prune(), (Numbers{1, 2}));
  EXPECT_EQ(book.answer("m1"), nullptr);
  EXPECT_NE(book.answer("m4"), nullptr);
  SendBook last = three_bundles({.max_answered_messages = 0});
  last.answered(stored(3, digest('c'), {"m4"}));
  EXPECT_TRUE(last.prune().empty()) << "the last one carries number and digest";
}

ReadBundle coming(std::uint64_t number, std::string previous, char own) {
  ReadBundle read;
  read.bundle.number = number;
  read.bundle.previous = std::move(previous);
  read.digest = digest(own);
  return read;
}

TEST(ReceiveBook, TakesInOrderAndKnowsWhatItTook) {
  ReceiveBook book;
  EXPECT_EQ(book.judge(coming(1, "", 'a')).value(), Coming::kNext);
  EXPECT_EQ(book.judge(coming(2, digest('a'), 'b')).value(), Coming::kAhead);
  book.taken(1, digest('a'));
  EXPECT_EQ(book.judge(coming(1, "", 'a')).value(), Coming::kRepeated);
  EXPECT_EQ(book.judge(coming(1, "", 'x')).error().code, &codes::kLinkReused);
  EXPECT_EQ(book.judge(coming(2, digest('a'), 'b')).value(), Coming::kNext);
  EXPECT_EQ(book.judge(coming(2, digest('x'), 'b')).error().code, &codes::kLinkChain);
  EXPECT_EQ(book.judge(coming(2, "", 'b')).error().code, &codes::kLinkChain);
  EXPECT_EQ(book.judge(coming(2 + ReceiveBook::kMaxAhead, "", 'z')).value(), Coming::kAhead);
  EXPECT_EQ(book.judge(coming(3 + ReceiveBook::kMaxAhead, "", 'z')).error().code, &codes::kLinkAhead);
}

TEST(ReceiveBook, NamesWhatIsMissing) {
  ReceiveBook book;
  EXPECT_TRUE(book.missing().empty());
  book.ahead({3, 5});
  EXPECT_EQ(book.highest(), 5U);
  EXPECT_EQ(book.missing(), (Numbers{1, 2, 4}));
  book.taken(1, digest('a'));
  EXPECT_EQ(book.missing(), (Numbers{2, 4}));
  book.spoilt(2);
  book.spoilt(7);
  book.spoilt(1);
  book.spoilt(5000);
  EXPECT_EQ(book.missing(), (Numbers{2, 4, 6, 7}));
  book.taken(2, digest('b'));
  book.taken(3, digest('c'));
  EXPECT_EQ(book.missing(), (Numbers{4, 6, 7}));
  book.ahead({});
  EXPECT_EQ(book.highest(), 7U);
}

TEST(ReceiveBook, ForgetsTheOldestAnswersOnly) {
  ReceiveBook book;
  for (std::uint64_t n = 1; n <= ReceiveBook::kKeptBundles + 2; ++n) book.taken(n, digest('a'));
  EXPECT_EQ(book.prune(), (Numbers{1, 2}));
  EXPECT_EQ(book.judge(coming(2, "", 'q')).value(), Coming::kForgotten);
  EXPECT_EQ(book.judge(coming(3, "", 'a')).value(), Coming::kRepeated);
}

TEST(LinkOrigin, IsTheExchangeInTheMessageId) {
  EXPECT_EQ(origin_of("01ARZ3NDEKTSV4RRFFQ69G5FAV-zone-b").str(), "01ARZ3NDEKTSV4RRFFQ69G5FAV");
  EXPECT_EQ(origin_of("01ARZ3NDEKTSV4RRFFQ69G5FAV-zone-b-2").str(), "01ARZ3NDEKTSV4RRFFQ69G5FAV");
  for (const char* id :
       {"", "m1", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAVx", "81ARZ3NDEKTSV4RRFFQ69G5FAV-z"})
    EXPECT_TRUE(origin_of(id).empty()) << id;
}

}  // namespace
}  // namespace tongqu::link
