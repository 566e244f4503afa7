#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/net/answer_writer.hpp"
#include "gateway/net/chunk_decoder.hpp"
#include "gateway/net/net_codes.hpp"
#include "gateway/net/response_head_check.hpp"

namespace tongqu::net {
namespace {

std::string id_of(const ErrorCode* code) { return code == nullptr ? "fine" : std::string(code->id); }

struct ChunkCase {
  const char* what;
  std::string bytes;
  std::string body;  // expected when `refusal` is nullptr and `done`
  const ErrorCode* refusal;
  bool done;
  std::size_t left;  // bytes behind the body
};

std::vector<ChunkCase> chunk_cases() {
  return {
      {"empty", "0\r\n\r\n", "", nullptr, true, 0},
      {"two chunks", "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", "hello!", nullptr, true, 0},
      {"hexadecimal in both cases", "a\r\n0123456789\r\nB\r\n0123456789a\r\n0\r\n\r\n", "01234567890123456789a",
       nullptr, true, 0},
      {"next request stays", "1\r\nx\r\n0\r\n\r\nGET", "x", nullptr, true, 3},
      {"crlf in the data", "4\r\n\r\n\r\n\r\n0\r\n\r\n", "\r\n\r\n", nullptr, true, 0},
      {"extensions", "1;a;b=c;d=\"e \\\"f\"\r\nx\r\n0;z\r\n\r\n", "x", nullptr, true, 0},
      {"trailers", "0\r\nX-A: b\r\nX-C:\r\n\r\n", "", nullptr, true, 0},
      {"leading zeros", "0001\r\nx\r\n000\r\n\r\n", "x", nullptr, true, 0},
      {"not complete", "5\r\nhel", "hel", nullptr, false, 0},
      {"no size", "\r\n", "", &codes::kNetChunk, false, 0},
      {"sign", "+1\r\nx\r\n", "", &codes::kNetChunk, false, 0},
      {"prefix", "0x1\r\nx\r\n", "", &codes::kNetChunk, false, 0},
      {"space behind the size", "1 \r\nx\r\n", "", &codes::kNetChunk, false, 0},
      {"space before the size", " 1\r\nx\r\n", "", &codes::kNetChunk, false, 0},
      {"line feed only", "1\nx\r\n", "", &codes::kNetChunk, false, 0},
      {"carriage return only", "1\rx", "", &codes::kNetChunk, false, 0},
      {"too many digits", "0000000000000001\r\n", "", &codes::kNetChunk, false, 0},
      {"overflow", "fffffffffffffff\r\n", "", &codes::kNetBodyTooLarge, false, 0},
      {"data too long", "1\r\nxy\r\n", "", &codes::kNetChunk, false, 0},
      {"data ends in line feed", "1\r\nx\n0\r\n\r\n", "", &codes::kNetChunk, false, 0},
      {"body too large", "40\r\n" + std::string(64, 'x') + "\r\n1\r\n", "", &codes::kNetBodyTooLarge, false, 0},
      {"extension without name", "1;\r\nx\r\n", "", &codes::kNetChunk, false, 0},
      {"extension without value", "1;a=\r\nx\r\n", "", &codes::kNetChunk, false, 0},
      {"extension with line feed", "1;a\nx\r\n", "", &codes::kNetChunk, false, 0},
      {"extension with line feed in quotes", "1;a=\"\n\"\r\nx\r\n", "", &codes::kNetChunk, false, 0},
      {"text behind a quoted value", "1;a=\"b\"c\r\nx\r\n", "", &codes::kNetChunk, false, 0},
      {"long extension", "1;" + std::string(40, 'a') + "\r\nx\r\n", "", &codes::kNetChunk, false, 0},
      {"trailer that frames", "0\r\nContent-Length: 1\r\n\r\n", "", &codes::kNetTrailer, false, 0},
      {"trailer that looks like it", "0\r\nTransfer_Encoding: x\r\n\r\n", "", &codes::kNetTrailer, false, 0},
      {"trailer that routes", "0\r\nhost: x\r\n\r\n", "", &codes::kNetTrailer, false, 0},
      {"folded trailer", "0\r\nA: b\r\n c\r\n\r\n", "", &codes::kNetTrailer, false, 0},
      {"trailer with line feed", "0\r\nA: b\nC: d\r\n\r\n", "", &codes::kNetTrailer, false, 0},
      {"long trailers", "0\r\nA: " + std::string(100, 'b') + "\r\n\r\n", "", &codes::kNetTrailer, false, 0},
      {"carriage return instead of the end", "0\r\n\rx", "", &codes::kNetTrailer, false, 0},
  };
}

constexpr ChunkLimits kChunkLimits{.max_body_bytes = 64, .max_extension_bytes = 32, .max_trailer_bytes = 64};

TEST(ChunkDecoder, DecodesOrRefusesByRule) {
  for (const ChunkCase& one : chunk_cases()) {
    ChunkDecoder decoder(kChunkLimits);
    std::string body;
    const auto step = decoder.feed(one.bytes, body);
    EXPECT_EQ(id_of(step.refusal), id_of(one.refusal)) << one.what;
    EXPECT_EQ(step.done, one.done) << one.what;
    if (one.refusal != nullptr) continue;
    EXPECT_EQ(body, one.body) << one.what;
    EXPECT_EQ(one.bytes.size() - step.consumed, one.left) << one.what;
  }
}

TEST(ChunkDecoder, GivesTheSameAnswerByteByByte) {
  for (const ChunkCase& one : chunk_cases()) {
    ChunkDecoder decoder(kChunkLimits);
    std::string body;
    ChunkDecoder::Step step;
    std::size_t consumed = 0;
    for (const char& byte : one.bytes) {
      step = decoder.feed({&byte, 1}, body);
      consumed += step.consumed;
      if (step.done || step.refusal != nullptr) break;
    }
    EXPECT_EQ(id_of(step.refusal), id_of(one.refusal)) << one.what;
    EXPECT_EQ(step.done, one.done) << one.what;
    if (one.refusal == nullptr) EXPECT_EQ(one.bytes.size() - consumed, one.left) << one.what;
  }
}

struct ResponseCase {
  const char* what;
  const char* method;
  std::string head;
  const ErrorCode* refusal;
  Framing framing;
  bool keep_alive;
};

TEST(ResponseHeadCheck, ReadsFramingAndKeepAlive) {
  const std::vector<ResponseCase> cases = {
      {"length", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", nullptr, Framing::kLength, true},
      {"length zero", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", nullptr, Framing::kNone, true},
      {"chunked", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", nullptr, Framing::kChunked, true},
      {"until close", "GET", "HTTP/1.1 200 OK\r\n\r\n", nullptr, Framing::kUntilClose, false},
      {"head", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", nullptr, Framing::kNone, true},
      {"not modified", "GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", nullptr, Framing::kNone, true},
      {"no content", "GET", "HTTP/1.1 204 No Content\r\n\r\n", nullptr, Framing::kNone, true},
      {"close", "GET", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\n", nullptr, Framing::kLength,
       false},
      {"one zero", "GET", "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n", nullptr, Framing::kLength, false},
      {"one zero kept", "GET", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\n", nullptr,
       Framing::kLength, true},
      {"reason in Chinese", "GET", "HTTP/1.1 404 没有\r\nContent-Length: 0\r\n\r\n", nullptr, Framing::kNone, true},
      {"empty reason", "GET", "HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n", nullptr, Framing::kNone, true},
      {"status of four digits", "GET", "HTTP/1.1 2000\r\n\r\n", &codes::kNetStatusLine, {}, false},
      {"status too high", "GET", "HTTP/1.1 600 X\r\n\r\n", &codes::kNetStatusLine, {}, false},
      {"status not a number", "GET", "HTTP/1.1 2x0 X\r\n\r\n", &codes::kNetStatusLine, {}, false},
      {"two spaces", "GET", "HTTP/1.1  200 X\r\n\r\n", &codes::kNetStatusLine, {}, false},
      {"version", "GET", "HTTP/2.0 200 X\r\n\r\n", &codes::kNetStatusLine, {}, false},
      {"chunked in one zero",
       "GET",
       "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
       &codes::kNetTransferEncoding,
       {},
       false},
      {"interim with body",
       "GET",
       "HTTP/1.1 100 X\r\nTransfer-Encoding: chunked\r\n\r\n",
       &codes::kNetBodyUnexpected,
       {},
       false},
      {"space before colon",
       "GET",
       "HTTP/1.1 200 X\r\nContent-Length : 5\r\n\r\n",
       &codes::kNetSpaceBeforeColon,
       {},
       false},
      {"three headers", "GET", "HTTP/1.1 200 X\r\nA: b\r\nA: b\r\nA: b\r\n\r\n", &codes::kNetTooManyHeaders, {}, false},
      {"cut", "GET", "HTTP/1.1 200 X\r\nA: b\r\n", &codes::kNetBareCarriageReturn, {}, false},
  };
  for (const ResponseCase& one : cases) {
    ResponseHead head;
    const auto* refusal =
        check_response_head(one.head, one.method, {.max_header_bytes = 512, .max_headers_count = 2}, head);
    EXPECT_EQ(id_of(refusal), id_of(one.refusal)) << one.what;
    if (refusal != nullptr) continue;
    EXPECT_EQ(head.framing, one.framing) << one.what;
    EXPECT_EQ(head.keep_alive, one.keep_alive) << one.what;
  }
}

TEST(AnswerWriter, WritesTheSessionsOwnHeadersOnce) {
  HttpResponse response{
      200,
      {{"X-A", "1"}, {"content-length", "9"}, {"DATE", "never"}, {"Connection", "x"}, {"Transfer-Encoding", "chunked"}},
      "body",
      false};
  std::string out = "old";
  write_answer_head(out, response, {.minor = 1, .keep_alive = true, .head_only = false}, "now");
  EXPECT_EQ(out, "HTTP/1.1 200 OK\r\nDate: now\r\nX-A: 1\r\nContent-Length: 4\r\n\r\n");
  write_answer_head(out, response, {.minor = 0, .keep_alive = true, .head_only = false}, "now");
  EXPECT_THAT(out, testing::EndsWith("Connection: keep-alive\r\n\r\n"));
  response.status = 204;
  write_answer_head(out, response, {.minor = 1, .keep_alive = false, .head_only = false}, "now");
  EXPECT_EQ(out, "HTTP/1.1 204 No Content\r\nDate: now\r\nX-A: 1\r\nConnection: close\r\n\r\n");
  EXPECT_FALSE(has_answer_body(response, {}));
}

TEST(AnswerWriter, TheDateFollowsTheClockBySeconds) {
  DateCache cache;
  EXPECT_EQ(cache.at(Instant{0}), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(cache.at(Instant{999}), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(cache.at(Instant{1'776'700'800'000}), "Mon, 20 Apr 2026 16:00:00 GMT");
}

TEST(AnswerWriter, RefusalsNameTheLimit) {
  const HttpResponse refusal = make_refusal(codes::kNetBodyTooLarge, "1000");
  EXPECT_EQ(refusal.status, 413);
  EXPECT_TRUE(refusal.close);
  EXPECT_EQ(refusal.body, R"({"type":"urn:tongqu:error:net.body-too-large","title":"too-large","status":413,)"
                          R"("code":"net.body-too-large","detail":"The body is longer than 1000 bytes.",)"
                          R"("detail_zh":"报文体超过 1000 字节的上限。"})");
  EXPECT_EQ(header(make_refusal(codes::kNetConnections, "").headers, "Retry-After"), "5");
}

}  // namespace
}  // namespace tongqu::net
