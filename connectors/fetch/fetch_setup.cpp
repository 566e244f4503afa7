#include "connectors/fetch/fetch_setup.hpp"

#include <algorithm>
#include <cctype>

#include "connectors/fetch/fetch_codes.hpp"
#include "connectors/fetch/http_source.hpp"
#include "connectors/fetch/sftp_source.hpp"

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
  std::optional<SftpPlace> sftp;
  if (fetch.has("sftp")) {
    const Setting& place = fetch.object("sftp");
    sftp = SftpPlace{place.text("host"), static_cast<std::uint16_t>(place.integer("port"))};
    std::ranges::transform(sftp->host, sftp->host.begin(), [](unsigned char c) { return std::tolower(c); });
  }
  auto rules = FetchRules::create(fetch.texts("urls"), std::move(inside), std::move(sftp));
  if (rules == nullptr) return error_at(fetch, make_error(codes::kFetchUrl));
  return rules;
}

FetchTerms terms_of(const Setting& attachments, std::vector<std::string> types) {
  const Setting& retry = attachments.object("fetch").object("retry");
  return {.max_bytes = static_cast<std::uint64_t>(attachments.size_bytes("max_bytes")),
          .types = std::move(types),
          .first_wait_ms = retry.duration_ms("first"),
          .max_wait_ms = retry.duration_ms("max"),
          .deadline_ms = retry.duration_ms("deadline")};
}

// A content comes over one of both ways, by its address.
class EitherSource final : public FetchSource {
 public:
  EitherSource(std::shared_ptr<const FetchRules> rules, std::unique_ptr<HttpSource> http,
               std::unique_ptr<SftpSource> sftp)
      : rules_(std::move(rules)), http_(std::move(http)), sftp_(std::move(sftp)) {}
  [[nodiscard]] std::optional<FetchFailure> fetch(const std::string& url, const FetchFrom& from,
                                                  ContentTaker& taker) override {
    const bool by_sftp = sftp_ != nullptr && rules_->sftp_path(url).has_value();
    return by_sftp ? sftp_->fetch(url, from, taker) : http_->fetch(url, from, taker);
  }
  void interrupt() override {
    http_->interrupt();
    if (sftp_ != nullptr) sftp_->interrupt();
  }

 private:
  const std::shared_ptr<const FetchRules> rules_;
  const std::unique_ptr<HttpSource> http_;
  const std::unique_ptr<SftpSource> sftp_;  // may be null
};

}  // namespace

Result<FetchSetup> make_fetch_setup(const Setting& attachments, std::vector<std::string> types,
                                    const ConnectorContext& context, OpenSftp open_sftp) {
  const Setting& fetch = attachments.object("fetch");
  if (!fetch.has("urls") && !fetch.has("sftp")) return error_at(fetch, make_error(codes::kFetchNowhere));
  auto rules = rules_of(fetch, context);
  if (rules.has_error()) return rules.error();
  auto tls = context.client_tls(fetch.object("tls"));
  if (tls.has_error()) return tls.error();
  auto credentials = credentials_of(fetch, context);
  if (credentials.has_error()) return credentials.error();
  HttpSourceOptions http{*rules, std::shared_ptr<TlsFactory>(std::move(*tls)), fetch.object("tls").text("server_name"),
                         std::move(*credentials), fetch.duration_ms("timeout")};
  FetchSetup setup;
  setup.lane = {context.partner, terms_of(attachments, std::move(types))};
  setup.max_wanted = static_cast<std::size_t>(fetch.integer("max_waiting"));
  setup.rules = *rules;
  // Each thread has a connection of its own; none is opened before it is needed.
  for (std::int64_t i = 0; i < fetch.integer("at_once"); ++i) {
    std::unique_ptr<SftpSource> sftp;
    if (fetch.has("sftp")) {
      auto files = open_sftp(fetch.object("sftp"), context);
      if (files.has_error()) return files.error();
      sftp = std::make_unique<SftpSource>(*rules, std::move(*files), context.clock);
    }
    setup.sources.push_back(
        std::make_unique<EitherSource>(*rules, std::make_unique<HttpSource>(http, context.clock), std::move(sftp)));
  }
  return setup;
}

}  // namespace tongqu::fetch
