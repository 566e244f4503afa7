#pragma once
// What a House is made of, joined as gateway/app/runtime.cpp joins it: real parts throughout, but for the credentials
// of partners. For house.cpp alone.
#include <spdlog/spdlog.h>

#include <stdexcept>

#include "connectors/all_connectors.hpp"
#include "connectors/http/partner_api.hpp"
#include "gateway/app/config_open.hpp"
#include "gateway/app/explain_stored.hpp"
#include "gateway/app/runtime_parts.hpp"
#include "gateway/app/secrets.hpp"
#include "security/crypto/keys.hpp"
#include "security/crypto/memory_sealer.hpp"
#include "security/crypto/month_keys.hpp"
#include "security/crypto/sealer.hpp"
#include "security/crypto/suites.hpp"
#include "tests/unit/canary/house.hpp"

namespace tongqu::canary_test {

inline constexpr const char* kToken = "a-token-of-this-test";

// Whoever says who it is, is it: credentials are other tests' matter.
class AnybodyIs final : public Authenticator {
 public:
  [[nodiscard]] Result<Identity> authenticate(const HttpRequest& request) const override {
    Identity identity;
    identity.partner = PartnerId(header(request.headers, "X-As"));
    identity.method = "test";
    return identity;
  }
};

// What cannot fail here.
template <class T>
T must(Result<T> made) {
  if (made.has_error()) throw std::runtime_error(made.error().text(Lang::kEnglish));
  return std::move(*made);
}

struct House::Parts {
  SystemClock clock;
  JsonCodec json;
  std::unique_ptr<Suite> suite;
  std::unique_ptr<LogSequencer> sequencer;
  std::unique_ptr<Sealer> sealer;
  std::unique_ptr<app::SuiteCommitter> committer;
  std::unique_ptr<PersonHasher> persons;
  std::shared_ptr<const Authenticator> anybody = std::make_shared<AnybodyIs>();
  std::unique_ptr<Line> line;
  std::unique_ptr<Rework> rework;
  std::unique_ptr<Dispatcher> dispatcher;
  std::unique_ptr<PullInboxService> inbox;
  std::unique_ptr<QueryHub> hub;
  std::unique_ptr<QueryLine> queries;
  std::unique_ptr<QueryTimer> timer;
  std::unique_ptr<TranscriptDesk> desk;
  std::unique_ptr<TranscriptApi> transcripts;
  std::unique_ptr<DisclosureApi> disclosures;
  std::unique_ptr<ExplainApi> explanations;
  std::shared_ptr<const AdminPeople> people;
  std::unique_ptr<Sealer> memory_sealer;
  std::unique_ptr<PartnerApi> api;
  std::unique_ptr<AdminApi> admin;
  std::unique_ptr<KeptConfigs> kept;
  std::unique_ptr<ConfigSource> source;
  std::filesystem::path directory = "/nowhere";
  std::unique_ptr<SqlStore> store;
  mutable std::mutex mutex;
  std::shared_ptr<const CompiledConfig> config;

  [[nodiscard]] std::shared_ptr<const CompiledConfig> active() const {
    const std::lock_guard lock(mutex);
    return config;
  }
  [[nodiscard]] LineTools tools() const {
    return {.suite = *suite,
            .sealer = *sealer,
            .committer = *committer,
            .json = json,
            .clock = clock,
            .persons = persons.get()};
  }
  void open_store(const std::filesystem::path& folder) {
    suite = must(make_suite(SuiteId::kGm));
    sequencer = must(LogSequencer::create(SuiteId::kGm, "test/log", must(generate_key(kSm2Sm3)).private_pem));
    sealer = must(make_sealer(SuiteId::kGm, std::string(32, 'm'), must(open_month_key_files(folder / "keys")), clock));
    committer = std::make_unique<app::SuiteCommitter>(*suite);
    persons = must(app::open_person_hasher(*suite, *sealer, folder));
    StoreOptions options;
    options.folder = folder / "store";
    options.queue_max_items = 100'000;
    store = must(SqlStore::open(std::move(options), *sequencer, clock));
    kept = std::make_unique<KeptConfigs>(folder, app::config_hash());
    source = std::make_unique<ConfigSource>(directory, all_specs(), app::config_hash(), clock);
  }
  void open_line(std::vector<LaneOptions> lanes) {
    dispatcher = must(Dispatcher::create(*store, *sealer, clock, std::move(lanes)));
    inbox = std::make_unique<PullInboxService>(*store, *sealer, clock, PullOptions{});
    const auto plan = [this] { return active()->plan; };
    const auto committed = [this](const PartnerId& recipient) { dispatcher->notify(recipient); };
    line = std::make_unique<Line>(plan, *store, tools(), committed);
    rework = std::make_unique<Rework>(plan, *store, tools(), committed);
  }
  void open_queries(std::vector<QueryLaneOptions> lanes) {
    const QueryLimits limits;
    memory_sealer = must(make_memory_sealer(SuiteId::kGm));
    hub = std::make_unique<QueryHub>(limits, must(memory_sealer->make_key(make_exchange_id(1))), *memory_sealer, clock);
    queries = std::make_unique<QueryLine>(
        QueryLine::Parts{.plan = [this] { return active()->plan; },
                         .store = *store,
                         .tools = tools(),
                         .calls = *hub,
                         .limiter = line->limiter(),
                         .intake = *line,
                         .question_key = std::string(32, 'q'),
                         .bad_answer =
                             [](const PartnerId& partner, const Error& error) {
                               spdlog::warn("{}: {}", partner.str(), error.text(Lang::kEnglish));
                               for (const Fault& fault : error.faults)
                                 spdlog::warn("{}: {} at {}", partner.str(), fault.text(Lang::kEnglish), fault.path);
                             }});
    hub->attach(*queries, [this] { timer->wake(); });
    if (auto status = hub->configure(std::move(lanes), limits); status.has_error()) throw std::runtime_error("lanes");
    timer = std::make_unique<QueryTimer>(*hub);
  }
  void open_interfaces() {
    PartnerApiOptions options;
    options.queries = queries.get();
    api = std::make_unique<PartnerApi>(std::move(options), [this] { return anybody; }, *line, *inbox, *store);
    desk = std::make_unique<TranscriptDesk>(
        TranscriptTools{*store, *store, *sealer, *suite, json, clock, *line},
        [] { return std::vector<TranscriptPartner>(); }, [](const TranscriptRow&) { return TranscriptForm{}; });
    transcripts = std::make_unique<TranscriptApi>(*desk, *store);
    disclosures = std::make_unique<DisclosureApi>(DisclosureApi::Parts{*store, *store, *persons, *suite, json, clock});
    AdminHooks hooks;
    hooks.lanes = [this] {
      std::vector<LaneView> views;
      for (const LaneSnapshot& lane : dispatcher->snapshot()) {
        LaneView view;
        view.partner = lane.partner.str();
        view.last_code = lane.last_code;
        view.last_detail = lane.last_detail;
        views.push_back(view);
      }
      return views;
    };
    hooks.inbound = [] { return std::vector<InboundView>(); };
    hooks.legacy = [] { return std::vector<LegacyView>(); };
    hooks.counts = [this] { return line->counts(); };
    hooks.queries = [this] { return queries->counts(); };
    hooks.registries = [this] { return hub->snapshot(); };
    hooks.fetches = [] { return std::vector<FetchView>(); };
    explanations = std::make_unique<ExplainApi>(ExplainApi::Parts{
        *store, *suite, clock, [this](const ExchangeId& exchange, bool, Lang lang, const std::string& clearance) {
          const app::StoredExplainer explainer{*store, *rework, *source, *kept, directory, json, active()};
          return explainer.explain(exchange, app::ExplainUnder::kNow, lang, clearance);
        }});
    people = std::make_shared<AdminPeople>(kToken, std::vector<AdminPerson>(), clock);
    hooks.people = [this] { return people; };
    hooks.explanations = explanations.get();
    hooks.transcripts = transcripts.get();
    hooks.disclosures = disclosures.get();
    hooks.config_id = [this] { return active()->snapshot.id.str(); };
    hooks.verifier_key = [this] { return sequencer->verifier_key_text(); };
    admin = std::make_unique<AdminApi>(json, *store, *rework, std::move(hooks));
  }
};

}  // namespace tongqu::canary_test
