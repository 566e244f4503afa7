#include "tests/component/net/server_fixture.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace tongqu::test {
namespace {
constexpr std::chrono::seconds kPatience{20};
}

void CountingObserver::connection_opened(std::string_view) {
  const std::scoped_lock lock(mutex_);
  ++opened_;
}

void CountingObserver::connection_closed(std::string_view) {
  const std::scoped_lock lock(mutex_);
  ++closed_;
  changed_.notify_all();
}

void CountingObserver::request_answered(std::string_view, int, std::int64_t) {
  const std::scoped_lock lock(mutex_);
  ++answered_;
}

void CountingObserver::refused(std::string_view, const ErrorCode& code) {
  const std::scoped_lock lock(mutex_);
  refusals_.push_back(&code);
  changed_.notify_all();
}

std::vector<const ErrorCode*> CountingObserver::refusals() const {
  const std::scoped_lock lock(mutex_);
  return refusals_;
}

bool CountingObserver::wait_closed(int count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kPatience, [&] { return closed_ >= count; });
}

bool CountingObserver::wait_refused(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kPatience, [&] { return refusals_.size() >= count; });
}

int CountingObserver::answered() const {
  const std::scoped_lock lock(mutex_);
  return answered_;
}

void echo(HttpRequest request, HttpHandler::Done done) {
  HttpResponse response;
  response.headers = {{"Content-Type", "text/plain"}};
  response.body = request.method + " " + request.target + " " + request.body;
  done(std::move(response));
}

RunningServer::RunningServer(HandlerFunction function, net::ListenerOptions options, TlsFactory* tls,
                             std::size_t threads)
    : handler(std::move(function)), pool(threads) {
  options.name = "test";
  auto made = net::HttpServer::create(std::move(options), handler, tls, pool, clock, &observer);
  if (made.has_error()) {
    ADD_FAILURE() << made.error().text(Lang::kEnglish);
    return;
  }
  server = std::move(*made);
  const auto started = server->start();
  if (started.has_error()) ADD_FAILURE() << started.error().text(Lang::kEnglish);
}

HandlerFunction Held::function() {
  return [this](HttpRequest, HttpHandler::Done done) {
    const std::scoped_lock lock(mutex_);
    waiting_.push_back(std::move(done));
    changed_.notify_all();
  };
}

HttpHandler::Done Held::next() {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, kPatience, [this] { return !waiting_.empty(); })) {
    ADD_FAILURE() << "no request came";
    return [](const HttpResponse&) {};
  }
  auto done = std::move(waiting_.front());
  waiting_.erase(waiting_.begin());
  return done;
}

net::HttpOutcome call(net::HttpClient& client, net::HttpRequestOut request, std::int64_t timeout_ms) {
  std::promise<net::HttpOutcome> promise;
  auto future = promise.get_future();
  client.request(std::move(request), timeout_ms,
                 [&promise](net::HttpOutcome outcome) { promise.set_value(std::move(outcome)); });
  return future.get();
}

net::HttpRequestOut get_from(std::uint16_t port, std::string target, bool tls) {
  return {{"127.0.0.1", port, tls}, "GET", std::move(target), {}, {}, false};
}

net::HttpRequestOut post_to(std::uint16_t port, std::string body, bool tls) {
  return {{"127.0.0.1", port, tls}, "POST", "/in", {{"Content-Type", "text/plain"}}, std::move(body), false};
}

}  // namespace tongqu::test
