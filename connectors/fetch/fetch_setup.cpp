#include "connectors/fetch/fetch_setup.hpp"

#include "connectors/fetch/fetch_codes.hpp"
#include "connectors/fetch/http_source.hpp"

namespace tongqu::fetch {
namespace {

Result<Headers> credentials_of(const Setting& fetch, const ConnectorContext& context) {
  Headers headers;
  if (!fetch.has("credential")) return headers;
  auto text = context.secret(fetch.secret("credential"));
  if (text.has_error()) return error_at(fetch, text.error());
  headers.emplace_back(fetch.text("credential_header"), std::move(*text));
  return headers;
}

Result<std::shared_ptr<const FetchRules>> rules_of(const Setting& fetch, const ConnectorContext& context) {
  std::function<bool(const std::string&)> inside;
  if (const auto blocks = fetch.texts("networks"); !blocks.empty()) {
    auto made = context.networks(blocks);
    if (made.has_error()) return error_at(fetch, made.error());
    inside = std::move(*made);
  }
  auto rules = FetchRules::create(fetch.texts("urls"), std::move(inside));
  if (rules == nullptr) return error_at(fetch, make_error(codes::kFetchUrl));
  return rules;
}

}  // namespace

Result<FetchSetup> make_fetch_setup(const Setting& attachments, std::vector<std::string> types,
                                    const ConnectorContext& context) {
  const Setting& fetch = attachments.object("fetch");
  auto rules = rules_of(fetch, context);
  if (rules.has_error()) return rules.error();
  auto tls = context.client_tls(fetch.object("tls"));
  if (tls.has_error()) return tls.error();
  auto credentials = credentials_of(fetch, context);
  if (credentials.has_error()) return credentials.error();
  FetchSetup setup;
  setup.lane.partner = context.partner;
  setup.lane.at_once = static_cast<std::size_t>(fetch.integer("at_once"));
  setup.max_wanted = static_cast<std::size_t>(fetch.integer("max_waiting"));
  setup.rules = *rules;
  FetchTerms& terms = setup.lane.terms;
  terms.max_bytes = static_cast<std::uint64_t>(attachments.size_bytes("max_bytes"));
  terms.types = std::move(types);
  const Setting& retry = fetch.object("retry");
  terms.first_wait_ms = retry.duration_ms("first");
  terms.max_wait_ms = retry.duration_ms("max");
  terms.deadline_ms = retry.duration_ms("deadline");
  HttpSourceOptions http{*rules, std::shared_ptr<TlsFactory>(std::move(*tls)), fetch.object("tls").text("server_name"),
                         std::move(*credentials), fetch.duration_ms("timeout")};
  setup.make_source = [http = std::move(http), &clock = context.clock] {
    return std::make_unique<HttpSource>(http, clock);
  };
  return setup;
}

}  // namespace tongqu::fetch
