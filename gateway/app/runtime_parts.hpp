#pragma once
// The parts of the running gateway. Destruction runs backwards: first the servers, then the store, which commits what
// still waits and tells line, interfaces and dispatcher (stopped by then) about it, then those.
#include <memory>
#include <mutex>
#include <vector>

#include "connectors/http/attachment_api.hpp"
#include "connectors/http/partner_api.hpp"
#include "gateway/admin/admin_api.hpp"
#include "gateway/app/catalogue.hpp"
#include "gateway/app/fetch_set.hpp"
#include "gateway/app/inbound_set.hpp"
#include "gateway/app/legacy_listener.hpp"
#include "gateway/app/publisher.hpp"
#include "gateway/app/refused_fetches.hpp"
#include "gateway/app/runtime.hpp"
#include "gateway/app/take_up.hpp"
#include "gateway/app/wiring.hpp"
#include "gateway/delivery/dispatcher.hpp"
#include "gateway/delivery/pull_inbox.hpp"
#include "gateway/delivery/query_timer.hpp"
#include "gateway/delivery/transcript_desk.hpp"
#include "gateway/net/http_server.hpp"
#include "gateway/pipeline/query_line.hpp"
#include "gateway/pipeline/rework.hpp"
#include "gateway/settings/active.hpp"
#include "gateway/store/derive_loop.hpp"
#include "gateway/store/file_attachments.hpp"
#include "gateway/store/scan_loop.hpp"
#include "gateway/store/sql_references.hpp"
#include "gateway/store/sql_store.hpp"
#include "security/audit/commitments.hpp"
#include "security/audit/sequencer.hpp"
#include "security/privacy/person_hash.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::app {

class SuiteCommitter final : public FieldCommitter {
 public:
  explicit SuiteCommitter(const Suite& suite) : suite_(suite) {}
  [[nodiscard]] Digest32 commit(const Node& record, const SealKey& key) const override {
    return commitment_root(record, suite_, key.plain);
  }

 private:
  const Suite& suite_;
};

struct Runtime::Parts {
  explicit Parts(RuntimeOptions given) : options(std::move(given)) {}

  // Opens all listeners. `runtime` is what the admin interface reloads.
  bool listen(Runtime& runtime, Failure& failure);
  // runtime_listeners.cpp: makes what the admin interface tells of, before anything listens; opens one listener of any
  // kind; commits an audit entry and waits for it.
  [[nodiscard]] Status make_legacy_listeners(const Setting& gateway);
  [[nodiscard]] Status listen_on(const Setting& listener);
  [[nodiscard]] Status append_entry(AuditDraft entry) const;
  [[nodiscard]] std::vector<LegacyView> legacy_views() const;
  // runtime_attachments.cpp: the attachment store, after the message store and before the line; its interface, before
  // the listeners.
  bool open_attachments(Failure& failure);
  bool open_attachment_api(Failure& failure);
  bool open_derive_loop(bool without_scan, Failure& failure);
  // What the active configuration permits a partner to upload.
  [[nodiscard]] std::optional<AttachmentGrant> attachment_grant(const PartnerId& partner) const;
  // Keeps a copy of `next`, commits its audit entry and marks it as good, before the first exchange can refer to it;
  // `old` is its predecessor's digest. Blocks until the entry is committed.
  [[nodiscard]] Status record_config(const CompiledConfig& next, const std::string& old);
  // Refuses what a reload cannot do: other suite, state folder, listeners or log; partners with queued rows removed.
  [[nodiscard]] Status may_become(const CompiledConfig& next) const;
  [[nodiscard]] Result<std::string> prove(std::uint64_t index) const;
  // Hashes of the persons in the stored record of an exchange, under every key.
  [[nodiscard]] Result<std::vector<PersonMark>> marks_of(const ExchangeId& exchange) const;
  [[nodiscard]] AdminHooks hooks(Runtime& runtime);
  // runtime_directories.cpp: what is published and what was received.
  void make_directories();
  void add_directory_hooks(AdminHooks& hooks);

  RuntimeOptions options;
  SystemClock clock;
  JsonCodec json;
  RuntimeAddresses addresses;
  std::filesystem::path state;
  std::mutex reload_mutex;
  bool stopped = false;
  std::unique_ptr<ConfigSource> source;
  std::unique_ptr<KeptConfigs> kept;
  std::unique_ptr<Active<CompiledConfig>> config;
  std::unique_ptr<Suite> suite;
  std::unique_ptr<LogSequencer> sequencer;
  std::unique_ptr<Sealer> sealer;
  std::unique_ptr<Sealer> memory_sealer;  // of answers that are kept, never of anything on disk
  std::unique_ptr<SuiteCommitter> committer;
  std::unique_ptr<PersonHasher> persons;
  std::unique_ptr<net::IoPool> pool;
  // Apart from the threads that take work in: a flood of new orders must not hold up what was stored.
  std::unique_ptr<net::IoPool> outbound;
  std::unique_ptr<SqlReferences> references;  // connectors use it to their end
  std::unique_ptr<Line> line;
  std::unique_ptr<Rework> rework;
  std::unique_ptr<Active<Authenticator>> directory;
  std::unique_ptr<Dispatcher> dispatcher;
  std::unique_ptr<PullInboxService> inbox;
  std::unique_ptr<QueryHub> query_hub;
  std::unique_ptr<QueryLine> query_line;
  std::unique_ptr<QueryTimer> query_timer;
  std::unique_ptr<TranscriptDesk> desk;
  std::unique_ptr<TranscriptApi> transcript_api;
  // Attachments: hashes of both suites, the type of a content, the store, the interface.
  std::unique_ptr<Suite> hash_gm;
  std::unique_ptr<Suite> hash_intl;
  std::unique_ptr<ContentTyper> content_typer;
  std::unique_ptr<FileAttachments> attachments;
  std::unique_ptr<RefusedFetches> refused_fetches;
  std::unique_ptr<FetchSet> fetches;
  std::unique_ptr<AttachmentAdmin> attachment_admin;
  std::unique_ptr<DisclosureApi> disclosure_api;
  std::unique_ptr<ExplainApi> explain_api;
  std::unique_ptr<MatchApi> match_api;
  std::unique_ptr<Active<AdminPeople>> people;
  std::unique_ptr<GrantApi> grant_api;
  std::unique_ptr<ScanLoop> scan_loop;
  std::unique_ptr<AttachmentApi> attachment_api;
  std::unique_ptr<Catalogue> catalogue;
  std::unique_ptr<Publisher> publisher;
  std::unique_ptr<TakeUp> take_up;
  std::unique_ptr<PartnerApi> partner_api;
  InboundSet::Connectors first_inbound;  // made before the listeners, started after them
  std::unique_ptr<InboundSet> inbound;
  std::unique_ptr<AdminApi> admin_api;
  std::vector<std::unique_ptr<TlsFactory>> tls;
  std::unique_ptr<SqlStore> store;
  std::unique_ptr<DeriveLoop> derive_loop;       // appends to the store
  std::unique_ptr<net::IoPool> attachment_pool;  // its threads use all of the above, and end first
  std::vector<std::unique_ptr<net::HttpServer>> servers;
  std::vector<std::unique_ptr<LegacyListener>> legacy;
};

// Where the state was when the gateway last started from this configuration directory, so that the last good copy is
// found although the newest gateway.yaml cannot be read: a small file beside the directory.
[[nodiscard]] std::filesystem::path last_state_folder(const std::filesystem::path& config);
void remember_state_folder(const std::filesystem::path& config, const std::filesystem::path& state);

}  // namespace tongqu::app
