#include "gateway/delivery/query_hub_parts.hpp"

namespace tongqu {
namespace {

constexpr std::int64_t kTickMs = 1000;           // longest wait between two looks
constexpr std::int64_t kHalfOpenRetryMs = 1000;  // told while a probe is under way
using query::context_of;
using query::kHourMs;
using query::refused;

// An answer that came just now; the cache has its own copy.
class FreshContent final : public AnswerContent {
 public:
  explicit FreshContent(const std::string& record) : record_(record) {}
  [[nodiscard]] Result<std::string> record() const override { return record_; }
  [[nodiscard]] std::shared_ptr<const ShownAnswer> shown(const std::string&) const override { return nullptr; }
  void keep(const std::string&, const ShownAnswer&) const override {}

 private:
  const std::string& record_;
};

}  // namespace

Result<std::string> QueryHub::KeptContent::record() const {
  return hub_.sealer_.open(hub_.process_key_, context_of(key_), answer_.sealed);
}

std::string QueryHub::KeptContent::context_for(const std::string& audience) const {
  return context_of(key_) + '/' + answer_.asked.str() + '/' + audience;
}

std::shared_ptr<const ShownAnswer> QueryHub::KeptContent::shown(const std::string& audience) const {
  std::shared_ptr<const KeptView> kept;
  {
    const std::lock_guard lock(hub_.mutex_);
    kept = hub_.cache_.view(key_, answer_, audience);
  }
  if (kept == nullptr) return nullptr;
  auto opened = kept->open(hub_.sealer_, hub_.process_key_, context_for(audience));
  if (opened.has_error()) return nullptr;  // it is made anew from the record
  return std::make_shared<const ShownAnswer>(std::move(*opened));
}

void QueryHub::KeptContent::keep(const std::string& audience, const ShownAnswer& shown) const {
  auto kept = shown.seal(hub_.sealer_, hub_.process_key_, context_for(audience));
  if (kept.has_error()) return;
  const std::lock_guard lock(hub_.mutex_);
  hub_.cache_.put_view(key_, answer_, audience, std::move(*kept));
}

void QueryHub::Handover::run_kept(Kept& kept) {
  const std::int64_t age_ms = hub_.clock_.steady_ms() - kept.answer->answered_ms;
  hub_.askers_->answer(std::move(kept.askers),
                       {kept.answer->found, kept.answer->asked, std::max<std::int64_t>(age_ms, 0)},
                       KeptContent(hub_, kept.key, *kept.answer));
}

void QueryHub::Handover::run() {
  if (wake_ && hub_.earlier_) hub_.earlier_();
  for (Kept& kept : kept_) run_kept(kept);
  for (Fresh& fresh : answers_) {
    hub_.askers_->answer(std::move(fresh.askers), fresh.answer, FreshContent(fresh.record));
  }
  for (auto& [askers, error] : failures_) hub_.askers_->fail(std::move(askers), error);
  for (const auto& [asked, question, why] : over_) hub_.askers_->over(asked, *question, *why);
  for (auto& [serial, leader] : leads_) {
    leader->lead(
        [hub = &hub_, number = serial](Result<OutboundMessage> message) { hub->on_led(number, std::move(message)); });
  }
}

QueryHub::QueryHub(QueryLimits limits, SealKey process_key, const Sealer& sealer, const Clock& clock)
    : sealer_(sealer),
      clock_(clock),
      process_key_(std::move(process_key)),
      limits_(limits),
      cache_({limits.cache_max_entries, limits.cache_max_bytes}) {}

QueryHub::~QueryHub() { stop(); }

void QueryHub::attach(Askers& askers, std::function<void()> earlier) {
  askers_ = &askers;
  earlier_ = std::move(earlier);
}

Status QueryHub::configure(std::vector<QueryLaneOptions> lanes, const QueryLimits& limits) {
  for (const QueryLaneOptions& lane : lanes) {
    if (auto status = check(lane.breaker); status.has_error()) return status;
    if (lane.timeout_ms < 1 || lane.timeout_ms > kHourMs) return make_error(codes::kDeliveryLane, "timeout_ms");
    if (lane.max_calls < 1) return make_error(codes::kDeliveryLane, "max_calls");
    if (lane.connector == nullptr) return make_error(codes::kDeliveryLane, "connector");
  }
  const std::lock_guard lock(mutex_);
  limits_ = limits;
  cache_.configure({limits.cache_max_entries, limits.cache_max_bytes});
  auto before = std::exchange(lanes_, {});
  for (QueryLaneOptions& options : lanes) {
    auto lane = std::make_shared<Lane>(std::move(options));
    if (const auto old = before.find(lane->options.partner); old != before.end()) {
      const BreakerOptions breaker = lane->options.breaker;
      lane->breaker = old->second->breaker;
      lane->breaker.configure(breaker);
      lane->asked = old->second->asked;
      lane->answered = old->second->answered;
      lane->failed = old->second->failed;
      lane->answer_ms_sum = old->second->answer_ms_sum;
      lane->last_code = old->second->last_code;
    }
    lanes_[lane->options.partner] = std::move(lane);
  }
  for (auto& [partner, lane] : before) retired_.push_back(std::move(lane));
  return {};
}

void QueryHub::pause(const PartnerId& partner, bool paused) {
  const std::lock_guard lock(mutex_);
  if (paused) {
    paused_.insert(partner);
  } else {
    paused_.erase(partner);
  }
}

// The identity is a keyed hash already; beside it stand names of the configuration only.
std::string QueryHub::key_of(const SharedQuestion& question) {
  return question.recipient.str() + '\n' + question.service.str() + '\n' + question.identity;
}

std::shared_ptr<QueryHub::Lane> QueryHub::lane_of(const PartnerId& recipient) const {
  const auto found = lanes_.find(recipient);
  return found == lanes_.end() ? nullptr : found->second;
}

std::optional<Error> QueryHub::refusal(Lane* lane, const PartnerId& recipient) const {
  if (lane == nullptr) return refused(codes::kQueryNoRegistry, recipient, 0);
  if (paused_.contains(recipient)) return refused(codes::kQueryClosed, recipient, 0);
  const Instant now = clock_.now();
  if (!lane->options.window.open(now)) {
    const auto opening = lane->options.window.next_opening(now);
    return refused(codes::kQueryClosed, recipient, opening ? opening->ms - now.ms : 0);
  }
  const std::int64_t steady_ms = clock_.steady_ms();
  if (!lane->breaker.ready(steady_ms)) {
    const bool open = lane->breaker.state() == BreakerState::kOpen;
    return refused(codes::kQueryBreaker, recipient,
                   open ? lane->breaker.open_until_ms() - steady_ms : kHalfOpenRetryMs);
  }
  if (lane->calls >= lane->options.max_calls) return refused(codes::kQueryBusy, recipient, 0);
  return std::nullopt;
}

void QueryHub::ask(SharedQuestion question, std::int64_t deadline_steady_ms, Askers::Asker asker) {
  const std::string key = key_of(question);
  Handover out(*this);
  {
    const std::lock_guard lock(mutex_);
    const std::int64_t now_ms = clock_.steady_ms();
    const auto same = by_key_.find(key);
    if (stopped_) {
      out.fail(std::move(asker), make_error(codes::kUnavailable));
    } else if (auto hit = cache_.find(key, now_ms, false)) {
      out.cached(std::move(asker), AnswerOrigin::kCache, key, std::move(hit));
    } else if (deadline_steady_ms <= now_ms) {
      out.fail(std::move(asker), make_error(codes::kQueryDeadline));
    } else if (deadlines_.size() >= limits_.max_waiting) {
      out.fail(std::move(asker), make_error(codes::kQueryBusy));
    } else if (same != by_key_.end()) {
      asker->park();
      join(*flights_.at(same->second), {std::move(asker), deadline_steady_ms, AnswerOrigin::kShared}, out);
    } else if (auto lane = lane_of(question.recipient); auto reason = refusal(lane.get(), question.recipient)) {
      auto stale = cache_.find(key, now_ms, true);
      if (stale != nullptr) {
        out.cached(std::move(asker), AnswerOrigin::kStale, key, std::move(stale));
      } else {
        out.fail(std::move(asker), *reason);
      }
    } else {
      begin(key, std::move(question), std::move(lane), {std::move(asker), deadline_steady_ms, AnswerOrigin::kUpstream},
            out);
    }
  }
  out.run();
}

std::int64_t QueryHub::tick() {
  Handover out(*this);
  std::vector<std::shared_ptr<Lane>> unused;  // destroyed here: a connector must not end on a thread of its own
  std::int64_t wait_ms = kTickMs;
  {
    const std::lock_guard lock(mutex_);
    const std::int64_t now_ms = clock_.steady_ms();
    while (!deadlines_.empty() && std::get<0>(*deadlines_.begin()) <= now_ms) {
      const auto [when, serial, number] = *deadlines_.begin();
      deadlines_.erase(deadlines_.begin());
      Flight& flight = *flights_.at(serial);
      auto waiter = flight.waiters.extract(number);
      if (auto stale = cache_.find(flight.key, now_ms, true)) {
        out.cached(std::move(waiter.mapped().asker), AnswerOrigin::kStale, flight.key, std::move(stale));
      } else {
        out.fail(std::move(waiter.mapped().asker), make_error(codes::kQueryDeadline));
      }
    }
    if (!deadlines_.empty()) wait_ms = std::min(wait_ms, std::get<0>(*deadlines_.begin()) - now_ms);
    told_ms_ = now_ms + wait_ms;
    std::erase_if(retired_, [&unused](std::shared_ptr<Lane>& lane) {
      if (lane->calls > 0) return false;
      unused.push_back(std::move(lane));
      return true;
    });
  }
  out.run();
  return wait_ms;
}

void QueryHub::stop() {
  Handover out(*this);
  std::vector<std::shared_ptr<QueryConnector>> connectors;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    for (auto& [serial, flight] : flights_) {
      for (auto& [number, waiter] : flight->waiters) out.fail(waiter.asker, make_error(codes::kUnavailable));
      flight->waiters.clear();
    }
    deadlines_.clear();
    for (auto& [partner, lane] : lanes_) connectors.push_back(std::move(lane->options.connector));
    for (auto& lane : retired_) connectors.push_back(std::move(lane->options.connector));
  }
  out.run();
  connectors.clear();  // each ends what it has under way, and with that its flight
}

std::vector<QueryLaneSnapshot> QueryHub::snapshot() const {
  const std::lock_guard lock(mutex_);
  std::vector<QueryLaneSnapshot> out;
  for (const auto& [partner, lane] : lanes_) {
    std::size_t waiting = 0;
    for (const auto& [serial, flight] : flights_) waiting += flight->lane == lane ? flight->waiters.size() : 0;
    out.push_back({partner, lane->breaker.state(), lane->calls, waiting, lane->asked, lane->answered, lane->failed,
                   lane->answer_ms_sum, lane->last_code});
  }
  return out;
}

std::size_t QueryHub::waiting() const {
  const std::lock_guard lock(mutex_);
  return deadlines_.size();
}

std::size_t QueryHub::cached() const {
  const std::lock_guard lock(mutex_);
  return cache_.entries();
}

}  // namespace tongqu
