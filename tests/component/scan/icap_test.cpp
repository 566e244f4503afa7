// Against c-icap of Debian with its virus scanner, behind it the real clamd.
#include <gtest/gtest.h>

#include <atomic>
#include <optional>

#include "connectors/scan/icap_scanner.hpp"
#include "connectors/scan/scan_codes.hpp"
#include "gateway/store/scan_loop.hpp"
#include "tests/component/scan/scan_fixture.hpp"
#include "tests/support/child.hpp"
#include "tests/support/tcp_proxy.hpp"

namespace tongqu::test {
namespace {

// Debian's folder of the architecture: /usr/lib/x86_64-linux-gnu/c_icap.
std::string library_folder() {
  for (const auto& entry : std::filesystem::directory_iterator("/usr/lib")) {
    if (std::filesystem::exists(entry.path() / "c_icap/virus_scan.so")) return (entry.path() / "c_icap").string();
  }
  return {};
}

// Its services: "avscan" reads everything; "narrow" leaves out what is larger than 1 MiB, as the package does by
// default; "echo" returns what it gets. It looks at pictures and not at PDF.
class CIcap {
 public:
  CIcap(std::filesystem::path folder, const std::filesystem::path& clamd_socket) : folder_(std::move(folder)) {
    std::filesystem::create_directories(folder_);
    const std::string library = library_folder();
    std::ofstream(folder_ / "c-icap.conf")
        << "PidFile " << path("pid") << "\nCommandsSocket " << path("ctl") << "\nPort 127.0.0.1:" << port_
        << "\nStartServers 1\nMaxServers 1\nThreadsPerChild 4\nMinSpareThreads 1\nMaxSpareThreads 4\nTmpDir "
        << folder_.string() << "\nModulesDir " << library << "\nServicesDir " << library
        << "\nTemplateDir /usr/share/c_icap/templates/\nLoadMagicFile /etc/c-icap/c-icap.magic\nServerLog "
        << path("server.log") << "\nAccessLog " << path("access.log")
        << "\nService echo srv_echo.so\nService virus virus_scan.so\n"
        << "ServiceAlias avscan virus?allow204=on&sizelimit=off&mode=simple\n"
        << "ServiceAlias narrow virus?allow204=on&mode=simple\n"
        << "virus_scan.ScanFileTypes DATA GIF JPEG\nvirus_scan.MaxObjectSize 1M\n"
        << "Module common clamd_mod.so\nclamd_mod.ClamdSocket " << clamd_socket.string() << "\n";
  }
  void start() {
    ASSERT_TRUE(std::filesystem::exists("/usr/bin/c-icap")) << "c-icap is missing (scripts/packages.sh)";
    server_.emplace(std::vector<std::string>{"/usr/bin/c-icap", "-N", "-f", path("c-icap.conf")},
                    std::map<std::string, std::string>{}, path("out"));
    ASSERT_TRUE(becomes([this] { return is_listening(port_); }));
  }
  void stop() { server_.reset(); }
  [[nodiscard]] int port() const { return port_; }

 private:
  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::filesystem::path folder_;
  int port_ = free_port();
  std::optional<Child> server_;
};

class Icap : public testing::Test {
 protected:
  AttachmentId put(const Bytes& content, const std::string& key, const std::string& type = "image/jpeg") {
    AttachmentDeclaration declaration = house_.declare(content, key);
    declaration.type = type;
    const auto made = house_.store->create(declaration, kWide);
    EXPECT_TRUE(made.has_value());
    EXPECT_TRUE(house_.send(made->id, content, 0, content.size()).has_value());
    return made->id;
  }
  [[nodiscard]] std::string url(const std::string& service, int port = 0) const {
    return "icap://127.0.0.1:" + std::to_string(port == 0 ? icap_.port() : port) + "/" + service;
  }
  // "clean", "infected" or the code of the error.
  [[nodiscard]] std::string verdict(const AttachmentId& id, const std::string& url, std::int64_t timeout_ms = 20'000) {
    auto scanner = scan::make_icap_scanner({url, timeout_ms});
    if (scanner.has_error()) return std::string(scanner.error().code->id);
    auto reader = house_.store->open(id);
    EXPECT_TRUE(reader.has_value());
    const auto got = (*scanner)->scan(**reader);
    if (got.has_error()) return std::string(got.error().code->id);
    return *got == ScanVerdict::kClean ? "clean" : "infected";
  }
  AttachmentHouse house_;
  Clamd clamd_{house_.folder / "clamd"};
  CIcap icap_{house_.folder / "icap", house_.folder / "clamd/socket"};
};

TEST_F(Icap, CleanAndInfectedContentsAreToldApartWhereverThePatternIs) {
  clamd_.start();
  icap_.start();
  EXPECT_EQ(verdict(put(picture(200'000), "clean"), url("avscan")), "clean");
  EXPECT_EQ(verdict(put(picture(300), "small"), url("avscan")), "clean");
  EXPECT_EQ(verdict(put(with_pattern(picture(200'000), 100), "preview"), url("avscan")), "infected");
  EXPECT_EQ(verdict(put(with_pattern(picture(200'000), 1'015), "border"), url("avscan")), "infected")
      << "across the end of the preview";
  EXPECT_EQ(verdict(put(with_pattern(picture(200'000), 65'530), "segment"), url("avscan")), "infected");
  EXPECT_EQ(verdict(put(with_pattern(picture(200'000), 199'900), "late"), url("avscan")), "infected");
  EXPECT_EQ(verdict(put(with_pattern(picture(3'000'000), 2'900'000), "large"), url("avscan")), "infected");
  EXPECT_EQ(verdict(put(picture(3'000'000), "large, clean"), url("avscan")), "clean");
}

// The server says 204 to these, infected or not: it did not look.
TEST_F(Icap, WhatTheServerLetsPassUnreadIsNotClean) {
  clamd_.start();
  icap_.start();
  EXPECT_EQ(verdict(put(with_pattern(picture(900'000), 5'000), "fits"), url("narrow")), "infected");
  EXPECT_EQ(verdict(put(with_pattern(picture(2'000'000), 5'000), "large"), url("narrow")), "scan.not-read");
  EXPECT_EQ(verdict(put(with_pattern(picture(900'000), 5'000), "streams"), url("virus")), "scan.answer")
      << "it sends the content back while it still comes";
  const Bytes pdf = "%PDF-1.7\n" + Bytes(70'000, ' ') + Bytes(kPattern);
  EXPECT_EQ(verdict(put(pdf, "pdf", "application/pdf"), url("avscan")), "scan.not-read");
}

// Started before its clamd it lets everything pass, and goes on so when clamd is there.
TEST_F(Icap, AServerThatLostItsScannerAtTheStartIsNotBelieved) {
  icap_.start();
  const AttachmentId id = put(with_pattern(picture(300'000), 5'000), "infected");
  EXPECT_EQ(verdict(id, url("avscan")), "scan.not-read");
}

TEST_F(Icap, WithoutAPlainAnswerThereIsNoVerdict) {
  const AttachmentId id = put(picture(300'000), "clean");
  EXPECT_EQ(verdict(id, url("avscan")), "scan.unreachable") << "nobody listens";
  clamd_.start();
  icap_.start();
  EXPECT_EQ(verdict(id, url("avscan")), "clean");
  clamd_.stop();
  EXPECT_EQ(verdict(id, url("avscan")), "scan.answer") << "clamd is away";
  EXPECT_EQ(verdict(id, url("nothing")), "scan.icap-service");
  EXPECT_EQ(verdict(id, url("echo")), "scan.answer") << "the content comes back; nobody scanned it";
  clamd_.start();
  EXPECT_EQ(verdict(id, url("avscan")), "clean");

  TcpProxy proxy(icap_.port());
  EXPECT_EQ(verdict(id, url("avscan", proxy.port())), "clean");
  for (const std::int64_t bytes : {50, 500, 2'000, 100'000, 290'000}) {
    proxy.cut_after(bytes);
    EXPECT_NE(verdict(id, url("avscan", proxy.port())), "clean") << bytes << " bytes to the server";
  }
  proxy.cut_after(-1);
  for (const std::int64_t bytes : {0, 30, 200, 290}) {
    proxy.cut_after_back(bytes);
    EXPECT_NE(verdict(id, url("avscan", proxy.port())), "clean") << bytes << " bytes back";
  }
  proxy.cut_after_back(-1);
  proxy.hold(true);
  EXPECT_EQ(verdict(id, url("avscan", proxy.port()), 300), "scan.unreachable") << "silent";
}

TEST_F(Icap, UrlsAreChecked) {
  for (const std::string text :
       {"", "icap://localhost/avscan", "icap://127.0.0.1:0/avscan", "icap://127.0.0.1", "tcp:1"})
    EXPECT_EQ(scan::make_icap_scanner({text}).error().code, &codes::kScanIcapUrl) << text;
  EXPECT_TRUE(scan::make_icap_scanner({"icap://[::1]/avscan"}).has_value());
}

TEST_F(Icap, TheLoopWaitsForTheServerAndSettlesEverything) {
  const AttachmentId clean = put(picture(100'000), "clean");
  const AttachmentId infected = put(with_pattern(picture(100'000), 70'000), "infected");
  const AttachmentId pdf = put("%PDF-1.7\n" + Bytes(70'000, ' '), "pdf", "application/pdf");
  const auto state = [this](const AttachmentId& id) { return house_.store->find(id)->state; };
  std::atomic<int> told = 0;
  ScanLoop loop(*house_.store, *scan::make_icap_scanner({url("avscan"), 5000}), [&](const Error*) { ++told; });
  ASSERT_TRUE(becomes([&] { return told > 0; }));
  EXPECT_EQ(state(clean), AttachmentState::kStored) << "no server, no verdict";
  clamd_.start();
  icap_.start();
  EXPECT_TRUE(becomes([&] { return state(clean) == AttachmentState::kScanned; }));
  EXPECT_TRUE(becomes([&] { return state(infected) == AttachmentState::kQuarantined; }));
  EXPECT_EQ(state(pdf), AttachmentState::kStored) << "what it does not look at stays without verdict";
}

}  // namespace
}  // namespace tongqu::test
