#pragma once
// A store with attachments that are wanted, and how long a test waits for one of them.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "connectors/fetch/fetch_lane.hpp"
#include "tests/component/attachments/attachment_fixture.hpp"
#include "tests/support/becomes.hpp"

namespace tongqu::test {

class FetchTest : public testing::Test {
 protected:
  AttachmentId want(const AttachmentWish& wish) {
    const auto made = house_.store->want(wish);
    EXPECT_TRUE(made.has_value());
    return made.has_value() ? made->id : AttachmentId();
  }
  // "wanted", "stored", "refused fetch.gone", …
  [[nodiscard]] std::string state(const AttachmentId& id) const {
    const auto found = house_.store->find(id);
    if (found.has_error()) return "gone";
    return std::string(name_of(found->state)) + (found->code.empty() ? "" : " " + found->code);
  }
  // Waits, and lets the store's time go on meanwhile.
  bool soon(const std::function<bool()>& condition) {
    return becomes([&] {
      house_.clock.advance(2);
      return condition();
    });
  }
  bool becomes_state(const AttachmentId& id, const std::string& expected) {
    const bool there = soon([&] { return state(id) == expected; });
    if (!there) ADD_FAILURE() << "it is " << state(id) << ", not " << expected;
    return there;
  }
  // A lane of pictures that tries again at once.
  std::unique_ptr<fetch::FetchLane> lane_of(const PartnerId& partner, fetch::FetchLane::Sources sources) {
    fetch::FetchTerms terms;
    terms.max_bytes = 64 << 20;
    terms.types = {"image/jpeg"};
    terms.first_wait_ms = 1;
    terms.max_wait_ms = 20;
    return std::make_unique<fetch::FetchLane>(fetch::FetchLaneOptions{partner, terms}, *house_.store, house_.clock,
                                              std::move(sources), [](const ErrorCode*) {});
  }

  AttachmentHouse house_;
};

}  // namespace tongqu::test
