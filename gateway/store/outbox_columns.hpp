#pragma once
// Columns of an outbox row as the reads select them: `o` is outbox, `c` outbox_contents.
#include "gateway/core/store.hpp"
#include "gateway/store/sqlite.hpp"

namespace tongqu::sql::reads {

inline constexpr const char* kOutboxColumns =
    "SELECT o.seq, o.message_id, o.exchange, o.recipient, o.sender, o.service, o.order_key, o.state, o.lane, "
    "o.attempts, o.created_ms, o.next_due_ms, o.deadline_ms, o.settled_ms, o.status, o.code, c.content_type, ";
// Column 17. Ledger texts are kept once each; rows of earlier versions have their own.
inline constexpr const char* kOutboxLedger =
    "CASE WHEN c.ledger_id = 0 THEN c.ledger ELSE (SELECT text FROM ledgers WHERE id = c.ledger_id) END";

// `whole`: columns 18 and 19 are the sealed payload and the wrapped key.
inline OutboxRow outbox_row_of(const Query& rows, bool whole) {
  OutboxRow row;
  row.seq = rows.integer(0);
  row.message_id = rows.text(1);
  row.exchange = ExchangeId(rows.text(2));
  row.recipient = PartnerId(rows.text(3));
  row.sender = PartnerId(rows.text(4));
  row.service = ServiceId(rows.text(5));
  row.order_key = rows.text(6);
  row.state = static_cast<OutboxState>(rows.integer(7));
  row.head = rows.integer(8) != 0;
  row.attempts = static_cast<std::int32_t>(rows.integer(9));
  row.created_ms = rows.integer(10);
  row.next_due_ms = rows.integer(11);
  row.deadline_ms = rows.integer(12);
  row.settled_ms = rows.integer(13);
  row.status = static_cast<int>(rows.integer(14));
  row.code = rows.text(15);
  row.content_type = rows.text(16);
  row.ledger = rows.text(17);
  if (whole) {
    row.sealed = rows.text(18);
    row.wrapped_key = rows.text(19);
  }
  return row;
}

}  // namespace tongqu::sql::reads
