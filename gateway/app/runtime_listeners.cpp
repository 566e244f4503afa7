// The listeners of the running gateway.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <future>

#include "gateway/app/runtime_parts.hpp"

namespace tongqu::app {

Status Runtime::Parts::listen_on(const Setting& listener) {
  auto factory = make_listener_tls(listener, options.secrets);
  if (factory.has_error()) return factory.error();
  TlsFactory* const raw = factory->get();
  tls.push_back(std::move(*factory));
  if (listener.text("kind") == "legacy") {
    const auto own = std::find_if(legacy.begin(), legacy.end(),
                                  [&](const auto& one) { return one->terms().listener == listener.text("name"); });
    return (*own)->open(listener_options(listener), *inbound, raw, *pool);
  }
  const bool admin = listener.text("kind") == "admin";
  HttpHandler& handler = admin ? static_cast<HttpHandler&>(*admin_api) : *inbound;
  auto server = net::HttpServer::create(listener_options(listener), handler, raw, *pool, clock);
  if (server.has_error()) return server.error();
  if (auto started = (*server)->start(); started.has_error()) return started.error();
  const std::string url = std::string(raw != nullptr ? "https://" : "http://") + listener.text("address") + ":" +
                          std::to_string((*server)->port());
  (admin ? addresses.admin : addresses.partners) = url;
  servers.push_back(std::move(*server));
  return {};
}

Status Runtime::Parts::make_legacy_listeners(const Setting& gateway) {
  for (LegacyTerms& terms : legacy_terms_of(gateway)) {
    LegacyListener::Outlets outlets{.record = [this](AuditDraft entry) { return append_entry(std::move(entry)); },
                                    .warn = [](const std::string& line) { spdlog::warn(line); }};
    auto made = LegacyListener::create(std::move(terms), clock, std::move(outlets));
    if (made.has_error()) return error_at(gateway, made.error());
    legacy.push_back(std::move(*made));
  }
  return {};
}

Status Runtime::Parts::append_entry(AuditDraft entry) const {
  auto committed = std::make_shared<std::promise<Status>>();  // second owner: the store's writer
  auto done = committed->get_future();
  store->append(std::move(entry), [committed](Status status) { committed->set_value(std::move(status)); });
  return done.get();
}

std::vector<LegacyView> Runtime::Parts::legacy_views() const {
  std::vector<LegacyView> views;
  const Instant now = clock.now();
  for (const auto& one : legacy) {
    const LegacyTerms& terms = one->terms();
    views.push_back({terms.listener, terms.partner, terms.protocol, terms.network, terms.until, terms.approved_by,
                     days_left(terms, now), one->port(), one->is_open()});
  }
  return views;
}

}  // namespace tongqu::app
