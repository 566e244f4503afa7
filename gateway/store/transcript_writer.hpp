#pragma once
// Batches and numbers of messages that people transcribe. Writer's connection only; throws SqlError. Each act checks
// first and writes afterwards: an outcome with an error has written nothing.
#include "gateway/core/transcript.hpp"
#include "gateway/store/batch.hpp"
#include "gateway/store/outbox_writer.hpp"
#include "gateway/store/sqlite.hpp"

namespace tongqu::sql {

class TranscriptWriter {
 public:
  // `outbox` outlives the object.
  TranscriptWriter(const Connection& main, OutboxWriter& outbox);
  Outcome apply(const TranscriptAct& act, Effects& effects);

 private:
  Outcome hand_out(const TranscriptAct& act);
  Outcome known_batch(const TranscriptAct& act, bool written);
  Outcome enter(const TranscriptAct& act, Effects& effects);
  Outcome revoke(const TranscriptAct& act, Effects& effects);
  [[nodiscard]] std::optional<Outcome> number_refused(const TranscriptAct& act, const OutboxWriter::Found& row);

  OutboxWriter& outbox_;
  Statement last_batch_, insert_batch_, fresh_, insert_row_, written_, find_batch_, earlier_, of_key_, of_number_,
      insert_number_, later_, erase_number_, purged_, wait_again_, told_, reminded_;
};

}  // namespace tongqu::sql
