#include "gateway/app/inbound_set.hpp"

namespace tongqu::app {
namespace {

// "/soap/case" takes "/soap/case", "/soap/case?wsdl" and "/soap/case/…", not "/soap/cases".
bool is_below(std::string_view target, std::string_view mount) {
  if (mount.empty() || !target.starts_with(mount)) return false;
  return target.size() == mount.size() || target[mount.size()] == '?' || target[mount.size()] == '/';
}

// Over a legacy listener the paths of other partners do not exist.
bool is_open_to(const PartnerId& partner, const Peer& peer) {
  return peer.only_partner.empty() || peer.only_partner == partner.str();
}

}  // namespace

void InboundSet::replace(Connectors next, std::int64_t grace_ms) {
  for (const Entry& entry : next) entry.connector->start();
  auto fresh = std::make_shared<const Connectors>(std::move(next));  // second owners: readers of current()
  std::shared_ptr<const Connectors> before;
  {
    const std::lock_guard lock(mutex_);
    before = std::exchange(connectors_, std::move(fresh));
  }
  for (const Entry& entry : *before) entry.connector->stop(grace_ms);
}

void InboundSet::handle(HttpRequest request, Done done) {
  const auto connectors = current();
  for (const auto& [partner, connector] : *connectors) {
    HttpHandler* handler = connector->handler();
    if (handler == nullptr || !is_open_to(partner, request.peer) || !is_below(request.target, connector->mount()))
      continue;
    handler->handle(std::move(request),
                    [kept = connector, done = std::move(done)](HttpResponse answer) { done(std::move(answer)); });
    return;
  }
  others_.handle(std::move(request), std::move(done));
}

std::unique_ptr<BodySink> InboundSet::stream_body(const HttpRequest& head) {
  const auto connectors = current();
  for (const auto& [partner, connector] : *connectors) {
    if (connector->handler() != nullptr && is_open_to(partner, head.peer) && is_below(head.target, connector->mount()))
      return nullptr;
  }
  return others_.stream_body(head);
}

std::shared_ptr<const InboundSet::Connectors> InboundSet::current() const {
  const std::lock_guard lock(mutex_);
  return connectors_;
}

}  // namespace tongqu::app
