// The lane of a partner against a real OpenSSH server.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "connectors/fetch/sftp_source.hpp"
#include "connectors/file/sftp_files.hpp"
#include "tests/component/fetch/fetch_fixture.hpp"
#include "tests/support/sftp_server.hpp"
#include "tests/support/tcp_proxy.hpp"

namespace tongqu::test {
namespace {

namespace fs = std::filesystem;

class FetchSftp : public FetchTest {
 protected:
  void SetUp() override {
    ASSERT_TRUE(SftpServer::available()) << "openssh-server is not installed; scripts/test.sh installs it";
    server_ = std::make_unique<SftpServer>(temporary_folder("fetch-sftp"));
    wire_ = std::make_unique<TcpProxy>(server_->port());
    options_.host = "127.0.0.1";
    options_.port = static_cast<std::uint16_t>(wire_->port());
    const char* user = ::getenv("USER");
    options_.user = ::getuid() == 0 ? "root" : user != nullptr ? user : "";
    options_.private_key = server_->key();
    options_.fingerprint = server_->fingerprint();
    options_.root = server_->files();
    options_.timeout_ms = 3000;
  }
  // As files lie there in earnest: written long before they are fetched.
  void put(const std::string& name, const Bytes& content) const {
    const fs::path path = server_->files() / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
    fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::hours(24 * 3000));
  }
  AttachmentId want(const std::string& url) {
    AttachmentWish wish;
    wish.owner = kOwner;
    wish.key = "GD2026-1";
    wish.url = url;
    wish.max_wanted = 100;
    return FetchTest::want(wish);
  }
  std::unique_ptr<fetch::FetchLane> lane() {
    const auto rules = fetch::FetchRules::create({}, {}, fetch::SftpPlace{"evidence.test", 22});
    fetch::FetchLane::Sources sources;
    for (int i = 0; i < 2; ++i)
      sources.push_back(
          std::make_unique<fetch::SftpSource>(rules, file::make_sftp_files(options_).value(), house_.clock));
    return lane_of(kOwner, std::move(sources));
  }

  std::unique_ptr<SftpServer> server_;
  std::unique_ptr<TcpProxy> wire_;
  file::SftpOptions options_;
};

TEST_F(FetchSftp, FetchesByAddressAndByPath) {
  put("2026/现场 1.jpg", picture(300'017));
  put("b.jpg", picture(20, 2));
  const auto running = lane();
  const AttachmentId address = want("sftp://evidence.test/2026/%E7%8E%B0%E5%9C%BA%201.jpg");
  const AttachmentId path = want("2026/现场 1.jpg");
  const AttachmentId other = want("/b.jpg");
  ASSERT_TRUE(becomes_state(address, "stored"));
  ASSERT_TRUE(becomes_state(path, "stored"));
  ASSERT_TRUE(becomes_state(other, "stored"));
  EXPECT_EQ(*house_.content(address), picture(300'017));
  EXPECT_EQ(*house_.content(path), picture(300'017));
  EXPECT_EQ(*house_.content(other), picture(20, 2));
}

TEST_F(FetchSftp, RefusesWhatIsNoFileThere) {
  put("page.jpg", Bytes(70'000, '<'));
  put("empty.jpg", {});
  fs::create_symlink("/etc/passwd", server_->files() / "link.jpg");
  fs::create_directories(server_->files() / "folder");
  const auto running = lane();
  EXPECT_TRUE(becomes_state(want("missing.jpg"), "refused fetch.missing"));
  EXPECT_TRUE(becomes_state(want("link.jpg"), "refused fetch.missing"));
  EXPECT_TRUE(becomes_state(want("folder"), "refused fetch.missing"));
  EXPECT_TRUE(becomes_state(want("empty.jpg"), "refused fetch.empty"));
  EXPECT_TRUE(becomes_state(want("page.jpg"), "refused attachment.type-mismatch"));
  EXPECT_TRUE(becomes_state(want("../host"), "refused fetch.forbidden"));
  EXPECT_TRUE(becomes_state(want("sftp://elsewhere.example/a.jpg"), "refused fetch.forbidden"));
}

TEST_F(FetchSftp, GoesOnAfterACutAndARestartOfTheServer) {
  const Bytes content = picture(3'000'000);
  put("a.jpg", content);
  const AttachmentId id = want("a.jpg");
  wire_->cut_after_back(1'000'000);
  auto running = lane();
  ASSERT_TRUE(soon([&] { return house_.store->find(id)->offset_bytes > 0; }));
  running.reset();
  server_->stop();
  running = lane();
  ASSERT_TRUE(becomes_state(id, "wanted sftp.connect"));
  EXPECT_GT(house_.store->find(id)->offset_bytes, 0U);
  wire_->cut_after_back(-1);
  server_->start();
  ASSERT_TRUE(becomes_state(id, "stored"));
  EXPECT_EQ(*house_.content(id), content);
}

TEST_F(FetchSftp, BeginsAnewWithAFileThatWasChanged) {
  put("a.jpg", picture(3'000'000));
  const AttachmentId id = want("a.jpg");
  wire_->cut_after_back(1'000'000);
  auto running = lane();
  ASSERT_TRUE(soon([&] { return house_.store->find(id)->offset_bytes > 0; }));
  running.reset();
  wire_->cut_after_back(-1);
  put("a.jpg", picture(2'000'000, 5));
  running = lane();
  ASSERT_TRUE(becomes_state(id, "stored"));
  EXPECT_EQ(*house_.content(id), picture(2'000'000, 5));
}

TEST_F(FetchSftp, TellsNothingToAServerWithAnotherKeyAndWaits) {
  put("a.jpg", picture(1000));
  const std::string right = std::exchange(options_.fingerprint, "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  const AttachmentId id = want("a.jpg");
  auto running = lane();
  ASSERT_TRUE(becomes_state(id, "wanted sftp.host-key"));
  running.reset();
  options_.fingerprint = right;
  running = lane();
  ASSERT_TRUE(becomes_state(id, "stored"));
}

TEST_F(FetchSftp, EndsAtOnceWhileTheServerIsFrozen) {
  put("a.jpg", picture(5'000'000));
  options_.timeout_ms = 600'000;
  wire_->cut_after_back(-1);
  wire_->hold(true);
  const AttachmentId id = want("a.jpg");
  auto running = lane();
  ASSERT_TRUE(soon([&] { return wire_->connections() > 0; }));
  running.reset();
  EXPECT_EQ(state(id), "wanted");
  wire_->hold(false);
  running = lane();
  ASSERT_TRUE(becomes_state(id, "stored"));
}

}  // namespace
}  // namespace tongqu::test
