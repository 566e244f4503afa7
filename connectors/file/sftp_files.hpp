#pragma once
// A folder behind SFTP (protocol 3, as OpenSSH speaks it), through libssh. It connects when it is first used and anew
// after the connection broke; the caller waits between attempts.
//
// The server's host key is pinned: without the known fingerprint nothing is sent, not even the user's name (errors:
// sftp.host-key). Login with one private key, no agent, no password, no ~/.ssh. Each call ends within `timeout_ms`:
// a watchdog cuts the connection, whatever the library waits for. A rename takes the place of an existing file where
// the server knows posix-rename@openssh.com; fsync is asked for where it knows fsync@openssh.com.
//
// Not thread-safe but for cut().
#include <cstdint>
#include <memory>
#include <string>

#include "connectors/support/file_system.hpp"

namespace tongqu::file {

struct SftpOptions {
  std::string host;
  std::uint16_t port = 22;
  std::string user;
  std::string private_key;    // OpenSSH or PEM, without passphrase
  std::string fingerprint;    // "SHA256:…" of the host key
  std::string host_key_type;  // empty, or the list that is asked for ("ssh-ed25519")
  std::string root;           // folder at the server; empty = where the login leads
  std::int64_t timeout_ms = 20'000;
};

// Fails with sftp.key when the private key cannot be used; opens no connection.
[[nodiscard]] Result<std::unique_ptr<FileSystem>> make_sftp_files(SftpOptions options);

}  // namespace tongqu::file
