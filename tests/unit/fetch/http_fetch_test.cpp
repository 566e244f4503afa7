#include "connectors/fetch/http_fetch.hpp"

#include <gtest/gtest.h>

#include "gateway/net/net_codes.hpp"

namespace tongqu::fetch {
namespace {

constexpr Instant kNow{1'800'000'000'000};

std::string shown(const HeadVerdict& verdict) {
  if (verdict.once_more) return "again";
  if (!verdict.content) {
    const FetchFailure& f = verdict.failure;
    return std::string(f.code->id) + (f.final ? " final" : "") +
           (f.retry_after_ms > 0 ? " " + std::to_string(f.retry_after_ms) : "");
  }
  return std::to_string(verdict.content->offset_bytes) + "/" + std::to_string(verdict.content->size_bytes) + " " +
         verdict.content->validator;
}

struct Case {
  const char* what;
  int status;
  Headers headers;
  std::optional<std::uint64_t> length;
  std::string expected;
};

void check(const FetchFrom& from, const std::vector<Case>& cases) {
  for (const Case& one : cases)
    EXPECT_EQ(shown(judge_head(from, {one.status, one.headers, {}}, one.length, kNow)), one.expected) << one.what;
}

TEST(HttpFetch, TakesAWholeContentOfAKnownSize) {
  check({}, {
                {"etag", 200, {{"ETag", "\"a\""}}, 5, "0/5 \"a\""},
                {"weak etag", 200, {{"ETag", "W/\"a\""}}, 5, "0/5 "},
                {"broken etag", 200, {{"ETag", "\""}}, 5, "0/5 "},
                {"changed long before",
                 200,
                 {{"Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"}, {"Date", "Sun, 06 Nov 1994 08:49:38 GMT"}},
                 5,
                 "0/5 Sun, 06 Nov 1994 08:49:37 GMT"},
                {"changed just now",
                 200,
                 {{"Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"}, {"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}},
                 5,
                 "0/5 "},
                {"changed, no date", 200, {{"Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"}}, 5, "0/5 "},
                {"no size", 200, {}, std::nullopt, "fetch.no-size final"},
                {"empty", 200, {}, 0, "fetch.empty final"},
                {"packed", 200, {{"Content-Encoding", "gzip"}}, 5, "fetch.encoding final"},
                {"identity", 200, {{"Content-Encoding", "identity"}}, 5, "0/5 "},
                {"a part nobody asked for", 206, {{"Content-Range", "bytes 0-4/5"}}, 5, "fetch.answer"},
                {"a range nobody asked for", 416, {}, 0, "fetch.status final"},
            });
}

TEST(HttpFetch, TellsWhatIsFinalFromWhatMayPass) {
  check({}, {
                {"moved", 301, {{"Location", "http://127.0.0.1/"}}, 0, "fetch.redirect final"},
                {"found", 302, {}, 0, "fetch.redirect final"},
                {"same method", 308, {}, 0, "fetch.redirect final"},
                {"missing", 404, {}, 9, "fetch.missing final"},
                {"gone", 410, {}, 9, "fetch.missing final"},
                {"who are you", 401, {}, 0, "fetch.denied"},
                {"not for you", 403, {}, 0, "fetch.denied"},
                {"too many", 429, {{"Retry-After", "7"}}, 0, "fetch.later 7000"},
                {"a long time", 503, {{"Retry-After", "99999999"}}, 0, "fetch.later 3600000"},
                {"a date", 503, {{"Retry-After", "Fri, 15 Jan 2027 08:00:10 GMT"}}, 0, "fetch.later 10000"},
                {"a date in the past", 503, {{"Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT"}}, 0, "fetch.later"},
                {"nonsense", 503, {{"Retry-After", "-5"}}, 0, "fetch.later"},
                {"broken", 500, {}, 0, "fetch.later"},
                {"bad request", 400, {}, 0, "fetch.status final"},
                {"no content", 204, {}, 0, "fetch.status final"},
                {"another content", 203, {}, 5, "fetch.status final"},
            });
}

TEST(HttpFetch, GoesOnOnlyWithTheSameContent) {
  const FetchFrom from{3, 10, "\"a\""};
  check(from, {
                  {"the rest", 206, {{"Content-Range", "bytes 3-9/10"}, {"ETag", "\"a\""}}, 7, "3/10 \"a\""},
                  {"chunked rest", 206, {{"Content-Range", "bytes 3-9/10"}}, std::nullopt, "3/10 \"a\""},
                  {"another beginning", 206, {{"Content-Range", "bytes 2-9/10"}}, 8, "again"},
                  {"not to its end", 206, {{"Content-Range", "bytes 3-8/10"}}, 6, "again"},
                  {"another size", 206, {{"Content-Range", "bytes 3-10/11"}}, 8, "again"},
                  {"size unknown", 206, {{"Content-Range", "bytes 3-9/*"}}, 7, "again"},
                  {"length contradicts", 206, {{"Content-Range", "bytes 3-9/10"}}, 8, "again"},
                  {"another tag", 206, {{"Content-Range", "bytes 3-9/10"}, {"ETag", "\"b\""}}, 7, "again"},
                  {"no range told", 206, {{"Content-Type", "multipart/byteranges"}}, 7, "again"},
                  {"words", 206, {{"Content-Range", "bytes three-9/10"}}, 7, "again"},
                  {"overflow", 206, {{"Content-Range", "bytes 3-99999999999999999999/10"}}, 7, "again"},
                  {"changed", 200, {{"ETag", "\"b\""}}, 12, "0/12 \"b\""},
                  {"out of range", 416, {}, 0, "again"},
              });
  EXPECT_FALSE(asks_range({3, 10, ""})) << "nothing proves that it is the same";
  EXPECT_FALSE(asks_range({0, 10, "\"a\""}));
  const Headers headers = fetch_headers(from);
  EXPECT_EQ(header(headers, "Range"), "bytes=3-");
  EXPECT_EQ(header(headers, "If-Range"), "\"a\"");
  EXPECT_EQ(header(fetch_headers({}), "Range"), "");
}

TEST(HttpFetch, TakesAForbiddenMachineForFinalAndABrokenLineForTemporary) {
  EXPECT_TRUE(judge_failure({net::NetPhase::kConnect, &codes::kNetAddressForbidden}).final);
  for (const ErrorCode* code : {&codes::kNetResolve, &codes::kNetConnect, &codes::kNetConnectionCut,
                                &codes::kNetRequestTimeout, &codes::kNetStatusLine, &codes::kNetTlsRefused})
    EXPECT_FALSE(judge_failure({net::NetPhase::kAnswer, code}).final) << code->id;
}

}  // namespace
}  // namespace tongqu::fetch
