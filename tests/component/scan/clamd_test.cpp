// Against the real clamd of Debian (scan_fixture.hpp).
#include <gtest/gtest.h>

#include "connectors/scan/clamd_scanner.hpp"
#include "connectors/scan/scan_codes.hpp"
#include "gateway/store/scan_loop.hpp"
#include "tests/component/scan/scan_fixture.hpp"

namespace tongqu::test {
namespace {

class Scan : public testing::Test {
 protected:
  AttachmentId put(const Bytes& content, const std::string& key) {
    const AttachmentId id = house_.create(content, key);
    EXPECT_TRUE(house_.send(id, content, 0, content.size()).has_value());
    return id;
  }
  [[nodiscard]] Result<ScanVerdict> verdict(const AttachmentId& id, const std::string& address,
                                            std::int64_t timeout_ms = 20'000) {
    auto scanner = scan::make_clamd_scanner({address, timeout_ms});
    EXPECT_TRUE(scanner.has_value());
    auto reader = house_.store->open(id);
    EXPECT_TRUE(reader.has_value());
    return (*scanner)->scan(**reader);
  }
  AttachmentHouse house_;
  Clamd clamd_{house_.folder / "clamd"};
};

TEST_F(Scan, CleanAndInfectedContentsAreToldApartWhereverThePatternIs) {
  clamd_.start();
  EXPECT_EQ(*verdict(put(picture(200'000), "clean"), clamd_.address()), ScanVerdict::kClean);
  EXPECT_EQ(*verdict(put(with_pattern(picture(200'000), 1000), "early"), clamd_.address()), ScanVerdict::kInfected);
  // Across the border of two pieces.
  EXPECT_EQ(*verdict(put(with_pattern(picture(200'000), 65'530), "border"), clamd_.address()), ScanVerdict::kInfected);
  EXPECT_EQ(*verdict(put(with_pattern(picture(200'000), 199'900), "late"), clamd_.address()), ScanVerdict::kInfected);
}

TEST_F(Scan, WithoutAPlainAnswerThereIsNoVerdict) {
  const AttachmentId id = put(picture(100'000), "clean");
  EXPECT_EQ(verdict(id, clamd_.address()).error().code, &codes::kScanUnreachable) << "no such socket";
  EXPECT_EQ(verdict(id, "tcp:127.0.0.1:1").error().code, &codes::kScanUnreachable) << "nobody listens";
  clamd_.start();
  const auto large = verdict(put(picture(2'000'000), "large"), clamd_.address());
  ASSERT_TRUE(large.has_error()) << "above StreamMaxLength";
  EXPECT_EQ(large.error().code, &codes::kScanAnswer);
  EXPECT_FALSE(large.error().retryable());
}

TEST_F(Scan, AddressesAreChecked) {
  for (const std::string address : {"", "unix:", "unix:relative", "tcp:localhost:3310", "tcp:127.0.0.1",
                                    "tcp:127.0.0.1:0", "tcp:127.0.0.1:99999", "http://x"}) {
    const auto made = scan::make_clamd_scanner({address});
    ASSERT_TRUE(made.has_error()) << address;
    EXPECT_EQ(made.error().code, &codes::kScanAddress);
  }
  EXPECT_TRUE(scan::make_clamd_scanner({"tcp:::1:3310"}).has_value());
}

TEST_F(Scan, TheLoopWaitsForTheScannerAndSettlesEverything) {
  const AttachmentId clean = put(picture(100'000), "clean");
  const AttachmentId infected = put(with_pattern(picture(100'000), 70'000), "infected");
  const AttachmentId large = put(picture(2'000'000), "large");
  std::mutex mutex;
  std::vector<std::string> told;
  const auto state = [this](const AttachmentId& id) { return house_.store->find(id)->state; };
  ScanLoop loop(*house_.store, *scan::make_clamd_scanner({clamd_.address(), 5000}), [&](const Error* error) {
    const std::lock_guard lock(mutex);
    told.emplace_back(error == nullptr ? "well" : error->code->id);
  });
  const auto was_told = [&](std::size_t count) {
    const std::lock_guard lock(mutex);
    return told.size() >= count;
  };
  ASSERT_TRUE(becomes([&] { return was_told(1); }));
  EXPECT_EQ(state(clean), AttachmentState::kStored) << "no scanner, no verdict";
  clamd_.start();
  EXPECT_TRUE(becomes([&] { return state(clean) == AttachmentState::kScanned; }));
  EXPECT_TRUE(becomes([&] { return state(infected) == AttachmentState::kQuarantined; }));
  EXPECT_EQ(state(large), AttachmentState::kStored) << "what it cannot judge stays without verdict";
  EXPECT_EQ(code_of(house_.store->open(infected)), "attachment.wrong-state");
  EXPECT_TRUE(house_.content(clean).has_value());
  const AttachmentId next = put(picture(5000), "next");
  EXPECT_TRUE(becomes([&] { return state(next) == AttachmentState::kScanned; })) << "behind one without verdict";
  const std::lock_guard lock(mutex);
  EXPECT_EQ(told.front(), "scan.unreachable");
}

}  // namespace
}  // namespace tongqu::test
