#include "tests/component/net/raw_peer.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <utility>

namespace tongqu::test {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool wait_readable(int descriptor) {
  pollfd wanted{descriptor, POLLIN, 0};
  return poll(&wanted, 1, RawConnection::kPatienceMs) == 1;
}

}  // namespace

RawConnection::RawConnection(int descriptor) : descriptor_(descriptor) {}
RawConnection::RawConnection(RawConnection&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), buffer_(std::move(other.buffer_)) {}
RawConnection& RawConnection::operator=(RawConnection&& other) noexcept {
  close();
  descriptor_ = std::exchange(other.descriptor_, -1);
  buffer_ = std::move(other.buffer_);
  return *this;
}
RawConnection::~RawConnection() { close(); }

RawConnection RawConnection::to(std::uint16_t port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(descriptor);
    return {};
  }
  return RawConnection(descriptor);
}

bool RawConnection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawConnection::end_sending() { ::shutdown(descriptor_, SHUT_WR); }

void RawConnection::reset() {
  const linger now{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close();
}

void RawConnection::close() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

bool RawConnection::fill() {
  std::array<char, 16384> bytes{};
  if (descriptor_ < 0 || !wait_readable(descriptor_)) return false;
  const auto got = ::recv(descriptor_, bytes.data(), bytes.size(), 0);
  if (got <= 0) return false;
  buffer_.append(bytes.data(), static_cast<std::size_t>(got));
  return true;
}

std::string RawConnection::read_all() {
  while (fill()) continue;
  return std::exchange(buffer_, {});
}

std::string RawConnection::read_message() {
  std::size_t head_end = 0;
  while ((head_end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) return {};
  }
  head_end += 4;
  std::size_t length = 0;
  if (const auto at = buffer_.find("Content-Length: "); at < head_end) {
    const char* digits = buffer_.data() + at + 16;
    std::from_chars(digits, buffer_.data() + head_end, length);
  }
  while (buffer_.size() < head_end + length) {
    if (!fill()) return {};
  }
  std::string message = buffer_.substr(0, head_end + length);
  buffer_.erase(0, head_end + length);
  return message;
}

bool RawConnection::is_closed_by_peer() { return buffer_.empty() && !fill() && buffer_.empty(); }

RawListener::RawListener() {
  descriptor_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (bind(descriptor_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(descriptor_, 64) != 0) close();
  getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
}

RawListener::~RawListener() { close(); }

RawConnection RawListener::accept() {
  if (!wait_readable(descriptor_)) return {};
  return RawConnection(::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC));
}

void RawListener::close() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

int status_of(std::string_view message) {
  int status = 0;
  if (message.starts_with("HTTP/1.1 ")) std::from_chars(message.data() + 9, message.data() + message.size(), status);
  return status;
}

std::string body_of(std::string_view message) {
  const auto end = message.find("\r\n\r\n");
  return end == std::string_view::npos ? std::string() : std::string(message.substr(end + 4));
}

}  // namespace tongqu::test
