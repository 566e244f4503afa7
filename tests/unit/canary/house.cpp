#include "tests/unit/canary/house.hpp"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/unit/canary/house_parts.hpp"

namespace tongqu::canary_test {
namespace {

constexpr std::int64_t kSettleMs = 60'000;
constexpr int kSameLooks = 40;  // 5 ms apart

class Recorder final : public OutboundConnector {
 public:
  Recorder(std::string partner, House& house) : partner_(std::move(partner)), house_(house) {}
  void deliver(OutboundMessage message, std::int64_t, Done done) override {
    Piece piece;
    piece.sink = "message";
    piece.recipient = partner_;
    piece.service = message.service.str();
    piece.exchange = message.message_id.substr(0, 26);
    piece.bytes = message.message_id + "\n" + message.content_type + "\n" + message.body;
    house_.keep(std::move(piece));
    DeliveryOutcome outcome;
    outcome.verdict = DeliveryVerdict::kDelivered;
    outcome.status = 200;
    done(outcome);
  }

 private:
  const std::string partner_;
  House& house_;
};

class Registry final : public QueryConnector {
 public:
  Registry(std::string partner, House& house, House::AnswerOf answer_of)
      : partner_(std::move(partner)), house_(house), answer_of_(std::move(answer_of)) {}
  void ask(OutboundMessage question, std::int64_t, Done done) override {
    QueryOutcome outcome;
    outcome.verdict = QueryVerdict::kAnswered;
    outcome.status = 200;
    outcome.body = answer_of_(question.body);
    outcome.content_type = question.content_type;
    house_.keep({"message", partner_, question.service.str(), question.message_id.substr(0, 26), kNoPair,
                 question.message_id + "\n" + question.body, true});
    done(std::move(outcome));
  }

 private:
  const std::string partner_;
  House& house_;
  House::AnswerOf answer_of_;
};

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

House::House(std::filesystem::path folder, std::vector<std::string> recipients, std::vector<std::string> pulling,
             std::vector<std::string> registries, AnswerOf answer_of)
    : folder_(std::move(folder)), pulling_(std::move(pulling)), parts_(std::make_unique<Parts>()) {
  std::filesystem::create_directories(folder_);
  auto logger = std::make_shared<spdlog::logger>(
      "canary", std::make_shared<spdlog::sinks::basic_file_sink_mt>((folder_ / "log.txt").string()));
  logger->set_level(spdlog::level::trace);
  spdlog::set_default_logger(logger);
  parts_->open_store(folder_);
  std::vector<LaneOptions> lanes;
  for (const std::string& recipient : recipients) {
    LaneOptions lane;
    lane.partner = PartnerId(recipient);
    lane.connector = std::make_shared<Recorder>(recipient, *this);
    lane.max_in_flight = 256;
    lanes.push_back(std::move(lane));
  }
  for (const std::string& recipient : pulling_) {
    LaneOptions lane;
    lane.partner = PartnerId(recipient);
    lane.pull = true;
    lanes.push_back(std::move(lane));
  }
  std::vector<QueryLaneOptions> asked;
  for (const std::string& registry : registries) {
    QueryLaneOptions lane;
    lane.partner = PartnerId(registry);
    lane.connector = std::make_shared<Registry>(registry, *this, answer_of);
    lane.max_calls = 100'000;
    lane.breaker.failures = 0;
    asked.push_back(std::move(lane));
  }
  parts_->open_line(std::move(lanes));
  parts_->open_queries(std::move(asked));
  parts_->open_interfaces();
}

House::~House() {
  if (parts_ != nullptr) close();
}

void House::use(std::shared_ptr<const CompiledConfig> config) {
  const std::lock_guard lock(parts_->mutex);
  parts_->config = std::move(config);
}

void House::keep(Piece piece) {
  const std::lock_guard lock(mutex_);
  pieces_.push_back(std::move(piece));
}

void House::post(const std::string& partner, const std::string& target, std::string content_type, std::string body,
                 std::uint32_t pair, bool is_query) {
  HttpRequest request;
  request.method = "POST";
  request.target = target;
  request.headers = {{"X-As", partner},
                     {"Content-Type", std::move(content_type)},
                     {"Accept-Language", pair % 2 == 0 ? "zh-CN" : "en"}};
  request.body = std::move(body);
  request.peer.address = "127.0.0.1";
  request.received_at = parts_->clock.now();
  {
    const std::lock_guard lock(mutex_);
    ++open_;
  }
  const std::string service = target.substr(target.rfind('/') + 1);
  parts_->api->handle(std::move(request), [this, pair, partner, service, is_query](HttpResponse response) {
    Taken taken;
    taken.status = response.status;
    std::string text;
    for (const auto& [name, value] : response.headers) text += name + ": " + value + "\n";
    text += "\n" + response.body;
    const bool answer = is_query && response.status == 200;
    static constexpr std::string_view kMember = "\"exchange\":\"";
    if (response.status == 202) {
      if (const auto at = response.body.find(kMember); at != std::string::npos)
        taken.exchange = response.body.substr(at + kMember.size(), 26);
    }
    keep({answer ? "answer" : "response", answer ? partner : "", service, taken.exchange, pair, std::move(text), true});
    const std::lock_guard lock(mutex_);
    taken_[pair] = std::move(taken);
    --open_;
    answered_.notify_all();
  });
}

bool House::wait_answers() {
  std::unique_lock lock(mutex_);
  return answered_.wait_for(lock, std::chrono::milliseconds(kSettleMs), [this] { return open_ == 0; });
}

bool House::settle(bool all) {
  if (!wait_answers()) return false;
  for (const std::string& partner : pulling_) get_inbox(partner);
  std::uint64_t before = 0;
  int same = 0;
  for (int i = 0; i < kSettleMs / 5; ++i) {
    auto counts = parts_->store->counts();
    const bool queued = counts.has_error() || parts_->store->waiting() > 0;
    std::uint64_t rows = 0;
    for (const PartnerCounts& one : *counts) rows += one.queued;
    if (!queued && rows == 0) return true;
    same = rows == before && !queued ? same + 1 : 0;
    before = rows;
    if (!all && same > kSameLooks) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

// Fetches and acknowledges what waits, as that partner would.
void House::get_inbox(const std::string& partner) {
  for (;;) {
    auto messages = parts_->inbox->take(PartnerId(partner), 100, 600'000);
    if (messages.has_error() || messages->empty()) return;
    for (PulledMessage& one : *messages) {
      keep({"message", partner, one.service.str(), one.message_id.substr(0, 26), kNoPair,
            one.message_id + "\n" + one.content_type + "\n" + one.body, true});
      parts_->inbox->acknowledge(PartnerId(partner), one.message_id, [](Status) {});
    }
  }
}

void House::keep_unsent() {
  OutboxFilter filter;
  filter.state = OutboxState::kQueued;
  filter.limit = 1000;
  for (;;) {
    auto rows = parts_->store->outbox(filter);
    if (rows.has_error() || rows->empty()) return;
    for (const OutboxRow& listed : *rows) {
      auto row = parts_->store->message(listed.message_id);
      if (row.has_error()) continue;
      auto key = parts_->sealer->unwrap(row->exchange, row->wrapped_key);
      if (key.has_error()) continue;
      auto body = parts_->sealer->open(*key, "out/" + row->message_id, row->sealed);
      if (body.has_error()) continue;
      keep({"message", row->recipient.str(), row->service.str(), row->exchange.str(), kNoPair, std::move(*body), true});
    }
    filter.before_seq = rows->back().seq;
  }
}

House::Taken House::taken(std::uint32_t pair) const {
  const std::lock_guard lock(mutex_);
  const auto found = taken_.find(pair);
  return found == taken_.end() ? Taken{} : found->second;
}

std::string House::record_of(const std::string& exchange) const {
  auto payload = parts_->store->payload(ExchangeId(exchange));
  if (payload.has_error()) return {};
  auto key = parts_->sealer->unwrap(ExchangeId(exchange), payload->wrapped_key);
  if (key.has_error()) return {};
  auto record = parts_->sealer->open(*key, "record", payload->sealed_record);
  return record.has_error() ? std::string() : std::move(*record);
}

std::string House::route_of(const std::string& exchange) const {
  auto row = parts_->store->exchange(ExchangeId(exchange));
  return row.has_error() ? std::string() : row->route;
}

std::string House::admin_get(const std::string& path) const {
  HttpRequest request;
  request.method = "GET";
  request.target = path;
  request.headers = {{"Authorization", std::string("Bearer ") + kToken}};
  std::string out;
  parts_->admin->handle(std::move(request), [&out](const HttpResponse& response) { out = response.body; });
  return out;
}

void House::explain(const std::string& exchange) {
  keep({"admin", "", "", "", kNoPair, admin_get("/admin/v1/exchanges/" + exchange + "/explain?under=now"), true});
  keep({"admin", "", "", "", kNoPair, admin_get("/admin/v1/exchanges/" + exchange), true});
}

void House::collect() {
  parts_->line->flush_turned_back(true);
  keep({"metrics", "", "", "", kNoPair, admin_get("/metrics"), true});
  for (const char* path : {"status", "tasks?limit=1000", "messages?limit=1000", "exchanges?limit=1000"})
    keep({"admin", "", "", "", kNoPair, admin_get(std::string("/admin/v1/") + path), true});
  for (std::uint64_t from = 0;;) {
    auto entries = parts_->store->audit_entries(from, 1000);
    if (entries.has_error() || entries->empty()) break;
    for (const AuditRow& row : *entries) keep({"audit", "", "", "", kNoPair, row.entry, true});
    from = entries->back().index + 1;
  }
  DisclosureFilter filter;
  filter.role = "";
  filter.limit = 1000;
  for (;;) {
    auto rows = parts_->store->disclosures(filter);
    if (rows.has_error() || rows->empty()) break;
    for (const DisclosureRow& row : *rows) keep({"ledger", "", "", "", kNoPair, row.message_id + row.ledger, true});
    filter.before = rows->back().id;
  }
}

void House::close() {
  parts_->timer->stop();
  parts_->hub->stop();
  parts_->dispatcher->stop(1000);
  parts_->store.reset();
  parts_.reset();
  spdlog::default_logger()->flush();
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
    if (!entry.is_regular_file()) continue;
    const bool is_log = entry.path().filename() == "log.txt";
    keep(
        {is_log ? "log" : "disk", "", "", "", kNoPair, entry.path().string() + "\n" + read_file(entry.path()), is_log});
  }
}

}  // namespace tongqu::canary_test
