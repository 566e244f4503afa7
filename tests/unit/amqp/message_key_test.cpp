#include "connectors/support/message_key.hpp"

#include <gtest/gtest.h>

#include "connectors/support/backoff.hpp"
#include "security/crypto/suites.hpp"

namespace tongqu {
namespace {

TEST(MessageKey, PlainWhereItCanBe) {
  const auto made = make_suite(SuiteId::kIntl);
  const Suite& suite = **made;
  EXPECT_EQ(message_key(suite, "amqp:", "01J-abc"), "amqp:01J-abc");
  for (const std::string& odd : {std::string("a b"), std::string("编号"), std::string(101, 'x'), std::string(),
                                 std::string("x#y"), std::string("a\0b", 3)}) {
    const std::string key = message_key(suite, "amqp:", odd);
    EXPECT_EQ(key.rfind("amqp:#", 0), 0U) << odd;
    EXPECT_EQ(key.size(), 6U + 64U);
    EXPECT_EQ(key, message_key(suite, "amqp:", odd));
  }
}

TEST(MessageKey, PartsAreKeptApart) {
  const auto made = make_suite(SuiteId::kGm);
  const Suite& suite = **made;
  EXPECT_NE(digest_key(suite, "", {"ab", "c"}), digest_key(suite, "", {"a", "bc"}));
  EXPECT_NE(digest_key(suite, "", {"a", ""}), digest_key(suite, "", {"", "a"}));
}

TEST(MessageKey, MediaType) {
  EXPECT_EQ(media_type_of(" Application/CloudEvents+JSON ; charset=utf-8"), "application/cloudevents+json");
  EXPECT_EQ(media_type_of(""), "");
  EXPECT_EQ(media_type_of(" ; x"), "");
}

TEST(Backoff, DoublesToItsLimitAndBeginsAnew) {
  Backoff backoff({100, 350});
  EXPECT_EQ(backoff.next_ms(), 100);
  EXPECT_EQ(backoff.next_ms(), 200);
  EXPECT_EQ(backoff.next_ms(), 350);
  EXPECT_EQ(backoff.next_ms(), 350);
  backoff.reset();
  EXPECT_EQ(backoff.next_ms(), 100);
}

}  // namespace
}  // namespace tongqu
