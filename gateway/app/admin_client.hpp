#pragma once
// The command line's way to a running gateway: its admin interface.
#include <memory>
#include <string>

#include "gateway/core/error.hpp"

namespace tongqu::app {

// Where the admin interface is, and its token. Address: option --admin, else TONGQU_ADMIN, else http://127.0.0.1:18480;
// token file: option --token-file, else TONGQU_ADMIN_TOKEN_FILE.
struct AdminAddress {
  std::string url;
  std::string token_file;
};

struct AdminAnswer {
  int status = 0;
  std::string body;
};

// One request; blocking, at most 30 s. Fails when the gateway cannot be reached; a problem answer is no failure here.
// Loopback addresses only: the interface is plain HTTP with a bearer token.
[[nodiscard]] Result<AdminAnswer> admin_call(const AdminAddress& address, const std::string& method,
                                             const std::string& path, const std::string& body);

}  // namespace tongqu::app
