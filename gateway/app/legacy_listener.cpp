#include "gateway/app/legacy_listener.hpp"

#include "gateway/app/config_compile.hpp"

namespace tongqu::app {
namespace {

constexpr std::int64_t kGraceMs = 5000;
constexpr std::int64_t kHardMs = 10'000;

}  // namespace

Result<std::unique_ptr<LegacyListener>> LegacyListener::create(LegacyTerms terms, const Clock& clock, Outlets outlets) {
  const std::string network = terms.network;
  auto list = NetworkList::create({&network, 1});
  if (list.has_error()) return list.error();
  LegacyGate gate(terms.closes_at, std::move(*list), clock);
  return std::unique_ptr<LegacyListener>(
      new LegacyListener(std::move(terms), std::move(gate), clock, std::move(outlets)));
}

LegacyListener::LegacyListener(LegacyTerms terms, LegacyGate gate, const Clock& clock, Outlets outlets)
    : terms_(std::move(terms)), gate_(std::move(gate)), clock_(clock), outlets_(std::move(outlets)) {}

LegacyListener::~LegacyListener() { server_.reset(); }

Status LegacyListener::open(net::ListenerOptions options, HttpHandler& handler, TlsFactory* tls, net::IoPool& pool) {
  if (gate_.is_over()) {
    outlets_.warn("LEGACY LISTENER stays closed, its time is over: " + legacy_in_words(terms_, clock_.now()).en);
    (void)record("refused");
    return {};
  }
  options.admits = [this](const std::string& address) { return gate_.admits(address); };
  options.only_partner = terms_.partner;
  auto server = net::HttpServer::create(std::move(options), handler, tls, pool, clock_);
  if (server.has_error()) return server.error();
  if (auto status = record("opened"); status.has_error()) {
    outlets_.warn("LEGACY LISTENER stays closed, the audit log takes no entry: " + terms_.listener);
    return {};
  }
  if (auto started = (*server)->start(); started.has_error()) {
    (void)record("closed");
    return started.error();
  }
  server_ = std::move(*server);
  port_ = server_->port();
  open_ = true;
  warn();
  return {};
}

void LegacyListener::warn() {
  const Instant now = clock_.now();
  warned_on_ = beijing_date(now);
  outlets_.warn("LEGACY LISTENER without protection on " + terms_.address + ":" + std::to_string(port_.load()) + ", " +
                legacy_in_words(terms_, now).en + ", approved by " + terms_.approved_by);
}

void LegacyListener::tick() {
  if (!open_) return;
  if (gate_.is_over()) {
    end("expired", kGraceMs, kHardMs);
    outlets_.warn("LEGACY LISTENER closed, its time is over: " + legacy_in_words(terms_, clock_.now()).en);
  } else if (beijing_date(clock_.now()) != warned_on_) {
    warn();
  }
}

void LegacyListener::close(std::int64_t grace_ms, std::int64_t hard_ms) {
  if (open_) end("closed", grace_ms, hard_ms);
}

void LegacyListener::end(std::string_view action, std::int64_t grace_ms, std::int64_t hard_ms) {
  open_ = false;
  server_->stop(grace_ms, hard_ms);
  if (auto status = record(action); status.has_error())
    outlets_.warn("LEGACY LISTENER " + terms_.listener + ": its end could not be written into the audit log");
}

Status LegacyListener::record(std::string_view action) {
  AuditEntryBuilder entry("legacy-listener", clock_.now());
  entry.text("action", action)
      .text("listener", terms_.listener)
      .text("partner", terms_.partner)
      .text("protocol", terms_.protocol)
      .text("network", terms_.network)
      .text("until", terms_.until)
      .text("approvedBy", terms_.approved_by);
  return outlets_.record(entry.finish());
}

}  // namespace tongqu::app
