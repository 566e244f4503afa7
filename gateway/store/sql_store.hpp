#pragma once
// The store on SQLite: `main.db` (rows, audit log, receipts) and `keys.db` (wrapped data keys) in one folder.
//
// Durability: both files in WAL mode with synchronous=FULL; the keys of a batch are synced before its rows, so a stored
// exchange always has its key, and a key without an exchange is harmless. WAL files are written back by a thread of
// their own. Thread-safe; callbacks run on the writer thread, except for a refusal at the door, which runs on the
// caller's. A callback may call commit, settle, act and append, never purge or a destructor.
//
// Choices that the contract leaves open
//   * Exchange state, first that fits: held (open task), attention (a row is dead or without answer), stored (a row
//     is queued), delivered.
//   * PartnerCounts: `stored` counts every exchange ever stored of the sender, `delivered` every row in that state;
//     the others count what is in that state now.
//   * Replay starts attempts at 0 and drops a deadline that has passed; a row born dead has nothing to replay
//     (store.wrong-state): it is replaced or skipped.
//   * A replacement is a new row at the end of its order key; what it supersedes lets the next of the key go.
//   * Retention is counted from the moment when the last row of an exchange was settled; then original, record, all
//     sealed rows and the key go together.
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "gateway/core/disclosures.hpp"
#include "gateway/core/grants.hpp"
#include "gateway/core/store.hpp"
#include "gateway/core/transcript.hpp"

namespace tongqu {

enum class StoreState : std::uint8_t {
  kOpen,
  kFull,   // the disk refused a write: new exchanges are refused until a probe succeeds
  kFailed  // closed after an I/O error, being reopened; reads fail with kUnavailable
};

struct StoreOptions {
  std::filesystem::path folder;        // made when absent, mode 0700
  std::size_t batch_max_items = 256;   // per transaction
  std::size_t queue_max_items = 8192;  // exchanges; settlements and acts may fill the same again
  std::size_t queue_max_bytes = 256U << 20U;
  std::uint64_t reserve_free_bytes = 256U << 20U;   // below it new exchanges are refused, the rest goes on
  std::size_t read_sessions = 4;                    // 1 to 64
  std::int64_t read_timeout_ms = 5000;              // of one read, waiting for a session included
  std::int64_t probe_interval_ms = 1000;            // how often a full or failed disk is tried again
  int reopen_max_attempts = 5;                      // before a batch is answered with store.unknown
  std::uint64_t wal_checkpoint_bytes = 64U << 20U;  // a page that many commits changed is written back once
  std::uint64_t wal_max_bytes = 256U << 20U;        // above it the writer waits for a checkpoint
  std::size_t purge_max_items = 500;                // exchanges, and nonces, per call of purge
  bool checkpoint_thread = true;                    // false: the writer checkpoints between batches
  std::string vfs;                                  // SQLite VFS by name; empty = the system's
  // Free bytes of the file system that holds the folder; empty = statvfs.
  std::function<std::uint64_t(const std::filesystem::path&)> free_bytes;
  // Called on the writer thread after the state changed; must be quick.
  std::function<void(StoreState)> state_changed;
};

class SqlStore final : public Store, public TranscriptStore, public DisclosureStore, public GrantStore {
 public:
  // Opens or makes the files, brings them to the present schema, checks that the newest checkpoint fits the rows.
  // `sequencer` and `clock` outlive the store; nobody else uses the sequencer meanwhile.
  // Errors: store.locked, store.newer, store.open, store.corrupt, and what AuditSequencer::restore says.
  [[nodiscard]] static Result<std::unique_ptr<SqlStore>> open(StoreOptions options, AuditSequencer& sequencer,
                                                              const Clock& clock);
  // Refuses new work, commits what waits, answers it, closes.
  ~SqlStore() override;

  void commit(NewExchange exchange, StoredDone done) override;
  void settle(Settlement settlement, Done done) override;
  void act(OperatorAct act, Done done) override;
  void append(AuditDraft entry, Done done) override;
  void note(QueryNote note, Done done) override;
  Result<bool> purge(Instant now, Instant settled_before) override;

  [[nodiscard]] Result<std::vector<OutboxRow>> due_heads(const PartnerId& recipient, Instant now,
                                                         std::int64_t after_seq, std::size_t limit,
                                                         const SeqSet& except) override;
  using Store::due_heads;
  [[nodiscard]] Result<std::optional<std::int64_t>> next_due(const PartnerId& recipient, Instant now) override;
  [[nodiscard]] Result<OutboxRow> message(const std::string& message_id) override;
  [[nodiscard]] Result<ExchangeRow> exchange(const ExchangeId& id) override;
  [[nodiscard]] Result<std::vector<std::string>> attachment_forms(const PartnerId& recipient,
                                                                  const std::string& attachment) override;
  [[nodiscard]] Result<ExchangeId> exchange_naming(const std::string& attachment) override;
  [[nodiscard]] Result<Payload> payload(const ExchangeId& id) override;
  [[nodiscard]] Result<std::string> receipt(std::string_view kind, const std::string& id) override;
  [[nodiscard]] Result<ExchangeId> origin(const PartnerId& partner, const MatterNo& matter) override;
  [[nodiscard]] Result<std::vector<ExchangeRow>> exchanges(const ExchangeFilter& filter) override;
  [[nodiscard]] Result<std::vector<OutboxRow>> outbox(const OutboxFilter& filter) override;
  [[nodiscard]] Result<std::vector<TaskRow>> tasks(std::optional<TaskQueue> queue, bool open_only,
                                                   std::int64_t after_task, std::size_t limit) override;
  [[nodiscard]] Result<TaskRow> task(std::int64_t id) override;
  [[nodiscard]] Result<std::vector<PartnerCounts>> counts() override;
  [[nodiscard]] Result<std::vector<PartnerId>> paused_partners() override;
  [[nodiscard]] Result<std::vector<AuditRow>> audit_entries(std::uint64_t from, std::size_t limit) override;
  [[nodiscard]] Result<std::string> checkpoint() override;
  [[nodiscard]] Result<std::vector<Digest32>> leaf_tile(std::uint64_t tile) override;
  [[nodiscard]] Result<std::vector<Digest32>> node_tile(std::uint32_t level, std::uint64_t tile) override;
  [[nodiscard]] Result<std::vector<OpenQuery>> open_queries(Instant asked_before, std::size_t limit) override;
  [[nodiscard]] Result<std::string> ledger(const Bytes& digest) override;
  [[nodiscard]] std::size_t waiting() const override;

  void transcribe(TranscriptAct act, Done done) override;
  [[nodiscard]] Result<std::vector<TranscriptRow>> transcript_rows(const TranscriptFilter& filter) override;
  [[nodiscard]] Result<std::vector<TranscriptBatch>> transcript_batches(const PartnerId& recipient, std::int64_t batch,
                                                                        std::size_t limit) override;
  [[nodiscard]] Result<std::optional<TranscriptNumber>> transcript_number(const std::string& message_id) override;
  [[nodiscard]] Result<std::vector<TranscriptNumber>> transcript_untold(const PartnerId& recipient,
                                                                        std::size_t limit) override;
  [[nodiscard]] Result<TranscriptCounts> transcript_counts(const PartnerId& recipient) override;
  [[nodiscard]] Result<Overdue> transcript_overdue(const PartnerId& recipient, Instant before) override;

  [[nodiscard]] Result<std::vector<DisclosureRow>> disclosures(const DisclosureFilter& filter) override;
  [[nodiscard]] Result<PersonMatches> matches(const std::vector<PersonMark>& marks, const ExchangeId& except) override;
  [[nodiscard]] Result<bool> index_persons(std::size_t max_rows) override;
  void forget(PersonErasure erasure, Done done) override;

  void grant(GrantAct act, Done done) override;
  [[nodiscard]] std::vector<GrantInForce> in_force(const GrantQuestion& message, Instant now) const override;
  [[nodiscard]] Result<std::vector<GrantRow>> grants(const GrantFilter& filter, Instant now) override;
  [[nodiscard]] Result<GrantRow> grant_row(const std::string& id) override;

  [[nodiscard]] StoreState state() const;

 private:
  struct Parts;
  explicit SqlStore(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace tongqu
