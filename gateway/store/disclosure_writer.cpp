#include "gateway/store/disclosure_writer.hpp"

#include "gateway/store/store_codes.hpp"

namespace tongqu::sql {

DisclosureWriter::DisclosureWriter(const Connection& main)
    : main_(main),
      insert_ledger_(main.prepare("INSERT INTO ledgers(text) VALUES(?) ON CONFLICT DO NOTHING")),
      find_ledger_(main.prepare("SELECT id FROM ledgers WHERE text = ?")),
      note_(main.prepare("INSERT INTO disclosures VALUES(NULL, ?, ?, ?, ?, ?, ?, ?)")),
      index_(main.prepare("INSERT OR IGNORE INTO persons VALUES(?, ?, ?, ?, ?)")),
      forget_exchange_(main.prepare("DELETE FROM persons WHERE exchange = ?")),
      forget_person_(main.prepare("DELETE FROM persons WHERE hash = ?")),
      forget_both_(main.prepare("DELETE FROM persons WHERE hash = ? AND exchange = ?")) {}

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

void DisclosureWriter::index(const std::string& exchange, const std::vector<PersonMark>& persons) {
  for (const PersonMark& mark : persons) index_.run(Blob{mark.hash}, exchange, mark.role, mark.kind, mark.key_version);
}

// Overwritten with zeros, which SQLite does not do by itself: a hash that is gone must not stand in a free page. The
// write-ahead log holds it until it is written back.
Outcome DisclosureWriter::forget(const PersonErasure& erasure, Effects& effects) {
  if (erasure.exchange.empty() && erasure.person.empty()) return failed(codes::kInternal, "erasure of nobody");
  main_.exec("PRAGMA secure_delete = ON");
  if (erasure.person.empty()) forget_exchange_.run(erasure.exchange.str());
  for (const PersonMark& mark : erasure.person) {
    if (erasure.exchange.empty()) {
      forget_person_.run(Blob{mark.hash});
    } else {
      forget_both_.run(Blob{mark.hash}, erasure.exchange.str());
    }
  }
  main_.exec("PRAGMA secure_delete = OFF");
  effects.add_entry(erasure.entry, false);
  return {};
}

}  // namespace tongqu::sql
