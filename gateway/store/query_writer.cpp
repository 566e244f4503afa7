#include "gateway/store/query_writer.hpp"

#include "gateway/store/store_codes.hpp"

namespace tongqu::sql {

QueryWriter::QueryWriter(const Connection& main, NonceBook& nonces, DisclosureWriter& disclosures)
    : nonces_(nonces),
      disclosures_(disclosures),
      open_(main.prepare("INSERT INTO open_queries VALUES(?, ?, ?, ?, ?)")),
      close_(main.prepare("DELETE FROM open_queries WHERE query = ? RETURNING 1")),
      keep_ledger_(main.prepare("INSERT OR IGNORE INTO query_ledgers VALUES(?, ?)")) {}

Outcome QueryWriter::apply(const QueryNote& note, Effects& effects) {
  const bool abandoned = note.kind == QueryNote::Kind::kAbandoned;
  // The reserve of free space is for what ends work, not for what begins it.
  if (!abandoned && effects.refuse_exchanges) return failed(codes::kUnavailable);
  if (nonces_.used(note.partner, note.nonce, note.nonce_expires_ms)) return failed(codes::kReplay);
  if (note.kind == QueryNote::Kind::kAsked) {
    open_.run(note.query.str(), note.partner.str(), note.recipient.str(), note.service.str(), note.at.ms);
  } else if (!note.query.empty()) {
    Query rows(close_, note.query.str());
    const bool was_open = rows.next();
    if (!was_open && abandoned) return failed(codes::kNotFound, "query");
  }
  nonces_.use(note.partner, note.nonce, note.nonce_expires_ms);
  if (!note.ledger.empty() && effects.ledgers.insert(note.ledger_digest).second) {
    keep_ledger_.run(Blob{note.ledger_digest}, note.ledger);
  }
  if (!note.ledger.empty() && !note.exchange.empty()) {
    const PartnerId& recipient = note.kind == QueryNote::Kind::kAsked ? note.recipient : note.partner;
    disclosures_.note(note.exchange.str(), recipient.str(), note.service.str(), 0,
                      disclosures_.ledger_id(note.ledger, effects), effects);
    disclosures_.persons().wait(note.exchange.str(), note.persons);
  }
  effects.add_entry(note.entry, false);
  return {};
}

}  // namespace tongqu::sql
