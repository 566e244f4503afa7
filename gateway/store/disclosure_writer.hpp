#pragma once
// What left of whom, and the person index beside it. Writer's connection only; throws SqlError.
#include "gateway/core/disclosures.hpp"
#include "gateway/store/batch.hpp"
#include "gateway/store/person_writer.hpp"
#include "gateway/store/sqlite.hpp"

namespace tongqu::sql {

class DisclosureWriter {
 public:
  explicit DisclosureWriter(const Connection& main);

  // Id of a ledger text, 0 for none. Each different text of a batch is looked up once; `text` outlives `effects`.
  [[nodiscard]] std::int64_t ledger_id(const std::string& text, Effects& effects);
  // One row, under the entry that is added next. `seq` of the outbox, 0 for a query. Without a ledger nothing left.
  void note(const std::string& exchange, const std::string& recipient, const std::string& service, std::int64_t seq,
            std::int64_t ledger, const Effects& effects);

  [[nodiscard]] PersonWriter& persons() { return persons_; }

 private:
  PersonWriter persons_;
  Statement insert_ledger_, find_ledger_, note_;
};

}  // namespace tongqu::sql
