#include "connectors/http/http_parts.hpp"

#include "connectors/http/http_codes.hpp"
#include "gateway/core/text.hpp"

namespace tongqu {
namespace {

AnswerEnvelope envelope_of(const Setting& envelope) {
  AnswerEnvelope made;
  made.success_path = envelope.text("success_path");
  made.success_value = envelope.text("success_value");
  made.code_path = envelope.text("code_path");
  made.retry_codes = envelope.texts("retry_codes");
  made.refused_codes = envelope.texts("refused_codes");
  made.received_codes = envelope.texts("received_codes");
  made.not_found_codes = envelope.texts("not_found");
  made.forbidden_codes = envelope.texts("forbidden_codes");
  made.key_invalid_codes = envelope.texts("key_invalid_codes");
  made.clock_codes = envelope.texts("clock_codes");
  return made;
}

Result<net::ProxyOptions> proxy_of(const Setting& proxy, const ConnectorContext& context) {
  net::ProxyOptions made;
  if (!proxy.present()) return made;
  const auto address = parse_http_url(proxy.text("url"));
  if (!address || address->origin.tls || address->target != "/") return error_at(proxy, make_error(codes::kAddress));
  made.host = address->origin.host;
  made.port = address->origin.port;
  if (!proxy.has("user")) return made;
  auto password = context.secret(proxy.secret("password"));
  if (password.has_error()) return error_at(proxy, password.error());
  made.authorization = "Basic " + to_base64(proxy.text("user") + ":" + *password);
  return made;
}

Result<CallCredentials> credentials_of(const Setting& sign, const ConnectorContext& context) {
  CallCredentials made;
  if (!sign.present()) return made;
  auto signer = context.signer(sign);
  if (signer.has_error()) return signer.error();
  made.signer = std::move(*signer);
  auto session = context.session_signer(sign);
  if (session.has_error()) return session.error();
  made.session = std::move(*session);
  if (!made.session) return made;
  const auto address = parse_http_url(sign.text("key_url"));
  if (!address) return error_at(sign, make_error(codes::kAddress));
  made.key_service = *address;
  return made;
}

}  // namespace

Headers constant_headers(const Setting& setting) {
  Headers headers;
  for (const Setting& entry : setting.map("headers")) headers.emplace_back(entry.key(), entry.text());
  return headers;
}

Result<HttpParts> make_http_parts(const Setting& setting, const ConnectorContext& context,
                                  const HttpPartsOptions& options) {
  const auto address = parse_http_url(setting.text("url"));
  if (!address) return error_at(setting, make_error(codes::kAddress));
  HttpParts parts;
  parts.target = address->target;
  auto credentials = credentials_of(setting.object("sign"), context);
  if (credentials.has_error()) return credentials.error();
  auto proxy = proxy_of(setting.object("proxy"), context);
  if (proxy.has_error()) return proxy.error();
  net::ClientOptions client_options;
  client_options.max_connections = options.max_connections;
  client_options.max_response_bytes = options.max_answer_bytes;
  client_options.proxy = std::move(*proxy);
  if (address->origin.tls || credentials->key_service.origin.tls) {
    auto made = context.client_tls(setting.object("tls"));
    if (made.has_error()) return made.error();
    parts.tls = std::move(*made);
    client_options.tls_server_name = setting.object("tls").text("server_name");
  }
  auto client = net::HttpClient::create(client_options, context.pool, parts.tls.get());
  if (client.has_error()) return error_at(setting, client.error());
  parts.client = std::move(*client);
  parts.caller = std::make_unique<HttpCaller>(
      CallOptions{address->origin, static_cast<int>(setting.integer("redirects"))}, std::move(*credentials),
      AnswerReader(envelope_of(setting.object("envelope")), context.json, context.clock), context.clock,
      [client = parts.client.get()](net::HttpRequestOut request, std::int64_t timeout_ms, net::HttpClient::Done done) {
        client->request(std::move(request), timeout_ms, std::move(done));
      });
  return parts;
}

}  // namespace tongqu
