#pragma once
// Messages that a person copies into a system that no program may call (profile C), as the store keeps them.
//
// Such a message is an ordinary outbox row: queued until a person typed back the national number (登记编号), delivered
// from then on. Beside it the store keeps in which batch it was handed out, and the numbers:
//   * a row is handed out as new once; giving a batch out again never changes what belongs to it;
//   * a number belongs to one matter (order key) of a recipient; all messages of the matter carry the same;
//   * the messages of a matter are entered in the order of their commit: only heads can be entered.
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gateway/core/store.hpp"

namespace tongqu {

// What a person does to such messages. Each act is one transaction together with its audit entry.
struct TranscriptAct {
  enum class Kind : std::uint8_t {
    kHandOut,    // `messages` become batch number `batch`, which has to be the next one of `recipient`
    kHandAgain,  // `batch` leaves once more; nothing but the entry is written
    kWritten,    // the file of `batch` is whole; the only act without an entry
    kEnter,      // `message`: queued → delivered with `number`; a "delivered" receipt is made of the entry
    kRevoke,     // `message`: delivered → queued; its number is forgotten
    kTold,       // the sender was told of the number of `message`; without an entry
    kReminded    // rows up to `up_to_seq` were reminded of
  };
  Kind kind = Kind::kHandOut;
  PartnerId recipient;
  std::int64_t batch = 0;
  std::vector<std::string> messages;  // kHandOut; at most kMaxBatchRows
  std::string message;
  std::string number;  // digits
  bool tell = false;   // kEnter: the sender has to be told
  std::int64_t up_to_seq = 0;
  std::string actor;
  Instant at;
  std::optional<AuditDraft> entry;
};
// An audit entry names every row of a batch, and evidence of one entry has to stay below 64 KiB.
inline constexpr std::size_t kMaxBatchRows = 200;

struct TranscriptRow {
  OutboxRow row;           // with ledger entry; payload and key when asked for
  MatterNo matter;         // the sender's number
  std::string route;       // name of the route that the exchange took
  std::int64_t batch = 0;  // 0 = not handed out yet
  std::string number;      // of the matter; empty = none yet
};

struct TranscriptFilter {
  PartnerId recipient;
  bool fresh_only = false;     // heads that were never handed out
  std::int64_t batch = 0;      // rows of this batch, in whatever state; 0 = queued heads
  std::int64_t after_seq = 0;  // keyset page, oldest first
  std::size_t limit = 50;      // at most 1000
  bool with_payload = false;
};

struct TranscriptBatch {
  std::int64_t batch = 0;
  std::int64_t at_ms = 0;
  std::string actor;
  std::int64_t rows = 0;
  std::int64_t open_rows = 0;   // without number
  std::int64_t written_ms = 0;  // 0 = nobody has said that the file was written
};

// A number that was typed back.
struct TranscriptNumber {
  std::string message_id;
  ExchangeId exchange;
  PartnerId sender;
  ServiceId service;
  MatterNo matter;
  std::string number;
  std::int64_t at_ms = 0;
};

struct TranscriptCounts {
  std::int64_t waiting = 0;    // messages without number
  std::int64_t fresh = 0;      // of them, heads that were never handed out
  std::int64_t oldest_ms = 0;  // when the oldest of them was stored; 0 = none
};

// Beside Store, by the same object. Reads block, any thread.
class TranscriptStore {
 public:
  virtual ~TranscriptStore() = default;
  // `done` on the writer thread. kHandOut: store.wrong-state when `batch` is not the next or a message is not a fresh
  // head (somebody was faster). kHandAgain, kWritten: kNotFound. kEnter: kNotFound, store.wrong-state (not queued),
  // transcript.earlier, transcript.other-number, transcript.number-taken. kRevoke: kNotFound, store.wrong-state,
  // transcript.later. And gateway.unavailable.
  virtual void transcribe(TranscriptAct act, Store::Done done) = 0;
  [[nodiscard]] virtual Result<std::vector<TranscriptRow>> transcript_rows(const TranscriptFilter& filter) = 0;
  // Newest first; `batch` other than 0: this one only.
  [[nodiscard]] virtual Result<std::vector<TranscriptBatch>> transcript_batches(const PartnerId& recipient,
                                                                                std::int64_t batch,
                                                                                std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::optional<TranscriptNumber>> transcript_number(const std::string& message_id) = 0;
  // Numbers of which the sender has not been told, oldest first.
  [[nodiscard]] virtual Result<std::vector<TranscriptNumber>> transcript_untold(const PartnerId& recipient,
                                                                                std::size_t limit) = 0;
  [[nodiscard]] virtual Result<TranscriptCounts> transcript_counts(const PartnerId& recipient) = 0;
  // Rows that were stored before `before`, have no number and come after what was reminded of: how many, the last one.
  struct Overdue {
    std::int64_t rows = 0;
    std::int64_t last_seq = 0;
  };
  [[nodiscard]] virtual Result<Overdue> transcript_overdue(const PartnerId& recipient, Instant before) = 0;
};

namespace codes {
extern const ErrorCode kTranscriptEarlier;
extern const ErrorCode kTranscriptOtherNumber;
extern const ErrorCode kTranscriptNumberTaken;
extern const ErrorCode kTranscriptLater;
std::span<const ErrorCode* const> transcript_codes();
}  // namespace codes

}  // namespace tongqu
