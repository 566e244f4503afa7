// Status for people and metrics for machines, from the same snapshots.
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <sstream>

#include "gateway/admin/admin_api.hpp"
#include "gateway/admin/admin_json.hpp"

namespace tongqu {
namespace {

// Builds one family of samples, a sample per partner.
class Family {
 public:
  Family(std::string name, std::string help, prometheus::MetricType type) {
    family_ = {std::move(name), std::move(help), type, {}};
  }
  void add(const std::string& partner, double value) {
    prometheus::ClientMetric metric;
    if (!partner.empty()) metric.label.push_back({"partner", partner});
    metric.counter.value = value;
    metric.gauge.value = value;
    family_.metric.push_back(metric);
  }
  [[nodiscard]] const prometheus::MetricFamily& get() const { return family_; }

 private:
  prometheus::MetricFamily family_;
};

void put_lanes(Document& out, Node& list, const std::vector<LaneView>& lanes) {
  for (const LaneView& lane : lanes) {
    Node& o = *out.add_object(list);
    out.add_text(o, "partner", lane.partner);
    out.add_number(o, "inFlight", static_cast<std::int64_t>(lane.in_flight));
    out.add_text(o, "breaker", lane.breaker);
    out.append(o, out.make(Kind::kBoolean, lane.paused ? "true" : "false"), "paused");
    put_time(out, o, "lastSuccess", lane.last_success_ms);
    out.add_text(o, "lastCode", lane.last_code);
    if (!lane.last_detail.empty()) out.add_text(o, "lastDetail", lane.last_detail);
    out.add_number(o, "delivered", static_cast<std::int64_t>(lane.delivered));
    out.add_number(o, "retried", static_cast<std::int64_t>(lane.retried));
  }
}

void put_inbound(Document& out, Node& list, const std::vector<InboundView>& connectors) {
  for (const InboundView& one : connectors) {
    Node& o = *out.add_object(list);
    out.add_text(o, "partner", one.partner);
    put_time(out, o, "lastSuccess", one.last_success_ms);
    out.add_text(o, "lastCode", one.last_code);
    out.add_number(o, "accepted", static_cast<std::int64_t>(one.accepted));
    out.add_number(o, "turnedBack", static_cast<std::int64_t>(one.turned_back));
  }
}

void put_legacy(Document& out, Node& list, const std::vector<LegacyView>& listeners) {
  for (const LegacyView& one : listeners) {
    Node& o = *out.add_object(list);
    out.add_text(o, "listener", one.listener);
    out.add_text(o, "partner", one.partner);
    out.add_text(o, "protocol", one.protocol);
    out.add_text(o, "network", one.network);
    out.add_text(o, "until", one.until);
    out.add_text(o, "approvedBy", one.approved_by);
    out.add_number(o, "daysLeft", one.days_left);
    out.add_number(o, "port", one.port);
    out.append(o, out.make(Kind::kBoolean, one.open ? "true" : "false"), "open");
  }
}

// Samples of legacy listeners, by listener and partner.
std::array<prometheus::MetricFamily, 2> legacy_families(const std::vector<LegacyView>& listeners) {
  using prometheus::MetricType;
  std::array<prometheus::MetricFamily, 2> families{
      {{"tongqu_legacy_listener_open", "1 while a listener without protection is open.", MetricType::Gauge, {}},
       {"tongqu_legacy_listener_days_left", "Days until it closes; negative = over.", MetricType::Gauge, {}}}};
  for (const LegacyView& one : listeners) {
    prometheus::ClientMetric metric;
    metric.label = {{"listener", one.listener}, {"partner", one.partner}};
    metric.gauge.value = one.open ? 1 : 0;
    families[0].metric.push_back(metric);
    metric.gauge.value = static_cast<double>(one.days_left);
    families[1].metric.push_back(metric);
  }
  return families;
}

void put_transcripts(Document& out, Node& list, const std::vector<TranscriptApi::Waiting>& transcripts) {
  for (const TranscriptApi::Waiting& one : transcripts) {
    Node& o = *out.add_object(list);
    out.add_text(o, "partner", one.partner);
    out.add_number(o, "toCollect", one.counts.waiting);
    out.add_number(o, "fresh", one.counts.fresh);
    put_time(out, o, "oldest", one.counts.oldest_ms);
  }
}

void put_queries(Document& out, Node& list, const std::vector<QueryCounts>& queries) {
  for (const QueryCounts& one : queries) {
    Node& o = *out.add_object(list);
    const auto number = [&](std::string_view name, std::uint64_t value) {
      out.add_number(o, name, static_cast<std::int64_t>(value));
    };
    out.add_text(o, "partner", one.partner.str());
    out.add_text(o, "service", one.service.str());
    number("answered", one.answered());
    number("upstream", one.upstream);
    number("shared", one.shared);
    number("cache", one.cache);
    number("stale", one.stale);
    number("failed", one.failed);
    out.add_number(o, "waitMsSum", one.wait_ms_sum);
  }
}

void put_registries(Document& out, Node& list, const std::vector<QueryLaneSnapshot>& registries) {
  for (const QueryLaneSnapshot& one : registries) {
    Node& o = *out.add_object(list);
    out.add_text(o, "partner", one.partner.str());
    out.add_text(o, "breaker", name_of(one.breaker));
    out.add_number(o, "calls", static_cast<std::int64_t>(one.calls));
    out.add_number(o, "waiting", static_cast<std::int64_t>(one.waiting));
    out.add_number(o, "asked", static_cast<std::int64_t>(one.asked));
    out.add_number(o, "answered", static_cast<std::int64_t>(one.answered));
    out.add_number(o, "failed", static_cast<std::int64_t>(one.failed));
    out.add_number(o, "answerMsSum", one.answer_ms_sum);
    out.add_text(o, "lastCode", one.last_code == nullptr ? std::string_view{} : one.last_code->id);
  }
}

void put_fetches(Document& out, Node& list, const std::vector<FetchView>& fetches) {
  for (const FetchView& one : fetches) {
    Node& o = *out.add_object(list);
    out.add_text(o, "partner", one.partner);
    out.add_number(o, "wanted", static_cast<std::int64_t>(one.wanted));
    out.add_number(o, "refused", static_cast<std::int64_t>(one.refused));
    out.add_text(o, "lastCode", one.last_code);
  }
}

std::array<Family, 2> fetch_families(const std::vector<FetchView>& fetches) {
  using prometheus::MetricType;
  Family wanted("tongqu_attachments_wanted", "Attachments that are still to be fetched.", MetricType::Gauge);
  Family refused("tongqu_attachments_not_fetched", "Attachments that could not be fetched.", MetricType::Gauge);
  for (const FetchView& one : fetches) {
    wanted.add(one.partner, static_cast<double>(one.wanted));
    refused.add(one.partner, static_cast<double>(one.refused));
  }
  return {std::move(wanted), std::move(refused)};
}

// What waits for a person: how many, and for how long.
std::array<Family, 2> collect_families(const std::vector<TranscriptApi::Waiting>& transcripts) {
  using prometheus::MetricType;
  Family count("tongqu_to_collect", "Messages that wait for a person and a national number.", MetricType::Gauge);
  Family oldest("tongqu_to_collect_oldest_seconds", "Age of the oldest of them; 0 = none.", MetricType::Gauge);
  const std::int64_t now_ms = SystemClock().now().ms;
  for (const TranscriptApi::Waiting& one : transcripts) {
    count.add(one.partner, static_cast<double>(one.counts.waiting));
    const std::int64_t age_s =
        one.counts.oldest_ms == 0 ? 0 : std::max<std::int64_t>(0, (now_ms - one.counts.oldest_ms) / 1000);
    oldest.add(one.partner, static_cast<double>(age_s));
  }
  return {std::move(count), std::move(oldest)};
}

// Samples of queries: partner, service, and how the answer was come by.
prometheus::MetricFamily query_family(const std::vector<QueryCounts>& queries) {
  prometheus::MetricFamily family{"tongqu_queries_total",
                                  "Questions by asker, service and origin of the answer.",
                                  prometheus::MetricType::Counter,
                                  {}};
  for (const QueryCounts& one : queries) {
    const std::array<std::pair<const char*, std::uint64_t>, 5> origins{{{"upstream", one.upstream},
                                                                        {"shared", one.shared},
                                                                        {"cache", one.cache},
                                                                        {"stale", one.stale},
                                                                        {"failed", one.failed}}};
    for (const auto& [origin, value] : origins) {
      prometheus::ClientMetric metric;
      metric.label = {{"partner", one.partner.str()}, {"service", one.service.str()}, {"origin", origin}};
      metric.counter.value = static_cast<double>(value);
      family.metric.push_back(metric);
    }
  }
  return family;
}

}  // namespace

void AdminApi::status(const Call& call) {
  auto stored = store_.counts();
  if (stored.has_error()) return fail(call, stored.error());
  const auto line = hooks_.counts();
  Document out;
  out.set_root(out.make(Kind::kObject));
  out.add_text(out.root(), "config", hooks_.config_id());
  out.add_number(out.root(), "waiting", static_cast<std::int64_t>(store_.waiting()));
  const auto transcripts = hooks_.transcripts->waiting();
  Node* partners = out.add_list(out.root(), "partners");
  for (const PartnerCounts& row : *stored) {
    Node& o = *out.add_object(*partners);
    const auto found = line.find(row.partner.str());
    const LineCounts counts = found == line.end() ? LineCounts{} : found->second;
    const auto number = [&](std::string_view name, std::uint64_t value) {
      out.add_number(o, name, static_cast<std::int64_t>(value));
    };
    out.add_text(o, "partner", row.partner.str());
    number("stored", row.stored);
    number("held", row.held);
    number("queued", row.queued);
    number("delivered", row.delivered);
    number("noAnswer", row.no_answer);
    number("dead", row.dead);
    number("accepted", counts.accepted);
    number("repeated", counts.repeated);
    number("turnedBack", counts.turned_back);
    number("maskedFields", counts.masked_fields);
    put_time(out, o, "oldestQueued", row.oldest_queued_ms);
    const auto waits = std::find_if(transcripts.begin(), transcripts.end(),
                                    [&](const TranscriptApi::Waiting& w) { return w.partner == row.partner.str(); });
    out.add_number(o, "toCollect", waits == transcripts.end() ? 0 : waits->counts.waiting);
  }
  put_transcripts(out, *out.add_list(out.root(), "transcripts"), transcripts);
  put_lanes(out, *out.add_list(out.root(), "lanes"), hooks_.lanes());
  put_inbound(out, *out.add_list(out.root(), "inbound"), hooks_.inbound());
  put_legacy(out, *out.add_list(out.root(), "legacyListeners"), hooks_.legacy());
  put_queries(out, *out.add_list(out.root(), "queries"), hooks_.queries());
  put_registries(out, *out.add_list(out.root(), "registries"), hooks_.registries());
  put_fetches(out, *out.add_list(out.root(), "fetches"), hooks_.fetches());
  answer(call, out);
}

std::string AdminApi::metrics() {
  using prometheus::MetricType;
  std::vector<prometheus::MetricFamily> families;
  Family accepted("tongqu_accepted_total", "Messages answered with a receipt.", MetricType::Counter);
  Family repeated("tongqu_repeated_total", "Messages answered with an earlier receipt.", MetricType::Counter);
  Family held("tongqu_held_total", "Messages stored and put before a person.", MetricType::Counter);
  Family turned_back("tongqu_turned_back_total", "Messages turned back.", MetricType::Counter);
  Family masked("tongqu_masked_fields_total", "Fields that left masked.", MetricType::Counter);
  for (const auto& [partner, counts] : hooks_.counts()) {
    accepted.add(partner, static_cast<double>(counts.accepted));
    repeated.add(partner, static_cast<double>(counts.repeated));
    held.add(partner, static_cast<double>(counts.held));
    turned_back.add(partner, static_cast<double>(counts.turned_back));
    masked.add(partner, static_cast<double>(counts.masked_fields));
  }
  Family in_flight("tongqu_in_flight", "Deliveries under way.", MetricType::Gauge);
  Family breaker("tongqu_breaker_open", "1 while the circuit breaker is not closed.", MetricType::Gauge);
  Family delivered("tongqu_delivered_total", "Messages acknowledged by the recipient.", MetricType::Counter);
  Family retried("tongqu_retried_total", "Attempts that will be repeated.", MetricType::Counter);
  for (const LaneView& lane : hooks_.lanes()) {
    in_flight.add(lane.partner, static_cast<double>(lane.in_flight));
    breaker.add(lane.partner, lane.breaker == "closed" ? 0 : 1);
    delivered.add(lane.partner, static_cast<double>(lane.delivered));
    retried.add(lane.partner, static_cast<double>(lane.retried));
  }
  Family reachable("tongqu_inbound_reachable", "0 while a partner that is asked for messages cannot be asked.",
                   MetricType::Gauge);
  for (const InboundView& one : hooks_.inbound()) reachable.add(one.partner, one.last_code.empty() ? 1 : 0);
  Family queued("tongqu_queued", "Messages waiting for a recipient.", MetricType::Gauge);
  Family dead("tongqu_dead_letters", "Messages that need an operator.", MetricType::Gauge);
  if (auto stored = store_.counts(); stored.has_value()) {
    for (const PartnerCounts& row : *stored) {
      queued.add(row.partner.str(), static_cast<double>(row.queued));
      dead.add(row.partner.str(), static_cast<double>(row.dead + row.no_answer));
    }
  }
  for (const Family& family : collect_families(hooks_.transcripts->waiting())) families.push_back(family.get());
  for (const Family& family : fetch_families(hooks_.fetches())) families.push_back(family.get());
  Family asked("tongqu_registry_asked_total", "Questions that left for a registry.", MetricType::Counter);
  Family unanswered("tongqu_registry_failed_total", "Of those, without an answer that could be used.",
                    MetricType::Counter);
  Family answer_ms("tongqu_registry_answer_ms_total", "Milliseconds waited for answers.", MetricType::Counter);
  for (const QueryLaneSnapshot& one : hooks_.registries()) {
    asked.add(one.partner.str(), static_cast<double>(one.asked));
    unanswered.add(one.partner.str(), static_cast<double>(one.failed));
    answer_ms.add(one.partner.str(), static_cast<double>(one.answer_ms_sum));
  }
  families.push_back(query_family(hooks_.queries()));
  for (const prometheus::MetricFamily& family : legacy_families(hooks_.legacy())) families.push_back(family);
  Family waiting("tongqu_writer_waiting", "Items waiting for the store's writer.", MetricType::Gauge);
  waiting.add("", static_cast<double>(store_.waiting()));
  for (const Family* family : {&accepted, &repeated, &held, &turned_back, &masked, &in_flight, &breaker, &delivered,
                               &retried, &reachable, &queued, &dead, &asked, &unanswered, &answer_ms, &waiting}) {
    families.push_back(family->get());
  }
  std::ostringstream text;
  prometheus::TextSerializer{}.Serialize(text, families);
  return text.str();
}

}  // namespace tongqu
