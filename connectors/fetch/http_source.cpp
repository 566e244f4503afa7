#include "connectors/fetch/http_source.hpp"

#include "connectors/fetch/fetch_codes.hpp"
#include "connectors/fetch/http_fetch.hpp"

namespace tongqu::fetch {
namespace {

class AnswerToContent final : public net::AnswerTaker {
 public:
  AnswerToContent(const FetchFrom& from, ContentTaker& taker, Instant now) : from_(from), taker_(taker), now_(now) {}
  [[nodiscard]] bool begin(const net::HttpResponseIn& head, std::optional<std::uint64_t> length_bytes) override {
    verdict = judge_head(from_, head, length_bytes, now_);
    return verdict.content && taker_.begin(*verdict.content);
  }
  [[nodiscard]] bool take(std::string_view piece) override { return taker_.take(piece); }

  HeadVerdict verdict;

 private:
  const FetchFrom& from_;
  ContentTaker& taker_;
  Instant now_;
};

net::ClientOptions client_options(const HttpSourceOptions& options) {
  net::ClientOptions client;
  client.connect_timeout_ms = options.timeout_ms;
  client.tls_server_name = options.tls_server_name;
  client.permits = [rules = options.rules](const std::string& address) { return rules->permits(address); };
  return client;
}

}  // namespace

HttpSource::HttpSource(HttpSourceOptions options, const Clock& clock)
    : options_(std::move(options)), clock_(clock), download_(client_options(options_), options_.tls.get()) {}

std::optional<FetchFailure> HttpSource::fetch(const std::string& url, const FetchFrom& from, ContentTaker& taker) {
  const auto address = options_.rules->http_address(url);
  if (!address) return FetchFailure{&codes::kFetchForbidden, true, 0};
  FetchFrom ask = from;
  while (true) {
    net::HttpRequestOut request{address->origin, "GET", address->target, fetch_headers(ask), {}, true};
    if (address->origin.tls)
      request.headers.insert(request.headers.end(), options_.credentials.begin(), options_.credentials.end());
    AnswerToContent answer(ask, taker, clock_.now());
    const auto failure = download_.get(request, options_.timeout_ms, answer);
    if (failure) return judge_failure(*failure);
    if (answer.verdict.content) return std::nullopt;
    if (!answer.verdict.once_more) return answer.verdict.failure;
    ask = {};  // asks for no range, so this ends
  }
}

}  // namespace tongqu::fetch
