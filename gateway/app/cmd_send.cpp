// tongqu send: submits a file as a partner would, signed with the partner's own key of the configuration.
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <optional>

#include "connectors/support/http_address.hpp"
#include "gateway/app/commands.hpp"
#include "gateway/app/config_open.hpp"
#include "gateway/app/secrets.hpp"
#include "security/identity/hmac_scheme.hpp"
#include "security/tls/tls_factory.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::app {
namespace {

struct SendOptions {
  std::string directory;
  std::string secrets;
  std::string partner;
  std::string service;
  std::string file;
  std::string url = "https://127.0.0.1:18443";
  std::string authority;
  std::string key;
};

const ErrorCode kCannotSign{"send.scheme", ErrorKind::kInvalid,
                            "Only partners with the scheme hmac can be played: the gateway has no private key of {}.",
                            "只能代替使用 hmac 的接入方发送：网关没有 {} 的私钥。"};
const ErrorCode kSendFailed{"send.failed", ErrorKind::kUnavailable, "The gateway did not answer: {}",
                            "网关没有应答：{}"};

Result<HttpRequest> signed_request(const SendOptions& options, const Settings& settings, const Clock& clock,
                                   std::string body) {
  const Setting* partner = settings.find("partner", options.partner);
  if (partner == nullptr) return make_error(codes::kNotFound, "partner");
  const Setting& auth = partner->object("inbound").object("auth");
  if (auth.text("scheme") != "hmac") return make_error(kCannotSign, options.partner);
  auto key = secret_text(auth.secret("key"), secrets_folder(options.directory, options.secrets));
  if (key.has_error()) return key.error();
  HmacOptions hmac;
  hmac.partner = PartnerId(options.partner);
  hmac.key_id = auth.text("key_id");
  hmac.key = std::move(*key);
  hmac.hash = auth.text("hash") == "sm3" ? SuiteId::kGm : SuiteId::kIntl;
  auto signer = make_hmac_signer(std::move(hmac), clock);
  if (signer.has_error()) return signer.error();
  HttpRequest request;
  request.method = "POST";
  request.target = "/exchange/v1/" + options.service;
  request.headers.emplace_back("Content-Type", "application/json");
  if (!options.key.empty()) request.headers.emplace_back("Idempotency-Key", options.key);
  request.body = std::move(body);
  if (auto status = (*signer)->sign(request); status.has_error()) return status.error();
  return request;
}

Result<net::HttpResponseIn> post(const SendOptions& options, HttpRequest request) {
  const auto address = parse_http_url(options.url);
  if (!address) return make_error(kSendFailed, options.url);
  TlsClientOptions tls_options;
  auto authority =
      read_input(options.authority.empty() ? (secrets_folder(options.directory, options.secrets) / "ca.crt").string()
                                           : options.authority);
  if (authority.has_error()) return authority.error();
  tls_options.server_trust.ca_pem = std::move(*authority);
  auto tls = TlsClientFactory::create(tls_options);
  if (tls.has_error()) return tls.error();
  net::IoPool pool(1);
  auto client = net::HttpClient::create({}, pool, tls->get());
  if (client.has_error()) return client.error();
  std::mutex mutex;
  std::condition_variable answered;
  std::optional<net::HttpOutcome> outcome;
  (*client)->request(
      {address->origin, request.method, request.target, std::move(request.headers), std::move(request.body), false},
      30'000, [&](net::HttpOutcome result) {
        const std::lock_guard lock(mutex);
        outcome = std::move(result);
        answered.notify_one();
      });
  std::unique_lock lock(mutex);
  answered.wait(lock, [&] { return outcome.has_value(); });
  if (outcome->has_error()) return make_error(kSendFailed, std::string(outcome->error().code->id));
  return std::move(**outcome);
}

int send(const SendOptions& options, const Command& command) {
  const JsonCodec json;
  const SystemClock clock;
  const OpenedConfig opened = open_config(options.directory, json);
  if (!opened.settings) {
    print_faults(std::cerr, opened.faults, command.lang);
    return kFoundWrong;
  }
  auto body = read_input(options.file);
  if (body.has_error()) return report(body.error(), command);
  auto request = signed_request(options, *opened.settings, clock, std::move(*body));
  if (request.has_error()) return report(request.error(), command);
  auto answer = post(options, std::move(*request));
  if (answer.has_error()) return report(answer.error(), command);
  (answer->status < 300 ? std::cout : std::cerr) << answer->body << '\n';
  return answer->status < 300 ? kDone : kFoundWrong;
}

}  // namespace

void add_send(CLI::App& app, Command& command) {
  auto options = std::make_shared<SendOptions>();  // second owner: the callback
  auto* sub =
      app.add_subcommand("send", "以接入方身份提交一个文件（自动签名） / submit a file as a partner would, signed");
  sub->add_option("-c,--config", options->directory, "配置目录 / configuration directory")->required();
  sub->add_option("--secrets", options->secrets, "密钥目录 / folder of secrets");
  sub->add_option("--as", options->partner, "接入方 / the partner")->required();
  sub->add_option("--service", options->service, "服务 / the service")->required();
  sub->add_option("--url", options->url, "网关地址 / address of the gateway");
  sub->add_option("--ca", options->authority,
                  "签发网关证书的机构（默认 <密钥目录>/ca.crt） / authority of the gateway's certificate");
  sub->add_option("--key", options->key, "Idempotency-Key");
  sub->add_option("FILE", options->file, "报文文件，- 为标准输入 / the message, - for standard input")->required();
  sub->callback([options, &command] { command.run = [options, &command] { return send(*options, command); }; });
}

}  // namespace tongqu::app
