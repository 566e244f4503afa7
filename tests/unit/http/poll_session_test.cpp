#include "connectors/http/poll_session.hpp"

#include <gtest/gtest.h>

#include "connectors/http/http_codes.hpp"
#include "tests/support/manual_clock.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu {
namespace {

PollOptions options() {
  PollOptions made;
  made.target = "/list?unit=1";
  made.parameters = {{"type", "投诉"}};
  made.position_parameter = "cursor";
  made.next_path = "data.next";
  made.items_path = "data.list";
  made.key_path = "id";
  made.max_items = 3;
  return made;
}

class Poll : public testing::Test {
 protected:
  [[nodiscard]] Result<PolledBatch> read(std::string body, const PollOptions& with, const std::string& position = "c1",
                                         int status = 200) const {
    AnswerEnvelope envelope;
    envelope.success_path = "code";
    envelope.success_value = "0";
    envelope.retry_codes = {"-1"};
    return PollSession(with, json_)
        .read({status, {}, std::move(body)}, AnswerReader(envelope, json_, clock_), position);
  }
  JsonCodec json_;
  test::ManualClock clock_;
};

TEST_F(Poll, AsksByQueryOrByBody) {
  PollOptions get = options();
  EXPECT_EQ(PollSession(get, json_).request("").target, "/list?unit=1&type=%E6%8A%95%E8%AF%89");
  EXPECT_EQ(PollSession(get, json_).request("a b&c=1").target,
            "/list?unit=1&type=%E6%8A%95%E8%AF%89&cursor=a%20b%26c%3D1");
  PollOptions post = options();
  post.method = "POST";
  const HttpRequest request = PollSession(post, json_).request("a\"b");
  EXPECT_EQ(request.target, "/list?unit=1");
  EXPECT_EQ(request.body, R"({"type":"投诉","cursor":"a\"b"})");
  post.parameters.clear();
  EXPECT_EQ(PollSession(post, json_).request("").body, "{}");
}

TEST_F(Poll, SplitsTheList) {
  const auto batch =
      read(R"({"code":"0","data":{"next":"c2","list":[{"id":"a","x":1},{"id":7},{"noid":1},"text"]}})", [] {
        PollOptions four = options();
        four.max_items = 4;
        return four;
      }());
  ASSERT_TRUE(batch.has_value());
  ASSERT_EQ(batch->items.size(), 4U);
  EXPECT_EQ(batch->items[0].key, "a");
  EXPECT_EQ(batch->items[0].body, R"({"id":"a","x":1})");
  EXPECT_EQ(batch->items[1].key, "7");
  EXPECT_EQ(batch->items[2].key, "");
  EXPECT_EQ(batch->items[3].key, "");
  EXPECT_EQ(batch->next, "c2");
  EXPECT_TRUE(batch->more);
}

struct End {
  std::string_view what;
  std::string body;
  std::string_view next;
  bool more;
};

TEST_F(Poll, ACursorThatStaysIsTheEnd) {
  for (const End& c : {
           End{"same", R"({"code":"0","data":{"next":"c1","list":[{"id":1}]}})", "c1", false},
           End{"absent", R"({"code":"0","data":{"list":[{"id":1}]}})", "c1", false},
           End{"null", R"({"code":"0","data":{"next":null,"list":[]}})", "c1", false},
           End{"empty", R"({"code":"0","data":{"next":"","list":[]}})", "c1", false},
           End{"a number", R"({"code":"0","data":{"next":9,"list":[{"id":1}]}})", "9", true},
           End{"moves without entries", R"({"code":"0","data":{"next":"c2","list":[]}})", "c2", false},
           End{"no list", R"({"code":"0","data":{"next":"c2"}})", "c2", false},
           End{"null list", R"({"code":"0","data":{"next":"c2","list":null}})", "c2", false},
       }) {
    const auto batch = read(c.body, options());
    ASSERT_TRUE(batch.has_value()) << c.what;
    EXPECT_EQ(batch->next, c.next) << c.what;
    EXPECT_EQ(batch->more, c.more) << c.what;
  }
}

TEST_F(Poll, AFullPageIsFollowedByTheNext) {
  PollOptions page = options();
  page.position = PollOptions::Position::kPage;
  const auto full = read(R"({"code":"0","data":{"list":[{"id":1},{"id":2},{"id":3}]}})", page, "1");
  EXPECT_EQ(full->next, "2");
  EXPECT_TRUE(full->more);
  const auto part = read(R"({"code":"0","data":{"list":[{"id":1}]}})", page, "2");
  EXPECT_EQ(part->next, "2");
  EXPECT_FALSE(part->more);
  EXPECT_EQ(read(R"({"code":"0"})", page, "x").error().code, &codes::kPollAnswer);
}

struct Bad {
  std::string_view what;
  int status;
  std::string body;
  const ErrorCode* code;
};

TEST_F(Poll, ABadAnswerMovesNothing) {
  for (const Bad& c : {
           Bad{"error page", 200, "<html>", &codes::kAnswerUnreadable},
           Bad{"failure", 200, R"({"code":"9"})", &codes::kAnswerRefused},
           Bad{"later", 200, R"({"code":"-1"})", &codes::kAnswerLater},
           Bad{"503", 503, "", &codes::kAnswerStatus},
           Bad{"redirect", 302, "", &codes::kAnswerRedirect},
           Bad{"list is an object", 200, R"({"code":"0","data":{"list":{}}})", &codes::kPollAnswer},
           Bad{"too many", 200, R"({"code":"0","data":{"list":[1,2,3,4]}})", &codes::kPollAnswer},
           Bad{"position is a list", 200, R"({"code":"0","data":{"next":[],"list":[]}})", &codes::kPollAnswer},
           Bad{"position too long", 200, R"({"code":"0","data":{"list":[],"next":")" + std::string(513, 'x') + "\"}}",
               &codes::kPollAnswer},
       }) {
    const auto batch = read(c.body, options(), "c1", c.status);
    ASSERT_TRUE(batch.has_error()) << c.what;
    EXPECT_EQ(batch.error().code, c.code) << c.what;
  }
}

TEST_F(Poll, TellsWhatWasTakenAndWhatNot) {
  PollOptions with = options();
  with.ack_target = "/ack";
  const PollSettled settled{{"a", ""}, {"b\"", "validate.not-keyed"}, {"c", ""}};
  EXPECT_EQ(PollSession(with, json_).acknowledgement(settled).body, R"({"ids":["a","b\"","c"]})");
  with.ack_failed = "failed";
  EXPECT_EQ(PollSession(with, json_).acknowledgement(settled).body,
            R"({"ids":["a","c"],"failed":[{"id":"b\"","code":"validate.not-keyed"}]})");
  EXPECT_EQ(PollSession(with, json_).acknowledgement(settled).target, "/ack");
}

TEST(PollBackoff, DoublesWithinItsLimit) {
  EXPECT_EQ(poll_backoff_ms(1, 1'000, 60'000, 0), 1'000);
  EXPECT_EQ(poll_backoff_ms(4, 1'000, 60'000, 0), 8'000);
  EXPECT_EQ(poll_backoff_ms(1'000'000, 1'000, 60'000, 0), 60'000);
  EXPECT_EQ(poll_backoff_ms(1, 1'000, 60'000, 30'000), 30'000);
  EXPECT_EQ(poll_backoff_ms(1, 1'000, 60'000, 3'600'000), 60'000);
}

}  // namespace
}  // namespace tongqu
