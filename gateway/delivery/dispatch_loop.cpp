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
    auto& lane = lanes_[partner].lane;
    if (lane != nullptr) {
      lane->replace(std::move(options));
    } else {
      lane = std::make_unique<Lane>(context_, std::move(options), paused_.contains(partner));
    }
  }
  for (auto& [partner, entry] : lanes_) {
    if (!named.contains(partner)) entry.lane->retire();
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
  if (const auto lane = lanes_.find(partner); lane != lanes_.end()) lane->second.lane->set_paused(paused);
}

void DispatchLoop::stop_sending() {
  context_.mailbox->order([this] { stopping_ = true; });
}

// Every lane that is told something is served in this step.
void DispatchLoop::sort_mail(const Mailbox::Mail& mail, const StepTime& now) {
  for (const DeliveryEvent& event : mail.events) {
    if (const auto found = lanes_.find(event.partner); found != lanes_.end()) {
      found->second.lane->on_event(event, now);
      found->second.wake_ms = now.steady_ms;
    }
  }
  for (const PartnerId& partner : mail.hints) {
    if (const auto found = lanes_.find(partner); found != lanes_.end()) {
      found->second.lane->on_hint();
      found->second.wake_ms = now.steady_ms;
    }
  }
  if (mail.orders.empty()) return;
  for (auto& [partner, entry] : lanes_) entry.wake_ms = now.steady_ms;
}

std::int64_t DispatchLoop::step() {
  const Mailbox::Mail mail = context_.mailbox->take();
  for (const Mailbox::Order& order : mail.orders) order();
  // After the mail was taken: an outcome never lies in the future of the step that handles it.
  const StepTime now{context_.clock.now(), context_.clock.steady_ms()};
  sort_mail(mail, now);
  std::int64_t wake_ms = now.steady_ms + kMaxWaitMs;
  std::vector<const Lane*> served;
  for (auto& [partner, entry] : lanes_) {
    if (now.steady_ms >= entry.wake_ms) {
      // Times of rows and windows were converted to steady time; a wall clock that was set is noticed by kMaxWaitMs.
      entry.wake_ms = std::min(entry.lane->serve(now, !stopping_), now.steady_ms + kMaxWaitMs);
      served.push_back(entry.lane.get());
    }
    wake_ms = std::min(wake_ms, entry.wake_ms);
  }
  publish(served);
  std::erase_if(lanes_, [](const auto& item) { return item.second.lane->retired() && item.second.lane->idle(); });
  return std::clamp<std::int64_t>(wake_ms - context_.clock.steady_ms(), 0, kMaxWaitMs);
}

bool DispatchLoop::idle() const {
  return std::all_of(lanes_.begin(), lanes_.end(), [](const auto& item) { return item.second.lane->idle(); });
}

void DispatchLoop::publish(const std::vector<const Lane*>& served) {
  const std::lock_guard lock(published_mutex_);
  for (const Lane* lane : served) {
    const PartnerId& partner = lane->options()->partner;
    if (lane->retired() && lane->idle())
      published_.erase(partner);
    else
      published_[partner] = {lane->snapshot(), lane->options(), lane->rows_held()};
  }
}

std::vector<LaneSnapshot> DispatchLoop::snapshot() const {
  const Instant now = context_.clock.now();
  std::vector<LaneSnapshot> out;
  const std::lock_guard lock(published_mutex_);
  out.reserve(published_.size());
  for (const auto& [partner, item] : published_) {
    const auto opened = item.options->window.opened_at(now);
    out.push_back(item.lane);
    out.back().window_open = opened.has_value();
    out.back().window_opened_ms = opened.value_or(Instant{}).ms;
  }
  return out;
}

std::size_t DispatchLoop::rows_held() const {
  const std::lock_guard lock(published_mutex_);
  std::size_t rows = 0;
  for (const auto& [partner, item] : published_) rows += item.rows_held;
  return rows;
}

}  // namespace tongqu
