#include "connectors/http/answer.hpp"

#include <gtest/gtest.h>

#include "connectors/http/http_codes.hpp"
#include "tests/support/manual_clock.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu {
namespace {

AnswerEnvelope envelope() {
  AnswerEnvelope made;
  made.success_path = "success";
  made.success_value = "true";
  made.code_path = "code";
  made.retry_codes = {"-1", "busy"};
  made.refused_codes = {"E-400"};
  made.received_codes = {"E-200"};
  made.not_found_codes = {"E-404"};
  made.forbidden_codes = {"E-106"};
  made.key_invalid_codes = {"E-102"};
  made.clock_codes = {"E-103"};
  return made;
}

net::HttpResponseIn answer(int status, std::string body, Headers headers = {}) {
  return {status, std::move(headers), std::move(body)};
}

struct Case {
  std::string_view what;
  net::HttpResponseIn answer;
  AnswerKind kind;
  DeliveryVerdict verdict;
};

const Headers kTheirTime{{"Date", "Mon, 20 Apr 2026 15:50:00 GMT"}};  // ten minutes behind the test's clock
const Headers kOurTime{{"Date", "Mon, 20 Apr 2026 16:00:01 GMT"}};

TEST(AnswerReader, ReadsCodesFirstThenTheEnvelopeThenTheStatus) {
  const JsonCodec json;
  const test::ManualClock clock;
  const AnswerReader reader(envelope(), json, clock);
  using enum AnswerKind;
  using V = DeliveryVerdict;
  const std::vector<Case> cases = {
      {"success", answer(200, R"({"success":true,"code":"200","resultData":{}})"), kDone, V::kDelivered},
      {"failure behind 200", answer(200, R"({"success":false,"code":"500"})"), kRefused, V::kRefused},
      {"failure without code", answer(200, R"({"success":false})"), kRefused, V::kRefused},
      {"already", answer(200, R"({"success":false,"code":"E-200"})"), kAlready, V::kDelivered},
      {"later", answer(200, R"({"success":false,"code":"-1"})"), kLater, V::kRetry},
      {"later as a number", answer(200, R"({"success":false,"code":-1})"), kLater, V::kRetry},
      {"refused", answer(200, R"({"success":false,"code":"E-400"})"), kRefused, V::kRefused},
      {"not found", answer(200, R"({"success":false,"code":"E-404"})"), kNotFound, V::kRefused},
      {"no right", answer(200, R"({"success":false,"code":"E-106"})"), kForbidden, V::kRefused},
      {"key", answer(200, R"({"success":false,"code":"E-102"})", kOurTime), kKeyInvalid, V::kRetry},
      {"key, no date", answer(200, R"({"success":false,"code":"E-102"})"), kKeyInvalid, V::kRetry},
      {"key, but it is the clock", answer(200, R"({"success":false,"code":"E-102"})", kTheirTime), kClock, V::kRetry},
      {"clock", answer(200, R"({"success":false,"code":"E-103"})"), kClock, V::kRetry},
      {"a code with another status", answer(500, R"({"code":"E-106"})"), kForbidden, V::kRefused},
      {"a code of a list beside success", answer(200, R"({"success":true,"code":"busy"})"), kLater, V::kRetry},
      {"error page with 200", answer(200, "<html>"), kUnreadable, V::kNoAnswer},
      {"nothing with 200", answer(200, ""), kUnreadable, V::kNoAnswer},
      {"other JSON", answer(200, "[1]"), kUnreadable, V::kNoAnswer},
      {"success is an object", answer(200, R"({"success":{}})"), kUnreadable, V::kNoAnswer},
      {"400", answer(400, ""), kRefused, V::kRefused},
      {"401", answer(401, ""), kRefused, V::kRefused},
      {"404", answer(404, "<html>"), kNotFound, V::kRefused},
      {"410", answer(410, ""), kNotFound, V::kRefused},
      {"422", answer(422, "{}"), kRefused, V::kRefused},
      {"429", answer(429, ""), kLater, V::kRetry},
      {"503", answer(503, ""), kLater, V::kRetry},
      {"302", answer(302, ""), kRedirect, V::kRetry},
  };
  for (const Case& c : cases) {
    const Answer read = reader.read(c.answer);
    EXPECT_EQ(read.kind, c.kind) << c.what;
    EXPECT_EQ(verdict_of(read.kind), c.verdict) << c.what;
    EXPECT_EQ(read.code == nullptr, c.verdict == V::kDelivered) << c.what;
  }
}

TEST(AnswerReader, WithoutAnEnvelopeTheStatusDecides) {
  const JsonCodec json;
  const test::ManualClock clock;
  const AnswerReader reader({}, json, clock);
  EXPECT_EQ(reader.read(answer(204, "")).kind, AnswerKind::kDone);
  EXPECT_EQ(reader.read(answer(200, R"({"success":false})")).kind, AnswerKind::kDone);
}

TEST(AnswerReader, RespectsRetryAfterWithinAnHour) {
  const JsonCodec json;
  const test::ManualClock clock;
  const AnswerReader reader(envelope(), json, clock);
  const auto wait = [&reader](std::string text) {
    return reader.read(answer(503, "", {{"Retry-After", std::move(text)}})).retry_after_ms;
  };
  EXPECT_EQ(wait("7"), 7'000);
  EXPECT_EQ(wait("86400"), 3'600'000);
  EXPECT_EQ(wait("9223372036854775807"), 3'600'000);
  EXPECT_EQ(wait("-7"), 0);
  EXPECT_EQ(wait("Mon, 20 Apr 2026 16:00:01 GMT"), 0);
}

TEST(AnswerReader, AClockErrorNamesBothClocks) {
  const JsonCodec json;
  const test::ManualClock clock;
  const AnswerReader reader(envelope(), json, clock);
  EXPECT_EQ(reader.read(answer(200, R"({"success":false,"code":"E-103"})", kTheirTime)).detail,
            "gateway 2026-04-21T00:00:00.000+08:00, partner 2026-04-20T23:50:00.000+08:00");
  EXPECT_EQ(reader.read(answer(200, R"({"success":false,"code":"E-103"})", {{"Date", "yesterday"}})).detail,
            "gateway 2026-04-21T00:00:00.000+08:00, partner ?");
}

struct Redirect {
  int status;
  std::string_view method;
  std::string location;
  std::string_view target;  // empty = not followed
};

TEST(Redirects, StayOnTheHostOverHttpsAndKeepTheMethod) {
  const net::Origin origin{"partner.example.cn", 8443, true};
  for (const Redirect& c : {
           Redirect{307, "POST", "/v2/messages?x=1", "/v2/messages?x=1"},
           Redirect{308, "POST", "https://PARTNER.example.cn:8443/v2", "/v2"},
           Redirect{302, "GET", "/list", "/list"},
           Redirect{303, "GET", "/list", "/list"},
           Redirect{302, "POST", "/v2", ""},
           Redirect{303, "POST", "/v2", ""},
           Redirect{304, "GET", "/v2", ""},
           Redirect{307, "POST", "http://partner.example.cn:8443/v2", ""},
           Redirect{307, "POST", "https://partner.example.cn/v2", ""},
           Redirect{307, "POST", "https://other.example.cn:8443/v2", ""},
           Redirect{307, "POST", "//other.example.cn:8443/v2", ""},
           Redirect{307, "POST", "v2", ""},
           Redirect{307, "POST", "", ""},
       }) {
    const auto target = redirect_target(origin, c.method, answer(c.status, "", {{"Location", c.location}}));
    EXPECT_EQ(target.value_or(""), c.target) << c.status << " " << c.method << " " << c.location;
  }
  const Headers two{{"Location", "/a"}, {"Location", "/b"}};
  EXPECT_FALSE(redirect_target(origin, "POST", answer(307, "", two)));
  const net::Origin plain{"partner.example.cn", 8080, false};
  EXPECT_FALSE(redirect_target(plain, "POST", answer(307, "", {{"Location", "/v2"}})));
}

}  // namespace
}  // namespace tongqu
