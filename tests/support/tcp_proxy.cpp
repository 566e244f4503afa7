#include "tests/support/tcp_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
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

// A cut is a reset, as of a cable: the peer gets no orderly end.
void reset(int socket) {
  const linger hard{1, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  ::close(socket);
}

}  // namespace

TcpProxy::TcpProxy(int target_port) : target_port_(target_port) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    std::abort();
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

TcpProxy::~TcpProxy() {
  stopping_ = true;
  thread_.join();
  while (!pairs_.empty()) close(pairs_.size() - 1);
  ::close(listener_);
}

void TcpProxy::refuse(bool on) {
  refusing_ = on;
  if (on) cut_ = true;
}

void TcpProxy::cut() { cut_ = true; }

void TcpProxy::close(std::size_t index) {
  reset(pairs_[index].client);
  reset(pairs_[index].server);
  pairs_.erase(pairs_.begin() + static_cast<std::ptrdiff_t>(index));
}

void TcpProxy::accept_one() {
  Pair pair;
  pair.client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (pair.client < 0) return;
  ++connections_;
  pair.server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(target_port_);
  if (refusing_ || ::connect(pair.server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    reset(pair.client);
    ::close(pair.server);
    return;
  }
  pairs_.push_back(pair);
}

bool TcpProxy::pass(int from, int to, std::atomic<std::int64_t>& budget) {
  std::array<char, 16384> buffer{};
  std::size_t want = buffer.size();
  if (const std::int64_t left = budget; left >= 0) want = std::min(want, static_cast<std::size_t>(left));
  if (want == 0) {
    budget = -1;
    return false;
  }
  const ssize_t got = ::recv(from, buffer.data(), want, MSG_DONTWAIT);
  if (got == 0 || (got < 0 && errno != EAGAIN)) return false;
  if (got < 0) return true;
  if (budget >= 0) budget -= got;
  for (ssize_t done = 0; done < got;) {
    const ssize_t sent = ::send(to, buffer.data() + done, static_cast<std::size_t>(got - done), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    done += sent;
  }
  return true;
}

void TcpProxy::run() {
  while (!stopping_) {
    if (cut_.exchange(false)) {
      while (!pairs_.empty()) close(pairs_.size() - 1);
    }
    std::vector<pollfd> what{{listener_, POLLIN, 0}};
    if (!held_) {
      for (const Pair& pair : pairs_) {
        what.push_back({pair.client, POLLIN, 0});
        what.push_back({pair.server, POLLIN, 0});
      }
    }
    ::poll(what.data(), what.size(), 10);
    for (std::size_t i = what.size(); i > 1; i -= 2) {
      const std::size_t index = (i - 3) / 2;
      bool good = true;
      if (what[i - 2].revents != 0) good = pass(pairs_[index].client, pairs_[index].server, cut_after_);
      if (good && what[i - 1].revents != 0) good = pass(pairs_[index].server, pairs_[index].client, cut_after_back_);
      if (!good) close(index);
      if (i < 3) break;
    }
    if ((what[0].revents & POLLIN) != 0) accept_one();
  }
}

}  // namespace tongqu::test
