#include "connectors/file/sftp_session.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "connectors/file/file_codes.hpp"

namespace tongqu::file {
namespace {

// Connects within `timeout_ms`; the descriptor is the caller's. -1 when nobody answers.
int connect_to(const std::string& host, std::uint16_t port, std::int64_t timeout_ms) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return -1;
  int connected = -1;
  for (const addrinfo* at = found; at != nullptr && connected < 0; at = at->ai_next) {
    const int fd = ::socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, at->ai_protocol);
    if (fd < 0) continue;
    int failed = ::connect(fd, at->ai_addr, at->ai_addrlen) == 0 ? 0 : errno;
    if (failed == EINPROGRESS) {
      pollfd waiting{fd, POLLOUT, 0};
      socklen_t size = sizeof failed;
      failed = ::poll(&waiting, 1, static_cast<int>(timeout_ms)) == 1 ? 0 : ETIMEDOUT;
      if (failed == 0) ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &size);
    }
    if (failed == 0) {
      connected = fd;
    } else {
      ::close(fd);
    }
  }
  ::freeaddrinfo(found);
  return connected;
}

}  // namespace

Status SftpSession::set_up(const SftpOptions& options, int fd) {
  const long seconds = static_cast<long>(options.timeout_ms / 1000) + 1;
  const bool read_files = false;  // of ~/.ssh/config
  bool well = ssh_options_set(ssh_.get(), SSH_OPTIONS_PROCESS_CONFIG, &read_files) == SSH_OK &&
              ssh_options_set(ssh_.get(), SSH_OPTIONS_HOST, options.host.c_str()) == SSH_OK &&
              ssh_options_set(ssh_.get(), SSH_OPTIONS_USER, options.user.c_str()) == SSH_OK &&
              ssh_options_set(ssh_.get(), SSH_OPTIONS_TIMEOUT, &seconds) == SSH_OK;
  if (well && !options.host_key_type.empty()) {
    well = ssh_options_set(ssh_.get(), SSH_OPTIONS_HOSTKEYS, options.host_key_type.c_str()) == SSH_OK;
  }
  well = well && ssh_options_set(ssh_.get(), SSH_OPTIONS_FD, &fd) == SSH_OK;
  return well ? Status() : Status(make_error(codes::kSftpConnect, "options"));
}

Status SftpSession::check_host(const SftpOptions& options) const {
  ssh_key raw = nullptr;
  if (ssh_get_server_publickey(ssh_.get(), &raw) != SSH_OK) return make_error(codes::kSftpHostKey);
  const KeyPtr key(raw);
  unsigned char* hash = nullptr;
  std::size_t size = 0;
  if (ssh_get_publickey_hash(key.get(), SSH_PUBLICKEY_HASH_SHA256, &hash, &size) != 0)
    return make_error(codes::kSftpHostKey);
  char* text = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, size);
  const bool known = text != nullptr && options.fingerprint == text;
  ssh_string_free_char(text);
  ssh_clean_pubkey_hash(&hash);
  return known ? Status() : Status(make_error(codes::kSftpHostKey));
}

Result<std::unique_ptr<SftpSession>> SftpSession::open(const SftpOptions& options, ssh_key key, Watchdog& watchdog) {
  const int fd = connect_to(options.host, options.port, options.timeout_ms);
  if (fd < 0) return make_error(codes::kSftpConnect, "connect");
  watchdog.watch(fd);
  watchdog.begin(options.timeout_ms);
  std::unique_ptr<SftpSession> session(new SftpSession());
  session->ssh_.reset(ssh_new());
  if (session->ssh_ == nullptr) {
    ::close(fd);
    return make_error(codes::kSftpConnect, "memory");
  }
  if (auto status = session->set_up(options, fd); status.has_error()) return status.error();
  if (ssh_connect(session->ssh_.get()) != SSH_OK) return make_error(codes::kSftpConnect, "handshake");
  if (auto status = session->check_host(options); status.has_error()) return status.error();
  const int login = ssh_userauth_publickey(session->ssh_.get(), nullptr, key);
  if (login == SSH_AUTH_DENIED || login == SSH_AUTH_PARTIAL) return make_error(codes::kSftpLogin);
  if (login != SSH_AUTH_SUCCESS) return make_error(codes::kSftpConnect, "login");
  session->sftp_.reset(sftp_new(session->ssh_.get()));
  if (session->sftp_ == nullptr || sftp_init(session->sftp_.get()) != SSH_OK)
    return make_error(codes::kSftpConnect, "sftp");
  if (!watchdog.end()) return make_error(codes::kSftpConnect, "timeout");
  return session;
}

Error SftpSession::error(const char* call) const {
  if (!alive()) return make_error(codes::kSftpConnect, call);
  switch (sftp_get_error(sftp_.get())) {
    case SSH_FX_NO_SUCH_FILE:
    case SSH_FX_NO_SUCH_PATH: return make_error(codes::kFileMissing, call);
    case SSH_FX_PERMISSION_DENIED:
    case SSH_FX_WRITE_PROTECT: return make_error(codes::kFileDenied, call);
    case SSH_FX_OK:   // the call failed and the server said nothing: its answer never came
    case SSH_FX_EOF:  // the channel ended before it
    case SSH_FX_NO_CONNECTION:
    case SSH_FX_CONNECTION_LOST: return make_error(codes::kSftpConnect, call);
    default: return make_error(codes::kSftpAnswer, call);
  }
}

}  // namespace tongqu::file
