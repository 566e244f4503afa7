#pragma once
// What happens to stored work later: a held matter is completed or released, a message is rendered again from the
// sealed original. All of it ends in one Store::act with its audit entry.
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

class Rework {
 public:
  using Done = std::function<void(Status)>;
  Rework(std::function<std::shared_ptr<const Plan>()> plan, Store& store, LineTools tools,
         std::function<void(const PartnerId&)> committed);

  // Finishes a task. `patch` is an object of the record's shape: members replace members, null removes one (RFC 7396).
  // The corrected record is validated; faults of grade error turn the act back unless `release` says that it goes as
  // it is. Then it is routed, viewed and rendered under today's configuration.
  // Errors: kNotFound, task.closed, task.patch, task.faults (with all faults), route.none, task.payload.
  // Blocking reads on the calling thread; `done` from any thread.
  void finish_task(std::int64_t task, const Node* patch, bool release, const ActBy& by, const Done& done);

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
  void submit(OperatorAct act, const Done& done);

  std::function<std::shared_ptr<const Plan>()> plan_;
  Store& store_;
  LineTools tools_;
  std::function<void(const PartnerId&)> committed_;
};

// Applies a merge patch (RFC 7396) to an object. Members of "envelope" and "kept" are not patched.
// False: the patch or a part of it is no object where the record has one.
[[nodiscard]] bool merge_patch(Document& document, Node& target, const Node& patch);

}  // namespace tongqu
