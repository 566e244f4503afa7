#pragma once
// The explanation of an exchange that is stored: which source, rule, functions, table and treatment made each field of
// each recipient's message, under the configuration that it was taken in with or under today's. No value is in it but
// what the reader's clearance, always that of today, permits.
#include "gateway/app/config_compile.hpp"
#include "gateway/pipeline/rework.hpp"

namespace tongqu::app {

enum class ExplainUnder : std::uint8_t { kThen, kNow };

// Thread-safe as far as what it refers to is.
struct StoredExplainer {
  Store& store;
  Rework& rework;
  const ConfigSource& source;
  const KeptConfigs& kept;
  const std::filesystem::path& directory;  // of the configuration
  const Codec& json;
  std::shared_ptr<const CompiledConfig> now;

  // {exchange, config, under, mapping, state, findings, record, recipients}: explain() without the messages, and
  // with what became of each condition. Fails with
  // kNotFound, task.payload (erased), settings.copy-missing (that configuration is not kept any more), and whatever
  // turns the message back under this configuration. `clearance`: empty = no value at all; one that there is not today
  // fails with kNotFound.
  [[nodiscard]] Result<Document> explain(const ExchangeId& exchange, ExplainUnder under, Lang lang,
                                         const std::string& clearance = {}) const;

 private:
  [[nodiscard]] Status say_met(Document& out, Node& recipient, const ExchangeId& exchange) const;
  // Why a message without ledger entry has none.
  [[nodiscard]] std::string waits_for(const OutboxRow& row) const;
  [[nodiscard]] Result<std::shared_ptr<const CompiledConfig>> then(const ExchangeRow& row) const;
};

}  // namespace tongqu::app
