#pragma once
// The store: inbox, outbox, tasks, receipts, audit leaves, and the commit contract.
//
// Commit contract (design section 2)
//   * A write owns its input; nothing cancels it once it was handed in.
//   * One writer thread takes what waits (bounded), sequences the audit entries, and commits everything in one
//     transaction; no waiting when idle. `done` is called on the writer thread, after the commit, and must be quick.
//   * A conflicting item fails alone; the others of its batch go.
//   * After a failed sync the state is *unknown*: the store reopens, compares, and never retries the sync.
//   * If the audit entry of an item cannot be written, the item is not stored.
//   * Below the reserve of free space new exchanges fail with kUnavailable; settling, audit and erasing go on.
// Reads are blocking, indexed, paged, and come from a committed snapshot; any thread.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "gateway/core/audit.hpp"
#include "gateway/core/error.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/person_index.hpp"

namespace tongqu {

// ---- writes ---------------------------------------------------------------------------------------------------

struct GrantedAttachment {
  std::string id;
  std::string forms;  // forms_text of attachment_forms.hpp
};

// A message for one recipient, rendered and sealed.
struct NewOutbox {
  std::string message_id;  // "<exchange>-<recipient>"; a later replacement: "<exchange>-<recipient>-<n>"
  PartnerId recipient;
  ServiceId service;      // service name at the recipient
  std::string order_key;  // (recipient, matter number, else exchange id); sequence = commit order
  Bytes sealed;           // sealed under the exchange's key, context "out/<message_id>"
  std::string content_type;
  std::string ledger;            // Disclosure::to_ledger()
  std::int64_t deadline_ms = 0;  // absolute; afterwards a dead letter; 0 = none
  std::string supersedes;        // message id that this one replaces; empty
  // Attachments that the bytes name; the recipient may read them, in this form, from the commit on.
  std::vector<GrantedAttachment> attachments;
  bool held = false;  // waits for a named person: no bytes, no ledger entry; a task names it
  bool dead = false;  // a view or render fault of this recipient: born as dead letter, `dead_code` says why
  std::string dead_code;
};

// Queues of matters that wait for a person (design section 2).
enum class TaskQueue : std::uint8_t {
  kComplete,  // 待补正
  kAssign,    // 待人工分派
  kSplit,     // 待拆分
  kRelease,   // 待释放
  kCollect,   // 待归集: no national number yet
};
[[nodiscard]] std::string_view name_of(TaskQueue queue);     // "complete", "assign", …
[[nodiscard]] std::string_view name_zh_of(TaskQueue queue);  // 待补正 …
[[nodiscard]] std::optional<TaskQueue> task_queue_of(std::string_view name);

struct NewTask {
  TaskQueue queue = TaskQueue::kComplete;
  std::string reason;           // constant text of a rule or fault code; never a value
  std::string message_id = {};  // kRelease: the held outbox row that it decides about; empty: the exchange as a whole
};

// An exchange to be stored: one accepted inbound message.
struct NewExchange {
  ExchangeId exchange;
  PartnerId partner;
  ServiceId service;
  MatterNo matter;        // empty = none
  std::string operation;  // "create", "update", …
  ExchangeId origin;      // the exchange of the other gateway that this one carries on (connector link); empty = none
  Instant received_at;
  ConfigId config;
  std::string route;      // name of the route taken; empty = held before routing
  Bytes wrapped_key;      // SealKey::wrapped → key database, before the main commit
  Bytes sealed_original;  // context "original"
  std::string original_type;
  Bytes sealed_record;    // context "record"; canonical JSON
  std::string findings;   // JSON list of {code,path,field,param,grade}; "[]" = none; no values
  std::string dedup_key;  // scope and key in one text; empty = none
  Bytes dedup_digest;     // 32 bytes; same key with another digest is a conflict
  std::string nonce;      // empty = none
  std::int64_t nonce_expires_ms = 0;
  std::vector<NewOutbox> outbox;
  std::vector<NewTask> tasks;       // not empty = held; with a message id only that message is
  std::vector<PersonMark> persons;  // of the record
  AuditDraft entry;                 // kind "stored"; the receipt is made of it
};

struct Stored {
  ExchangeId exchange;
  std::string receipt;
  bool repeated = false;  // an earlier exchange with the same key and digest: its receipt, nothing new stored
};

enum class SettleTo : std::uint8_t { kDelivered, kRetry, kNoAnswer, kDead };

// What became of one attempt to deliver.
struct Settlement {
  std::string message_id;
  SettleTo to = SettleTo::kRetry;
  Instant at;
  std::int64_t next_due_ms = 0;  // for kRetry: absolute
  int status = 0;
  std::string code;  // error code id; empty when delivered
  std::int64_t latency_ms = 0;
  std::optional<AuditDraft> entry;  // required unless kRetry; with kDelivered a second receipt is made of it
};

// What a person or a rule does to stored work. Each carries its audit entry.
struct OperatorAct {
  enum class Kind : std::uint8_t {
    kReplay,      // dead | no-answer → queued, same id, same bytes
    kReplace,     // dead | no-answer | delivered → superseded by `outbox` (one row, new id)
    kSkip,        // dead | no-answer → skipped; the next of its key becomes head
    kFinishTask,  // closes `task`; may bring a corrected record and the outbox rows that were waited for
    kRelease,     // closes `task` of a held message: `outbox` (one row, its id) fills it; empty = it is skipped
    kPause,
    kResume,   // partner
    kOpenTask  // puts a stored exchange before a person: `exchange`, `opened`
  };
  Kind kind = Kind::kReplay;
  std::string message_id;  // kReplay, kReplace, kSkip
  std::int64_t task = 0;   // kFinishTask, kRelease
  PartnerId partner;       // kPause, kResume
  ExchangeId exchange;     // kOpenTask
  NewTask opened;          // kOpenTask; nothing happens (store.wrong-state) while one of the same reason is open, …
  bool once = false;       // … or, with this, when there ever was one
  std::string actor;       // user name
  std::string reason;      // typed by a person; kept out of the audit entry except as salted digest
  Instant at;
  Bytes sealed_record;   // kFinishTask: empty = unchanged
  std::string findings;  // kFinishTask with a record
  std::string route;
  std::vector<NewOutbox> outbox;
  std::vector<NewTask> tasks;       // kReplace, kFinishTask: of rows of `outbox` that are held
  std::vector<PersonMark> persons;  // of the record that `outbox` was made of
  AuditDraft entry;
};

// A step of a query: its audit entry, and what holds with it. Queries have no rows of their own beside these.
struct QueryNote {
  enum class Kind : std::uint8_t {
    kAsked,     // opens `query`: its question may leave once this is committed
    kAnswered,  // closes `query` if it is open: its answer may be shown once this is committed
    kAbandoned  // closes `query`; kNotFound, and nothing written, when it is not open
  };
  Kind kind = Kind::kAsked;
  ExchangeId query;     // the exchange whose question went to the recipient; kAnswered: may be empty
  PartnerId partner;    // who asked
  PartnerId recipient;  // who was asked (kAsked)
  ServiceId service;    // (kAsked)
  std::string nonce;    // used up with this; empty = none
  std::int64_t nonce_expires_ms = 0;
  std::string ledger;               // Disclosure::to_ledger(); empty = nothing was disclosed
  Bytes ledger_digest;              // its hash, by which the entry names it
  ExchangeId exchange;              // whose question or answer is disclosed; with a ledger
  std::vector<PersonMark> persons;  // of the question, and of the answer that is shown
  Instant at;
  AuditDraft entry;
};

// ---- reads ----------------------------------------------------------------------------------------------------

// kHeld: waits for a named person (待释放); keeps its order key.
enum class OutboxState : std::uint8_t { kQueued, kDelivered, kNoAnswer, kDead, kSkipped, kSuperseded, kHeld };
[[nodiscard]] std::string_view name_of(OutboxState state);  // "queued", "delivered", "no-answer", "dead", …

struct OutboxRow {
  std::int64_t seq = 0;  // commit order
  std::string message_id;
  ExchangeId exchange;
  PartnerId recipient;
  PartnerId sender;
  ServiceId service;
  std::string order_key;
  OutboxState state = OutboxState::kQueued;
  bool head = false;
  std::int32_t attempts = 0;
  std::int64_t created_ms = 0;
  std::int64_t next_due_ms = 0;
  std::int64_t deadline_ms = 0;
  std::int64_t settled_ms = 0;
  int status = 0;
  std::string code;  // of the last attempt
  std::string content_type;
  std::string ledger;
  Bytes sealed;       // empty after retention, and in listings
  Bytes wrapped_key;  // empty in listings
};

struct TaskRow {
  std::int64_t task = 0;
  TaskQueue queue = TaskQueue::kComplete;
  ExchangeId exchange;
  PartnerId partner;
  ServiceId service;
  MatterNo matter;
  std::string reason;
  std::string message_id;  // of a held message; empty: the exchange as a whole
  PartnerId recipient;     // of that message
  std::int64_t created_ms = 0;
  std::int64_t finished_ms = 0;  // 0 = open
};

struct ExchangeRow {
  ExchangeId exchange;
  PartnerId partner;
  ServiceId service;
  MatterNo matter;
  std::string operation;
  std::int32_t version = 1;  // of the matter, per partner: 1, 2, … in commit order
  std::int64_t received_ms = 0;
  ConfigId config;
  std::string route;
  std::string state;  // docs/formats.md, "State machine": stored, held, delivered, attention
  std::string findings;
  std::string original_type;
  std::uint64_t audit_index = 0;  // of the "stored" entry
};

struct Payload {
  Bytes wrapped_key;
  Bytes sealed_original;
  Bytes sealed_record;
  std::string original_type;
};

struct ExchangeFilter {
  PartnerId partner;  // each empty = any
  ServiceId service;
  MatterNo matter;
  std::string state;
  ExchangeId origin;       // id at the gateway of another zone; several when that one sent several messages of it here
  ExchangeId before;       // keyset page: ids smaller than this; newest first
  std::size_t limit = 50;  // at most 1000
};

struct OutboxFilter {
  PartnerId recipient;
  ExchangeId exchange;
  std::optional<OutboxState> state;
  std::int64_t before_seq = 0;  // keyset page, newest first; 0 = from the newest
  std::size_t limit = 50;
};

struct PartnerCounts {
  PartnerId partner;
  std::uint64_t stored = 0, held = 0;                                // as sender
  std::uint64_t queued = 0, delivered = 0, no_answer = 0, dead = 0;  // as recipient
  std::int64_t oldest_queued_ms = 0;
};

using SeqSet = std::unordered_set<std::int64_t>;  // of OutboxRow::seq

struct AuditRow {
  std::uint64_t index = 0;
  std::string entry;
};

// Asked, and neither answered nor abandoned.
struct OpenQuery {
  ExchangeId query;
  PartnerId partner, recipient;
  ServiceId service;
  std::int64_t asked_ms = 0;
};

class Store {
 public:
  virtual ~Store() = default;

  using StoredDone = std::function<void(Result<Stored>)>;
  using Done = std::function<void(Status)>;
  // Errors: store.key-conflict (same key, other digest), store.replay (nonce used by another request),
  // gateway.unavailable (queue full, disk full, audit unwritable, stopped).
  virtual void commit(NewExchange exchange, StoredDone done) = 0;
  virtual void settle(Settlement settlement, Done done) = 0;  // kNotFound; settling a settled row again is no error
  virtual void act(OperatorAct act, Done done) = 0;           // kNotFound, store.wrong-state
  virtual void append(AuditDraft entry, Done done) = 0;
  // Errors: store.replay, gateway.unavailable (as commit), kNotFound.
  virtual void note(QueryNote note, Done done) = 0;
  // Removes payloads of what was settled before `settled_before`, and nonces past their time; digests stay. Bounded
  // per call; true = there is more.
  virtual Result<bool> purge(Instant now, Instant settled_before) = 0;

  // Queued heads of `recipient` that are due, by sequence, from `after_seq` (exclusive); with payload and key, without
  // the ledger entry, which sending does not need. Those in `except` are left out as if they were not queued: they are
  // under way already.
  [[nodiscard]] virtual Result<std::vector<OutboxRow>> due_heads(const PartnerId& recipient, Instant now,
                                                                 std::int64_t after_seq, std::size_t limit,
                                                                 const SeqSet& except) = 0;
  [[nodiscard]] Result<std::vector<OutboxRow>> due_heads(const PartnerId& recipient, Instant now,
                                                         std::int64_t after_seq, std::size_t limit) {
    return due_heads(recipient, now, after_seq, limit, SeqSet());
  }
  // Earliest next_due_ms of a queued head of `recipient` after `now`; empty = none.
  [[nodiscard]] virtual Result<std::optional<std::int64_t>> next_due(const PartnerId& recipient, Instant now) = 0;
  [[nodiscard]] virtual Result<OutboxRow> message(const std::string& message_id) = 0;  // with payload and key
  [[nodiscard]] virtual Result<ExchangeRow> exchange(const ExchangeId& id) = 0;
  [[nodiscard]] virtual Result<Payload> payload(const ExchangeId& id) = 0;
  // In which forms (forms_text) committed messages for `recipient` name the attachment that were not turned back,
  // skipped or replaced since; each once, at most 16. Empty: none names it.
  [[nodiscard]] virtual Result<std::vector<std::string>> attachment_forms(const PartnerId& recipient,
                                                                          const std::string& attachment) = 0;
  // The latest exchange whose committed messages name the attachment; kNotFound.
  [[nodiscard]] virtual Result<ExchangeId> exchange_naming(const std::string& attachment) = 0;
  // Receipt text: kind "stored" by exchange id, kind "delivered" by message id.
  [[nodiscard]] virtual Result<std::string> receipt(std::string_view kind, const std::string& id) = 0;
  // The latest exchange in which `partner` sent `matter`; kNotFound.
  [[nodiscard]] virtual Result<ExchangeId> origin(const PartnerId& partner, const MatterNo& matter) = 0;
  [[nodiscard]] virtual Result<std::vector<ExchangeRow>> exchanges(const ExchangeFilter& filter) = 0;
  [[nodiscard]] virtual Result<std::vector<OutboxRow>> outbox(const OutboxFilter& filter) = 0;  // without payload
  [[nodiscard]] virtual Result<std::vector<TaskRow>> tasks(std::optional<TaskQueue> queue, bool open_only,
                                                           std::int64_t after_task, std::size_t limit) = 0;
  [[nodiscard]] virtual Result<TaskRow> task(std::int64_t id) = 0;
  [[nodiscard]] virtual Result<std::vector<PartnerCounts>> counts() = 0;
  [[nodiscard]] virtual Result<std::vector<PartnerId>> paused_partners() = 0;
  [[nodiscard]] virtual Result<std::vector<AuditRow>> audit_entries(std::uint64_t from, std::size_t limit) = 0;
  // The newest checkpoint (signed note); empty text for an empty log.
  [[nodiscard]] virtual Result<std::string> checkpoint() = 0;
  // Leaf hashes [256·tile, …) that are committed, at most 256.
  [[nodiscard]] virtual Result<std::vector<Digest32>> leaf_tile(std::uint64_t tile) = 0;
  // Kept nodes of `level` (8, 16, …), [256·tile, …), at most 256.
  [[nodiscard]] virtual Result<std::vector<Digest32>> node_tile(std::uint32_t level, std::uint64_t tile) = 0;
  // Queries that were asked before `asked_before` and are open, oldest first, at most 1000.
  [[nodiscard]] virtual Result<std::vector<OpenQuery>> open_queries(Instant asked_before, std::size_t limit) = 0;
  // The ledger text of a query's disclosure by its digest; kNotFound.
  [[nodiscard]] virtual Result<std::string> ledger(const Bytes& digest) = 0;
  // Exchanges and outbox rows that wait for the writer; for back-pressure and metrics.
  [[nodiscard]] virtual std::size_t waiting() const = 0;
};

}  // namespace tongqu
