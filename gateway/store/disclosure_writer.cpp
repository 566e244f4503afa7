#include "gateway/store/disclosure_writer.hpp"

namespace tongqu::sql {

DisclosureWriter::DisclosureWriter(const Connection& main)
    : persons_(main),
      insert_ledger_(main.prepare("INSERT INTO ledgers(text) VALUES(?) ON CONFLICT DO NOTHING")),
      find_ledger_(main.prepare("SELECT id FROM ledgers WHERE text = ?")),
      note_(main.prepare("INSERT INTO disclosures VALUES(NULL, ?, ?, ?, ?, ?, ?, ?)")) {}

std::int64_t DisclosureWriter::ledger_id(const std::string& text, Effects& effects) {
  if (text.empty()) return 0;
  const auto [known, fresh] = effects.ledger_ids.try_emplace(text, 0);
  if (fresh) {
    insert_ledger_.run(text);
    Query rows(find_ledger_, text);
    if (rows.next()) known->second = rows.integer(0);
  }
  return known->second;
}

void DisclosureWriter::note(const std::string& exchange, const std::string& recipient, const std::string& service,
                            std::int64_t seq, std::int64_t ledger, const Effects& effects) {
  if (ledger == 0) return;
  note_.run(effects.now.ms, exchange, recipient, service, seq, ledger, effects.next_index());
}

}  // namespace tongqu::sql
