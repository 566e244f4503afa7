#include "gateway/app/runtime.hpp"

#include <spdlog/spdlog.h>

#include <limits>

#include "gateway/app/app_codes.hpp"
#include "gateway/app/config_open.hpp"
#include "gateway/app/explain_stored.hpp"
#include "gateway/app/grant_settings.hpp"
#include "gateway/app/runtime_parts.hpp"
#include "gateway/app/secrets.hpp"
#include "gateway/app/transcripts.hpp"
#include "security/crypto/memory_sealer.hpp"
#include "security/crypto/random.hpp"
#include "security/crypto/suites.hpp"

namespace tongqu::app {
namespace {

// How long connectors of the configuration before may finish what they have in hand.
constexpr std::int64_t kReplaceGraceMs = 5000;

bool fail(Runtime::Failure& failure, Error error) {
  failure.error = std::move(error);
  return false;
}

// The newest configuration, or, when it does not pass, the last one that did.
bool load_config(Runtime::Parts& p, Runtime::Failure& failure) {
  ConfigSource::Loaded loaded = p.source->load();
  if (loaded.snapshot) {
    CompileReport report =
        compile_config(*loaded.snapshot, p.json, beijing_date(p.clock.now()), {p.options.secrets, &p.clock});
    failure.faults = std::move(report.faults);
    if (report.config != nullptr) {
      p.config = std::make_unique<Active<CompiledConfig>>(std::move(report.config));
      return true;
    }
  } else {
    failure.faults = std::move(loaded.faults);
  }
  return fail(failure, to_error(failure.faults));
}

bool run_last_good(Runtime::Parts& p) {
  const auto id = p.kept->last_good();
  if (!id) return false;
  auto image = p.kept->open_copy(*id, p.options.config);
  if (image.has_error()) return false;
  ConfigSource::Loaded loaded = p.source->load(std::move(*image));
  if (!loaded.snapshot) return false;
  CompileReport report =
      compile_config(*loaded.snapshot, p.json, beijing_date(p.clock.now()), {p.options.secrets, &p.clock});
  if (report.config == nullptr) return false;
  p.config = std::make_unique<Active<CompiledConfig>>(std::move(report.config));
  p.addresses.last_good = true;
  spdlog::error("the configuration does not pass; the last one that passed runs: {}", id->str());
  return true;
}

// Where state is, before anything else of the configuration is trusted: a broken file must not hide the kept copies.
std::filesystem::path find_state(const Runtime::Parts& p) {
  const Setting& gateway = p.config->get()->snapshot.settings.single("gateway");
  return state_folder(gateway, p.options.config);
}

bool open_store(Runtime::Parts& p, Runtime::Failure& failure) {
  const auto config = p.config->get();
  const Setting& gateway = config->snapshot.settings.single("gateway");
  p.state = find_state(p);
  auto suite = make_suite(suite_of(gateway));
  if (suite.has_error()) return fail(failure, suite.error());
  p.suite = std::move(*suite);
  auto sequencer = open_sequencer(gateway, p.options.secrets);
  if (sequencer.has_error()) return fail(failure, sequencer.error());
  p.sequencer = std::move(*sequencer);
  auto sealer = open_sealer(gateway, p.options.secrets, p.state, p.clock);
  if (sealer.has_error()) return fail(failure, sealer.error());
  p.sealer = std::move(*sealer);
  p.committer = std::make_unique<SuiteCommitter>(*p.suite);
  auto persons = open_person_hasher(*p.suite, *p.sealer, p.state);
  if (persons.has_error()) return fail(failure, persons.error());
  p.persons = std::move(*persons);
  StoreOptions options;
  options.folder = p.state / "store";
  const Setting& store = gateway.object("store");
  options.batch_max_items = static_cast<std::size_t>(store.integer("batch_max_items"));
  options.queue_max_items = static_cast<std::size_t>(store.integer("queue_max_items"));
  options.reserve_free_bytes = static_cast<std::uint64_t>(store.size_bytes("reserve_free_bytes"));
  options.state_changed = [](StoreState state) {
    if (state == StoreState::kOpen) {
      spdlog::warn("the store takes new work again");
    } else {
      spdlog::error("the store takes no new work: {}",
                    state == StoreState::kFull ? "the disk is full" : "input/output error");
    }
  };
  auto opened = SqlStore::open(std::move(options), *p.sequencer, p.clock);
  if (opened.has_error()) return fail(failure, opened.error());
  p.store = std::move(*opened);
  auto references = SqlReferences::open(p.state / "references", *p.sealer, *p.suite);
  if (references.has_error()) return fail(failure, references.error());
  p.references = std::move(*references);
  return true;
}

// How long a query may be open before it is looked at again; longer than any call.
constexpr std::int64_t kOpenQueryMs = 15 * 60 * 1000;

void report_answer(const PartnerId& partner, const Error& error) {
  spdlog::warn("{}: {}", partner.str(), error.text(Lang::kEnglish));
  for (const Fault& fault : error.faults) spdlog::warn("{}: {} at {}", partner.str(), fault.code->id, fault.path);
}

bool make_queries(Runtime::Parts& p, Runtime::Failure& failure, const Surroundings& with) {
  const auto config = p.config->get();
  auto lanes = make_query_lanes(*config, with);
  if (lanes.has_error()) return fail(failure, lanes.error());
  // Wrapped by nobody and kept nowhere: what it sealed is gone with the process.
  auto memory = make_memory_sealer(p.suite->id());
  if (memory.has_error()) return fail(failure, memory.error());
  p.memory_sealer = std::move(*memory);
  auto key = p.memory_sealer->make_key(make_exchange_id(p.clock.now().ms));
  if (key.has_error()) return fail(failure, key.error());
  auto question_key = random_bytes(32);
  if (question_key.has_error()) return fail(failure, question_key.error());
  p.query_hub = std::make_unique<QueryHub>(query_limits(*config), std::move(*key), *p.memory_sealer, p.clock);
  const LineTools tools{.suite = *p.suite,
                        .sealer = *p.sealer,
                        .committer = *p.committer,
                        .json = p.json,
                        .clock = p.clock,
                        .persons = p.persons.get()};
  p.query_line = std::make_unique<QueryLine>(QueryLine::Parts{.plan = [&p] { return p.config->get()->plan; },
                                                              .store = *p.store,
                                                              .tools = tools,
                                                              .calls = *p.query_hub,
                                                              .limiter = p.line->limiter(),
                                                              .intake = *p.line,
                                                              .question_key = std::move(*question_key),
                                                              .bad_answer = report_answer});
  p.query_hub->attach(*p.query_line, [&p] { p.query_timer->wake(); });
  if (auto status = p.query_hub->configure(std::move(*lanes), query_limits(*config)); status.has_error())
    return fail(failure, status.error());
  if (auto paused = p.store->paused_partners(); paused.has_value()) {
    for (const PartnerId& partner : *paused) p.query_hub->pause(partner, true);
  }
  // A full disk is no reason not to start; what is open then is closed by housekeeping.
  if (auto closed = p.query_line->close_abandoned({p.clock.now().ms + 1}); closed.has_error()) {
    spdlog::error("open queries could not be closed: {}", closed.error().text(Lang::kEnglish));
  } else if (*closed > 0) {
    spdlog::warn("{} queries were open when the gateway ended last; closed as abandoned", *closed);
  }
  p.query_timer = std::make_unique<QueryTimer>(*p.query_hub);
  return true;
}

std::unique_ptr<GrantApi> make_grant_api(Runtime::Parts& p) {
  return std::make_unique<GrantApi>(GrantApi::Parts{
      .grants = *p.store,
      .store = *p.store,
      .rework = *p.rework,
      .suite = *p.suite,
      .clock = p.clock,
      .limits = [&p] { return grant_limits(p.config->get()->snapshot.settings); },
      .conditional =
          [&p](const PartnerId& recipient, const ServiceId& service, Condition condition) {
            return conditional_labels(p.config->get()->snapshot.settings, recipient, service, condition);
          }});
}

bool make_line(Runtime::Parts& p, Runtime::Failure& failure) {
  const auto config = p.config->get();
  const Surroundings with{p.options.secrets, p.state, p.clock, p.json, *p.suite, *p.outbound, p.references.get()};
  auto directory = make_directory(*config, with);
  if (directory.has_error()) return fail(failure, directory.error());
  p.directory = std::make_unique<Active<Authenticator>>(std::move(*directory));
  auto lanes = make_lanes(*config, with);
  if (lanes.has_error()) return fail(failure, lanes.error());
  auto dispatcher = Dispatcher::create(*p.store, *p.sealer, p.clock, std::move(*lanes));
  if (dispatcher.has_error()) return fail(failure, dispatcher.error());
  p.dispatcher = std::move(*dispatcher);
  p.inbox =
      std::make_unique<PullInboxService>(*p.store, *p.sealer, p.clock, PullOptions{.config = config->snapshot.id});
  const auto plan = [&p] { return p.config->get()->plan; };
  const auto committed = [&p](const PartnerId& recipient) { p.dispatcher->notify(recipient); };
  if (!p.open_attachments(failure)) return false;
  const LineTools tools{*p.suite,
                        *p.sealer,
                        *p.committer,
                        p.json,
                        p.clock,
                        p.attachments.get(),
                        [&p](const PartnerId& partner) { return p.attachment_grant(partner); },
                        p.attachments.get(),
                        p.persons.get(),
                        p.store.get(),
                        p.attachments.get()};
  p.line = std::make_unique<Line>(plan, *p.store, tools, committed);
  p.rework = std::make_unique<Rework>(plan, *p.store, tools, committed);
  p.desk = std::make_unique<TranscriptDesk>(
      TranscriptTools{*p.store, *p.store, *p.sealer, *p.suite, p.json, p.clock, *p.line},
      [&p] { return transcript_partners(*p.config->get()); },
      [&p](const TranscriptRow& row) { return transcript_form(p.config->get(), row); });
  p.disclosure_api =
      std::make_unique<DisclosureApi>(DisclosureApi::Parts{*p.store, *p.store, *p.persons, *p.suite, p.json, p.clock});
  auto people = make_people(*config, with);
  if (people.has_error()) return fail(failure, people.error());
  p.people = std::make_unique<Active<AdminPeople>>(std::move(*people));
  p.explain_api = std::make_unique<ExplainApi>(ExplainApi::Parts{
      *p.store, *p.suite, p.clock,
      [&p](const ExchangeId& exchange, bool then, Lang lang, const std::string& clearance) {
        const StoredExplainer explainer{*p.store,         *p.rework, *p.source,      *p.kept,
                                        p.options.config, p.json,    p.config->get()};
        return explainer.explain(exchange, then ? ExplainUnder::kThen : ExplainUnder::kNow, lang, clearance);
      }});
  p.match_api = std::make_unique<MatchApi>(MatchApi::Parts{
      *p.store, *p.store, *p.suite, p.clock, [&p](const ExchangeId& exchange) { return p.marks_of(exchange); }});
  p.grant_api = make_grant_api(p);
  p.transcript_api = std::make_unique<TranscriptApi>(*p.desk, *p.store);
  auto inbound = make_inbound(*config, with, *p.line);
  if (inbound.has_error()) return fail(failure, inbound.error());
  p.first_inbound = std::move(*inbound);
  return make_queries(p, failure, with);
}

}  // namespace

Runtime::Runtime(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Runtime::~Runtime() { stop(); }
const RuntimeAddresses& Runtime::addresses() const { return parts_->addresses; }

std::unique_ptr<Runtime> Runtime::start(const RuntimeOptions& options, Failure& failure) {
  std::unique_ptr<Runtime> runtime(new Runtime(std::make_unique<Parts>(options)));
  Parts& p = *runtime->parts_;
  p.source = std::make_unique<ConfigSource>(options.config, all_specs(), config_hash(), p.clock);
  if (!load_config(p, failure)) {
    // Only a state folder in its usual place can be found without the configuration that names it.
    p.kept = std::make_unique<KeptConfigs>(last_state_folder(options.config), config_hash());
    if (!run_last_good(p)) return nullptr;
  }
  const auto config = p.config->get();
  const Setting& gateway = config->snapshot.settings.single("gateway");
  p.pool = std::make_unique<net::IoPool>(static_cast<std::size_t>(gateway.integer("io_threads")));
  p.outbound = std::make_unique<net::IoPool>(1, "outbound");
  if (!open_store(p, failure)) return nullptr;
  p.kept = std::make_unique<KeptConfigs>(p.state, config_hash());
  remember_state_folder(options.config, p.state);
  if (!make_line(p, failure)) return nullptr;
  // A full disk is no reason not to start: what is stored can be read, and nothing new is accepted meanwhile.
  if (auto status = p.record_config(*config, {}); status.has_error()) {
    spdlog::error("the configuration could not be recorded: {}", status.error().text(Lang::kEnglish));
  }
  if (!p.open_attachment_api(failure) || !p.listen(*runtime, failure)) return nullptr;
  p.inbound->replace(std::move(p.first_inbound), kReplaceGraceMs);
  p.desk->tell();
  spdlog::info("what reaches whom is proven for structured fields; free text and images are measured, not proven");
  return runtime;
}

Result<std::string> Runtime::reload(std::vector<SettingsFault>* faults) {
  Parts& p = *parts_;
  const std::lock_guard lock(p.reload_mutex);
  ConfigSource::Loaded loaded = p.source->load();
  std::vector<SettingsFault> found = std::move(loaded.faults);
  std::shared_ptr<const CompiledConfig> next;
  if (loaded.snapshot) {
    CompileReport report =
        compile_config(*loaded.snapshot, p.json, beijing_date(p.clock.now()), {p.options.secrets, &p.clock});
    found.insert(found.end(), report.faults.begin(), report.faults.end());
    next = std::move(report.config);
  }
  if (faults != nullptr) *faults = found;
  if (next == nullptr) return to_error(found);
  if (auto status = p.may_become(*next); status.has_error()) return status.error();
  const Surroundings with{p.options.secrets, p.state, p.clock, p.json, *p.suite, *p.outbound, p.references.get()};
  auto directory = make_directory(*next, with);
  if (directory.has_error()) return directory.error();
  auto lanes = make_lanes(*next, with);
  if (lanes.has_error()) return lanes.error();
  auto query_lanes = make_query_lanes(*next, with);
  if (query_lanes.has_error()) return query_lanes.error();
  auto inbound = make_inbound(*next, with, *p.line);
  if (inbound.has_error()) return inbound.error();
  auto fetches = FetchSet::make(*next, with);
  if (fetches.has_error()) return fetches.error();
  auto people = make_people(*next, with);
  if (people.has_error()) return people.error();
  const std::string before = p.config->get()->snapshot.id.str();
  if (auto status = p.record_config(*next, before); status.has_error()) return status.error();
  if (auto status = p.dispatcher->configure(std::move(*lanes)); status.has_error()) return status.error();
  if (auto status = p.query_hub->configure(std::move(*query_lanes), query_limits(*next)); status.has_error())
    return status.error();
  p.directory->swap(std::move(*directory));
  p.people->swap(std::move(*people));
  p.config->swap(next);
  p.fetches->judge_by(std::move(*fetches));
  p.fetches->start();
  p.inbound->replace(std::move(*inbound), kReplaceGraceMs);
  spdlog::info("configuration {} is active", next->snapshot.id.str());
  return next->snapshot.id.str();
}

namespace {

// New marks of persons go to their places in the index while nobody waits for the store; a batch is short, so that who
// comes meanwhile waits for one of them at most.
void index_persons(SqlStore& store, const Clock& clock) {
  constexpr std::int64_t kMaxMs = 10'000;
  constexpr std::size_t kBatchRows = 500;
  const std::int64_t end = clock.steady_ms() + kMaxMs;
  bool more = true;
  while (more && clock.steady_ms() < end) {
    auto moved = store.index_persons(kBatchRows);
    more = moved.has_value() && *moved && store.waiting() == 0;
  }
}

}  // namespace

void Runtime::housekeeping() {
  Parts& p = *parts_;
  for (const auto& legacy : p.legacy) legacy->tick();
  p.line->flush_turned_back(false);
  p.publisher->tick();
  p.refused_fetches->sweep();
  p.desk->tell();
  for (const Reminder& reminder : p.desk->remind())
    spdlog::warn("partner {}: {} more messages wait for a national number longer than remind_after_hours",
                 reminder.partner.str(), reminder.rows);
  (void)p.query_line->close_abandoned({p.clock.now().ms - kOpenQueryMs});
  const auto config = p.config->get();
  const std::int64_t keep_ms =
      config->snapshot.settings.single("gateway").object("retention").duration_ms("outbox_payload");
  const Instant now = p.clock.now();
  (void)p.store->purge(now, {now.ms - keep_ms});
  index_persons(*p.store, p.clock);
  if (auto removed = p.attachments->remove_expired(); removed.has_error())
    spdlog::error("unfinished attachments could not be removed: {}", removed.error().text(Lang::kEnglish));
}

std::int64_t Runtime::next_closing_ms() const {
  std::int64_t next = std::numeric_limits<std::int64_t>::max();
  const Instant now = parts_->clock.now();
  for (const auto& legacy : parts_->legacy) {
    if (legacy->is_open()) next = std::min(next, std::max<std::int64_t>(0, legacy->terms().closes_at.ms - now.ms));
  }
  return next;
}

void Runtime::stop() {
  Parts& p = *parts_;
  if (p.stopped) return;
  p.stopped = true;
  std::int64_t grace_ms = 1000;
  std::int64_t hard_ms = 5000;
  if (p.config != nullptr) {
    const auto config = p.config->get();
    const Setting& shutdown = config->snapshot.settings.single("gateway").object("shutdown");
    grace_ms = shutdown.duration_ms("grace");
    hard_ms = shutdown.duration_ms("hard");
  }
  for (auto& server : p.servers) server->stop_accepting();
  for (auto& legacy : p.legacy) legacy->close(grace_ms, hard_ms);
  if (p.inbound != nullptr) p.inbound->stop(grace_ms);
  for (auto& server : p.servers) server->stop(grace_ms, hard_ms);
  if (p.fetches != nullptr) p.fetches->stop();
  if (p.query_timer != nullptr) p.query_timer->stop();
  if (p.query_hub != nullptr) p.query_hub->stop();
  if (p.dispatcher != nullptr) p.dispatcher->stop(grace_ms);
  if (p.line != nullptr) p.line->flush_turned_back(true);
}

}  // namespace tongqu::app
