#include "gateway/delivery/dispatch_loop.hpp"

#include <algorithm>

#include "gateway/delivery/delivery_codes.hpp"

namespace tongqu {

DispatchLoop::DispatchLoop(Store& store, const Sealer& sealer, const Clock& clock, RandomSource random)
    : context_{store, sealer, clock, std::move(random), std::make_shared<Mailbox>()} {}

DispatchLoop::~DispatchLoop() { context_.mailbox->close(); }

Status DispatchLoop::start() {
  const auto paused = context_.store.paused_partners();
  if (paused.has_error()) return paused.error();
  paused_.insert(paused->begin(), paused->end());
  return {};
}

Status DispatchLoop::configure(std::vector<LaneOptions> lanes) {
  if (lanes.size() > kMaxLanes) return make_error(codes::kDeliveryLane, "lanes");
  std::set<PartnerId> seen;
  std::vector<std::shared_ptr<const LaneOptions>> shared;
  for (LaneOptions& lane : lanes) {
    if (auto status = check(lane); status.has_error()) return status;
    if (!seen.insert(lane.partner).second) return make_error(codes::kDeliveryLane, "partner");
    shared.push_back(std::make_shared<const LaneOptions>(std::move(lane)));
  }
  context_.mailbox->order([this, shared = std::move(shared)]() mutable { apply(std::move(shared)); });
  return {};
}

void DispatchLoop::apply(std::vector<std::shared_ptr<const LaneOptions>> lanes) {
  std::set<PartnerId> named;
  for (auto& options : lanes) {
    const PartnerId partner = options->partner;
    named.insert(partner);
    auto& lane = lanes_[partner];
    if (lane != nullptr) {
      lane->replace(std::move(options));
    } else {
      lane = std::make_unique<Lane>(context_, std::move(options), paused_.contains(partner));
    }
  }
  for (auto& [partner, lane] : lanes_) {
    if (!named.contains(partner)) lane->retire();
  }
}

void DispatchLoop::notify(const PartnerId& recipient) { context_.mailbox->hint(recipient); }

void DispatchLoop::pause(const PartnerId& partner) {
  context_.mailbox->order([this, partner] { set_paused(partner, true); });
}

void DispatchLoop::resume(const PartnerId& partner) {
  context_.mailbox->order([this, partner] { set_paused(partner, false); });
}

void DispatchLoop::set_paused(const PartnerId& partner, bool paused) {
  if (paused)
    paused_.insert(partner);
  else
    paused_.erase(partner);
  if (const auto lane = lanes_.find(partner); lane != lanes_.end()) lane->second->set_paused(paused);
}

void DispatchLoop::stop_sending() {
  context_.mailbox->order([this] { stopping_ = true; });
}

std::int64_t DispatchLoop::step() {
  Mailbox::Mail mail = context_.mailbox->take();
  for (const Mailbox::Order& order : mail.orders) order();
  // After the mail was taken: an outcome never lies in the future of the step that handles it.
  const StepTime now{context_.clock.now(), context_.clock.steady_ms()};
  for (const DeliveryEvent& event : mail.events) {
    if (const auto lane = lanes_.find(event.partner); lane != lanes_.end()) lane->second->on_event(event, now);
  }
  for (const PartnerId& partner : mail.hints) {
    if (const auto lane = lanes_.find(partner); lane != lanes_.end()) lane->second->on_hint();
  }
  std::int64_t wake_ms = now.steady_ms + kMaxWaitMs;
  for (auto it = lanes_.begin(); it != lanes_.end();) {
    Lane& lane = *it->second;
    wake_ms = std::min(wake_ms, lane.serve(now, !stopping_));
    it = lane.retired() && lane.idle() ? lanes_.erase(it) : std::next(it);
  }
  publish(now.wall);
  return std::clamp<std::int64_t>(wake_ms - context_.clock.steady_ms(), 0, kMaxWaitMs);
}

bool DispatchLoop::idle() const {
  return std::all_of(lanes_.begin(), lanes_.end(), [](const auto& item) { return item.second->idle(); });
}

void DispatchLoop::publish(Instant now) {
  std::vector<LaneSnapshot> lanes;
  lanes.reserve(lanes_.size());
  std::size_t rows = 0;
  for (const auto& [partner, lane] : lanes_) {
    lanes.push_back(lane->snapshot(now));
    rows += lane->rows_held();
  }
  const std::lock_guard lock(published_mutex_);
  published_ = std::move(lanes);
  published_rows_ = rows;
}

std::vector<LaneSnapshot> DispatchLoop::snapshot() const {
  const std::lock_guard lock(published_mutex_);
  return published_;
}

std::size_t DispatchLoop::rows_held() const {
  const std::lock_guard lock(published_mutex_);
  return published_rows_;
}

}  // namespace tongqu
