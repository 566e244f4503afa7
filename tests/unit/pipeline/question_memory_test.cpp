#include "gateway/pipeline/question_memory.hpp"

#include <gtest/gtest.h>

#include "tests/support/plain_suite.hpp"

namespace tongqu {
namespace {

class QuestionMemoryTest : public testing::Test {
 protected:
  std::string key(const std::string& partner, const std::string& service, const std::string& type,
                  const std::string& body) {
    PartnerPlan who;
    who.id = PartnerId(partner);
    InboundService what;
    what.service = ServiceId(service);
    Exchange exchange;
    exchange.partner = &who;
    exchange.service = &what;
    exchange.in.content_type = type;
    exchange.in.body = body;
    return memory.request_key(exchange);
  }
  test::PlainSuite suite;
  QuestionMemory memory{suite, "key"};
  std::shared_ptr<const Plan> plan = std::make_shared<Plan>();
};

TEST_F(QuestionMemoryTest, EveryPartOfARequestTellsItApart) {
  const std::string one = key("a", "s", "application/json", "{}");
  EXPECT_EQ(one, key("a", "s", "application/json", "{}"));
  EXPECT_NE(one, key("b", "s", "application/json", "{}"));
  EXPECT_NE(one, key("a", "t", "application/json", "{}"));
  EXPECT_NE(one, key("a", "s", "application/xml", "{}"));
  EXPECT_NE(one, key("a", "s", "application/json", "{ }"));
  EXPECT_NE(key("a", "s", "text", "x{}"), key("a", "s", "textx", "{}"));
}

TEST_F(QuestionMemoryTest, WhatWasKnownUnderAnotherConfigurationIsForgotten) {
  RecipientPlan registry;
  memory.put("request", plan, {&registry, "question"});
  ASSERT_TRUE(memory.find("request", plan).has_value());
  EXPECT_EQ(memory.find("request", plan)->registry, &registry);
  const std::shared_ptr<const Plan> next = std::make_shared<Plan>();
  EXPECT_FALSE(memory.find("request", next).has_value());
  memory.put("another", next, {&registry, "question"});
  EXPECT_FALSE(memory.find("request", plan).has_value());
  EXPECT_FALSE(memory.find("request", next).has_value());
}

TEST_F(QuestionMemoryTest, ItIsBoundedAndTheOldestGoesFirst) {
  RecipientPlan registry;
  for (std::size_t i = 0; i <= QuestionMemory::kMaxEntries; ++i) {
    memory.put(std::to_string(i), plan, {&registry, "question"});
  }
  EXPECT_FALSE(memory.find("0", plan).has_value());
  EXPECT_TRUE(memory.find("1", plan).has_value());
  EXPECT_TRUE(memory.find(std::to_string(QuestionMemory::kMaxEntries), plan).has_value());
}

}  // namespace
}  // namespace tongqu
