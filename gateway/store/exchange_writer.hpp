#pragma once
// Rows of exchanges, tasks, keys of repetition, nonces, and what people do to them. Writer's connection only; throws
// SqlError. Each apply checks first and writes afterwards: an outcome with an error has written nothing.
#include "gateway/store/audit_writer.hpp"
#include "gateway/store/batch.hpp"
#include "gateway/store/nonce_book.hpp"
#include "gateway/store/outbox_writer.hpp"
#include "gateway/store/sqlite.hpp"

namespace tongqu::sql {

class ExchangeWriter {
 public:
  ExchangeWriter(const Connection& main, AuditWriter& audit, NonceBook& nonces, DisclosureWriter& disclosures);

  Outcome apply(const NewExchange& exchange, Effects& effects);
  Outcome apply(const OperatorAct& act, Effects& effects);
  Outcome apply(const Settlement& settlement, Effects& effects) { return outbox_.settle(settlement, effects); }
  Outcome purge(const PurgeItem& item, Effects& effects);
  [[nodiscard]] OutboxWriter& outbox() { return outbox_; }

 private:
  [[nodiscard]] std::optional<Outcome> seen_before(const NewExchange& exchange, const Effects& effects);
  [[nodiscard]] std::int64_t next_version(const NewExchange& exchange);
  void insert(const NewExchange& exchange, Effects& effects);
  Outcome replay(const OperatorAct& act, Effects& effects);
  Outcome replace(const OperatorAct& act, Effects& effects);
  Outcome skip(const OperatorAct& act, Effects& effects);
  struct FoundTask {
    std::string exchange, partner, message;
    bool finished = false;
    std::int64_t open_tasks = 0;  // of the exchange
    std::int64_t audit_index = 0;
  };
  [[nodiscard]] std::optional<FoundTask> find_task(std::int64_t task);
  void open_tasks(const std::vector<NewTask>& tasks, const std::string& exchange, Effects& effects);
  Outcome finish_task(const OperatorAct& act, Effects& effects);
  Outcome release(const OperatorAct& act, Effects& effects);
  Outcome open_task(const OperatorAct& act, Effects& effects);
  Outcome pause(const OperatorAct& act, Effects& effects);
  Outcome perform(const OperatorAct& act, Effects& effects);

  AuditWriter& audit_;
  NonceBook& nonces_;
  DisclosureWriter& disclosures_;
  OutboxWriter outbox_;
  Statement find_key_, bind_key_, version_, insert_, insert_origin_, insert_content_, insert_task_, find_task_,
      same_task_, open_tasks_, close_task_, find_exchange_, replace_record_, set_route_, pause_, resume_, insert_act_,
      finished_, purge_content_, purge_rows_, mark_purged_;
};

}  // namespace tongqu::sql
