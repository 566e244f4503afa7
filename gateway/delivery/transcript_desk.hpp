#pragma once
// Where a person is the interface (profile C): hands out what waits, takes the national number back, takes a wrong one
// away again. Rules and states: core/transcript.hpp; for people: docs/connectors/transcript.md.
//
// What is handed out is the recipient's rendered document, after masking, never the record. The batch and its audit
// entry are committed before anything of it is returned, so that no content leaves without its disclosure.
//
// Thread-safe. Calls block until the store has committed; at most one batch is made at a time.
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "gateway/core/clock.hpp"
#include "gateway/core/codec.hpp"
#include "gateway/core/connector.hpp"
#include "gateway/core/crypto.hpp"
#include "gateway/core/field_tree.hpp"
#include "gateway/core/transcript.hpp"

namespace tongqu {

// One partner whose messages are transcribed, as the active configuration has it.
struct TranscriptPartner {
  PartnerId partner;
  std::size_t number_min_digits = 20;
  std::size_t number_max_digits = 32;
  std::int64_t remind_after_ms = 0;  // 0 = never
  ServiceId told;                    // service with which a sender learns the number; empty = it is not told
  ConfigId config;                   // for the audit entries
};

// The contract of a row's document: its fields in the order of the form.
struct TranscriptForm {
  std::shared_ptr<const void> owner;  // of both pointers
  std::string name;                   // of the schema
  const FieldNode* fields = nullptr;  // null: not known today; members are shown under their own names
  const Codec* codec = nullptr;       // null: JSON
};

struct FormColumns {
  std::string name;
  std::string title_zh;
  std::vector<std::pair<std::string, std::string>> columns;  // path, Chinese title
};

struct HandedRow {
  TranscriptRow row;                // without payload and ledger entry
  std::size_t form = 0;             // index into HandedBatch::forms
  std::vector<std::string> values;  // beside its columns; empty = absent
};

struct HandedBatch {
  std::int64_t batch = 0;  // 0 = nothing is new
  std::vector<FormColumns> forms;
  std::vector<HandedRow> rows;
  std::int64_t more = 0;  // fresh rows beyond the limit
};

struct Reminder {
  PartnerId partner;
  std::int64_t rows = 0;
};

// References outlive the desk, and callbacks of the intake that are under way.
struct TranscriptTools {
  Store& store;
  TranscriptStore& transcripts;
  const Sealer& sealer;
  const Suite& suite;
  const Codec& json;
  const Clock& clock;
  Intake& intake;  // takes what the senders are told
};

class TranscriptDesk {
 public:
  using Partners = std::function<std::vector<TranscriptPartner>()>;
  using FormOf = std::function<TranscriptForm(const TranscriptRow&)>;
  TranscriptDesk(TranscriptTools tools, Partners partners, FormOf form_of);

  // The partner of that name; of an empty name the only one. transcript.partner when there is none, or several.
  [[nodiscard]] Result<TranscriptPartner> partner(const std::string& name) const;
  [[nodiscard]] std::vector<TranscriptPartner> partners() const { return partners_(); }

  // A new batch of at most `limit` fresh rows (1 … kMaxBatchRows); a row whose payload cannot be opened becomes a dead
  // letter and is left out.
  [[nodiscard]] Result<HandedBatch> hand_out(const TranscriptPartner& partner, std::size_t limit,
                                             const std::string& actor);
  // The rows of `batch` again, with those that have a number by now; another audit entry. kNotFound.
  [[nodiscard]] Result<HandedBatch> hand_again(const TranscriptPartner& partner, std::int64_t batch,
                                               const std::string& actor);
  [[nodiscard]] Status written(const TranscriptPartner& partner, std::int64_t batch);

  enum class Entered : std::uint8_t { kNow, kBefore };
  // `number` without the white space around it. Errors: transcript.number (form), kNotFound, transcript.closed (dead,
  // skipped), transcript.entered (has another number), and those of TranscriptStore::transcribe.
  [[nodiscard]] Result<Entered> enter(const TranscriptPartner& partner, const ExchangeId& exchange,
                                      std::string_view number, const std::string& actor);
  // Errors as TranscriptStore::transcribe; kNotFound when the exchange has no number.
  [[nodiscard]] Status revoke(const TranscriptPartner& partner, const ExchangeId& exchange, const std::string& reason,
                              const std::string& actor);

  // Hands to the line what senders have not been told yet, under a key that makes repeating harmless.
  void tell();
  // One audit entry for each partner whose rows became older than it allows since the last call.
  [[nodiscard]] std::vector<Reminder> remind();

 private:
  [[nodiscard]] Status commit(TranscriptAct act);
  [[nodiscard]] Result<HandedBatch> read(const TranscriptPartner& partner, TranscriptFilter filter,
                                         std::string& disclosed);
  [[nodiscard]] Status add(const TranscriptPartner& partner, TranscriptRow row, HandedBatch& out,
                           std::string& disclosed);
  [[nodiscard]] AuditDraft handed_entry(const TranscriptPartner& partner, std::int64_t batch, bool again,
                                        const std::string& actor, const std::string& disclosed) const;
  // The message of `exchange` that a number is for: the queued one, else the newest.
  [[nodiscard]] Result<OutboxRow> message_of(const TranscriptPartner& partner, const ExchangeId& exchange);
  void tell_of(const TranscriptPartner& partner, const TranscriptNumber& number);

  TranscriptTools tools_;
  Partners partners_;
  FormOf form_of_;
  std::mutex batches_;  // from reading fresh rows to their commit
};

}  // namespace tongqu
