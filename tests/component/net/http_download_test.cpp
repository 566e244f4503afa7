#include "gateway/net/http_download.hpp"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "gateway/net/net_codes.hpp"
#include "tests/component/net/raw_peer.hpp"

namespace tongqu::test {
namespace {

using net::AnswerTaker;
using net::ClientOptions;

struct Collected final : AnswerTaker {
  bool begin(const net::HttpResponseIn& head, std::optional<std::uint64_t> length_bytes) override {
    status = head.status;
    length = length_bytes;
    return want_body;
  }
  bool take(std::string_view piece) override {
    largest = std::max(largest, piece.size());
    body.append(piece);
    return body.size() < want_bytes;
  }
  bool want_body = true;
  std::size_t want_bytes = std::numeric_limits<std::size_t>::max();
  int status = 0;
  std::optional<std::uint64_t> length;
  std::size_t largest = 0;
  std::string body;
};

net::HttpRequestOut get(std::uint16_t port) { return {{"127.0.0.1", port, false}, "GET", "/a", {}, {}, true}; }

// The answer of a listener to one request, as the test plays it.
struct Exchange {
  explicit Exchange(ClientOptions options = {}, std::int64_t step_ms = 10'000) : download(std::move(options), nullptr) {
    result =
        std::async(std::launch::async, [this, step_ms] { return download.get(get(listener.port()), step_ms, taken); });
  }
  RawConnection accept() {
    auto peer = listener.accept();
    EXPECT_FALSE(peer.read_message().empty());
    return peer;
  }
  std::string code() {
    const auto failure = result.get();
    return failure ? std::string(failure->code->id) : "";
  }
  RawListener listener;
  net::HttpDownload download;
  Collected taken;
  std::future<std::optional<net::NetError>> result;
};

TEST(HttpDownload, HandsOverEveryFramingInPieces) {
  const std::string content(1'000'000, 'x');
  std::string chunked;
  for (std::size_t at = 0; at < content.size(); at += 40'000)
    chunked += "9c40\r\n" + content.substr(at, 40'000) + "\r\n";
  const std::vector<std::pair<std::string, std::optional<std::uint64_t>>> cases = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + content, content.size()},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked + "0\r\n\r\n", std::nullopt},
      {"HTTP/1.0 200 OK\r\n\r\n" + content, std::nullopt}};
  for (const auto& [answer, length] : cases) {
    Exchange exchange;
    auto peer = exchange.accept();
    ASSERT_TRUE(peer.send(answer));
    peer.end_sending();
    EXPECT_EQ(exchange.code(), "");
    EXPECT_EQ(exchange.taken.length, length);
    EXPECT_EQ(exchange.taken.body, content);
    EXPECT_LE(exchange.taken.largest, 2 * AnswerTaker::kPieceBytes);
  }
}

TEST(HttpDownload, HandsOverWhatCameBeforeACut) {
  for (const std::string head : {"Content-Length: 1000", "Transfer-Encoding: chunked"}) {
    Exchange exchange;
    {
      auto peer = exchange.accept();
      ASSERT_TRUE(peer.send("HTTP/1.1 200 OK\r\n" + head + "\r\n\r\n" + (head[0] == 'T' ? "64\r\n" : "") + "abc"));
    }
    EXPECT_EQ(exchange.code(), "net.connection-cut") << head;
    EXPECT_EQ(exchange.taken.body, "abc") << head;
  }
}

TEST(HttpDownload, EndsWhenTheTakerWantsNoMore) {
  Exchange head_only;
  head_only.taken.want_body = false;
  auto peer = head_only.accept();
  ASSERT_TRUE(peer.send("HTTP/1.1 404 Not Found\r\nContent-Length: 100000\r\n\r\nabc"));
  EXPECT_EQ(head_only.code(), "");
  EXPECT_EQ(head_only.taken.status, 404);
  EXPECT_TRUE(peer.is_closed_by_peer());

  Exchange some;
  some.taken.want_bytes = 10;
  auto other = some.accept();
  ASSERT_TRUE(other.send("HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + std::string(100'000, 'x')));
  EXPECT_EQ(some.code(), "");
  EXPECT_LT(some.taken.body.size(), 150'000U);
}

TEST(HttpDownload, IsLateWhenAPeerStallsOrDrips) {
  Exchange silent({}, 200);
  const auto peer = silent.accept();
  EXPECT_EQ(silent.code(), "net.request-timeout");

  Exchange dripping({}, 300);
  auto slow = dripping.accept();
  ASSERT_TRUE(slow.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"));
  // A byte at a time keeps nothing alive: the time holds for a whole piece.
  while (dripping.result.wait_for(std::chrono::milliseconds(20)) != std::future_status::ready && slow.send("x")) {
  }
  EXPECT_EQ(dripping.code(), "net.request-timeout");
}

TEST(HttpDownload, ConnectsToNoAddressThatIsNotPermitted) {
  for (const char* host : {"127.0.0.1", "localhost"}) {
    RawListener listener;
    std::vector<std::string> asked;
    ClientOptions options;
    options.permits = [&](const std::string& address) {
      asked.push_back(address);
      return false;
    };
    net::HttpDownload download(options, nullptr);
    Collected taken;
    auto request = get(listener.port());
    request.origin.host = host;
    const auto failure = download.get(request, 10'000, taken);
    ASSERT_TRUE(failure.has_value());
    EXPECT_EQ(failure->code->id, codes::kNetAddressForbidden.id);
    EXPECT_NE(std::ranges::find(asked, "127.0.0.1"), asked.end()) << "the address, not the name";
  }
}

TEST(HttpDownload, IsStoppedFromAnotherThreadForGood) {
  Exchange exchange;
  auto peer = exchange.accept();
  ASSERT_TRUE(peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nabc"));
  exchange.download.stop();
  EXPECT_EQ(exchange.code(), "net.client-stopped");
  Collected taken;
  EXPECT_EQ(exchange.download.get(get(1), 1'000, taken)->code->id, codes::kNetClientStopped.id);
}

TEST(HttpDownload, ReadsHeadsAsStrictlyAsTheClient) {
  for (const std::string answer :
       {"HTTP/1.1 200 OK\nContent-Length: 0\n\n", "SSH-2.0-OpenSSH\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"}) {
    Exchange exchange;
    auto peer = exchange.accept();
    ASSERT_TRUE(peer.send(answer));
    EXPECT_NE(exchange.code(), "") << answer;
    EXPECT_EQ(exchange.taken.status, 0);
  }
}

}  // namespace
}  // namespace tongqu::test
