// Open-loop load: sends signed work orders at a fixed rate, whether answers come or not, and prints how long each took
// from the moment at which it was due (a late generator counts against the gateway, never for it) to the stored
// receipt.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <mutex>
#include <vector>

#include "gateway/net/http_client.hpp"
#include "security/identity/hmac_scheme.hpp"
#include "security/tls/tls_factory.hpp"
#include "tests/bench/work_order.hpp"

namespace {

using namespace tongqu;
using Steady = std::chrono::steady_clock;

constexpr std::int64_t kTimeoutMs = 10'000;

struct Options {
  std::string ca_file;
  std::string key_file;
  std::string run;
  std::uint16_t port = 0;
  std::uint64_t rate_per_second = 1000;
  std::uint64_t seconds = 10;
  std::uint64_t warm_up_seconds = 2;
  std::size_t connections = 32;
};

// Collects answers. Thread-safe.
class Answers {
 public:
  explicit Answers(std::size_t expected) : expected_(expected) { micros_.reserve(expected); }

  void add(const net::HttpOutcome& outcome, Steady::time_point due, bool counts) {
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - due).count();
    const std::lock_guard lock(mutex_);
    ++seen_;
    const int status = outcome.has_value() ? outcome->status : 0;
    if (status != 202) ++failures_[status];
    if (counts) micros_.push_back(micros);
    if (seen_ == expected_) changed_.notify_all();
  }
  void wait(Steady::time_point until) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, until, [this] { return seen_ == expected_; });
  }
  void idle_until(Steady::time_point until) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, until, [] { return false; });
  }
  // One line of JSON; false when something failed or is missing.
  bool print() {
    const std::lock_guard lock(mutex_);
    std::sort(micros_.begin(), micros_.end());
    const auto at = [this](double part) {
      if (micros_.empty()) return 0.0;
      const auto index = static_cast<std::size_t>(part * static_cast<double>(micros_.size() - 1));
      return static_cast<double>(micros_[index]) / 1000.0;
    };
    std::size_t failed = expected_ - seen_;
    for (const auto& [status, count] : failures_) failed += count;
    std::cout << "{\"requests\":" << micros_.size() << ",\"failed\":" << failed << ",\"p50_ms\":" << at(0.5)
              << ",\"p99_ms\":" << at(0.99) << ",\"p999_ms\":" << at(0.999) << ",\"max_ms\":" << at(1.0) << "}\n";
    for (const auto& [status, count] : failures_) std::cerr << count << " answers with status " << status << '\n';
    return failed == 0;
  }

 private:
  std::size_t expected_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t seen_ = 0;
  std::vector<std::int64_t> micros_;
  std::map<int, std::size_t> failures_;
};

std::string whole_file(const std::string& name) {
  std::ifstream in(name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The request for order `number`, signed now.
bool fill(const Options& options, const RequestSigner& signer, const Clock& clock, std::uint64_t number,
          net::HttpRequestOut& out) {
  HttpRequest request;
  request.method = "POST";
  request.target = "/exchange/v1/workorder.transfer";
  request.headers = {{"Content-Type", "application/json"}};
  request.body = bench::work_order(options.run, number, clock.now());
  if (signer.sign(request).has_error()) return false;
  out.origin = {"127.0.0.1", options.port, true};
  out.method = request.method;
  out.target = request.target;
  out.headers = std::move(request.headers);
  out.body = std::move(request.body);
  return true;
}

int drive(const Options& options) {
  const SystemClock clock;
  HmacOptions hmac;
  hmac.partner = PartnerId("city-a");
  hmac.key_id = "city-a";
  std::ifstream(options.key_file) >> hmac.key;
  const auto signer = make_hmac_signer(std::move(hmac), clock);
  TlsClientOptions tls;
  tls.server_trust.ca_pem = whole_file(options.ca_file);
  auto factory = TlsClientFactory::create(tls);
  if (signer.has_error() || factory.has_error()) return 1;
  net::IoPool pool(1);
  net::ClientOptions client_options;
  client_options.max_connections = options.connections;
  client_options.max_waiting = 100'000;
  client_options.tls_server_name = "localhost";
  auto client = net::HttpClient::create(client_options, pool, factory->get());
  if (client.has_error()) return 1;
  const std::uint64_t skipped = options.rate_per_second * options.warm_up_seconds;
  const std::uint64_t total = skipped + options.rate_per_second * options.seconds;
  Answers answers(total);
  const auto begin = Steady::now();
  for (std::uint64_t i = 0; i < total; ++i) {
    const auto due = begin + std::chrono::nanoseconds(i * 1'000'000'000 / options.rate_per_second);
    net::HttpRequestOut request;
    if (!fill(options, **signer, clock, i, request)) return 1;
    answers.idle_until(due);
    (*client)->request(
        std::move(request), kTimeoutMs,
        [&answers, due, counts = i >= skipped](net::HttpOutcome outcome) { answers.add(outcome, due, counts); });
  }
  answers.wait(Steady::now() + std::chrono::milliseconds(2 * kTimeoutMs));
  (*client)->stop();
  return answers.print() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Sends work orders at a fixed rate and prints the time to the stored receipt");
  Options options;
  app.add_option("--ca", options.ca_file, "authority of the gateway's certificate")->required();
  app.add_option("--key", options.key_file, "file with city A's key")->required();
  app.add_option("--run", options.run, "part of the order numbers, differs from run to run")->required();
  app.add_option("--port", options.port, "the gateway's partner port on 127.0.0.1")->required();
  app.add_option("--rate", options.rate_per_second, "requests per second")->check(CLI::Range(1, 20'000));
  app.add_option("--seconds", options.seconds, "measured time")->check(CLI::Range(1, 600));
  app.add_option("--warm-up", options.warm_up_seconds, "time before that")->check(CLI::Range(0, 60));
  app.add_option("--connections", options.connections, "kept connections")->check(CLI::Range(1, 1024));
  CLI11_PARSE(app, argc, argv);
  return drive(options);
}
