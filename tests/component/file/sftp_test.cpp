// Against a real OpenSSH server: login, pinned host key, cut uploads, a server that is away or freezes.
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <future>

#include "connectors/file/file_codes.hpp"
#include "connectors/file/file_inbound.hpp"
#include "connectors/file/file_outbound.hpp"
#include "connectors/file/sftp_files.hpp"
#include "security/crypto/suites.hpp"
#include "tests/support/data.hpp"
#include "tests/support/fake_intake.hpp"
#include "tests/support/sftp_server.hpp"
#include "tests/support/tcp_proxy.hpp"

namespace tongqu::file {
namespace {

namespace fs = std::filesystem;
using test::SftpServer;

class Sftp : public testing::Test {
 protected:
  void SetUp() override {
    if (!SftpServer::available()) GTEST_SKIP() << "openssh-server is not installed";
    server_ = std::make_unique<SftpServer>(root_);
    options_.host = "127.0.0.1";
    options_.port = server_->port();
    const char* user = ::getenv("USER");
    options_.user = ::getuid() == 0 ? "root" : user != nullptr ? user : "";
    options_.private_key = server_->key();
    options_.fingerprint = server_->fingerprint();
    options_.root = server_->files();
    options_.timeout_ms = 5000;
  }
  std::unique_ptr<FileSystem> files() { return make_sftp_files(options_).value(); }

  fs::path root_ = test::temporary_folder("sftp");
  std::unique_ptr<SftpServer> server_;
  SftpOptions options_;
  std::unique_ptr<Suite> suite_ = make_suite(SuiteId::kGm).value();
  SystemClock clock_;
};

TEST_F(Sftp, DoesWhatAFolderDoes) {
  const auto there = files();
  ASSERT_TRUE(there->make_folder("a/b").has_value());
  ASSERT_TRUE(there->make_folder("a/b").has_value());
  ASSERT_TRUE(replace_file(*there, "a/b/x", "first").has_value());
  ASSERT_TRUE(replace_file(*there, "a/b/x", std::string(200'000, 'x')).has_value()) << "takes the place of a file";
  EXPECT_EQ(*read_whole(*there, "a/b/x", 1'000'000), std::string(200'000, 'x'));
  EXPECT_TRUE(read_whole(*there, "a/b/x", 1000).has_error());
  auto writer = there->write("a/b/x", 3);
  ASSERT_TRUE(writer.has_value() && (*writer)->write("yz").has_value() && (*writer)->finish().has_value());
  EXPECT_EQ(test::read_file(server_->files() / "a/b/x"), "xxxyz");
  fs::create_symlink("/etc/passwd", server_->files() / "a/b/link");
  const auto listing = there->list("a/b", 100);
  ASSERT_TRUE(listing.has_value());
  ASSERT_EQ(listing->files.size(), 1U) << "no link, no temporary name left";
  EXPECT_EQ(listing->files[0].size_bytes, 5U);
  EXPECT_TRUE(there->list("a/b", 1)->cut);
  EXPECT_FALSE((**there->info("a/b/link")).regular);
  EXPECT_FALSE(there->info("a/none")->has_value());
  EXPECT_EQ(there->open("a/none", 0).error().code, &codes::kFileMissing);
  EXPECT_TRUE(there->remove("a/b/x").has_value());
  EXPECT_TRUE(there->remove("a/b/x").has_value());
}

TEST_F(Sftp, AnotherHostKeyIsRefusedBeforeAnythingIsSent) {
  options_.fingerprint = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  EXPECT_EQ(files()->info("a").error().code, &codes::kSftpHostKey);
}

TEST_F(Sftp, AKeyThatTheServerDoesNotKnow) {
  options_.private_key = server_->key("other");
  EXPECT_EQ(files()->info("a").error().code, &codes::kSftpLogin);
  options_.private_key = "no key";
  EXPECT_EQ(make_sftp_files(options_).error().code, &codes::kSftpKey);
}

TEST_F(Sftp, AServerThatIsAwayIsToldAndFoundAgain) {
  const auto there = files();
  EXPECT_TRUE(there->info("a").has_value());
  server_->stop();
  EXPECT_EQ(there->info("a").error().code, &codes::kSftpConnect);
  EXPECT_EQ(there->info("a").error().code, &codes::kSftpConnect);
  server_->start();
  EXPECT_TRUE(there->info("a").has_value());
}

// Before a request, within it, within its answer: the session is gone, it is told so at once, and the next call has a
// new one. What keeps a dead session costs every later call its timeout.
TEST_F(Sftp, ASessionThatEndsAnywhereInACallIsOpenedAnew) {
  options_.timeout_ms = 60'000;
  test::TcpProxy proxy(server_->port());
  options_.port = static_cast<std::uint16_t>(proxy.port());
  const auto there = files();
  const auto begin = std::chrono::steady_clock::now();
  const auto cuts_then_answers = [&](const std::function<void()>& cut, const std::string& where) {
    ASSERT_TRUE(there->info("a").has_value()) << where;
    const int before = proxy.connections();
    cut();
    const auto cut_off = there->info("a");
    ASSERT_TRUE(cut_off.has_error()) << where;
    EXPECT_EQ(cut_off.error().code, &codes::kSftpConnect) << where;
    ASSERT_TRUE(there->info("a").has_value()) << where;
    EXPECT_EQ(proxy.connections(), before + 1) << where;
  };
  cuts_then_answers([&] { server_->cut_connections(); }, "the server's processes ended");
  cuts_then_answers([&] { server_->end_subsystem(); }, "the process of the files ended");
  for (const int bytes : {0, 1, 20, 43}) {
    cuts_then_answers([&] { proxy.cut_after(bytes); }, "request, byte " + std::to_string(bytes));
    cuts_then_answers([&] { proxy.cut_after_back(bytes); }, "answer, byte " + std::to_string(bytes));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30)) << "nobody waited for a timeout";
}

TEST_F(Sftp, AServerThatFreezesCostsOneTimeout) {
  options_.timeout_ms = 2000;
  const auto there = files();
  ASSERT_TRUE(there->info("a").has_value());
  server_->freeze();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(there->info("a").error().code, &codes::kSftpConnect);
  EXPECT_EQ(there->info("a").error().code, &codes::kSftpConnect) << "nor does a new connection come about";
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(12));
  server_->thaw();
  EXPECT_TRUE(there->info("a").has_value());
}

TEST_F(Sftp, AnotherThreadCutsACallThatWaits) {
  options_.timeout_ms = 60'000;
  const auto there = files();
  ASSERT_TRUE(there->info("a").has_value());
  server_->freeze();
  auto call = std::async(std::launch::async, [&] { return there->info("a").has_error(); });
  there->cut(50);
  EXPECT_TRUE(call.get());
  server_->thaw();
}

// A connection that ends behind a number of bytes written, as if the line had been cut.
class CutFiles final : public FileSystem {
 public:
  CutFiles(std::unique_ptr<FileSystem> inner, SftpServer& server, std::uint64_t& cut_at)
      : inner_(std::move(inner)), server_(server), cut_at_(cut_at) {}
  Result<Listing> list(const std::string& folder, std::size_t limit) override { return inner_->list(folder, limit); }
  Result<std::optional<FileInfo>> info(const std::string& path) override { return inner_->info(path); }
  Result<std::unique_ptr<FileReader>> open(const std::string& path, std::uint64_t offset) override {
    return inner_->open(path, offset);
  }
  Result<std::unique_ptr<FileWriter>> write(const std::string& path, std::uint64_t offset) override {
    offsets.push_back(offset);
    auto writer = inner_->write(path, offset);
    if (writer.has_error()) return writer.error();
    return std::unique_ptr<FileWriter>(std::make_unique<Writer>(std::move(*writer), *this));
  }
  Status rename(const std::string& from, const std::string& to) override { return inner_->rename(from, to); }
  Status remove(const std::string& path) override { return inner_->remove(path); }
  Status make_folder(const std::string& path) override { return inner_->make_folder(path); }
  Status sync_folder(const std::string& folder) override { return inner_->sync_folder(folder); }
  void cut(std::int64_t grace_ms) override { inner_->cut(grace_ms); }
  std::vector<std::uint64_t> offsets;

 private:
  struct Writer final : FileWriter {
    Writer(std::unique_ptr<FileWriter> inner, CutFiles& owner) : inner_(std::move(inner)), owner_(owner) {}
    Status write(std::string_view bytes) override {
      written_ += bytes.size();
      if (owner_.cut_at_ != 0 && written_ > owner_.cut_at_) {
        owner_.cut_at_ = 0;
        owner_.server_.cut_connections();
      }
      return inner_->write(bytes);
    }
    Status finish() override { return inner_->finish(); }
    std::unique_ptr<FileWriter> inner_;
    CutFiles& owner_;
    std::uint64_t written_ = 0;
  };
  std::unique_ptr<FileSystem> inner_;
  SftpServer& server_;
  std::uint64_t& cut_at_;
};

TEST_F(Sftp, AnUploadThatWasCutGoesOnWhereItStopped) {
  std::uint64_t cut_at = 600'000;
  auto cutting = std::make_unique<CutFiles>(files(), *server_, cut_at);
  const CutFiles& seen = *cutting;
  OutboundOptions options;
  options.hand_over.folder = "out";
  options.prefix = "big";
  options.retry_first_ms = 10;
  options.state = root_ / "state";
  std::string body(2'000'000, ' ');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + i * 7 % 26);
  std::promise<DeliveryOutcome> promise;
  FileOutbound connector(options, std::move(cutting), *suite_, clock_);
  connector.deliver({"m1", ServiceId("s"), body, "application/json", 1}, 20'000,
                    [&](DeliveryOutcome outcome) { promise.set_value(std::move(outcome)); });
  EXPECT_EQ(promise.get_future().get().verdict, DeliveryVerdict::kDelivered);
  EXPECT_EQ(test::read_file(server_->files() / "out/big-m1.json"), body);
  ASSERT_EQ(seen.offsets.size(), 2U);
  EXPECT_EQ(seen.offsets[0], 0U);
  EXPECT_GT(seen.offsets[1], 500'000U) << "the second attempt began where the first one was cut";
}

TEST_F(Sftp, WhileTheServerIsAwayMessagesWaitAndThenArrive) {
  OutboundOptions options;
  options.prefix = "x";
  options.retry_first_ms = 20;
  options.retry_max_ms = 50;
  options.state = root_ / "state";
  FileOutbound connector(options, files(), *suite_, clock_);
  server_->stop();
  std::promise<DeliveryOutcome> promise;
  connector.deliver({"m1", ServiceId("s"), "{}", "application/json", 1}, 20'000,
                    [&](DeliveryOutcome outcome) { promise.set_value(std::move(outcome)); });
  auto answer = promise.get_future();
  EXPECT_EQ(answer.wait_for(std::chrono::milliseconds(200)), std::future_status::timeout);
  server_->start();
  EXPECT_EQ(answer.get().verdict, DeliveryVerdict::kDelivered);
  EXPECT_EQ(test::read_file(server_->files() / "x-m1.json"), "{}");
}

TEST_F(Sftp, FilesAreFetchedReportedAndArchivedAlsoWhenTheConnectionBreaks) {
  fs::create_directories(server_->files() / "in");
  std::string rows = "no,text\n";
  for (int i = 0; i < 20'000; ++i) rows += std::to_string(i) + ",0123456789 0123456789 0123456789\n";
  std::ofstream(server_->files() / "in/a.csv", std::ios::binary) << rows;
  test::FakeIntake intake;
  intake.keep_bodies = false;
  InboundOptions options;
  options.import.partner = PartnerId("p");
  options.import.service = ServiceId("s");
  options.import.protocol = "sftp";
  options.import.inbox = "in";
  options.import.archive = "archive";
  options.import.quarantine = "quarantine";
  options.import.reports = "reports";
  options.arrival = {.ready = Ready::kRenamed, .pattern = "*.csv"};
  options.poll_ms = 20;
  options.state = root_ / "state";
  FileInbound connector(options, files(), *suite_, clock_, intake);
  connector.start();
  const std::string day = to_beijing_text(clock_.now()).substr(0, 10);
  for (int i = 0; i < 3000 && !fs::exists(server_->files() / "archive" / day / "a.csv"); ++i) {
    if (i % 5 == 0 && i < 30) server_->cut_connections();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  connector.stop(1000);
  EXPECT_EQ(intake.distinct(), 20'000U);
  const std::string result = test::read_file(server_->files() / "reports/a.csv.result.csv");
  EXPECT_NE(result.find("rows,20000\r\nimported,20000\r\n"), std::string::npos) << result;
}

}  // namespace
}  // namespace tongqu::file
