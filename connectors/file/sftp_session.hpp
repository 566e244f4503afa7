#pragma once
// One SFTP connection: made, checked, logged in; and what the server's answers mean. Used by SftpFiles alone.
#include <libssh/libssh.h>
#include <libssh/sftp.h>

#include <memory>

#include "connectors/file/sftp_files.hpp"
#include "connectors/file/watchdog.hpp"

namespace tongqu::file {

struct FreeSsh {
  void operator()(ssh_session session) const {
    ssh_disconnect(session);
    ssh_free(session);
  }
};
struct FreeSftp {
  void operator()(sftp_session session) const { sftp_free(session); }
};
struct FreeKey {
  void operator()(ssh_key key) const { ssh_key_free(key); }
};
using KeyPtr = std::unique_ptr<std::remove_pointer_t<ssh_key>, FreeKey>;

class SftpSession {
 public:
  // Errors: sftp.connect, sftp.host-key, sftp.login.
  [[nodiscard]] static Result<std::unique_ptr<SftpSession>> open(const SftpOptions& options, ssh_key key,
                                                                 Watchdog& watchdog);
  [[nodiscard]] sftp_session get() const { return sftp_.get(); }
  [[nodiscard]] bool alive() const { return ssh_is_connected(ssh_.get()) == 1; }
  // What went wrong in the last call `call`.
  [[nodiscard]] Error error(const char* call) const;

 private:
  SftpSession() = default;
  [[nodiscard]] Status set_up(const SftpOptions& options, int fd);
  [[nodiscard]] Status check_host(const SftpOptions& options) const;

  std::unique_ptr<std::remove_pointer_t<ssh_session>, FreeSsh> ssh_;
  std::unique_ptr<std::remove_pointer_t<sftp_session>, FreeSftp> sftp_;  // goes before ssh_
};

}  // namespace tongqu::file
