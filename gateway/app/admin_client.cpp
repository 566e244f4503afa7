#include "gateway/app/admin_client.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>

#include "connectors/support/http_address.hpp"
#include "gateway/app/commands.hpp"
#include "gateway/net/http_client.hpp"

namespace tongqu::app {
namespace {

constexpr std::int64_t kTimeoutMs = 30'000;
constexpr std::size_t kMaxAnswerBytes = 64U << 20U;

const ErrorCode kNotReached{
    "admin.not-reached", ErrorKind::kUnavailable,
    "The gateway's admin interface at {} cannot be reached. Is the gateway running? (--admin, TONGQU_ADMIN)",
    "无法连接网关管理接口 {}。网关是否已启动？（--admin 或 TONGQU_ADMIN）"};
const ErrorCode kBadAddress{"admin.address", ErrorKind::kInvalid,
                            "The admin address must be http://127.0.0.1:PORT or http://[::1]:PORT: {}",
                            "管理接口地址须为 http://127.0.0.1:端口 或 http://[::1]:端口：{}"};
const ErrorCode kNoToken{"admin.token-file", ErrorKind::kInvalid,
                         "A token is needed: --token-file FILE or TONGQU_ADMIN_TOKEN_FILE (the file of admin.token).",
                         "需要令牌：--token-file 文件 或 TONGQU_ADMIN_TOKEN_FILE（即 admin.token 所指文件）。"};

}  // namespace

Result<AdminAnswer> admin_call(const AdminAddress& address, const std::string& method, const std::string& path,
                               const std::string& body) {
  const std::string url = address.url.empty() ? "http://127.0.0.1:18480" : address.url;
  auto parsed = parse_http_url(url);
  if (!parsed || parsed->origin.tls || (parsed->origin.host != "127.0.0.1" && parsed->origin.host != "::1"))
    return make_error(kBadAddress, url);
  if (address.token_file.empty()) return make_error(kNoToken);
  auto token = read_input(address.token_file);
  if (token.has_error()) return token.error();
  while (token->ends_with('\n')) token->pop_back();

  net::IoPool pool(1);
  net::ClientOptions options;
  options.max_response_bytes = kMaxAnswerBytes;
  auto client = net::HttpClient::create(options, pool, nullptr);
  if (client.has_error()) return client.error();
  std::mutex mutex;
  std::condition_variable answered;
  std::optional<Result<AdminAnswer>> result;
  net::HttpRequestOut request{parsed->origin, method, path, {}, body, method == "GET"};
  request.headers.emplace_back("Authorization", "Bearer " + *token);
  const char* language = std::getenv("LANG");
  request.headers.emplace_back("Accept-Language", language != nullptr && std::string_view(language).starts_with("en")
                                                      ? "en"
                                                      : "zh-CN, en;q=0.5");
  if (!body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  (*client)->request(std::move(request), kTimeoutMs, [&](net::HttpOutcome outcome) {
    const std::lock_guard lock(mutex);
    if (outcome.has_value()) {
      result = AdminAnswer{outcome->status, std::move(outcome->body)};
    } else {
      result = make_error(kNotReached, url);
    }
    answered.notify_one();
  });
  std::unique_lock lock(mutex);
  answered.wait(lock, [&] { return result.has_value(); });
  return std::move(*result);
}

}  // namespace tongqu::app
