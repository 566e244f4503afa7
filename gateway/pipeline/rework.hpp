#pragma once
// What happens to stored work later: a held matter is completed or let go, a message that waited for a named person is
// released or turned back, a message is rendered again from the sealed original. All of it ends in one Store::act with
// its audit entry.
#include <functional>
#include <memory>
#include <string>

#include "gateway/pipeline/pipeline.hpp"

namespace tongqu {

// Who does it, and why; the reason is kept as a salted digest only.
struct ActBy {
  std::string actor;
  std::string reason;
};

// What a named person decided about a message that waits (待释放).
struct ReleaseDecision {
  std::optional<ReleaseAs> as;  // nothing: turned back, the message is not sent
  std::string summary;          // kSummary: what the person wrote
};
inline constexpr std::size_t kMaxSummaryCodePoints = 2'000;

// One field that waits, for the person who decides. Personal data.
struct WaitingField {
  std::string path;
  std::string title_zh;
  std::string text;      // as it would leave whole; empty when it is no text
  std::string scrubbed;  // as it would leave scrubbed; empty when it would not leave then
};

class Rework {
 public:
  using Done = std::function<void(Status)>;
  Rework(std::function<std::shared_ptr<const Plan>()> plan, Store& store, LineTools tools,
         std::function<void(const PartnerId&)> committed);

  // Finishes a task. `patch` is an object of the record's shape: members replace members, null removes one (RFC 7396).
  // The corrected record is validated; faults of grade error turn the act back unless `release` says that it goes as
  // it is. Then it is routed, viewed and rendered under today's configuration.
  // A task of an exchange that was routed before (its attachment could not be fetched) is closed and nothing is sent;
  // a patch turns it back then.
  // Errors: kNotFound, task.closed, task.patch, task.faults (with all faults), route.none, task.payload.
  // Blocking reads on the calling thread; `done` from any thread.
  void finish_task(std::int64_t task, const Node* patch, bool release, const ActBy& by, const Done& done);

  // Decides about a message that waits for a named person. It is viewed and rendered under today's configuration from
  // the sealed record, which carries what persons corrected in the original, and takes its place in the outbox: same
  // id, same turn. Errors: kNotFound, task.no-release, task.closed (somebody was faster), task.summary,
  // task.summary-place, route.none (today nothing goes to that recipient), task.payload. Nothing is changed then.
  void release(std::int64_t task, const ReleaseDecision& decision, const ActBy& by, const Done& done);
  // What waits, for the person who decides; `done` has it only after the audit entry of the look is committed. Errors
  // as above.
  void show_waiting(std::int64_t task, const ActBy& by, std::function<void(Result<std::vector<WaitingField>>)> done);
  // Closes a task whose matter a person took up elsewhere (a code table, units: docs/directories.md); nothing is sent.
  // The audit entry "taken-up" names `what`. Errors: kNotFound, store.wrong-state.
  struct TakenUp {
    std::string file, version, digest;
  };
  void take_up(std::int64_t task, const TakenUp& what, const ActBy& by, const Done& done);

  // Renders one message again from the sealed original under today's configuration and puts the result in its place
  // under a new id. Errors: kNotFound, task.payload, and whatever turns the message back today.
  void replace(const std::string& message_id, const ActBy& by, const Done& done);

  // dead | no-answer → queued again, same bytes, same id.
  void replay(const std::string& message_id, const ActBy& by, const Done& done);
  // dead | no-answer → skipped; what waits behind it goes.
  void skip(const std::string& message_id, const ActBy& by, const Done& done);
  void pause(const PartnerId& partner, bool paused, const ActBy& by, const Done& done);

  // The canonical record of an exchange as it is stored; for people with clearance and for explain.
  [[nodiscard]] Result<Document> record(const ExchangeId& exchange);
  [[nodiscard]] Result<std::string> original(const ExchangeId& exchange);

 private:
  [[nodiscard]] Result<SealKey> key_of(const ExchangeId& exchange, const Payload& payload) const;
  [[nodiscard]] Status corrected(Exchange& exchange, const Node* patch, bool release);
  // The exchange of a message that waits, up to its recipient.
  struct Waiting {
    TaskRow task;
    Exchange exchange;
    std::optional<SealKey> key;
    const RecipientPlan* recipient = nullptr;
  };
  [[nodiscard]] Result<std::unique_ptr<Waiting>> waiting(std::int64_t task);
  void close(std::int64_t task, const ExchangeId& exchange, const ActBy& by, const Done& done);
  void submit(OperatorAct act, const Done& done);

  std::function<std::shared_ptr<const Plan>()> plan_;
  Store& store_;
  LineTools tools_;
  std::function<void(const PartnerId&)> committed_;
};

// An audit entry with who acts and why. A reason is a sentence of a person and may name somebody; its salted digest
// proves later which sentence it was.
[[nodiscard]] AuditEntryBuilder entry_by(std::string_view kind, const ActBy& by, const LineTools& tools);

// Applies a merge patch (RFC 7396) to an object. Members of "envelope" and "kept" are not patched.
// False: the patch or a part of it is no object where the record has one.
[[nodiscard]] bool merge_patch(Document& document, Node& target, const Node& patch);

}  // namespace tongqu
