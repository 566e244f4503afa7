#pragma once
// A legacy listener that runs: the date and the network before a byte is read, loud, and in the audit log.
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "gateway/app/legacy_terms.hpp"
#include "gateway/core/audit.hpp"
#include "gateway/core/http.hpp"
#include "gateway/net/http_server.hpp"
#include "security/identity/network_list.hpp"

namespace tongqu::app {

// May a connection be taken? Immutable, thread-safe.
class LegacyGate {
 public:
  // `clock` outlives the gate.
  LegacyGate(Instant closes_at, NetworkList network, const Clock& clock)
      : closes_at_(closes_at), network_(std::move(network)), clock_(clock) {}
  [[nodiscard]] bool is_over() const { return clock_.now() >= closes_at_; }
  [[nodiscard]] bool admits(const std::string& address) const { return !is_over() && network_.contains(address); }

 private:
  Instant closes_at_;
  NetworkList network_;
  const Clock& clock_;
};

// `open`, `tick` and `close` are called by one thread; the rest is thread-safe.
class LegacyListener {
 public:
  struct Outlets {
    std::function<Status(AuditDraft)> record;      // commits an audit entry; blocks
    std::function<void(const std::string&)> warn;  // a line in the log that nobody overlooks
  };

  // `clock` outlives it. Fails with identity.setup when the network is none.
  [[nodiscard]] static Result<std::unique_ptr<LegacyListener>> create(LegacyTerms terms, const Clock& clock,
                                                                      Outlets outlets);
  ~LegacyListener();

  // Opens it: audit entry, then the port. When its time is over, or the audit log takes no entry, it stays closed,
  // loudly, and that is no failure: the gateway runs without it. Fails as HttpServer does. `handler`, `tls` and `pool`
  // outlive it.
  [[nodiscard]] Status open(net::ListenerOptions options, HttpHandler& handler, TlsFactory* tls, net::IoPool& pool);
  // Closes it when its time is over – requests that have begun are answered, within ten seconds – and repeats the
  // warning once a day.
  void tick();
  // Closes it with the gateway. Repeating it does nothing.
  void close(std::int64_t grace_ms, std::int64_t hard_ms);

  [[nodiscard]] bool is_open() const { return open_; }
  [[nodiscard]] std::uint16_t port() const { return port_; }  // 0 before it was opened
  [[nodiscard]] const LegacyTerms& terms() const { return terms_; }

 private:
  LegacyListener(LegacyTerms terms, LegacyGate gate, const Clock& clock, Outlets outlets);
  void warn();
  [[nodiscard]] Status record(std::string_view action);
  void end(std::string_view action, std::int64_t grace_ms, std::int64_t hard_ms);

  const LegacyTerms terms_;
  const LegacyGate gate_;
  const Clock& clock_;
  const Outlets outlets_;
  std::unique_ptr<net::HttpServer> server_;
  std::atomic<bool> open_ = false;
  std::atomic<std::uint16_t> port_ = 0;
  std::string warned_on_;  // date of the last warning
};

}  // namespace tongqu::app
