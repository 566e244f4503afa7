// The two-step key without I/O. The sealed secrets were made with
//   printf SECRET | openssl enc -aes-128-ecb -K $(printf 0123456789abcdef | xxd -p) -base64
#include "security/identity/sharing_session.hpp"

#include <gtest/gtest.h>

#include "security/crypto/suites.hpp"
#include "security/identity/identity_codes.hpp"
#include "security/identity/sharing_scheme.hpp"
#include "tests/support/manual_clock.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu {
namespace {

using Action = SessionSigner::Action;

constexpr std::string_view kAppKey = "0123456789abcdef";
constexpr std::string_view kSealedOne = "MWm/uNxo1m148i6SfiPAyDdyIuBhqSTFkc2cJ+oWPtQ=";  // "session-secret-1"
constexpr std::string_view kSealedTwo = "rXqoYbmJQsqXn+VL4FOVLDdyIuBhqSTFkc2cJ+oWPtQ=";  // "session-secret-2"

SharingSessionOptions options() {
  SharingSessionOptions made;
  made.rid = "rid-1";
  made.sid = "s_business";
  made.key_sid = "s_key";
  made.app_key = kAppKey;
  made.renew_before_ms = 60'000;
  made.forbidden_codes = {"E-106"};
  return made;
}

class SharingSession : public testing::Test {
 protected:
  [[nodiscard]] HttpResponse granted(std::string_view sealed, std::int64_t lasts_ms = 600'000) const {
    HttpResponse answer;
    answer.headers = {{"Date", "Mon, 20 Apr 2026 15:50:00 GMT"}};
    answer.body = R"({"code":"0","data":{"secret":")" + std::string(sealed) + R"(","secretEndTime":)" +
                  std::to_string(clock_.now().ms + lasts_ms) + "}}";
    return answer;
  }
  static HttpResponse body(std::string text, int status = 200) {
    HttpResponse answer;
    answer.status = status;
    answer.body = std::move(text);
    return answer;
  }
  // Fetches a first key.
  void open() {
    ASSERT_EQ(session().prepare(request_).action, Action::kFetch);
    ASSERT_TRUE(session().key_answer(granted(kSealedOne)).has_value());
  }
  [[nodiscard]] std::string expected(std::string_view key, std::string_view sid) const {
    return sharing_signature(**sha256_, key, sid, "rid-1", header(request_.headers, kSharingTime));
  }
  [[nodiscard]] SessionSigner& session() { return **session_; }

  JsonCodec json_;
  test::ManualClock clock_;
  Result<std::unique_ptr<Suite>> sha256_ = make_suite(SuiteId::kIntl);
  Result<std::unique_ptr<SessionSigner>> session_ = make_sharing_session(options(), json_, clock_);
  HttpRequest request_;
};

TEST_F(SharingSession, AsksWithTheAppKeyAndSignsWithTheSecret) {
  ASSERT_EQ(session().prepare(request_).action, Action::kFetch);
  EXPECT_TRUE(request_.headers.empty());
  session().prepare_key_request(request_);
  EXPECT_EQ(header(request_.headers, kSharingSid), "s_key");
  EXPECT_EQ(header(request_.headers, kSharingSign), expected(kAppKey, "s_key"));
  ASSERT_TRUE(session().key_answer(granted(kSealedOne)).has_value());
  const auto step = session().prepare(request_);
  EXPECT_EQ(step.action, Action::kSend);
  EXPECT_EQ(step.key, 1U);
  EXPECT_EQ(header_count(request_.headers, kSharingSign), 1U);
  EXPECT_EQ(header(request_.headers, kSharingSid), "s_business");
  EXPECT_EQ(header(request_.headers, kSharingSign), expected("session-secret-1", "s_business"));
}

TEST_F(SharingSession, OneOfManyFetches) {
  EXPECT_EQ(session().prepare(request_).action, Action::kFetch);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(session().prepare(request_).action, Action::kWait);
  ASSERT_TRUE(session().key_answer(granted(kSealedOne)).has_value());
  for (int i = 0; i < 20; ++i) EXPECT_EQ(session().prepare(request_).action, Action::kSend);
}

TEST_F(SharingSession, NoTwoSignaturesAreEqualWithinOneMillisecond) {
  open();
  (void)session().prepare(request_);
  const std::string first(header(request_.headers, kSharingSign));
  (void)session().prepare(request_);
  EXPECT_NE(header(request_.headers, kSharingSign), first);
}

TEST_F(SharingSession, RenewsBeforeTheEndWhileTheOldKeyGoesOn) {
  open();
  clock_.advance(539'000);
  EXPECT_EQ(session().prepare(request_).action, Action::kSend);
  clock_.advance(1'001);
  EXPECT_EQ(session().prepare(request_).action, Action::kSendAndFetch);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(session().prepare(request_).action, Action::kSend);
  ASSERT_TRUE(session().key_answer(granted(kSealedTwo)).has_value());
  const auto step = session().prepare(request_);
  EXPECT_EQ(step.action, Action::kSend);
  EXPECT_EQ(step.key, 2U);
  EXPECT_EQ(header(request_.headers, kSharingSign), expected("session-secret-2", "s_business"));
}

TEST_F(SharingSession, AShortKeyIsNotRenewedAllTheTime) {
  ASSERT_EQ(session().prepare(request_).action, Action::kFetch);
  ASSERT_TRUE(session().key_answer(granted(kSealedOne, 10'000)).has_value());
  clock_.advance(4'999);
  EXPECT_EQ(session().prepare(request_).action, Action::kSend);
  clock_.advance(1);
  EXPECT_EQ(session().prepare(request_).action, Action::kSendAndFetch);
}

TEST_F(SharingSession, WaitsWhenTheKeyEndsWhileTheNextIsFetched) {
  open();
  clock_.advance(550'000);
  EXPECT_EQ(session().prepare(request_).action, Action::kSendAndFetch);
  clock_.advance(50'000);
  EXPECT_EQ(session().prepare(request_).action, Action::kWait);
  session().key_failed();
  EXPECT_EQ(session().prepare(request_).action, Action::kFetch);
}

TEST_F(SharingSession, AFailedRenewalPausesWhileTheOldKeyHolds) {
  open();
  clock_.advance(550'000);
  EXPECT_EQ(session().prepare(request_).action, Action::kSendAndFetch);
  session().key_failed();
  EXPECT_EQ(session().prepare(request_).action, Action::kSend);
  clock_.advance(5'000);
  EXPECT_EQ(session().prepare(request_).action, Action::kSendAndFetch);
  EXPECT_TRUE(session().key_answer(body("{}", 503)).has_error());
  EXPECT_EQ(session().prepare(request_).action, Action::kSend);
}

TEST_F(SharingSession, ManyAnswersAboutOneKeyAreOneRenewal) {
  open();
  session().rejected(1);
  EXPECT_EQ(session().prepare(request_).action, Action::kFetch);
  session().rejected(1);
  EXPECT_EQ(session().prepare(request_).action, Action::kWait);
  ASSERT_TRUE(session().key_answer(granted(kSealedTwo)).has_value());
  session().rejected(1);  // of a call that was signed with the old key
  const auto step = session().prepare(request_);
  EXPECT_EQ(step.action, Action::kSend);
  EXPECT_EQ(step.key, 2U);
}

struct BadAnswer {
  std::string_view what;
  int status;
  std::string body;
  const ErrorCode* code;
};

TEST_F(SharingSession, EveryBadAnswerHasItsCodeAndTheNextCallAsksAgain) {
  const std::string sealed(kSealedOne);
  const std::vector<BadAnswer> answers = {
      {"status 500", 500, "", &codes::kSessionKeyUnavailable},
      {"status 429", 429, "{}", &codes::kSessionKeyUnavailable},
      {"redirect", 302, "", &codes::kSessionKeyUnavailable},
      {"html", 200, "<html>", &codes::kSessionKeyUnreadable},
      {"no code", 200, "{}", &codes::kSessionKeyUnreadable},
      {"code is a list", 200, R"({"code":[0]})", &codes::kSessionKeyUnreadable},
      {"-1", 200, R"({"code":"-1"})", &codes::kSessionKeyUnavailable},
      {"E-106", 200, R"({"code":"E-106"})", &codes::kSessionKeyForbidden},
      {"no data", 200, R"({"code":"0"})", &codes::kSessionKeyUnreadable},
      {"no end", 200, R"({"code":"0","data":{"secret":")" + sealed + "\"}}", &codes::kSessionKeyUnreadable},
      {"end no number", 200, R"({"code":"0","data":{"secretEndTime":"soon","secret":")" + sealed + "\"}}",
       &codes::kSessionKeyUnreadable},
      {"no secret", 200, R"({"code":"0","data":{"secretEndTime":1800000000000}})", &codes::kSessionKeyUnreadable},
      {"secret not base64", 200, R"({"code":"0","data":{"secretEndTime":1800000000000,"secret":"?"}})",
       &codes::kSessionKeyUnreadable},
      {"secret under another key", 200,
       R"({"code":"0","data":{"secretEndTime":1800000000000,"secret":"AAAAAAAAAAAAAAAAAAAAAA=="}})",
       &codes::kSessionKeyUnreadable},
      {"ended", 200, R"({"code":"0","data":{"secretEndTime":1776700799999,"secret":")" + sealed + "\"}}",
       &codes::kSessionKeyClock},
  };
  for (const BadAnswer& answer : answers) {
    ASSERT_EQ(session().prepare(request_).action, Action::kFetch) << answer.what;
    const Status taken = session().key_answer(body(answer.body, answer.status));
    ASSERT_TRUE(taken.has_error()) << answer.what;
    EXPECT_EQ(taken.error().code, answer.code) << answer.what;
  }
  ASSERT_EQ(session().prepare(request_).action, Action::kFetch);
  EXPECT_TRUE(session().key_answer(granted(kSealedOne)).has_value());
}

TEST_F(SharingSession, AClockErrorNamesBothClocks) {
  ASSERT_EQ(session().prepare(request_).action, Action::kFetch);
  const Status taken = session().key_answer(granted(kSealedOne, -1));
  ASSERT_TRUE(taken.has_error());
  EXPECT_EQ(taken.error().param,
            "gateway 2026-04-21T00:00:00.000+08:00, partner 2026-04-20T23:50:00.000+08:00, key until "
            "2026-04-20T23:59:59.999+08:00");
}

TEST_F(SharingSession, ARefusalWhileTheClocksDifferIsAClockError) {
  ASSERT_EQ(session().prepare(request_).action, Action::kFetch);
  HttpResponse answer = body(R"({"code":"E-103"})");
  answer.headers = {{"Date", "Mon, 20 Apr 2026 15:58:59 GMT"}};
  Status taken = session().key_answer(answer);
  ASSERT_TRUE(taken.has_error());
  EXPECT_EQ(taken.error().code, &codes::kSessionKeyClock);
  EXPECT_EQ(taken.error().param, "gateway 2026-04-21T00:00:00.000+08:00, partner 2026-04-20T23:58:59.000+08:00");
  ASSERT_EQ(session().prepare(request_).action, Action::kFetch);
  answer.headers = {{"Date", "Mon, 20 Apr 2026 16:00:59 GMT"}};
  taken = session().key_answer(answer);
  EXPECT_EQ(taken.error().code, &codes::kSessionKeyUnavailable);
}

TEST(SharingSessionSetup, TheAppKeyIsAnAesKey) {
  const JsonCodec json;
  const test::ManualClock clock;
  SharingSessionOptions bad = options();
  bad.app_key = "demo-secret";
  const auto made = make_sharing_session(std::move(bad), json, clock);
  ASSERT_TRUE(made.has_error());
  EXPECT_EQ(made.error().code, &codes::kIdentitySetup);
}

}  // namespace
}  // namespace tongqu
