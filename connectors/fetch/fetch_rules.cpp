#include "connectors/fetch/fetch_rules.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "gateway/core/text.hpp"
#include "gateway/settings/scalars.hpp"

namespace tongqu::fetch {
namespace {

namespace ip = boost::asio::ip;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool is_plain_host(std::string_view host) {
  return !host.empty() && host.size() <= 253 && !host.ends_with('.') && !host.starts_with('.') &&
         std::ranges::all_of(host, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' || c == ':';
         });
}

// Nothing when bytes stand there that no address has.
std::optional<std::string> encoded(std::string_view target) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : target) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20) || byte == 0x7F || c == '\\' || c == '#') return std::nullopt;
    if (byte > 0x20 && byte < 0x7F) {
      out.push_back(c);
    } else {
      out.append({'%', kDigits[byte >> 4U], kDigits[byte & 15U]});
    }
  }
  return out;
}

bool is_dots(std::string_view segment) {
  std::string plain;
  while (!segment.empty()) {
    const bool coded = segment.size() >= 3 && segment[0] == '%' && segment[1] == '2' && lower(segment[2]) == 'e';
    plain.push_back(coded ? '.' : segment.front());
    segment.remove_prefix(coded ? 3 : 1);
  }
  return plain == "." || plain == "..";
}

// A path that means the same to everybody.
bool is_plain_path(std::string_view path) {
  std::string folded(path);
  std::ranges::transform(folded, folded.begin(), lower);
  for (const std::string_view bad : {"%2f", "%5c", "%00"}) {
    if (folded.find(bad) != std::string::npos) return false;
  }
  for (std::size_t at = 0; at < folded.size();) {
    const std::size_t end = std::min(folded.find('/', at), folded.size());
    if (is_dots(std::string_view(folded).substr(at, end - at))) return false;
    at = end + 1;
  }
  return true;
}

// Percent-encoding taken off; nothing when it is broken, or when a slash is hidden in it.
std::optional<std::string> decoded(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const bool coded = path.front() == '%';
    const auto byte = coded ? from_hex(path.substr(1, 2)) : std::optional(Bytes(1, path.front()));
    if (!byte || byte->size() != 1 || (coded && byte->front() == '/')) return std::nullopt;
    out += *byte;
    path.remove_prefix(coded ? 3 : 1);
  }
  return out;
}

// A file below a folder: no way out of it, nothing in it that a server could read otherwise.
std::optional<std::string> plain_file(std::string_view path) {
  constexpr std::size_t kMaxPathBytes = 1024;
  while (path.starts_with('/')) path.remove_prefix(1);
  const bool plain =
      is_safe_path(path) && path.size() <= kMaxPathBytes && is_utf8(path) && !path.ends_with('/') &&
      path.find("//") == std::string_view::npos &&
      std::ranges::none_of(path, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '\\'; });
  return plain ? std::optional(std::string(path)) : std::nullopt;
}

bool is_server(std::string_view authority, const SftpPlace& place) {
  std::string text(authority);
  std::ranges::transform(text, text.begin(), lower);
  const std::string with_port = place.host + ":" + std::to_string(place.port);
  return text == with_port || (text == place.host && place.port == 22);
}

bool in_block(const ip::address_v4& address, std::string_view block, unsigned bits) {
  const std::uint32_t mask = ~std::uint32_t{0} << (32U - bits);
  return (address.to_uint() & mask) == ip::make_address_v4(block).to_uint();
}

// RFC 6890 and its registry.
bool is_public(const ip::address_v4& address) {
  struct Block {
    std::string_view first;
    unsigned bits;
  };
  static constexpr Block kOthers[] = {
      {"0.0.0.0", 8},     {"10.0.0.0", 8},      {"100.64.0.0", 10},  {"127.0.0.0", 8},    {"169.254.0.0", 16},
      {"172.16.0.0", 12}, {"192.0.0.0", 24},    {"192.0.2.0", 24},   {"192.88.99.0", 24}, {"192.168.0.0", 16},
      {"198.18.0.0", 15}, {"198.51.100.0", 24}, {"203.0.113.0", 24}, {"224.0.0.0", 4},    {"240.0.0.0", 4}};
  return std::ranges::none_of(kOthers, [&](const Block& b) { return in_block(address, b.first, b.bits); });
}

bool is_public(const ip::address_v6& address) {
  const auto bytes = address.to_bytes();
  const auto word = [&](std::size_t i) { return static_cast<unsigned>(bytes[i] << 8U | bytes[i + 1]); };
  if (address.scope_id() != 0 || (bytes[0] & 0xE0U) != 0x20U) return false;  // 2000::/3
  if (word(0) == 0x2002) return false;                                       // 6to4
  if (word(0) == 0x2001 && word(2) < 0x0200) return false;                   // special purposes, Teredo
  return !(word(0) == 0x2001 && word(2) == 0x0DB8) && word(0) != 0x3FFF;     // documentation
}

}  // namespace

std::optional<HttpAddress> parse_address(std::string_view url) {
  const auto colon = url.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  std::string text(url);
  const std::size_t authority = colon + 3;
  const std::size_t target = std::min(text.find_first_of("/?", authority), text.size());
  std::transform(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(target), text.begin(), lower);
  auto address = parse_http_url(std::string_view(text).substr(0, target));
  if (!address || !is_plain_host(address->origin.host) || address->origin.port == 0) return std::nullopt;
  auto rest = encoded(std::string_view(text).substr(target));
  if (!rest) return std::nullopt;
  address->target = rest->starts_with('/') ? std::move(*rest) : "/" + *rest;
  const std::string_view whole = address->target;
  if (!is_plain_path(whole.substr(0, whole.find('?')))) return std::nullopt;
  return address;
}

bool is_public_address(const std::string& text) {
  boost::system::error_code failed;
  const auto address = ip::make_address(text, failed);
  if (failed) return false;
  if (address.is_v4()) return is_public(address.to_v4());
  const auto v6 = address.to_v6();
  return v6.is_v4_mapped() ? is_public(ip::make_address_v4(ip::v4_mapped, v6)) : is_public(v6);
}

std::shared_ptr<const FetchRules> FetchRules::create(const std::vector<std::string>& prefixes,
                                                     std::function<bool(const std::string&)> inside,
                                                     std::optional<SftpPlace> sftp) {
  std::shared_ptr<FetchRules> rules(new FetchRules());
  rules->sftp_ = std::move(sftp);
  rules->inside_ = std::move(inside);
  for (const std::string& prefix : prefixes) {
    auto address = parse_address(prefix);
    if (!address || address->target.find('?') != std::string::npos) return nullptr;
    rules->prefixes_.push_back(std::move(*address));
  }
  return rules;
}

FetchVerdict FetchRules::judge(std::string_view url) const {
  const bool address = url.find("://") != std::string_view::npos || url.starts_with("//");
  if (!address && !sftp_) return FetchVerdict::kNoAddress;
  return http_address(url) || sftp_path(url) ? FetchVerdict::kAllowed : FetchVerdict::kForbidden;
}

std::optional<HttpAddress> FetchRules::http_address(std::string_view url) const {
  auto address = parse_address(url);
  if (!address) return std::nullopt;
  const bool allowed = std::ranges::any_of(prefixes_, [&](const HttpAddress& prefix) {
    if (address->origin != prefix.origin || !address->target.starts_with(prefix.target)) return false;
    if (prefix.target.ends_with('/') || address->target.size() == prefix.target.size()) return true;
    const char next = address->target[prefix.target.size()];
    return next == '/' || next == '?';
  });
  return allowed ? address : std::nullopt;
}

std::optional<std::string> FetchRules::sftp_path(std::string_view url) const {
  constexpr std::string_view kScheme = "sftp://";
  if (!sftp_) return std::nullopt;
  std::string head(url.substr(0, kScheme.size()));
  std::ranges::transform(head, head.begin(), lower);
  if (head != kScheme) return url.find("://") == std::string_view::npos ? plain_file(url) : std::nullopt;
  url.remove_prefix(kScheme.size());
  const auto slash = url.find('/');
  if (slash == std::string_view::npos || !is_server(url.substr(0, slash), *sftp_)) return std::nullopt;
  const auto path = decoded(url.substr(slash));
  return path ? plain_file(*path) : std::nullopt;
}

bool FetchRules::permits(const std::string& address) const {
  return is_public_address(address) || (inside_ && inside_(address));
}

}  // namespace tongqu::fetch
