#include "tests/support/child.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

namespace tongqu::test {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

}  // namespace

int free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (socket < 0 || ::bind(socket, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    std::abort();
  ::close(socket);
  return ntohs(address.sin_port);
}

bool is_listening(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  const bool good = ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return good;
}

Child::Child(const std::vector<std::string>& arguments, const std::map<std::string, std::string>& environment,
             const std::string& log) {
  // Built before the fork: the child of a program with threads may only call what is safe in a signal handler.
  std::vector<std::string> texts;
  for (char** at = environ; *at != nullptr; ++at) {
    const std::string text = *at;
    if (!environment.contains(text.substr(0, text.find('=')))) texts.push_back(text);
  }
  for (const auto& [name, value] : environment) texts.push_back(name + "=" + value);
  std::vector<char*> env;
  for (std::string& text : texts) env.push_back(text.data());
  env.push_back(nullptr);
  std::vector<std::string> copies = arguments;
  std::vector<char*> args;
  for (std::string& text : copies) args.push_back(text.data());
  args.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ < 0) std::abort();
  if (pid_ == 0) {
    ::setpgid(0, 0);
    const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const int in = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::dup2(in, 0);
    ::dup2(out, 1);
    ::dup2(out, 2);
    ::execve(args[0], args.data(), env.data());
    ::_exit(127);
  }
  ::setpgid(pid_, pid_);
}

Child::~Child() {
  signal(SIGKILL);
  wait();
}

void Child::signal(int number) const {
  if (!gone_) ::kill(-pid_, number);
}

void Child::signal_alone(int number) const {
  if (!gone_) ::kill(pid_, number);
}

int Child::wait() {
  if (!gone_) {
    ::waitpid(pid_, &status_, 0);
    // What it started and left behind; the group's number stays taken while a member lives.
    ::kill(-pid_, SIGKILL);
    gone_ = true;
  }
  return WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
}

bool Child::ended() {
  if (gone_) return true;
  if (::waitpid(pid_, &status_, WNOHANG) != pid_) return false;
  ::kill(-pid_, SIGKILL);
  gone_ = true;
  return true;
}

}  // namespace tongqu::test
