// One call with the two-step key, every step made to fail; the transport is a list that the test answers.
#include "connectors/http/http_caller.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "connectors/http/http_codes.hpp"
#include "gateway/net/net_codes.hpp"
#include "security/identity/identity_codes.hpp"
#include "security/identity/sharing_scheme.hpp"
#include "security/identity/sharing_session.hpp"
#include "security/identity/static_key_scheme.hpp"
#include "tests/support/manual_clock.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kSealed[] = {"MWm/uNxo1m148i6SfiPAyDdyIuBhqSTFkc2cJ+oWPtQ=",
                                        "rXqoYbmJQsqXn+VL4FOVLDdyIuBhqSTFkc2cJ+oWPtQ="};
constexpr std::string_view kGood = R"({"code":"0"})";
constexpr std::string_view kKeyInvalid = R"({"code":"E-102"})";
const net::Origin kPartner{"partner.example.cn", 443, true};
const net::Origin kKeys{"keys.example.cn", 443, true};

struct Sent {
  net::HttpRequestOut request;
  std::int64_t timeout_ms;
  net::HttpClient::Done done;
};

class Caller : public testing::Test {
 protected:
  void make(int redirects = 0, bool session = true) {
    AnswerEnvelope envelope;
    envelope.success_path = "code";
    envelope.success_value = "0";
    envelope.key_invalid_codes = {"E-102"};
    CallCredentials credentials;
    if (session) {
      SharingSessionOptions options;
      options.rid = "rid-1";
      options.sid = "s_business";
      options.key_sid = "s_key";
      options.app_key = "0123456789abcdef";
      options.forbidden_codes = {"E-106"};
      credentials.session = make_sharing_session(std::move(options), json_, clock_).value();
      credentials.key_service = {kKeys, "/key"};
    } else {
      StaticKeyOptions options;
      options.place = StaticKeyPlace::kBearer;
      options.key = "token-0123456789";
      credentials.signer = make_static_key_signer(std::move(options)).value();
    }
    caller_ = std::make_unique<HttpCaller>(
        CallOptions{kPartner, redirects}, std::move(credentials), AnswerReader(envelope, json_, clock_), clock_,
        [this](net::HttpRequestOut request, std::int64_t timeout_ms, net::HttpClient::Done done) {
          sent_.push_back({std::move(request), timeout_ms, std::move(done)});
        });
  }
  void call(std::int64_t timeout_ms = 10'000) {
    HttpRequest request;
    request.method = "POST";
    request.target = "/business";
    request.body = "{}";
    caller_->call(std::move(request), true, timeout_ms,
                  [this](CallOutcome outcome) { outcomes_.push_back(std::move(outcome)); });
  }
  // Takes the oldest request out of the transport; it goes to `origin`.
  Sent next(const net::Origin& origin) {
    EXPECT_FALSE(sent_.empty());
    if (sent_.empty()) return {};
    Sent sent = std::move(sent_.front());
    sent_.pop_front();
    EXPECT_EQ(sent.request.origin.host, origin.host);
    return sent;
  }
  static void answer(const Sent& sent, std::string_view body, int status = 200, Headers headers = {}) {
    sent.done(net::HttpResponseIn{status, std::move(headers), std::string(body)});
  }
  void grant(int which = 0, std::int64_t lasts_ms = 600'000) {
    answer(next(kKeys), R"({"code":"0","data":{"secret":")" + std::string(kSealed[which]) + R"(","secretEndTime":)" +
                            std::to_string(clock_.now().ms + lasts_ms) + "}}");
  }

  JsonCodec json_;
  test::ManualClock clock_;
  std::unique_ptr<HttpCaller> caller_;
  std::deque<Sent> sent_;
  std::vector<CallOutcome> outcomes_;
};

TEST_F(Caller, FetchesTheKeyThenCalls) {
  make();
  call();
  ASSERT_EQ(sent_.size(), 1U);
  grant();
  const Sent business = next(kPartner);
  EXPECT_EQ(business.request.target, "/business");
  EXPECT_TRUE(business.request.idempotent);
  EXPECT_EQ(header(business.request.headers, kSharingSid), "s_business");
  answer(business, kGood);
  ASSERT_EQ(outcomes_.size(), 1U);
  EXPECT_EQ(outcomes_[0]->body, kGood);
}

TEST_F(Caller, FiftyCallsAtOnceFetchOneKey) {
  make();
  for (int i = 0; i < 50; ++i) call();
  ASSERT_EQ(sent_.size(), 1U);
  grant();
  ASSERT_EQ(sent_.size(), 50U);
  while (!sent_.empty()) answer(next(kPartner), kGood);
  EXPECT_EQ(outcomes_.size(), 50U);
}

struct Failure {
  std::string_view what;
  std::function<void(const Sent&)> fail;
  const ErrorCode* code;
  bool refused;
};

TEST_F(Caller, AFailedFetchFailsWhoWaitsAndNobodyElse) {
  make();
  const std::vector<Failure> failures = {
      {"not connected", [](const Sent& s) { s.done(net::NetError{net::NetPhase::kConnect, &codes::kNetConnect}); },
       &codes::kNetConnect, false},
      {"no answer", [](const Sent& s) { s.done(net::NetError{net::NetPhase::kAnswer, &codes::kNetRequestTimeout}); },
       &codes::kNetRequestTimeout, false},
      {"500", [](const Sent& s) { answer(s, "", 500); }, &codes::kSessionKeyUnavailable, false},
      {"garbage", [](const Sent& s) { answer(s, "<html>"); }, &codes::kSessionKeyUnreadable, false},
      {"no right", [](const Sent& s) { answer(s, R"({"code":"E-106"})"); }, &codes::kSessionKeyForbidden, true},
  };
  for (const Failure& failure : failures) {
    outcomes_.clear();
    call();
    call();
    ASSERT_EQ(sent_.size(), 1U) << failure.what;
    failure.fail(next(kKeys));
    ASSERT_EQ(outcomes_.size(), 2U) << failure.what;
    for (const CallOutcome& outcome : outcomes_) {
      ASSERT_TRUE(outcome.has_error()) << failure.what;
      // Whatever became of the fetch: the business request certainly did not leave.
      EXPECT_EQ(outcome.error().phase, net::NetPhase::kConnect) << failure.what;
      EXPECT_EQ(outcome.error().code, failure.code) << failure.what;
      EXPECT_EQ(outcome.error().refused, failure.refused) << failure.what;
    }
  }
  call();
  grant();
  answer(next(kPartner), kGood);
  EXPECT_TRUE(outcomes_.back().has_value());
}

TEST_F(Caller, AnInvalidKeyIsRenewedOnceAndTheCallRepeatedOnce) {
  make();
  call();
  grant(0);
  answer(next(kPartner), kKeyInvalid);
  ASSERT_EQ(sent_.size(), 1U);
  grant(1);
  answer(next(kPartner), kKeyInvalid);  // nothing helps: the answer itself
  EXPECT_TRUE(sent_.empty());
  ASSERT_EQ(outcomes_.size(), 1U);
  EXPECT_EQ(outcomes_[0]->body, kKeyInvalid);
  EXPECT_EQ(caller_->reader().read(*outcomes_[0]).code, &codes::kAnswerKeyInvalid);
}

TEST_F(Caller, ManyAnswersAboutOneKeyRenewItOnce) {
  make();
  call();
  grant(0);
  answer(next(kPartner), kGood);
  for (int i = 0; i < 20; ++i) call();
  std::deque<Sent> calls;
  calls.swap(sent_);
  for (const Sent& sent : calls) answer(sent, kKeyInvalid);
  ASSERT_EQ(sent_.size(), 1U);
  grant(1);
  ASSERT_EQ(sent_.size(), 20U);
  while (!sent_.empty()) answer(next(kPartner), kGood);
  EXPECT_EQ(outcomes_.size(), 21U);
  for (const CallOutcome& outcome : outcomes_) EXPECT_EQ(outcome->body, kGood);
}

TEST_F(Caller, RenewsBesideTheCallWhileTheOldKeyHolds) {
  make();
  call();
  grant(0);
  answer(next(kPartner), kGood);
  clock_.advance(545'000);
  call();
  call();
  ASSERT_EQ(sent_.size(), 3U);  // one fetch, two calls
  const Sent fetch = next(kKeys);
  answer(next(kPartner), kGood);
  answer(next(kPartner), kGood);
  EXPECT_EQ(outcomes_.size(), 3U);
  answer(fetch, "", 503);  // harms nobody
  call();
  ASSERT_EQ(sent_.size(), 1U);
  answer(next(kPartner), kGood);
  EXPECT_EQ(outcomes_.size(), 4U);
}

TEST_F(Caller, TheTimeOfTheFetchCounts) {
  make();
  call(1'000);
  Sent fetch = next(kKeys);
  EXPECT_EQ(fetch.timeout_ms, 1'000);
  clock_.advance(400);
  sent_.push_back(std::move(fetch));
  grant();
  EXPECT_EQ(sent_.front().timeout_ms, 600);
  answer(next(kPartner), kKeyInvalid);
  clock_.advance(600);
  grant(1);
  EXPECT_TRUE(sent_.empty());
  ASSERT_EQ(outcomes_.size(), 1U);
  EXPECT_EQ(outcomes_[0].error().code, &codes::kNetRequestTimeout);
  EXPECT_EQ(outcomes_[0].error().phase, net::NetPhase::kConnect);
}

TEST_F(Caller, AFailureOfTheBusinessCallKeepsItsPhase) {
  make(0, false);
  for (const auto phase : {net::NetPhase::kConnect, net::NetPhase::kSend, net::NetPhase::kAnswer}) {
    call();
    next(kPartner).done(net::NetError{phase, &codes::kNetConnectionCut});
    EXPECT_EQ(outcomes_.back().error().phase, phase);
  }
}

TEST_F(Caller, FollowsAsManyRedirectsAsAllowedAndSignsAnew) {
  make(2);
  call();
  grant();
  const Sent first = next(kPartner);
  const std::string signature(header(first.request.headers, kSharingSign));
  answer(first, "", 307, {{"Location", "/second"}});
  const Sent second = next(kPartner);
  EXPECT_EQ(second.request.target, "/second");
  EXPECT_EQ(second.request.body, "{}");
  EXPECT_EQ(header_count(second.request.headers, kSharingSign), 1U);
  EXPECT_NE(header(second.request.headers, kSharingSign), signature);
  answer(second, "", 308, {{"Location", "https://partner.example.cn/third"}});
  answer(next(kPartner), "", 307, {{"Location", "/fourth"}});
  EXPECT_TRUE(sent_.empty());
  ASSERT_EQ(outcomes_.size(), 1U);
  EXPECT_EQ(outcomes_[0]->status, 307);
}

TEST_F(Caller, FollowsNoneUnlessAllowedAndNeverElsewhere) {
  make(0, false);
  call();
  answer(next(kPartner), "", 307, {{"Location", "/second"}});
  EXPECT_EQ(outcomes_.back()->status, 307);
  make(5, false);
  call();
  answer(next(kPartner), "", 307, {{"Location", "https://other.example.cn/second"}});
  EXPECT_TRUE(sent_.empty());
  EXPECT_EQ(outcomes_.back()->status, 307);
}

TEST_F(Caller, SendsABearerToken) {
  make(0, false);
  call();
  EXPECT_EQ(header(next(kPartner).request.headers, "Authorization"), "Bearer token-0123456789");
}

}  // namespace
}  // namespace tongqu
