#pragma once
// Which addresses may be fetched, and which machines may be connected to for it. No I/O.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/support/http_address.hpp"
#include "gateway/core/attachments.hpp"

namespace tongqu::fetch {

// Takes an http(s) address apart: scheme and host in lower case, spaces and non-ASCII bytes of path and query
// percent-encoded. Nothing for anything that two readers could read differently: a user or a fragment, control bytes,
// backslashes, dot segments or encoded slashes in the path, a host that is no plain name or address.
[[nodiscard]] std::optional<HttpAddress> parse_address(std::string_view url);

// True for an address that is public: global unicast, and none of the blocks for documentation, benchmarks, translation
// or tunnels, which lead elsewhere. IPv4 mapped into IPv6 is judged as IPv4. False for what is no address.
[[nodiscard]] bool is_public_address(const std::string& address);

// The partner's SFTP server, as messages name it.
struct SftpPlace {
  std::string host;  // lower case
  std::uint16_t port = 22;
};

// Immutable; thread-safe.
class FetchRules {
 public:
  // `prefixes`: http(s) addresses. One that ends in '/' allows everything below it, any other itself and what follows
  // behind '/' or '?'. `inside`: addresses that are not public and may be connected to all the same; may be empty.
  // `sftp`: "sftp://host[:port]/path" and texts that are no address are files of its folder.
  // Nothing when a prefix cannot be read.
  [[nodiscard]] static std::shared_ptr<const FetchRules> create(const std::vector<std::string>& prefixes,
                                                                std::function<bool(const std::string&)> inside,
                                                                std::optional<SftpPlace> sftp = {});

  // What the text in a message is: an address has "://" in it or begins with "//". With `sftp` there is no other text.
  [[nodiscard]] FetchVerdict judge(std::string_view url) const;
  // Where to ask; nothing unless judge() allows it.
  [[nodiscard]] std::optional<HttpAddress> http_address(std::string_view url) const;
  // Path below the folder of the SFTP server, parts joined by '/'; nothing unless judge() allows it, and for http(s).
  [[nodiscard]] std::optional<std::string> sftp_path(std::string_view url) const;
  // Whether this machine may be connected to, numeric.
  [[nodiscard]] bool permits(const std::string& address) const;

 private:
  FetchRules() = default;
  std::vector<HttpAddress> prefixes_;
  std::function<bool(const std::string&)> inside_;
  std::optional<SftpPlace> sftp_;
};

}  // namespace tongqu::fetch
