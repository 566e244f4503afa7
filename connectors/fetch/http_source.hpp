#pragma once
#include "connectors/fetch/fetch_rules.hpp"
#include "connectors/fetch/fetch_source.hpp"
#include "gateway/core/clock.hpp"
#include "gateway/net/http_download.hpp"

namespace tongqu::fetch {

struct HttpSourceOptions {
  std::shared_ptr<const FetchRules> rules;
  std::shared_ptr<TlsFactory> tls;  // of all sources of the partner; null: plain HTTP only
  std::string tls_server_name;
  Headers credentials;  // sent over TLS only
  std::int64_t timeout_ms = 30'000;
};

// Fetches over HTTP/1.1.
class HttpSource final : public FetchSource {
 public:
  HttpSource(HttpSourceOptions options, const Clock& clock);
  [[nodiscard]] std::optional<FetchFailure> fetch(const std::string& url, const FetchFrom& from,
                                                  ContentTaker& taker) override;
  void interrupt() override { download_.stop(); }

 private:
  const HttpSourceOptions options_;
  const Clock& clock_;
  net::HttpDownload download_;
};

}  // namespace tongqu::fetch
