// Public collections of requests that programs disagree about, sent through a real connection.
#include <gtest/gtest.h>

#include <iostream>
#include <map>

#include "gateway/core/text.hpp"
#include "tests/component/net/raw_peer.hpp"
#include "tests/component/net/server_fixture.hpp"
#include "tests/support/data.hpp"

namespace tongqu::test {
namespace {

// The value of a member whose values in these files are plain strings: base64, tiers, ids.
std::string member(const std::string& line, const std::string& name) {
  const std::string key = "\"" + name + "\": \"";
  const auto begin = line.find(key);
  if (begin == std::string::npos) return {};
  const auto end = line.find('"', begin + key.size());
  return line.substr(begin + key.size(), end - begin - key.size());
}

// Most of these heads leave Host out, which is another fault than the one they are about.
std::string with_host(std::string request) {
  const auto end = request.find("\r\n", std::min(request.find_first_not_of("\r\n"), request.size()));
  const bool has_host =
      request.find("\r\nHost:") != std::string::npos || request.find("\r\nHOST:") != std::string::npos;
  if (!has_host && end != std::string::npos) request.insert(end, "\r\nHost: localhost");
  return request;
}

// What the server does with bytes after which the client says no more.
std::string send_and_read(std::uint16_t port, const std::string& bytes) {
  auto peer = RawConnection::to(port);
  EXPECT_TRUE(peer.send(bytes));
  peer.end_sending();
  return peer.read_all();
}

// Heads that announce a body come without one: an empty one in chunks, or as many bytes as announced.
std::string complete(std::string request) {
  const auto value_of = [&request](const std::string& name) {
    const auto at = request.find("\r\n" + name + ":");
    return at == std::string::npos ? at : request.find_first_not_of(' ', at + name.size() + 3);
  };
  if (value_of("Transfer-Encoding") != std::string::npos) return request + "0\r\n\r\n";
  const auto length = value_of("Content-Length");
  if (length == std::string::npos) return request;
  return request + std::string(static_cast<std::size_t>(std::atol(request.c_str() + length)), 'x');
}

void print_deviation(const std::string& id, std::string_view reason) {
  std::cout << "[ DEVIATES ] " << id << ": " << reason << "\n";
}

// Accepted by others, refused here, and why.
std::string reason_to_refuse(const std::string& id) {
  static const std::map<std::string, std::string> kReasons = {
      {"more-compliant-tests.yaml#8", "transfer codings other than chunked are not implemented, and need not be"},
      {"rfc-compliant.yaml#8", "transfer codings other than chunked are not implemented, and need not be"},
      {"rfc-compliant.yaml#9", "transfer codings other than chunked are not implemented, and need not be"},
      {"request/content-length.md:264", "a body on GET has no meaning and is a known way to smuggle a request"},
      {"request/method.md:138", "\"*\" is for OPTIONS only (RFC 9112 section 3.2.4)"},
      {"request/method.md:405", "another protocol"},
      {"request/transfer-encoding.md:754", "transfer codings other than chunked are not implemented, and need not be"},
      {"request/uri.md:55", "absolute-form is for proxies; a gateway's own name is in Host"},
      {"request/uri.md:128", "absolute-form is for proxies; a gateway's own name is in Host"},
  };
  const auto found = kReasons.find(id);
  return found == kReasons.end() ? std::string() : found->second;
}

// Refused by the reference parser, accepted here, and why.
std::string reason_to_accept(const std::string& error) {
  if (error == "Pause on CONNECT/Upgrade") return "the reference parser pauses, which is no fault; Upgrade is ignored";
  if (error.starts_with("Data after")) return "the first request is whole; what follows a close is never read";
  if (error.starts_with("Invalid method for HTTP")) return "the handler decides about methods (405)";
  return {};
}

TEST(Desync, SevereAndAmbiguousHeadsAreRefusedAndCompliantOnesServed) {
  RunningServer running;
  int acceptable = 0;
  for (const std::string& line : data_lines("http-desync/desync-guardian.dev.jsonl")) {
    const std::string id = member(line, "id");
    const std::string tier = member(line.substr(line.find("\"expected\"")), "tier");
    const std::string head = with_host(from_base64(member(line, "head_b64")).value());
    const std::string answer = send_and_read(running.port(), complete(head));
    const int status = status_of(answer);
    if (tier == "Severe" || tier == "Ambiguous") {
      EXPECT_EQ(status, 400) << id;
      EXPECT_NE(answer.find("Connection: close"), std::string::npos) << id;
      EXPECT_EQ(answer.find("\r\nDate: "), answer.rfind("\r\nDate: ")) << id << ": one answer only";
    } else if (tier == "Acceptable") {
      // All of these are heads that RFC 9112 lets a server refuse.
      ++acceptable;
      EXPECT_EQ(status, 400) << id;
    } else if (const auto reason = reason_to_refuse(id); !reason.empty()) {
      print_deviation(id, reason);
      EXPECT_EQ(status, 400) << id;
    } else {
      EXPECT_EQ(status, 200) << id;
    }
  }
  std::cout << "[          ] " << acceptable << " heads that others tolerate are refused\n";
}

TEST(Desync, RequestsOfTheReferenceParserAreJudgedAlike) {
  RunningServer running;
  for (const std::string& line : data_lines("http-desync/llhttp-requests.dev.jsonl")) {
    if (line.find("-lenient-") != std::string::npos) continue;
    const std::string id = member(line, "id");
    const std::string error = member(line, "llhttp_error");
    // The collection cut one line end off each request.
    const std::string answer =
        send_and_read(running.port(), with_host(from_base64(member(line, "raw_b64")).value()) + "\r\n");
    const int status = status_of(answer);
    EXPECT_NE(status / 100, 5) << id << " (only an unknown version is answered by 505)";
    const bool refused = status >= 400;
    if (error.empty()) {
      const auto reason = reason_to_refuse(id);
      if (!reason.empty()) print_deviation(id, reason);
      EXPECT_EQ(refused, !reason.empty()) << id;
    } else {
      const auto reason = reason_to_accept(error);
      // A request that never becomes whole is not served either; and no second one ever is.
      const bool served = status == 200;
      if (served) print_deviation(id, reason);
      EXPECT_TRUE(!served || !reason.empty()) << id << " " << error;
      EXPECT_EQ(answer.find("HTTP/1.1 200", 1), std::string::npos) << id;
    }
  }
}

}  // namespace
}  // namespace tongqu::test
