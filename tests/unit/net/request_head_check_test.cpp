#include "gateway/net/request_head_check.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "gateway/net/net_codes.hpp"

namespace tongqu::net {
namespace {

constexpr HeadLimits kLimits{.max_header_bytes = 1024, .max_headers_count = 8};

struct Case {
  const char* what;
  std::string head;
  const ErrorCode* refusal;  // nullptr: accepted
};

// The head as a session reads it: the scanner first, then the check.
const ErrorCode* read(std::string_view head, RequestHead& out) {
  HeadScanner scanner(kLimits);
  const auto found = scanner.scan(head);
  if (found.refusal != nullptr) return found.refusal;
  if (found.end == 0) return &codes::kNetRequestLine;
  return check_request_head(head.substr(0, found.end), kLimits, out);
}

std::string id_of(const ErrorCode* code) { return code == nullptr ? "accepted" : std::string(code->id); }

std::string request(std::string_view headers, std::string_view line = "POST /a HTTP/1.1") {
  return std::string(line) + "\r\nHost: x\r\n" + std::string(headers) + "\r\n";
}
std::string with_host(std::string_view host) { return "GET / HTTP/1.1\r\nHost:" + std::string(host) + "\r\n\r\n"; }
std::string with_line(std::string_view line) { return request("", line); }

std::vector<Case> request_lines() {
  return {
      {"plain", with_line("GET / HTTP/1.1"), nullptr},
      {"query", with_line("GET /a?b=c&d=%20 HTTP/1.1"), nullptr},
      {"unusual but visible", with_line("GET /a|\"{}\\^` HTTP/1.1"), nullptr},
      {"own method", with_line("QUERY /a HTTP/1.1"), nullptr},
      {"all tchars in a method", with_line("!#$%&'*+-.^_`|~9aZ / HTTP/1.1"), nullptr},
      {"asterisk with options", with_line("OPTIONS * HTTP/1.1"), nullptr},
      {"one zero", with_line("GET / HTTP/1.0"), nullptr},
      {"asterisk otherwise", with_line("GET * HTTP/1.1"), &codes::kNetTarget},
      {"absolute form", with_line("GET http://x/a HTTP/1.1"), &codes::kNetTarget},
      {"authority form", with_line("CONNECT x:443 HTTP/1.1"), &codes::kNetTarget},
      {"relative", with_line("GET a HTTP/1.1"), &codes::kNetTarget},
      {"fragment", with_line("GET /a#b HTTP/1.1"), &codes::kNetTarget},
      {"byte above ascii", with_line("GET /\xC3\xA4 HTTP/1.1"), &codes::kNetTarget},
      {"two spaces", with_line("GET  / HTTP/1.1"), &codes::kNetRequestLine},
      {"space in the target", with_line("GET /a b HTTP/1.1"), &codes::kNetRequestLine},
      {"tab as separator", with_line("GET\t/ HTTP/1.1"), &codes::kNetRequestLine},
      {"leading space", with_line(" GET / HTTP/1.1"), &codes::kNetMethod},
      {"method with colon", with_line("GE:T / HTTP/1.1"), &codes::kNetMethod},
      {"trailing space", with_line("GET / HTTP/1.1 "), &codes::kNetRequestLine},
      {"no version", with_line("GET /"), &codes::kNetRequestLine},
      {"lower case", with_line("GET / http/1.1"), &codes::kNetRequestLine},
      {"other protocol", with_line("GET / RTSP/1.0"), &codes::kNetRequestLine},
      {"zero nine", with_line("GET / HTTP/0.9"), &codes::kNetRequestLine},
      {"long version", with_line("GET / HTTP/1.10"), &codes::kNetRequestLine},
      {"one two", with_line("GET / HTTP/1.2"), &codes::kNetVersion},
      {"two", with_line("GET / HTTP/2.0"), &codes::kNetVersion},
      {"empty", "\r\n\r\n", &codes::kNetRequestLine},
  };
}

std::vector<Case> hosts() {
  return {
      {"name and port", with_host("a.example:8080"), nullptr},
      {"address", with_host(" 127.0.0.1"), nullptr},
      {"bracketed", with_host("[::1]:443"), nullptr},
      {"empty port", with_host("a:"), &codes::kNetHost},
      {"port too high", with_host("a:65536"), &codes::kNetHost},
      {"port with sign", with_host("a:+1"), &codes::kNetHost},
      {"empty", with_host(""), &codes::kNetHost},
      {"user", with_host("a@b"), &codes::kNetHost},
      {"path", with_host("a/b"), &codes::kNetHost},
      {"list", with_host("a, b"), &codes::kNetHost},
      {"space", with_host("a b"), &codes::kNetHost},
      {"open bracket", with_host("[::1"), &codes::kNetHost},
      {"brackets with name", with_host("[x]"), &codes::kNetHost},
      {"behind the bracket", with_host("[::1]x"), &codes::kNetHost},
      {"two", "GET / HTTP/1.1\r\nHost: a\r\nhOST: a\r\n\r\n", &codes::kNetHost},
      {"none", "GET / HTTP/1.1\r\n\r\n", &codes::kNetHost},
      {"none in one zero", "GET / HTTP/1.0\r\n\r\n", nullptr},
      {"two in one zero", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", &codes::kNetHost},
  };
}

std::vector<Case> header_lines() {
  return {
      {"empty value", request("A:\r\n"), nullptr},
      {"tabs and obs-text", request("A: \t b\tc\xE9 \t\r\n"), nullptr},
      {"colon in the value", request("A: b:c\r\n"), nullptr},
      {"folded", request("A: b\r\n c\r\n"), &codes::kNetFoldedLine},
      {"folded with tab", request("A: b\r\n\tc\r\n"), &codes::kNetFoldedLine},
      {"indented first header", "GET / HTTP/1.1\r\n Host: x\r\n\r\n", &codes::kNetFoldedLine},
      {"space before colon", request("A : b\r\n"), &codes::kNetSpaceBeforeColon},
      {"tab before colon", request("A\t: b\r\n"), &codes::kNetSpaceBeforeColon},
      {"no colon", request("A\r\n"), &codes::kNetHeaderName},
      {"empty name", request(": b\r\n"), &codes::kNetHeaderName},
      {"name with bracket", request("A(: b\r\n"), &codes::kNetHeaderName},
      {"name above ascii", request("\xC3\x84: b\r\n"), &codes::kNetHeaderName},
      {"nul", request(std::string("A: b\0c\r\n", 8)), &codes::kNetControlByte},
      {"escape", request("A: \x1B\r\n"), &codes::kNetControlByte},
      {"delete", request("A: \x7F\r\n"), &codes::kNetControlByte},
      {"line feed", request("A: b\nC: d\r\n"), &codes::kNetBareLineFeed},
      {"carriage return", request("A: b\rC: d\r\n"), &codes::kNetBareCarriageReturn},
      {"two carriage returns", request("A: b\r\r\n"), &codes::kNetBareCarriageReturn},
      {"eight headers", request("A:\r\nA:\r\nA:\r\nA:\r\nA:\r\nA:\r\nA:\r\n"), nullptr},
      {"nine headers", request("A:\r\nA:\r\nA:\r\nA:\r\nA:\r\nA:\r\nA:\r\nA:\r\n"), &codes::kNetTooManyHeaders},
      {"exactly the limit", request("A: " + std::string(1024 - 34, 'a') + "\r\n"), nullptr},
      {"a byte more", request("A: " + std::string(1024 - 33, 'a') + "\r\n"), &codes::kNetHeadTooLarge},
      {"continue", request("Expect: 100-Continue\r\n"), nullptr},
      {"other expectation", request("Expect: 200-ok\r\n"), &codes::kNetExpectation},
      {"expectation in one zero", request("Expect: 200-ok\r\n", "POST / HTTP/1.0"), nullptr},
  };
}

std::vector<Case> framings() {
  return {
      {"length", request("Content-Length: 5\r\n"), nullptr},
      {"leading zeros", request("Content-Length: 0005\r\n"), nullptr},
      {"chunked", request("Transfer-Encoding:\tChunked \r\n"), nullptr},
      {"get with length zero", request("Content-Length: 0\r\n", "GET / HTTP/1.1"), nullptr},
      {"delete with body", request("Content-Length: 5\r\n", "DELETE / HTTP/1.1"), nullptr},
      {"get with body", request("Content-Length: 5\r\n", "GET / HTTP/1.1"), &codes::kNetBodyUnexpected},
      {"head with body", request("Transfer-Encoding: chunked\r\n", "HEAD / HTTP/1.1"), &codes::kNetBodyUnexpected},
      {"trace with body", request("Content-Length: 5\r\n", "TRACE / HTTP/1.1"), &codes::kNetBodyUnexpected},
      {"equal lengths", request("Content-Length: 5\r\nContent-Length: 5\r\n"), &codes::kNetContentLengthRepeated},
      {"list of lengths", request("Content-Length: 5, 5\r\n"), &codes::kNetContentLength},
      {"sign", request("Content-Length: +5\r\n"), &codes::kNetContentLength},
      {"negative", request("Content-Length: -5\r\n"), &codes::kNetContentLength},
      {"hexadecimal", request("Content-Length: 0x5\r\n"), &codes::kNetContentLength},
      {"inner space", request("Content-Length: 5 5\r\n"), &codes::kNetContentLength},
      {"no digits", request("Content-Length: \r\n"), &codes::kNetContentLength},
      {"overflow", request("Content-Length: 18446744073709551621\r\n"), &codes::kNetContentLength},
      {"both", request("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), &codes::kNetLengthConflict},
      {"both, zero", request("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n"), &codes::kNetLengthConflict},
      {"identity", request("Transfer-Encoding: identity\r\n"), &codes::kNetTransferEncoding},
      {"gzip, chunked", request("Transfer-Encoding: gzip, chunked\r\n"), &codes::kNetTransferEncoding},
      {"chunked, identity", request("Transfer-Encoding: chunked, identity\r\n"), &codes::kNetTransferEncoding},
      {"quoted", request("Transfer-Encoding: \"chunked\"\r\n"), &codes::kNetTransferEncoding},
      {"parameter", request("Transfer-Encoding: chunked;q=1\r\n"), &codes::kNetTransferEncoding},
      {"vertical tab", request("Transfer-Encoding: \vchunked\r\n"), &codes::kNetControlByte},
      {"no-break space",
       request("Transfer-Encoding: \xA0"
               "chunked\r\n"),
       &codes::kNetTransferEncoding},
      {"twice", request("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), &codes::kNetTransferEncoding},
      {"one zero", request("Transfer-Encoding: chunked\r\n", "POST / HTTP/1.0"), &codes::kNetTransferEncoding},
      {"underscore", request("Content_Length: 5\r\n"), &codes::kNetHeaderAmbiguous},
      {"no hyphen", request("TransferEncoding: chunked\r\n"), &codes::kNetHeaderAmbiguous},
      {"more hyphens", request("-Transfer--Encoding-: chunked\r\n"), &codes::kNetHeaderAmbiguous},
      {"longer word", request("Content-Lengths: 5\r\n"), nullptr},
      {"another header", request("X-Content-Length: 5\r\n"), nullptr},
  };
}

TEST(RequestHeadCheck, AcceptsAndRefusesByRule) {
  for (const auto& table : {request_lines(), hosts(), header_lines(), framings()}) {
    for (const Case& one : table) {
      RequestHead out;
      EXPECT_EQ(id_of(read(one.head, out)), id_of(one.refusal)) << one.what;
    }
  }
}

TEST(RequestHeadCheck, GivesTheSameAnswerWhateverPiecesTheHeadArrivesIn) {
  for (const auto& table : {request_lines(), hosts(), header_lines(), framings()}) {
    for (const Case& one : table) {
      HeadScanner whole(kLimits);
      HeadScanner pieces(kLimits);
      const auto at_once = whole.scan(one.head);
      HeadScanner::Outcome step;
      for (std::size_t size = 0; size <= one.head.size() && step.end == 0 && step.refusal == nullptr; ++size) {
        step = pieces.scan(std::string_view(one.head).substr(0, size));
      }
      EXPECT_EQ(step.end, at_once.end) << one.what;
      EXPECT_EQ(id_of(step.refusal), id_of(at_once.refusal)) << one.what;
    }
  }
}

TEST(RequestHeadCheck, FillsInWhatTheSessionNeeds) {
  const std::string text =
      "POST /a?b HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\nExpect: 100-continue\r\nConnection: foo, Close\r\n\r\n";
  RequestHead head;
  ASSERT_EQ(read(text, head), nullptr);
  EXPECT_EQ(head.method, "POST");
  EXPECT_EQ(head.target, "/a?b");
  EXPECT_EQ(head.framing, Framing::kLength);
  EXPECT_EQ(head.content_length, 12U);
  EXPECT_TRUE(head.expect_continue);
  EXPECT_FALSE(head.keep_alive);
  ASSERT_EQ(head.fields.size(), 4U);
  EXPECT_EQ(head.fields[3].name, "Connection");
  EXPECT_EQ(head.fields[3].value, "foo, Close");
}

TEST(RequestHeadCheck, KeepAliveFollowsVersionAndConnection) {
  const std::vector<std::tuple<const char*, const char*, bool>> cases = {
      {"GET / HTTP/1.1", "", true},
      {"GET / HTTP/1.1", "Connection: close\r\n", false},
      {"GET / HTTP/1.1", "Connection: keep-alive\r\nConnection: close\r\n", false},
      {"GET / HTTP/1.1", "Connection: closed\r\n", true},
      {"GET / HTTP/1.0", "", false},
      {"GET / HTTP/1.0", "Connection: Keep-Alive\r\n", true},
      {"GET / HTTP/1.0", "Connection: keep-alive, close\r\n", false},
  };
  for (const auto& [line, connection, kept] : cases) {
    RequestHead head;
    ASSERT_EQ(read(request(connection, line), head), nullptr);
    EXPECT_EQ(head.keep_alive, kept) << line << " " << connection;
  }
}

TEST(RequestHeadCheck, SkipsAFewEmptyLinesOnly) {
  EXPECT_EQ(leading_empty_bytes("GET"), 0U);
  EXPECT_EQ(leading_empty_bytes("\r\n\r\nGET"), 4U);
  EXPECT_EQ(leading_empty_bytes("\r\n\r\n\r\n\r\n\r\n\r\nGET"), kMaxLeadingLines * 2);
  EXPECT_EQ(leading_empty_bytes("\r"), 0U);
}

TEST(NetCodes, AreUniqueSpeakBothLanguagesAndHaveAStatus) {
  std::set<std::string_view> ids;
  for (const ErrorCode* code : codes::net_codes()) {
    EXPECT_TRUE(ids.insert(code->id).second) << code->id;
    EXPECT_TRUE(code->id.starts_with("net.")) << code->id;
    EXPECT_FALSE(code->en.empty()) << code->id;
    EXPECT_FALSE(code->zh.empty()) << code->id;
    EXPECT_GE(codes::net_status(*code), 400) << code->id;
  }
  EXPECT_EQ(codes::net_status(codes::kNetVersion), 505);
  EXPECT_EQ(codes::net_status(codes::kNetHeadTooLarge), 431);
  EXPECT_EQ(codes::net_status(codes::kNetTooManyHeaders), 431);
  EXPECT_EQ(codes::net_status(codes::kNetBodyTooLarge), 413);
  EXPECT_EQ(codes::net_status(codes::kNetHeadTimeout), 408);
  EXPECT_EQ(codes::net_status(codes::kNetExpectation), 417);
}

}  // namespace
}  // namespace tongqu::net
