#pragma once
// The real clamd of Debian, with a signature of our own and nothing downloaded.
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "tests/component/attachments/attachment_fixture.hpp"
#include "tests/support/becomes.hpp"

namespace tongqu::test {

inline constexpr std::string_view kPattern = "tongqu-made-up-pattern";

class Clamd {
 public:
  explicit Clamd(std::filesystem::path folder) : folder_(std::move(folder)) {
    std::filesystem::create_directories(folder_ / "signatures");
    std::ofstream(folder_ / "signatures/test.ndb") << "Tongqu.Test:0:*:" << to_hex(kPattern) << "\n";
    std::ofstream(folder_ / "clamd.conf")
        << "Foreground yes\nLocalSocket " << (folder_ / "socket").string() << "\nDatabaseDirectory "
        << (folder_ / "signatures").string() << "\nStreamMaxLength 1M\nMaxThreads 2\nLogFile "
        << (folder_ / "log").string() << "\n";
  }
  ~Clamd() { stop(); }
  Clamd(const Clamd&) = delete;
  Clamd& operator=(const Clamd&) = delete;

  void start() {
    std::string program = "/usr/sbin/clamd";
    std::string option = "--config-file=" + (folder_ / "clamd.conf").string();
    char* arguments[] = {program.data(), option.data(), nullptr};
    ASSERT_EQ(posix_spawn(&process_, program.c_str(), nullptr, nullptr, arguments, environ), 0)
        << "clamav-daemon is missing (scripts/packages.sh)";
    ASSERT_TRUE(becomes([this] { return std::filesystem::exists(folder_ / "socket"); }));
  }
  void stop() {
    if (process_ == 0) return;
    kill(process_, SIGTERM);
    waitpid(process_, nullptr, 0);
    process_ = 0;
    std::filesystem::remove(folder_ / "socket");
  }
  [[nodiscard]] std::string address() const { return "unix:" + (folder_ / "socket").string(); }

 private:
  std::filesystem::path folder_;
  pid_t process_ = 0;
};

inline Bytes with_pattern(Bytes content, std::size_t at) { return content.replace(at, kPattern.size(), kPattern); }

}  // namespace tongqu::test
