// A legacy listener on a real port, with a clock that the test drives.
#include "gateway/app/legacy_listener.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "tests/component/net/raw_peer.hpp"
#include "tests/component/net/server_fixture.hpp"
#include "tests/support/manual_clock.hpp"

namespace tongqu::app {
namespace {

using test::RawConnection;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kAsk = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

// From an address of the loopback network of one's own choice.
RawConnection from(const char* address, std::uint16_t port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  const timeval patience{20, 0};
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in own{};
  own.sin_family = AF_INET;
  inet_pton(AF_INET, address, &own.sin_addr);
  sockaddr_in peer{};
  peer.sin_family = AF_INET;
  peer.sin_port = htons(port);
  inet_pton(AF_INET, "127.0.0.1", &peer.sin_addr);
  EXPECT_EQ(bind(descriptor, reinterpret_cast<const sockaddr*>(&own), sizeof own), 0);
  EXPECT_EQ(connect(descriptor, reinterpret_cast<const sockaddr*>(&peer), sizeof peer), 0);
  return RawConnection(descriptor);
}

// Answers with the partner that may come alone.
void tell_partner(HttpRequest request, const HttpHandler::Done& done) {
  HttpResponse response;
  response.body = "only " + request.peer.only_partner + " at " + request.peer.listener;
  done(std::move(response));
}

class LegacyListenerTest : public ::testing::Test {
 protected:
  LegacyTerms terms() {
    LegacyTerms terms;
    terms.listener = "old";
    terms.protocol = "plain";
    terms.address = "127.0.0.1";
    terms.partner = "bureau";
    terms.network = "127.0.0.3/32";
    terms.until = "2026-04-22";
    terms.approved_by = "王建国";
    terms.closes_at = {clock.now().ms + 2 * kDayMs};  // the clock starts at midnight of 2026-04-21
    return terms;
  }

  std::unique_ptr<LegacyListener> make() {
    return LegacyListener::create(terms(), clock,
                                  {.record = [this](AuditDraft entry) -> Status {
                                     if (log_is_full) return make_error(codes::kUnavailable);
                                     entries.push_back(std::move(entry.entry));
                                     return {};
                                   },
                                   .warn = [this](const std::string& line) { lines.push_back(line); }})
        .value();
  }

  static net::ListenerOptions options() {
    net::ListenerOptions options;
    options.name = "old";
    return options;
  }

  static constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
  test::ManualClock clock;
  test::FunctionHandler handler{tell_partner};
  net::IoPool pool{2};
  bool log_is_full = false;
  std::vector<std::string> entries;
  std::vector<std::string> lines;
};

TEST_F(LegacyListenerTest, TakesItsNetworkAndCutsOthersWithoutAWord) {
  const auto listener = make();
  ASSERT_FALSE(listener->open(options(), handler, nullptr, pool).has_error());
  auto inside = from("127.0.0.3", listener->port());
  ASSERT_TRUE(inside.send(kAsk));
  EXPECT_THAT(inside.read_message(), AllOf(HasSubstr("200"), HasSubstr("only bureau at old")));
  auto outside = from("127.0.0.2", listener->port());
  (void)outside.send(kAsk);
  EXPECT_EQ(outside.read_all(), "");
  EXPECT_THAT(lines, ElementsAre(AllOf(HasSubstr("LEGACY LISTENER without protection"), HasSubstr("partner bureau"),
                                       HasSubstr("until 2026-04-22 (1 days left)"), HasSubstr("王建国"))));
  listener->close(0, 0);
  EXPECT_THAT(entries, ElementsAre(AllOf(HasSubstr(R"("action":"opened")"), HasSubstr(R"("partner":"bureau")")),
                                   HasSubstr(R"("action":"closed")")));
}

TEST_F(LegacyListenerTest, ClosesAtItsMomentAndTheConnectionsWithIt) {
  const auto listener = make();
  ASSERT_FALSE(listener->open(options(), handler, nullptr, pool).has_error());
  auto kept = from("127.0.0.3", listener->port());
  ASSERT_TRUE(kept.send(kAsk));
  ASSERT_NE(kept.read_message(), "");
  clock.advance(2 * kDayMs - 1);
  listener->tick();
  ASSERT_TRUE(listener->is_open());
  ASSERT_TRUE(kept.send(kAsk));
  ASSERT_NE(kept.read_message(), "");
  clock.advance(1);
  // Nobody ticked yet: the gate alone refuses.
  auto late = from("127.0.0.3", listener->port());
  (void)late.send(kAsk);
  EXPECT_EQ(late.read_all(), "");
  listener->tick();
  EXPECT_FALSE(listener->is_open());
  EXPECT_TRUE(kept.is_closed_by_peer());
  EXPECT_FALSE(RawConnection::to(listener->port()).is_open());
  EXPECT_THAT(lines.back(), HasSubstr("closed, its time is over"));
  EXPECT_THAT(entries.back(), HasSubstr(R"("action":"expired")"));
  listener->close(0, 0);
  EXPECT_EQ(entries.size(), 2U);
}

TEST_F(LegacyListenerTest, SaysSoOnceADay) {
  const auto listener = make();
  ASSERT_FALSE(listener->open(options(), handler, nullptr, pool).has_error());
  clock.advance(kDayMs - 1);
  listener->tick();
  EXPECT_EQ(lines.size(), 1U);
  clock.advance(1);
  listener->tick();
  listener->tick();
  EXPECT_EQ(lines.size(), 2U);
  EXPECT_THAT(lines.back(), HasSubstr("0 days left"));
}

TEST_F(LegacyListenerTest, BehindItsDateItNeverOpensAndThatIsNoFailure) {
  const auto listener = make();
  clock.advance(2 * kDayMs);
  EXPECT_FALSE(listener->open(options(), handler, nullptr, pool).has_error());
  EXPECT_FALSE(listener->is_open());
  EXPECT_EQ(listener->port(), 0);
  EXPECT_THAT(lines, ElementsAre(HasSubstr("stays closed, its time is over")));
  EXPECT_THAT(entries, ElementsAre(HasSubstr(R"("action":"refused")")));
}

TEST_F(LegacyListenerTest, WithoutAnAuditEntryItStaysClosed) {
  const auto listener = make();
  log_is_full = true;
  EXPECT_FALSE(listener->open(options(), handler, nullptr, pool).has_error());
  EXPECT_FALSE(listener->is_open());
  EXPECT_THAT(lines, ElementsAre(HasSubstr("the audit log takes no entry")));
}

}  // namespace
}  // namespace tongqu::app
