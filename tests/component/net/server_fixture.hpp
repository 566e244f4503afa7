#pragma once
// A server on a free loopback port with a handler made of a function, and a client's call as a plain function.
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <vector>

#include "gateway/core/clock.hpp"
#include "gateway/net/http_client.hpp"
#include "gateway/net/http_server.hpp"

namespace tongqu::test {

using HandlerFunction = std::function<void(HttpRequest, HttpHandler::Done)>;

class FunctionHandler final : public HttpHandler {
 public:
  explicit FunctionHandler(HandlerFunction function) : function_(std::move(function)) {}
  void handle(HttpRequest request, Done done) override { function_(std::move(request), std::move(done)); }

 private:
  HandlerFunction function_;
};

// Collects what the server reports.
class CountingObserver final : public net::NetObserver {
 public:
  void connection_opened(std::string_view) override;
  void connection_closed(std::string_view) override;
  void request_answered(std::string_view, int status, std::int64_t took_ms) override;
  void refused(std::string_view, const ErrorCode& code) override;

  [[nodiscard]] std::vector<const ErrorCode*> refusals() const;
  // Waits until so many connections were closed or requests answered; false after 20 s.
  bool wait_closed(int count);
  bool wait_refused(std::size_t count);
  [[nodiscard]] int answered() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<const ErrorCode*> refusals_;
  int opened_ = 0;
  int closed_ = 0;
  int answered_ = 0;
};

// Answers 200 with "METHOD target body".
void echo(HttpRequest request, HttpHandler::Done done);

// Members are destroyed from the last: server before pool.
struct RunningServer {
  explicit RunningServer(HandlerFunction function = echo, net::ListenerOptions options = {}, TlsFactory* tls = nullptr,
                         std::size_t threads = 2);
  SystemClock clock;
  CountingObserver observer;
  FunctionHandler handler;
  net::IoPool pool;
  std::unique_ptr<net::HttpServer> server;
  [[nodiscard]] std::uint16_t port() const { return server->port(); }
};

// A handler that keeps requests until the test answers them.
class Held {
 public:
  [[nodiscard]] HandlerFunction function();
  // Waits for the next request (20 s) and gives its `done`; empty on time-out.
  [[nodiscard]] HttpHandler::Done next();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<HttpHandler::Done> waiting_;
};

[[nodiscard]] net::HttpOutcome call(net::HttpClient& client, net::HttpRequestOut request,
                                    std::int64_t timeout_ms = 10'000);
[[nodiscard]] net::HttpRequestOut get_from(std::uint16_t port, std::string target = "/", bool tls = false);
[[nodiscard]] net::HttpRequestOut post_to(std::uint16_t port, std::string body, bool tls = false);

}  // namespace tongqu::test
