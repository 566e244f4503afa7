#include "gateway/net/http_server.hpp"

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <condition_variable>
#include <future>
#include <list>
#include <mutex>
#include <unordered_map>

#include "gateway/net/answer_writer.hpp"
#include "gateway/net/http_session.hpp"
#include "gateway/net/net_codes.hpp"
#include "gateway/net/plain_stream.hpp"

namespace tongqu::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;
using Acceptor = asio::basic_socket_acceptor<tcp, IoExecutor>;
using Timer = asio::basic_waitable_timer<SteadyClock, asio::wait_traits<SteadyClock>, IoExecutor>;

constexpr milliseconds kSweepEvery{50};
constexpr milliseconds kAcceptPause{100};
constexpr milliseconds kUnwindTime{5000};  // for sessions to run to their end once everything is closed

Status check(const ListenerOptions& options) {
  struct Range {
    std::string_view name;
    std::int64_t value;
    std::int64_t max;
  };
  constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
  const auto number = [](std::size_t value) {
    return static_cast<std::int64_t>(std::min<std::size_t>(value, INT64_MAX));
  };
  for (const Range& r : {Range{"max_header_bytes", number(options.max_header_bytes), 1 << 20},
                         Range{"max_headers_count", number(options.max_headers_count), 10'000},
                         Range{"max_body_bytes", number(options.max_body_bytes), 1LL << 40},
                         Range{"max_in_flight_bytes", number(options.max_in_flight_bytes), 1LL << 40},
                         Range{"handshake_timeout_ms", options.handshake_timeout_ms, kDayMs},
                         Range{"header_timeout_ms", options.header_timeout_ms, kDayMs},
                         Range{"body_timeout_ms", options.body_timeout_ms, kDayMs},
                         Range{"answer_timeout_ms", options.answer_timeout_ms, kDayMs},
                         Range{"write_timeout_ms", options.write_timeout_ms, kDayMs},
                         Range{"idle_timeout_ms", options.idle_timeout_ms, kDayMs},
                         Range{"max_connections", number(options.max_connections), 1'000'000},
                         Range{"max_connections_per_address", number(options.max_connections_per_address), 1'000'000},
                         Range{"max_requests_per_connection", number(options.max_requests_per_connection), INT64_MAX},
                         Range{"max_pipelined", number(options.max_pipelined), 100'000}}) {
    if (r.value < 1 || r.value > r.max) return make_error(codes::kNetOptions, std::string(r.name));
  }
  constexpr std::size_t kLeastHeaderBytes = 256;
  if (options.max_header_bytes < kLeastHeaderBytes) return make_error(codes::kNetOptions, "max_header_bytes");
  error_code failure;
  asio::ip::make_address(options.address, failure);
  if (failure) return make_error(codes::kNetOptions, "address");
  return {};
}

// Sessions of one thread, and the one timer that watches all their deadlines: arming a timer per read would cost more
// than the read.
struct Lane {
  explicit Lane(asio::io_context& context) : io(context), sweep(context) {}
  asio::io_context& io;
  Timer sweep;
  bool sweeping = false;
  std::list<HttpSession> sessions;
  DateCache dates;
};

enum class StopStep : std::uint8_t { kPolite, kCutReading, kHard };

}  // namespace

struct HttpServer::Parts : std::enable_shared_from_this<Parts> {
  Parts(ListenerOptions o, HttpHandler& h, TlsFactory* t, IoPool& p, const Clock& c, NetObserver* n)
      : options(std::move(o)), handler(h), tls(t), pool(p), clock(c), observer(n != nullptr ? *n : silent) {
    for (std::size_t i = 0; i < pool.size(); ++i) lanes.push_back(std::make_unique<Lane>(pool.at(i)));
  }

  Status bind();
  Task<void> accept_all();
  const ErrorCode* admit(const std::string& address);
  void leave(const std::string& address);
  void turn_away(Socket socket, const ErrorCode& code);
  void welcome(std::size_t lane, Socket socket, std::string address);
  void begin_session(Lane& lane, Socket socket, std::string address);
  void sweep(Lane& lane);
  void close_acceptor();
  void stop_sessions(StopStep step);
  bool wait_until_empty(SteadyClock::time_point until);
  void run_on_all_lanes(const std::function<void(Lane&)>& action);

  const ListenerOptions options;
  HttpHandler& handler;
  TlsFactory* const tls;
  IoPool& pool;
  const Clock& clock;
  NetObserver silent;
  NetObserver& observer;
  std::vector<std::unique_ptr<Lane>> lanes;  // each touched on its own thread only
  std::unique_ptr<Acceptor> acceptor;        // on lane 0
  std::unique_ptr<Timer> accept_pause;       // on lane 0
  std::atomic<std::uint16_t> port = 0;
  std::atomic<bool> stopping = false;
  std::atomic<std::size_t> in_flight_bytes = 0;

  std::mutex control;        // held by start, stop_accepting and stop: one of them at a time
  mutable std::mutex mutex;  // guards what follows
  std::condition_variable emptied;
  std::size_t connections = 0;  // admitted and not closed
  bool accepting = false;
  std::unordered_map<std::string, std::size_t> connections_of;  // by address; no entry means none
};

Status HttpServer::Parts::bind() {
  error_code failure;
  const tcp::endpoint endpoint(asio::ip::make_address(options.address, failure), options.port);
  auto fresh = std::make_unique<Acceptor>(pool.at(0));
  if (!failure) fresh->open(endpoint.protocol(), failure);
  if (!failure) fresh->set_option(Acceptor::reuse_address(true), failure);
  if (!failure) fresh->bind(endpoint, failure);
  if (!failure) fresh->listen(Acceptor::max_listen_connections, failure);
  if (failure) return make_error(codes::kNetListen, options.address + ":" + std::to_string(options.port));
  port = fresh->local_endpoint(failure).port();
  acceptor = std::move(fresh);
  accept_pause = std::make_unique<Timer>(pool.at(0));
  {
    const std::scoped_lock lock(mutex);
    accepting = true;
  }
  asio::co_spawn(pool.at(0), accept_all(), [self = shared_from_this()](const std::exception_ptr&) {
    const std::scoped_lock lock(self->mutex);
    self->accepting = false;
    self->emptied.notify_all();
  });
  return {};
}

Task<void> HttpServer::Parts::accept_all() {
  while (acceptor->is_open()) {
    const std::size_t lane = pool.next();
    Socket socket(pool.at(lane));
    const auto [failure] = co_await acceptor->async_accept(socket, kAsTuple);
    if (failure == asio::error::operation_aborted || !acceptor->is_open()) break;
    if (failure) {
      // Out of descriptors, or the peer has gone already: the listener stays, and does not spin.
      accept_pause->expires_after(kAcceptPause);
      (void)co_await accept_pause->async_wait(kAsTuple);
      continue;
    }
    error_code gone;
    const auto remote = socket.remote_endpoint(gone);
    if (gone) continue;
    std::string address = remote.address().to_string();
    if (options.admits && !options.admits(address)) {
      // Nothing is told to somebody who is not expected here.
      observer.refused(options.name, codes::kNetStranger);
      socket.close(gone);
    } else if (const auto* refusal = admit(address)) {
      turn_away(std::move(socket), *refusal);
    } else {
      welcome(lane, std::move(socket), std::move(address));
    }
  }
}

const ErrorCode* HttpServer::Parts::admit(const std::string& address) {
  const std::scoped_lock lock(mutex);
  if (connections >= options.max_connections) return &codes::kNetConnections;
  std::size_t& of_address = connections_of[address];
  if (of_address >= options.max_connections_per_address) return &codes::kNetConnectionsPerAddress;
  ++of_address;
  ++connections;
  return nullptr;
}

void HttpServer::Parts::leave(const std::string& address) {
  observer.connection_closed(options.name);
  const std::scoped_lock lock(mutex);
  const auto found = connections_of.find(address);
  if (--found->second == 0) connections_of.erase(found);
  --connections;
  emptied.notify_all();
}

// Costs one write at most. A TLS handshake would cost what the limit is there to save, so TLS peers are just closed.
void HttpServer::Parts::turn_away(Socket socket, const ErrorCode& code) {
  observer.refused(options.name, code);
  error_code ignored;
  if (tls == nullptr) {
    const HttpResponse refusal = make_refusal(code, {});
    std::string bytes;
    DateCache date;
    write_answer_head(bytes, refusal, {.minor = 1, .keep_alive = false, .head_only = false}, date.at(clock.now()));
    bytes.append(refusal.body);
    socket.non_blocking(true, ignored);
    socket.send(asio::buffer(bytes), 0, ignored);
    socket.shutdown(Socket::shutdown_both, ignored);
  }
  socket.close(ignored);
}

void HttpServer::Parts::welcome(std::size_t lane, Socket socket, std::string address) {
  observer.connection_opened(options.name);
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  asio::post(pool.at(lane), [self = shared_from_this(), lane, s = std::move(socket), a = std::move(address)]() mutable {
    self->begin_session(*self->lanes[lane], std::move(s), std::move(a));
  });
}

void HttpServer::Parts::begin_session(Lane& lane, Socket socket, std::string address) {
  if (stopping) {
    error_code ignored;
    socket.close(ignored);
    leave(address);
    return;
  }
  auto stream = tls != nullptr ? tls->server(std::move(socket)) : make_plain_stream(std::move(socket));
  const SessionEnvironment environment{
      options, handler, clock, observer, lane.dates, in_flight_bytes, lane.io.get_executor()};
  lane.sessions.emplace_front(environment, std::move(stream));
  const auto place = lane.sessions.begin();
  // An exception here could only be bad_alloc: this connection ends, the others go on.
  asio::co_spawn(lane.io, place->run(),
                 [self = shared_from_this(), &lane, place, a = std::move(address)](const std::exception_ptr&) {
                   lane.sessions.erase(place);
                   self->leave(a);
                 });
  sweep(lane);
}

void HttpServer::Parts::sweep(Lane& lane) {
  if (lane.sweeping || lane.sessions.empty()) return;
  lane.sweeping = true;
  lane.sweep.expires_after(kSweepEvery);
  lane.sweep.async_wait([self = shared_from_this(), &lane](const error_code& cancelled) {
    lane.sweeping = false;
    if (cancelled) return;
    const auto now = SteadyClock::now();
    for (HttpSession& session : lane.sessions) session.check_deadline(now);
    self->sweep(lane);
  });
}

void HttpServer::Parts::run_on_all_lanes(const std::function<void(Lane&)>& action) {
  std::vector<std::future<void>> ends;
  for (const auto& lane : lanes) {
    auto end = std::make_shared<std::promise<void>>();  // second owner: the posted task, if it outlives the wait
    ends.push_back(end->get_future());
    asio::post(lane->io, [self = shared_from_this(), &lane = *lane, action, end] {
      action(lane);
      // What the action cancelled waits in this thread's own queue, in front of this second step: when the caller goes
      // on, those handlers have run and hold nothing any more.
      asio::post(lane.io, [end] { end->set_value(); });
    });
  }
  for (auto& end : ends) (void)end.wait_for(kUnwindTime);
}

void HttpServer::Parts::close_acceptor() {
  run_on_all_lanes([this](Lane& lane) {
    if (&lane != lanes.front().get() || !acceptor) return;
    error_code ignored;
    acceptor->close(ignored);
    accept_pause->cancel();
  });
}

void HttpServer::Parts::stop_sessions(StopStep step) {
  run_on_all_lanes([step](Lane& lane) {
    for (HttpSession& session : lane.sessions) {
      switch (step) {
        case StopStep::kPolite: session.stop_politely(); break;
        case StopStep::kCutReading: session.stop_reading(); break;
        case StopStep::kHard: session.stop_hard(); break;
      }
    }
  });
}

bool HttpServer::Parts::wait_until_empty(SteadyClock::time_point until) {
  std::unique_lock lock(mutex);
  return emptied.wait_until(lock, until, [this] { return connections == 0 && !accepting; });
}

Result<std::unique_ptr<HttpServer>> HttpServer::create(ListenerOptions options, HttpHandler& handler, TlsFactory* tls,
                                                       IoPool& pool, const Clock& clock, NetObserver* observer) {
  if (auto checked = check(options); checked.has_error()) return checked.error();
  auto parts = std::make_shared<Parts>(std::move(options), handler, tls, pool, clock, observer);
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(parts)));
}

HttpServer::HttpServer(std::shared_ptr<Parts> parts) : parts_(std::move(parts)) {}

HttpServer::~HttpServer() { stop(0, 0); }

Status HttpServer::start() {
  const std::scoped_lock lock(parts_->control);
  return parts_->acceptor ? Status{} : parts_->bind();
}

std::uint16_t HttpServer::port() const { return parts_->port; }

void HttpServer::stop_accepting() {
  const std::scoped_lock lock(parts_->control);
  parts_->close_acceptor();
}

void HttpServer::stop(std::int64_t grace_ms, std::int64_t hard_ms) {
  const std::scoped_lock lock(parts_->control);
  const auto began = SteadyClock::now();
  parts_->close_acceptor();
  parts_->stopping = true;
  parts_->stop_sessions(StopStep::kPolite);
  if (!parts_->wait_until_empty(began + milliseconds(grace_ms))) {
    parts_->stop_sessions(StopStep::kCutReading);
    if (!parts_->wait_until_empty(began + milliseconds(std::max(grace_ms, hard_ms)))) {
      parts_->stop_sessions(StopStep::kHard);
      (void)parts_->wait_until_empty(SteadyClock::now() + kUnwindTime);
    }
  }
  // Behind this barrier nothing of the server waits in the pool's queues.
  parts_->run_on_all_lanes([](Lane& lane) { lane.sweep.cancel(); });
  parts_->run_on_all_lanes([](Lane&) {});
}

std::size_t HttpServer::open_connections() const {
  const std::scoped_lock lock(parts_->mutex);
  return parts_->connections;
}

}  // namespace tongqu::net
