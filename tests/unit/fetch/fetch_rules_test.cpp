#include "connectors/fetch/fetch_rules.hpp"

#include <gtest/gtest.h>

namespace tongqu::fetch {
namespace {

struct Case {
  std::string url;
  std::string origin;  // "https host port target"; empty = refused
};

std::string shown(const std::optional<HttpAddress>& address) {
  if (!address) return {};
  const net::Origin& o = address->origin;
  return (o.tls ? "https " : "http ") + o.host + " " + std::to_string(o.port) + " " + address->target;
}

TEST(FetchAddress, IsReadInOneWayOnly) {
  const std::vector<Case> cases = {
      {"https://files.example/a.jpg", "https files.example 443 /a.jpg"},
      {"HTTPS://Files.Example:8443/A.jpg?b=C", "https files.example 8443 /A.jpg?b=C"},
      {"https://files.example", "https files.example 443 /"},
      {"https://files.example?x", "https files.example 443 /?x"},
      {"http://[2001:db8::1]:80/a", "http 2001:db8::1 80 /a"},
      {"https://files.example/现场.jpg", "https files.example 443 /%E7%8E%B0%E5%9C%BA.jpg"},
      {"https://files.example/a b", "https files.example 443 /a%20b"},
      {"https://files.example/a/...", "https files.example 443 /a/..."},
      {"ftp://files.example/a", ""},
      {"file:///etc/passwd", ""},
      {"https:/files.example/a", ""},
      {"https://", ""},
      {"https:///a", ""},
      {"https://user@files.example/a", ""},
      {"https://files.example@127.0.0.1/a", ""},
      {"https://files.example\\@127.0.0.1/a", ""},
      {"https://files.example/a#b", ""},
      {"https://files.example/a\r\nX: y", ""},
      {std::string("https://files.example/a\0b", 25), ""},
      {"https://files.example/a\\b", ""},
      {"https://files.example/a/../b", ""},
      {"https://files.example/a/%2e%2E/b", ""},
      {"https://files.example/a/.%2e", ""},
      {"https://files.example/./b", ""},
      {"https://files.example/a%2fb", ""},
      {"https://files.example/a%5Cb", ""},
      {"https://files.example/a%00b", ""},
      {"https://files.example:0/a", ""},
      {"https://files.example:65536/a", ""},
      {"https://files.example:/a", ""},
      {"https://files.example:80:90/a", ""},
      {"https://files.example./a", ""},
      {"https://文件.example/a", ""},
      {"https://files example/a", ""},
      {"https://files%2eexample/a", ""},
  };
  for (const Case& one : cases) EXPECT_EQ(shown(parse_address(one.url)), one.origin) << one.url;
}

TEST(FetchRules, AllowWhatBeginsLikeAPrefixAndNothingBesideIt) {
  const auto rules = FetchRules::create(
      {"https://files.example/photos/", "https://Files.example:8443/one.jpg", "http://inside.example/"}, {});
  ASSERT_NE(rules, nullptr);
  const auto verdict = [&](std::string_view url) {
    const auto v = rules->judge(url);
    return v == FetchVerdict::kAllowed ? "yes" : v == FetchVerdict::kForbidden ? "no" : "-";
  };
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"https://files.example/photos/a.jpg", "yes"},
      {"https://FILES.example:443/photos/b/c?d=e", "yes"},
      {"https://files.example/photos/", "yes"},
      {"https://files.example/photos", "no"},
      {"https://files.example/photosecret/a", "no"},
      {"https://files.example/photos/../secret", "no"},
      {"https://files.example/Photos/a", "no"},
      {"http://files.example/photos/a.jpg", "no"},
      {"https://files.example:8443/photos/a", "no"},
      {"https://files.example:8443/one.jpg", "yes"},
      {"https://files.example:8443/one.jpg?x", "yes"},
      {"https://files.example:8443/one.jpg/x", "yes"},
      {"https://files.example:8443/one.jpgx", "no"},
      {"https://files.example.evil/photos/a", "no"},
      {"https://evil/https://files.example/photos/a", "no"},
      {"http://inside.example/anything", "yes"},
      {"//files.example/photos/a", "no"},
      {"gopher://files.example/photos/a", "no"},
      {"a.jpg", "-"},
      {"C:\\photos\\a.jpg", "-"},
      {"", "-"},
  };
  for (const auto& [url, expected] : cases) EXPECT_EQ(verdict(url), expected) << url;
}

TEST(FetchRules, KnowTheFilesOfAnSftpFolder) {
  const auto rules = FetchRules::create({"https://files.example/"}, {}, SftpPlace{"sftp.example", 2222});
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"sftp://sftp.example:2222/2026/a.jpg", "2026/a.jpg"},
      {"SFTP://Sftp.Example:2222//a.jpg", "a.jpg"},
      {"sftp://sftp.example:2222/%E7%8E%B0%E5%9C%BA%20a.jpg", "现场 a.jpg"},
      {"2026/现场 a.jpg", "2026/现场 a.jpg"},
      {"/2026/a.jpg", "2026/a.jpg"},
      {"a%2fb", "a%2fb"},
      {"sftp://sftp.example/a.jpg", ""},
      {"sftp://sftp.example:22/a.jpg", ""},
      {"sftp://root@sftp.example:2222/a.jpg", ""},
      {"sftp://sftp.example:2222", ""},
      {"sftp://sftp.example:2222/", ""},
      {"sftp://sftp.example:2222/../a", ""},
      {"sftp://sftp.example:2222/%2e%2e/a", ""},
      {"sftp://sftp.example:2222/a%2fb", ""},
      {"sftp://sftp.example:2222/a%0ab", ""},
      {"sftp://sftp.example:2222/a%0", ""},
      {"sftp://sftp.example:2222/a%zz", ""},
      {"sftp://sftp.example:2222/%ff", ""},
      {"../a", ""},
      {"a/./b", ""},
      {"a//b", ""},
      {"a/", ""},
      {"a\\b", ""},
      {"a\nb", ""},
      {"ftp://sftp.example:2222/a", ""},
      {std::string(1025, 'a'), ""},
  };
  for (const auto& [url, expected] : cases) {
    EXPECT_EQ(rules->sftp_path(url).value_or(""), expected) << url;
    EXPECT_EQ(rules->judge(url), expected.empty() ? FetchVerdict::kForbidden : FetchVerdict::kAllowed) << url;
  }
  EXPECT_EQ(rules->judge("https://files.example/a"), FetchVerdict::kAllowed);
  EXPECT_EQ(rules->sftp_path("https://files.example/a"), std::nullopt);
  EXPECT_EQ(FetchRules::create({}, {})->sftp_path("a"), std::nullopt);
  EXPECT_EQ(FetchRules::create({}, {}, SftpPlace{"sftp.example", 22})->sftp_path("sftp://sftp.example/a"), "a");
}

TEST(FetchRules, RefusePrefixesThatSayTooLittle) {
  for (const char* prefix : {"files.example", "https://", "https://a/?x=", "https://a/../b/", "ftp://a/"})
    EXPECT_EQ(FetchRules::create({prefix}, {}), nullptr) << prefix;
}

TEST(FetchRules, ConnectToPublicAddressesAndToThoseThatAreListed) {
  for (const char* address : {"8.8.8.8", "114.114.114.114", "172.15.255.255", "172.32.0.0", "100.63.255.255",
                              "100.128.0.0", "2400:3200::1", "::ffff:8.8.8.8", "2001:4860:4860::8888"})
    EXPECT_TRUE(is_public_address(address)) << address;
  for (const char* address : {"127.0.0.1",
                              "127.255.255.255",
                              "0.0.0.0",
                              "10.0.0.1",
                              "172.16.0.1",
                              "172.31.255.255",
                              "192.168.1.1",
                              "169.254.169.254",
                              "100.64.0.1",
                              "100.100.100.200",
                              "192.0.0.1",
                              "192.0.2.1",
                              "198.18.0.1",
                              "198.51.100.1",
                              "203.0.113.1",
                              "224.0.0.1",
                              "255.255.255.255",
                              "::",
                              "::1",
                              "fe80::1",
                              "fe80::1%lo",
                              "fc00::1",
                              "fd00::1",
                              "ff02::1",
                              "::ffff:127.0.0.1",
                              "::ffff:10.0.0.1",
                              "::127.0.0.1",
                              "64:ff9b::7f00:1",
                              "2002:7f00:1::",
                              "2001::1",
                              "2001:db8::1",
                              "100::1",
                              "localhost",
                              "",
                              "1",
                              "0x7f.0.0.1",
                              "2130706433"})
    EXPECT_FALSE(is_public_address(address)) << address;
  const auto rules = FetchRules::create({"https://a/"}, [](const std::string& a) { return a == "127.0.0.1"; });
  EXPECT_TRUE(rules->permits("127.0.0.1"));
  EXPECT_TRUE(rules->permits("8.8.8.8"));
  EXPECT_FALSE(rules->permits("127.0.0.2"));
  EXPECT_FALSE(FetchRules::create({"https://a/"}, {})->permits("127.0.0.1"));
}

}  // namespace
}  // namespace tongqu::fetch
