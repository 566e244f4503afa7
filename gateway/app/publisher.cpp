#include "gateway/app/publisher.hpp"

#include <spdlog/spdlog.h>

#include <charconv>
#include <future>

#include "connectors/catalogue/catalogue_connector.hpp"
#include "gateway/app/app_codes.hpp"
#include "gateway/app/commands.hpp"

namespace tongqu::app {
namespace {

constexpr std::chrono::seconds kLineAnswer{30};
constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kBeijingMs = 8 * 3'600'000;

bool publishes(const NamedSetting& partner) {
  return partner.value.has("inbound") && partner.value.object("inbound").text("connector") == kCatalogueConnector.name;
}

// The version in force.
const FileTable* table_in_force(const CompiledConfig& config, const std::string& name) {
  const CodeTable* found = config.tables->find_table(name);
  for (const auto& table : config.tables->tables()) {
    if (table.get() == found) return table.get();
  }
  return nullptr;
}

bool has_service(const Setting& inbound, const std::string& service) {
  const auto services = inbound.list("services");
  return std::any_of(services.begin(), services.end(),
                     [&](const Setting& entry) { return entry.text("service") == service; });
}

bool can_be_made(const CompiledConfig& config, const std::string& table) {
  return table.empty() ? config.units != nullptr && !config.units->units().empty()
                       : table_in_force(config, table) != nullptr;
}

}  // namespace

void check_publications(const CompiledConfig& config, std::vector<SettingsFault>& faults) {
  for (const NamedSetting& partner : config.snapshot.settings.all("partner")) {
    if (!publishes(partner)) continue;
    const Setting& inbound = partner.value.object("inbound");
    for (const Setting& entry : inbound.list("publish")) {
      const auto fault = [&](const ErrorCode& code, const std::string& name) {
        faults.push_back(
            {.code = &code, .file = entry.file(), .position = entry.position(), .param = {.en = name, .zh = name}});
      };
      if (!has_service(inbound, entry.text("service"))) fault(codes::kDirectoryService, entry.text("service"));
      if (!can_be_made(config, entry.text("table"))) fault(codes::kDirectoryTable, entry.text("table"));
    }
  }
}

struct Publisher::Target {
  PartnerId from;
  std::string to, service, table;
  bool delta = false;
};

// What the book holds: "<number> TAB <digest> TAB <exchange>", then the rows. Without an exchange it is not known
// whether the message with that number was stored.
struct Publisher::Last {
  std::int64_t number = 0;
  std::string digest;
  ExchangeId exchange;
  DirectoryRows rows;

  static Last parse(std::string_view text, DirectoryKind kind) {
    Last last;
    const std::string_view head = text.substr(0, text.find('\n'));
    const auto first = head.find('\t');
    const auto second = head.find('\t', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) return last;
    std::from_chars(head.data(), head.data() + first, last.number);
    last.digest = head.substr(first + 1, second - first - 1);
    last.exchange = ExchangeId(head.substr(second + 1));
    last.rows = rows_of_lines(text.substr(std::min(text.size(), head.size() + 1)), kind);
    return last;
  }
  [[nodiscard]] std::string text() const {
    return std::to_string(number) + '\t' + digest + '\t' + exchange.str() + '\n' + lines_of(rows);
  }
};

std::vector<Publisher::Target> Publisher::targets(const CompiledConfig& config) const {
  std::vector<Target> out;
  for (const NamedSetting& partner : config.snapshot.settings.all("partner")) {
    if (!publishes(partner)) continue;
    for (const Setting& entry : partner.value.object("inbound").list("publish")) {
      out.push_back({PartnerId(partner.id), entry.text("to"), entry.text("service"), entry.text("table"),
                     entry.text("form") == "delta"});
    }
  }
  return out;
}

std::filesystem::path Publisher::book(const Target& target) const {
  std::string name = target.service + (target.table.empty() ? "" : "+") + target.table;
  std::replace(name.begin(), name.end(), '/', '+');
  return parts_.folder / target.to / (name + ".tsv");
}

// Only what the partner said that it has can be changed by a delta.
bool Publisher::acknowledged(const Last& last, const Target& target) const {
  if (last.exchange.empty()) return false;
  OutboxFilter filter;
  filter.exchange = last.exchange;
  filter.recipient = PartnerId(target.to);
  auto rows = parts_.store.outbox(filter);
  return rows.has_value() && !rows->empty() && rows->front().state == OutboxState::kDelivered;
}

Result<ExchangeId> Publisher::hand_over(const Target& target, std::string body) {
  InboundMessage message;
  message.service = ServiceId(target.service);
  message.body = std::move(body);
  message.content_type = "application/json";
  message.identity.partner = target.from;
  message.identity.method = "catalogue";
  message.received_at = parts_.clock.now();
  message.source_address = "catalogue";
  auto answer = std::make_shared<std::promise<Result<Accepted>>>();  // second owner: a line that answers too late
  auto future = answer->get_future();
  parts_.intake.accept(std::move(message), [answer](Result<Accepted> said) { answer->set_value(std::move(said)); });
  if (future.wait_for(kLineAnswer) != std::future_status::ready) return make_error(codes::kDirectoryCancelled);
  const Result<Accepted> accepted = future.get();
  if (accepted.has_error()) return accepted.error();
  return accepted->exchange;
}

PublishedDirectory Publisher::publish_one(const CompiledConfig& config, const Target& target, bool whole) {
  PublishedDirectory out;
  out.to = target.to;
  out.service = target.service;
  out.table = target.table;
  out.outcome = "failed";
  const auto failed = [&](const ErrorCode* code) {
    out.code = code;
    spdlog::error("directory {} for {} could not be published: {}", target.table.empty() ? "units" : target.table,
                  target.to, code->id);
    return out;
  };
  if (!can_be_made(config, target.table)) return failed(&codes::kDirectoryTable);
  const Directory now = target.table.empty() ? directory_of(*config.units, target.to)
                                             : directory_of(*table_in_force(config, target.table));
  out.version = now.version;
  out.digest = digest_of(now.rows, parts_.suite);
  const std::filesystem::path file = book(target);
  const auto kept = read_input(file.string());
  Last last = kept.has_value() ? Last::parse(*kept, now.kind) : Last();
  if (!whole && !last.exchange.empty() && last.digest == out.digest) {
    out.outcome = "unchanged";
    out.number = last.number;
    out.exchange = last.exchange;
    return out;
  }
  const bool delta = target.delta && !whole && acknowledged(last, target);
  out.form = delta ? "delta" : "whole";
  out.number = last.number + 1;
  const Publication head{target.to + "/" + (target.table.empty() ? "units" : target.table), target.to, out.number};
  std::string body = publication_json(head, now, delta ? &last.rows : nullptr, parts_.suite);
  // Noted before it is handed over: a number is never used for two contents, whenever the process ends.
  Last next{out.number, out.digest, {}, now.rows};
  std::error_code ignored;
  std::filesystem::create_directories(file.parent_path(), ignored);
  if (auto status = write_output(file.string(), next.text(), true); status.has_error())
    return failed(status.error().code);
  auto exchange = hand_over(target, std::move(body));
  if (exchange.has_error()) return failed(exchange.error().code);
  out.exchange = next.exchange = *exchange;
  if (auto status = write_output(file.string(), next.text(), true); status.has_error())
    return failed(status.error().code);
  out.outcome = "published";
  return out;
}

Result<std::vector<PublishedDirectory>> Publisher::publish(bool whole) {
  const std::lock_guard lock(mutex_);
  const auto config = parts_.config();
  std::vector<PublishedDirectory> out;
  for (const Target& target : targets(*config)) out.push_back(publish_one(*config, target, whole));
  if (out.empty()) return make_error(codes::kDirectoryNobody);
  return out;
}

void Publisher::tick() {
  const auto config = parts_.config();
  const std::int64_t now_ms = parts_.clock.now().ms;
  const std::int64_t minute = (now_ms + kBeijingMs) / kMinuteMs % (24 * 60);
  const std::string today = beijing_date({now_ms});
  for (const NamedSetting& partner : config->snapshot.settings.all("partner")) {
    if (!publishes(partner) || !partner.value.object("inbound").has("at")) continue;
    const std::string& at = partner.value.object("inbound").text("at");
    int hours = 0;
    int minutes = 0;
    std::from_chars(at.data(), at.data() + 2, hours);
    std::from_chars(at.data() + 3, at.data() + 5, minutes);
    if (minute < hours * 60 + minutes || last_day_[partner.id] == today) continue;
    last_day_[partner.id] = today;
    (void)publish(false);
  }
}

}  // namespace tongqu::app
