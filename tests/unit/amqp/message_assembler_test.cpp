#include "connectors/amqp/message_assembler.hpp"

#include <gtest/gtest.h>

namespace tongqu::amqp {
namespace {

MethodPart delivery(std::uint64_t tag) {
  MethodPart part;
  part.tag = tag;
  return part;
}

TEST(MessageAssembler, BodyComesInPieces) {
  MessageAssembler assembler(100);
  ASSERT_TRUE(assembler.method(delivery(7)));
  ASSERT_TRUE(assembler.header({"id-1", "application/xml", "", 0}, 6));
  EXPECT_FALSE(assembler.take());
  ASSERT_TRUE(assembler.body("abcd"));
  EXPECT_FALSE(assembler.take());
  ASSERT_TRUE(assembler.body("ef"));
  const auto message = assembler.take();
  ASSERT_TRUE(message);
  EXPECT_EQ(message->body, "abcdef");
  EXPECT_EQ(message->method.tag, 7U);
  EXPECT_EQ(message->properties.message_id, "id-1");
  EXPECT_FALSE(message->too_large);
  EXPECT_TRUE(assembler.idle());
}

TEST(MessageAssembler, EmptyBodyIsCompleteWithItsHeader) {
  MessageAssembler assembler(100);
  ASSERT_TRUE(assembler.method(delivery(1)));
  ASSERT_TRUE(assembler.header({}, 0));
  ASSERT_TRUE(assembler.take());
}

TEST(MessageAssembler, TooLargeIsReadOverAndNotKept) {
  MessageAssembler assembler(5);
  for (const std::uint64_t size : {std::uint64_t{5}, std::uint64_t{6}}) {
    ASSERT_TRUE(assembler.method(delivery(size)));
    ASSERT_TRUE(assembler.header({}, size));
    ASSERT_TRUE(assembler.body(std::string(size, 'x')));
    const auto message = assembler.take();
    ASSERT_TRUE(message);
    EXPECT_EQ(message->too_large, size == 6);
    EXPECT_EQ(message->body.size(), size == 6 ? 0U : 5U);
  }
}

TEST(MessageAssembler, AReturnNeedsNoBody) {
  MessageAssembler assembler(2);
  MethodPart part;
  part.is_return = true;
  part.reply_code = 312;
  ASSERT_TRUE(assembler.method(part));
  ASSERT_TRUE(assembler.header({"m", "", "", 9}, 4));
  ASSERT_TRUE(assembler.body("body"));
  const auto message = assembler.take();
  ASSERT_TRUE(message);
  EXPECT_TRUE(message->body.empty());
  EXPECT_FALSE(message->too_large);
  EXPECT_EQ(message->properties.publish_number, 9U);
}

// Each step in the place of another one is a breach of the protocol, whatever came before.
TEST(MessageAssembler, EveryStepAtTheWrongTimeFails) {
  const auto reach = [](MessageAssembler& assembler, int steps) {
    if (steps > 0) ASSERT_TRUE(assembler.method(delivery(1)));
    if (steps > 1) ASSERT_TRUE(assembler.header({}, 3));
    if (steps > 2) ASSERT_TRUE(assembler.body("abc"));
  };
  for (int steps = 0; steps <= 3; ++steps) {
    for (int wrong = 0; wrong < 3; ++wrong) {
      if (wrong == steps) continue;  // the right one
      MessageAssembler assembler(100);
      reach(assembler, steps);
      const bool taken = wrong == 0   ? assembler.method(delivery(2))
                         : wrong == 1 ? assembler.header({}, 3)
                                      : assembler.body("abc");
      EXPECT_FALSE(taken) << steps << " then " << wrong;
    }
  }
  MessageAssembler assembler(100);
  reach(assembler, 2);
  EXPECT_FALSE(assembler.body("abcd")) << "more than the header said";
}

}  // namespace
}  // namespace tongqu::amqp
