#pragma once
// A real OpenSSH server on a free port of this machine, with its own configuration and keys. It can be stopped, frozen
// and started again on the same port.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "tests/support/data.hpp"

namespace tongqu::test {

class SftpServer {
 public:
  static bool available() { return std::filesystem::exists("/usr/sbin/sshd"); }

  explicit SftpServer(std::filesystem::path folder) : folder_(std::move(folder)) {
    std::filesystem::create_directories(folder_ / "files");
    std::filesystem::create_directories("/run/sshd");  // where sshd separates its privileges, when it is root
    for (const char* name : {"host", "user", "other"}) {
      run("ssh-keygen -q -t ed25519 -N '' -f " + (folder_ / name).string());
    }
    std::filesystem::copy(folder_ / "user.pub", folder_ / "authorized");
    port_ = free_port();
    std::ofstream(folder_ / "config") << "Port " << port_ << "\nListenAddress 127.0.0.1\nHostKey "
                                      << (folder_ / "host").string() << "\nAuthorizedKeysFile "
                                      << (folder_ / "authorized").string()
                                      << "\nPasswordAuthentication no\nStrictModes no\nPidFile none\nUsePAM no\n"
                                         "Subsystem sftp internal-sftp\nMaxStartups 100\nLogLevel ERROR\n";
    start();
  }
  SftpServer(const SftpServer&) = delete;
  SftpServer& operator=(const SftpServer&) = delete;
  ~SftpServer() { stop(); }

  void start() {
    child_ = ::fork();
    if (child_ == 0) {
      ::setpgid(0, 0);  // with the processes of its connections
      const std::string config = (folder_ / "config").string();
      const std::string log = (folder_ / "log").string();
      ::execl("/usr/sbin/sshd", "/usr/sbin/sshd", "-D", "-f", config.c_str(), "-E", log.c_str(), nullptr);
      ::_exit(127);
    }
    ::setpgid(child_, child_);
    for (int i = 0; i < 1000 && !answers(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  // Ends it and every connection.
  void stop() {
    if (child_ <= 0) return;
    cut_connections();
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    child_ = -1;
  }
  // Ends the connections; new ones are taken. (Each is a process of a session of its own below the server.)
  void cut_connections(int signal = SIGKILL) const {
    for (const pid_t pid : below(child_)) ::kill(pid, signal);
  }
  // Ends what serves the files; the connections themselves stand a little longer and say that their channel is closed.
  void end_subsystem() const {
    const auto all = below(child_);
    for (const pid_t pid : all) {
      if (below(pid).empty()) ::kill(pid, SIGKILL);
    }
  }
  void freeze() const {
    cut_connections(SIGSTOP);
    ::kill(child_, SIGSTOP);
  }
  void thaw() const {
    ::kill(child_, SIGCONT);
    cut_connections(SIGCONT);
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::filesystem::path files() const { return folder_ / "files"; }
  [[nodiscard]] std::string key(const std::string& name = "user") const { return read_file(folder_ / name); }
  [[nodiscard]] std::string fingerprint() const {
    run("ssh-keygen -lf " + (folder_ / "host.pub").string() + " | cut -d' ' -f2 > " + (folder_ / "print").string());
    std::string text = read_file(folder_ / "print");
    while (text.ends_with('\n')) text.pop_back();
    return text;
  }

 private:
  static void run(const std::string& command) {
    if (std::system(command.c_str()) != 0) ::abort();
  }
  static std::uint16_t free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0) ::abort();
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(fd);
    return ntohs(address.sin_port);
  }
  [[nodiscard]] bool answers() const {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port_);
    const bool well = ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    ::close(fd);
    return well;
  }
  // All processes whose ancestor is `root`.
  static std::vector<pid_t> below(pid_t root) {
    std::vector<std::pair<pid_t, pid_t>> all;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      const std::string name = entry.path().filename();
      if (name.find_first_not_of("0123456789") != std::string::npos) continue;
      const std::string stat = read_file(entry.path() / "stat");
      const auto end = stat.rfind(')');
      if (end == std::string::npos || stat.size() < end + 5) continue;
      all.emplace_back(std::stoi(name), std::stoi(stat.substr(end + 4)));
    }
    std::vector<pid_t> found;
    std::vector<pid_t> open{root};
    while (!open.empty()) {
      const pid_t parent = open.back();
      open.pop_back();
      for (const auto& [pid, its_parent] : all) {
        if (its_parent != parent) continue;
        found.push_back(pid);
        open.push_back(pid);
      }
    }
    return found;
  }

  std::filesystem::path folder_;
  std::uint16_t port_ = 0;
  pid_t child_ = -1;
};

}  // namespace tongqu::test
