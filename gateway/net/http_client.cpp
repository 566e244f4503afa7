#include "gateway/net/http_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <deque>
#include <list>
#include <map>
#include <mutex>

#include "gateway/net/client_connection.hpp"
#include "gateway/net/http_syntax.hpp"
#include "gateway/net/net_codes.hpp"

namespace tongqu::net {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;
using Timer = asio::basic_waitable_timer<SteadyClock, asio::wait_traits<SteadyClock>, IoExecutor>;

constexpr milliseconds kSweepEvery{25};
constexpr milliseconds kUnwindTime{5000};

struct Job {
  HttpRequestOut request;
  SteadyClock::time_point deadline;
  HttpClient::Done done;
};

// All connections to one origin and the requests that wait for one. Everything but `wait_until_stopped` runs on the
// pool's thread that it was given.
class OriginPool : public std::enable_shared_from_this<OriginPool> {
 public:
  OriginPool(const ClientOptions& options, Origin origin, TlsFactory* tls, asio::io_context& io)
      : options_(options), origin_(std::move(origin)), tls_(tls), io_(io), sweep_timer_(io) {}

  void enqueue(Job job);
  void stop();
  void wait_until_stopped();
  asio::io_context& io() { return io_; }

 private:
  struct Worker {
    Worker(const ClientOptions& options, const Origin& origin, TlsFactory* tls, IoExecutor executor)
        : connection(options, origin, tls, executor) {}
    ClientConnection connection;
    SteadyClock::time_point idle_until;
  };
  using Workers = std::list<Worker>;

  void put_to_work(Workers::iterator worker, Job job);
  Task<void> work(Workers::iterator worker, Job job);
  void rest(Workers::iterator worker);
  void sweep();
  void arm_sweep();
  void tell_if_stopped();

  const ClientOptions options_;
  const Origin origin_;
  TlsFactory* const tls_;
  asio::io_context& io_;
  Timer sweep_timer_;
  bool sweeping_ = false;
  bool stopping_ = false;
  Workers busy_;
  Workers idle_;  // most recently used first; every one has an open connection
  std::deque<Job> waiting_;

  std::mutex mutex_;  // guards the two below
  std::condition_variable changed_;
  bool stopped_ = false;
};

void OriginPool::enqueue(Job job) {
  if (stopping_) {
    job.done(NetError{NetPhase::kConnect, &codes::kNetClientStopped});
  } else if (!idle_.empty()) {
    busy_.splice(busy_.begin(), idle_, idle_.begin());
    put_to_work(busy_.begin(), std::move(job));
  } else if (busy_.size() < options_.max_connections) {
    busy_.emplace_front(options_, origin_, tls_, io_.get_executor());
    put_to_work(busy_.begin(), std::move(job));
  } else if (waiting_.size() < options_.max_waiting) {
    waiting_.push_back(std::move(job));
  } else {
    job.done(NetError{NetPhase::kConnect, &codes::kNetQueueFull});
  }
  arm_sweep();
}

void OriginPool::put_to_work(Workers::iterator worker, Job job) {
  asio::co_spawn(io_, work(worker, std::move(job)),
                 [self = shared_from_this(), worker](const std::exception_ptr&) { self->rest(worker); });
}

// One worker serves requests as long as any wait.
Task<void> OriginPool::work(Workers::iterator worker, Job job) {
  while (true) {
    HttpOutcome outcome = co_await worker->connection.exchange(job.request, job.deadline);
    job.done(std::move(outcome));
    if (stopping_ || waiting_.empty()) co_return;
    job = std::move(waiting_.front());
    waiting_.pop_front();
  }
}

void OriginPool::rest(Workers::iterator worker) {
  if (stopping_ || !worker->connection.is_open()) {
    busy_.erase(worker);
  } else {
    worker->idle_until = SteadyClock::now() + milliseconds(options_.idle_timeout_ms);
    idle_.splice(idle_.begin(), busy_, worker);
    // A request may have come between the worker's last look and now.
    if (!waiting_.empty()) {
      Job job = std::move(waiting_.front());
      waiting_.pop_front();
      enqueue(std::move(job));
    }
  }
  tell_if_stopped();
}

void OriginPool::arm_sweep() {
  if (sweeping_ || stopping_ || (busy_.empty() && idle_.empty() && waiting_.empty())) return;
  sweeping_ = true;
  sweep_timer_.expires_after(kSweepEvery);
  sweep_timer_.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
    self->sweeping_ = false;
    if (!cancelled) self->sweep();
    self->arm_sweep();
  });
}

void OriginPool::sweep() {
  const auto now = SteadyClock::now();
  for (Worker& worker : busy_) worker.connection.check_deadline(now);
  std::erase_if(idle_, [now](const Worker& worker) { return worker.idle_until <= now; });
  std::deque<Job> late;
  for (auto job = waiting_.begin(); job != waiting_.end();) {
    if (job->deadline > now) {
      ++job;
      continue;
    }
    late.push_back(std::move(*job));
    job = waiting_.erase(job);
  }
  for (Job& job : late) job.done(NetError{NetPhase::kConnect, &codes::kNetRequestTimeout});
}

void OriginPool::stop() {
  stopping_ = true;
  sweep_timer_.cancel();
  idle_.clear();
  for (Worker& worker : busy_) worker.connection.stop();
  auto left = std::move(waiting_);
  waiting_.clear();
  for (Job& job : left) job.done(NetError{NetPhase::kConnect, &codes::kNetClientStopped});
  tell_if_stopped();
}

void OriginPool::tell_if_stopped() {
  if (!stopping_ || !busy_.empty()) return;
  const std::scoped_lock lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

void OriginPool::wait_until_stopped() {
  std::unique_lock lock(mutex_);
  (void)changed_.wait_for(lock, kUnwindTime, [this] { return stopped_; });
}

}  // namespace

void throw_exception_from_error(const NetError&, const boost::source_location&) { std::abort(); }

struct HttpClient::Parts {
  Parts(ClientOptions o, IoPool& p, TlsFactory* t) : options(std::move(o)), pool(p), tls(t) {}

  const ErrorCode* hand_over(Job& job);

  const ClientOptions options;
  IoPool& pool;
  TlsFactory* const tls;
  std::mutex mutex;  // guards the two below
  bool stopped = false;
  std::map<Origin, std::shared_ptr<OriginPool>> origins;  // shared with the callbacks in the pool's queues
};

const ErrorCode* HttpClient::Parts::hand_over(Job& job) {
  const std::scoped_lock lock(mutex);
  if (stopped) return &codes::kNetClientStopped;
  auto found = origins.find(job.request.origin);
  if (found == origins.end()) {
    if (origins.size() >= options.max_origins) return &codes::kNetTooManyOrigins;
    const Origin& origin = job.request.origin;
    auto fresh = std::make_shared<OriginPool>(options, origin, tls, pool.at(pool.next()));
    found = origins.emplace(origin, std::move(fresh)).first;
  }
  // Posted under the lock: behind `stopped` no job can follow the stop.
  asio::post(found->second->io(),
             [origin = found->second, j = std::move(job)]() mutable { origin->enqueue(std::move(j)); });
  return nullptr;
}

Result<std::unique_ptr<HttpClient>> HttpClient::create(ClientOptions options, IoPool& pool, TlsFactory* tls) {
  constexpr std::size_t kMaxConnections = 1024;
  constexpr std::size_t kLeastHeaderBytes = 256;
  const auto bad = [&]() -> std::string {
    if (options.max_connections < 1 || options.max_connections > kMaxConnections) return "max_connections";
    if (options.max_origins < 1) return "max_origins";
    if (options.connect_timeout_ms < 1) return "connect_timeout_ms";
    if (options.idle_timeout_ms < 0) return "idle_timeout_ms";
    if (options.max_header_bytes < kLeastHeaderBytes) return "max_header_bytes";
    if (options.max_headers_count < 1) return "max_headers_count";
    if (!options.proxy.host.empty() && options.proxy.port == 0) return "proxy";
    if (!is_field_value(options.proxy.authorization)) return "proxy";
    return {};
  }();
  if (!bad.empty()) return make_error(codes::kNetOptions, bad);
  return std::unique_ptr<HttpClient>(new HttpClient(std::make_unique<Parts>(std::move(options), pool, tls)));
}

HttpClient::HttpClient(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

HttpClient::~HttpClient() { stop(); }

void HttpClient::request(HttpRequestOut request, std::int64_t timeout_ms, Done done) {
  const ErrorCode* refusal = check_request(request, parts_->tls);
  Job job{std::move(request), SteadyClock::now() + milliseconds(timeout_ms), std::move(done)};
  if (refusal == nullptr) refusal = parts_->hand_over(job);
  if (refusal != nullptr) job.done(NetError{NetPhase::kConnect, refusal});
}

void HttpClient::stop() {
  std::vector<std::shared_ptr<OriginPool>> all;
  {
    const std::scoped_lock lock(parts_->mutex);
    parts_->stopped = true;
    for (const auto& [key, origin] : parts_->origins) all.push_back(origin);
  }
  for (const auto& origin : all) asio::post(origin->io(), [origin] { origin->stop(); });
  for (const auto& origin : all) origin->wait_until_stopped();
}

}  // namespace tongqu::net
