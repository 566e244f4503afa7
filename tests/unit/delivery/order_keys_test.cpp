#include "gateway/delivery/order_keys.hpp"

#include <gtest/gtest.h>

namespace tongqu {
namespace {

TEST(OrderKeys, OneMessagePerKeyUntilItIsReleased) {
  OrderKeys keys;
  EXPECT_TRUE(keys.claim("p|a"));
  EXPECT_FALSE(keys.claim("p|a"));
  EXPECT_TRUE(keys.claim("p|b")) << "another matter";
  EXPECT_TRUE(keys.busy("p|a"));
  EXPECT_EQ(keys.size(), 2U);
  keys.release("p|a");
  EXPECT_FALSE(keys.busy("p|a"));
  EXPECT_TRUE(keys.claim("p|a"));
  keys.release("p|unknown");
  EXPECT_EQ(keys.size(), 2U);
}

}  // namespace
}  // namespace tongqu
