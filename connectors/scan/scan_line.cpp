#include "connectors/scan/scan_line.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

namespace tongqu::scan {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::optional<Address> unix_address(std::string_view path) {
  Address address;
  auto* at = reinterpret_cast<sockaddr_un*>(&address.storage);
  if (path.empty() || path.size() >= sizeof at->sun_path || !path.starts_with('/')) return std::nullopt;
  at->sun_family = AF_UNIX;
  std::memcpy(at->sun_path, path.data(), path.size());
  address.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
  return address;
}

std::optional<Address> tcp_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data() + colon + 1, end, port);
  if (failed != std::errc{} || stop != end || port == 0) return std::nullopt;
  std::string host(text.substr(0, colon));
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  Address address;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
  if (inet_pton(AF_INET, host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    address.size = sizeof *v4;
    return address;
  }
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
  if (inet_pton(AF_INET6, host.c_str(), &v6->sin6_addr) != 1) return std::nullopt;
  v6->sin6_family = AF_INET6;
  v6->sin6_port = htons(port);
  address.size = sizeof *v6;
  return address;
}

ScanLine::ScanLine(const Address& address, std::int64_t timeout_ms)
    : timeout_ms_(timeout_ms),
      socket_(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
  begin_step();
  if (socket_ < 0) return;
  const auto* at = reinterpret_cast<const sockaddr*>(&address.storage);
  if (::connect(socket_, at, address.size) == 0) {
    open_ = true;
  } else if (errno == EINPROGRESS && wait(POLLOUT)) {
    int failure = 0;
    socklen_t size = sizeof failure;
    open_ = ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &failure, &size) == 0 && failure == 0;
  }
}

ScanLine::~ScanLine() {
  if (socket_ >= 0) ::close(socket_);
}

void ScanLine::begin_step() { end_ = steady_clock::now() + milliseconds(timeout_ms_); }

bool ScanLine::send(std::string_view bytes) {
  begin_step();
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EINTR) {
      continue;
    } else if (errno != EAGAIN || !wait(POLLOUT)) {
      return false;
    }
  }
  return true;
}

std::optional<std::string> ScanLine::receive() {
  char buffer[4096];
  while (true) {
    const ssize_t got = ::recv(socket_, buffer, sizeof buffer, 0);
    if (got >= 0) return std::string(buffer, static_cast<std::size_t>(got));
    if (errno == EINTR) continue;
    if (errno != EAGAIN || !wait(POLLIN)) return std::nullopt;
  }
}

bool ScanLine::has_answer() const {
  pollfd waiting{socket_, POLLIN, 0};
  return ::poll(&waiting, 1, 0) == 1;
}

bool ScanLine::wait(short events) const {
  const auto left = std::chrono::ceil<milliseconds>(end_ - steady_clock::now()).count();
  pollfd waiting{socket_, events, 0};
  return left > 0 && ::poll(&waiting, 1, static_cast<int>(left)) == 1;
}

}  // namespace tongqu::scan
