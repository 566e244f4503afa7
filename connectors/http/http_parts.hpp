#pragma once
// What every user of HTTP towards a partner is made of, from one object of settings.
#include <memory>

#include "connectors/http/http_caller.hpp"
#include "connectors/support/context.hpp"

namespace tongqu {

// Destroyed from the last: the client first, which ends the calls in flight.
struct HttpParts {
  std::unique_ptr<TlsFactory> tls;
  std::unique_ptr<HttpCaller> caller;
  std::unique_ptr<net::HttpClient> client;
  std::string target;  // of the URL
};

struct HttpPartsOptions {
  std::size_t max_connections = 8;
  std::size_t max_answer_bytes = 4U << 20U;
};

// `setting` has the members url, tls, sign, envelope, redirects, proxy. Fails with the place of what does not fit.
[[nodiscard]] Result<HttpParts> make_http_parts(const Setting& setting, const ConnectorContext& context,
                                                const HttpPartsOptions& options);

// The members `headers` of a setting.
[[nodiscard]] Headers constant_headers(const Setting& setting);

}  // namespace tongqu
