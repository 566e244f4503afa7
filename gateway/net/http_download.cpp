#include "gateway/net/http_download.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <mutex>

#include "gateway/net/client_connection.hpp"
#include "gateway/net/net_codes.hpp"

namespace tongqu::net {
namespace {

namespace asio = boost::asio;
using SteadyClock = std::chrono::steady_clock;
using Timer = asio::basic_waitable_timer<SteadyClock, asio::wait_traits<SteadyClock>, IoExecutor>;

constexpr std::chrono::milliseconds kLookEvery{25};

Task<void> watch(Timer& timer, ClientConnection& connection) {
  while (true) {
    timer.expires_after(kLookEvery);
    const auto [cancelled] = co_await timer.async_wait(kAsTuple);
    if (cancelled) co_return;
    connection.check_deadline(SteadyClock::now());
  }
}

}  // namespace

struct HttpDownload::Parts {
  const ClientOptions options;
  TlsFactory* const tls;
  std::mutex mutex;  // guards the next three
  bool stopped = false;
  asio::io_context* io = nullptr;  // of the call that runs
  ClientConnection* connection = nullptr;
};

HttpDownload::HttpDownload(ClientOptions options, TlsFactory* tls)
    : parts_(new Parts{.options = std::move(options), .tls = tls, .mutex = {}}) {}
HttpDownload::~HttpDownload() = default;

std::optional<NetError> HttpDownload::get(const HttpRequestOut& request, std::int64_t step_ms, AnswerTaker& taker) {
  if (const ErrorCode* refusal = check_request(request, parts_->tls)) return NetError{NetPhase::kConnect, refusal};
  asio::io_context io(1);
  ClientConnection connection(parts_->options, request.origin, parts_->tls, io.get_executor());
  {
    const std::lock_guard lock(parts_->mutex);
    if (parts_->stopped) return NetError{NetPhase::kConnect, &codes::kNetClientStopped};
    parts_->io = &io;
    parts_->connection = &connection;
  }
  Timer timer(io);
  std::optional<NetError> failure;
  asio::co_spawn(io, watch(timer, connection), [](const std::exception_ptr&) {});
  asio::co_spawn(io, connection.download(request, step_ms, taker),
                 [&](const std::exception_ptr&, const HttpOutcome& outcome) {
                   if (outcome.has_error()) failure = outcome.error();
                   timer.cancel();
                   io.stop();
                 });
  io.run();
  const std::lock_guard lock(parts_->mutex);
  parts_->io = nullptr;
  parts_->connection = nullptr;
  return failure;
}

void HttpDownload::stop() {
  const std::lock_guard lock(parts_->mutex);
  parts_->stopped = true;
  // A handler that is not run any more goes with the io_context, before the connection that it names.
  if (parts_->io != nullptr) asio::post(*parts_->io, [connection = parts_->connection] { connection->stop(); });
}

}  // namespace tongqu::net
