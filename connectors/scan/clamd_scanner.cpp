#include "connectors/scan/clamd_scanner.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include "connectors/scan/clamd_protocol.hpp"
#include "connectors/scan/scan_codes.hpp"

namespace tongqu::scan {
namespace {

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

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
  Address address;
  const std::string host(text.substr(0, colon));
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

std::optional<Address> parse_address(std::string_view text) {
  if (text.starts_with("unix:")) return unix_address(text.substr(5));
  if (text.starts_with("tcp:")) return tcp_address(text.substr(4));
  return std::nullopt;
}

// A connected socket whose every step has a time limit.
class Line {
 public:
  Line(const Address& address, std::int64_t timeout_ms)
      : timeout_ms_(static_cast<int>(timeout_ms)),
        socket_(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
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
  ~Line() {
    if (socket_ >= 0) ::close(socket_);
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  [[nodiscard]] bool is_open() const { return open_; }

  [[nodiscard]] bool send(std::string_view bytes) const {
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

  // Up to the zero byte or the end of the connection.
  [[nodiscard]] std::optional<std::string> answer() const {
    std::string text;
    char buffer[256];
    while (text.size() <= kMaxAnswerBytes) {
      const ssize_t got = ::recv(socket_, buffer, sizeof buffer, 0);
      if (got > 0) {
        text.append(buffer, static_cast<std::size_t>(got));
        if (text.find('\0') != std::string::npos) return text;
      } else if (got == 0) {
        return text;
      } else if (errno == EINTR) {
        continue;
      } else if (errno != EAGAIN || !wait(POLLIN)) {
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] bool wait(short events) const {
    pollfd waiting{socket_, events, 0};
    return ::poll(&waiting, 1, timeout_ms_) == 1;
  }

  int timeout_ms_;
  int socket_;
  bool open_ = false;
};

class ClamdScanner final : public AttachmentScanner {
 public:
  ClamdScanner(Address address, std::int64_t timeout_ms) : address_(address), timeout_ms_(timeout_ms) {}

  [[nodiscard]] Result<ScanVerdict> scan(AttachmentReader& content) override {
    const Line line(address_, timeout_ms_);
    if (!line.is_open()) return make_error(codes::kScanUnreachable);
    bool taken = line.send(kInstream);
    const std::uint64_t size = content.attachment().size_bytes;
    for (std::uint64_t at = 0; taken && at < size;) {
      const auto piece = content.read(at);
      if (piece.has_error()) return piece.error();
      taken = line.send(clamd_chunk(*piece));
      at += piece->size();
    }
    // clamd may have closed because it has had enough: what it says then is still worth reading, and never "OK".
    if (taken) taken = line.send(clamd_chunk({}));
    const auto answer = line.answer();
    if (!answer) return make_error(codes::kScanUnreachable);
    const auto verdict = clamd_verdict(*answer);
    if (!verdict || (!taken && *verdict == ScanVerdict::kClean)) return make_error(codes::kScanAnswer);
    return *verdict;
  }

 private:
  Address address_;
  std::int64_t timeout_ms_;
};

}  // namespace

Result<std::unique_ptr<AttachmentScanner>> make_clamd_scanner(ClamdOptions options) {
  const auto address = parse_address(options.address);
  if (!address) return make_error(codes::kScanAddress);
  return std::unique_ptr<AttachmentScanner>(std::make_unique<ClamdScanner>(*address, options.timeout_ms));
}

}  // namespace tongqu::scan
