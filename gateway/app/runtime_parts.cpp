#include "gateway/app/runtime_parts.hpp"

#include <spdlog/spdlog.h>

#include <fstream>
#include <sstream>

#include "gateway/app/app_codes.hpp"
#include "gateway/app/commands.hpp"
#include "gateway/app/openapi.hpp"
#include "gateway/app/prove.hpp"
#include "gateway/app/secrets.hpp"
#include "gateway/app/transcripts.hpp"

namespace tongqu::app {
namespace {

std::filesystem::path memo_file(const std::filesystem::path& config) {
  const auto absolute = std::filesystem::absolute(config).lexically_normal();
  const auto folder = absolute.has_filename() ? absolute : absolute.parent_path();
  return folder.parent_path() / ("." + folder.filename().string() + ".state");
}

LaneView view_of(const LaneSnapshot& lane) {
  LaneView view;
  view.partner = lane.partner.str();
  view.in_flight = lane.in_flight;
  view.breaker = name_of(lane.breaker);
  view.paused = lane.paused;
  view.last_success_ms = lane.last_success_ms;
  view.last_code = lane.last_code;
  view.last_detail = lane.last_detail;
  view.delivered = lane.delivered;
  view.retried = lane.retried;
  return view;
}

InboundView view_of(const InboundSet::Entry& entry) {
  const InboundHealth health = entry.connector->health();
  InboundView view;
  view.partner = entry.partner.str();
  view.last_success_ms = health.last_success_ms;
  if (health.last_code != nullptr) view.last_code = health.last_code->id;
  view.accepted = health.accepted;
  view.turned_back = health.turned_back;
  return view;
}

}  // namespace

std::filesystem::path last_state_folder(const std::filesystem::path& config) {
  std::ifstream in(memo_file(config));
  std::string line;
  std::getline(in, line);
  return line;
}

void remember_state_folder(const std::filesystem::path& config, const std::filesystem::path& state) {
  const auto status = write_output(memo_file(config).string(), std::filesystem::absolute(state).string() + "\n", false);
  if (status.has_error()) spdlog::warn("the place of the state folder could not be noted beside the configuration");
}

AdminHooks Runtime::Parts::hooks(Runtime& runtime) {
  AdminHooks hooks;
  hooks.lanes = [this] {
    std::vector<LaneView> views;
    for (const LaneSnapshot& lane : dispatcher->snapshot()) views.push_back(view_of(lane));
    return views;
  };
  hooks.inbound = [this] {
    std::vector<InboundView> views;
    for (const InboundSet::Entry& entry : *inbound->current()) views.push_back(view_of(entry));
    return views;
  };
  hooks.counts = [this] { return line->counts(); };
  hooks.queries = [this] { return query_line->counts(); };
  hooks.fetches = [this] { return fetches->views(); };
  hooks.registries = [this] { return query_hub->snapshot(); };
  hooks.legacy = [this] { return legacy_views(); };
  hooks.reload = [&runtime](Lang lang, std::string& report) {
    std::vector<SettingsFault> faults;
    auto active = runtime.reload(&faults);
    std::ostringstream text;
    if (active.has_error()) print_faults(text, faults, lang);
    report = text.str();
    return active;
  };
  hooks.pause_lane = [this](const PartnerId& partner, bool paused) {
    paused ? dispatcher->pause(partner) : dispatcher->resume(partner);
    query_hub->pause(partner, paused);
  };
  hooks.prove = [this](std::uint64_t index) { return prove(index); };
  hooks.people = [this] { return people->get(); };
  hooks.explanations = explain_api.get();
  hooks.matches = match_api.get();
  add_directory_hooks(hooks);
  hooks.transcripts = transcript_api.get();
  hooks.attachments = attachment_admin.get();
  hooks.disclosures = disclosure_api.get();
  hooks.grants = grant_api.get();
  hooks.config_id = [this] { return config->get()->snapshot.id.str(); };
  hooks.verifier_key = [this] { return sequencer->verifier_key_text(); };
  return hooks;
}

bool Runtime::Parts::listen(Runtime& runtime, Failure& failure) {
  const auto current = config->get();
  const Setting& gateway = current->snapshot.settings.single("gateway");
  PartnerApiOptions api;
  api.openapi = openapi_text(*current);
  api.queries = query_line.get();
  api.digest = [this](std::string_view bytes) {
    return std::string(suite->hash_name()) + " " + to_hex(as_text(suite->hash({bytes})));
  };
  api.attachments = attachment_api.get();
  catalogue = std::make_unique<Catalogue>(*suite);
  make_directories();
  api.catalogue = [this](const PartnerId& partner, std::string_view what) {
    return catalogue->page(config->get(), partner, what);
  };
  api.files_member = [this](const PartnerId& partner) {
    const auto active = config->get();
    const Setting* found = active->snapshot.settings.find("partner", partner.str());
    const Setting* intake = found == nullptr || !found->has("inbound") ? nullptr : &found->object("inbound");
    return intake != nullptr && intake->text("connector") == "http" ? intake->text("files") : std::string();
  };
  api.pull_limits = [this](const PartnerId& partner) {
    const auto active = config->get();
    const Setting* found = active->snapshot.settings.find("partner", partner.str());
    if (found == nullptr || !found->has("pull")) return PullLimits{};
    const Setting& pull = found->object("pull");
    return PullLimits{pull.duration_ms("lease"), static_cast<std::size_t>(pull.integer("max_items"))};
  };
  partner_api =
      std::make_unique<PartnerApi>(std::move(api), [this] { return directory->get(); }, *line, *inbox, *store);
  inbound = std::make_unique<InboundSet>(*partner_api);
  admin_api = std::make_unique<AdminApi>(json, *store, *rework, hooks(runtime));
  if (auto status = make_legacy_listeners(gateway); status.has_error()) {
    failure.error = status.error();
    return false;
  }
  for (const Setting& listener : gateway.list("listeners")) {
    if (auto status = listen_on(listener); status.has_error()) {
      failure.error = status.error();
      return false;
    }
  }
  return true;
}

Result<std::vector<PersonMark>> Runtime::Parts::marks_of(const ExchangeId& exchange) const {
  auto row = store->exchange(exchange);
  if (row.has_error()) return row.error();
  auto record = rework->record(exchange);
  if (record.has_error()) return record.error();
  const auto active = config->get();
  const auto canonical = active->plan->canonical.find(row->service.str());
  if (canonical == active->plan->canonical.end()) return make_error(codes::kNotFound, "service");
  return persons->every_mark(record->root(), canonical->second->fields());
}

Status Runtime::Parts::record_config(const CompiledConfig& next, const std::string& old) {
  if (auto status = kept->keep_copy(next.snapshot.settings.image(), next.snapshot.id); status.has_error())
    return status;
  // Beside the copy, so that anybody can hold one against the other (disclosure_checker).
  const std::filesystem::path certificates = state / "certificates";
  std::error_code error;
  std::filesystem::create_directories(certificates, error);
  const std::string file = (certificates / (next.snapshot.id.str() + ".txt")).string();
  if (auto status = write_output(file, next.certificate, true); status.has_error()) return status;
  AuditEntryBuilder entry("configuration", clock.now());
  entry.text("old", old).text("new", next.snapshot.id.str());
  if (auto status = append_entry(entry.finish()); status.has_error()) return status;
  return kept->mark_good(next.snapshot.id);
}

Status Runtime::Parts::may_become(const CompiledConfig& next) const {
  const auto current = config->get();
  const Setting& before = current->snapshot.settings.single("gateway");
  const Setting& after = next.snapshot.settings.single("gateway");
  if (before.text("suite") != after.text("suite")) return make_error(codes::kConfigRestart, "suite");
  if (before.text("state_dir") != after.text("state_dir")) return make_error(codes::kConfigRestart, "state_dir");
  if (before.object("audit").text("origin") != after.object("audit").text("origin"))
    return make_error(codes::kConfigRestart, "audit.origin");
  if (legacy_terms_of(before) != legacy_terms_of(after))
    return make_error(codes::kConfigRestart, "listeners (kind legacy)");
  auto counts = store->counts();
  if (counts.has_error()) return counts.error();
  for (const PartnerCounts& row : *counts) {
    if (row.queued > 0 && next.plan->partner(row.partner) == nullptr)
      return make_error(codes::kConfigRemovedPartner, row.partner.str());
  }
  // What a person may have typed in already is never pushed over another connector.
  const auto by_hand = transcript_partners(next);
  for (const TranscriptPartner& partner : transcript_partners(*current)) {
    const bool stays = std::any_of(by_hand.begin(), by_hand.end(),
                                   [&](const TranscriptPartner& one) { return one.partner == partner.partner; });
    auto waiting = store->transcript_counts(partner.partner);
    if (waiting.has_error()) return waiting.error();
    if (!stays && waiting->waiting > 0) return make_error(codes::kConfigTranscript, partner.partner.str());
  }
  return {};
}

Result<std::string> Runtime::Parts::prove(std::uint64_t index) const { return prove_entry(*store, *suite, index); }

}  // namespace tongqu::app
