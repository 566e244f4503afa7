#include "gateway/admin/admin_json.hpp"

namespace tongqu {

void put_time(Document& out, Node& object, std::string_view name, std::int64_t ms) {
  out.add_text(object, name, ms == 0 ? std::string() : to_beijing_text({ms}));
}

void put_exchange(Document& out, Node& list, const ExchangeRow& row) {
  Node& o = *out.add_object(list);
  out.add_text(o, "exchange", row.exchange.str());
  out.add_text(o, "partner", row.partner.str());
  out.add_text(o, "service", row.service.str());
  out.add_text(o, "matter", row.matter.str());
  out.add_text(o, "operation", row.operation);
  out.add_number(o, "version", row.version);
  put_time(out, o, "receivedAt", row.received_ms);
  out.add_text(o, "state", row.state);
  out.add_text(o, "route", row.route);
  out.add_text(o, "config", row.config.str());
  out.add_number(o, "auditIndex", static_cast<std::int64_t>(row.audit_index));
}

void put_message(Document& out, Node& list, const OutboxRow& row) {
  Node& o = *out.add_object(list);
  out.add_text(o, "message", row.message_id);
  out.add_text(o, "exchange", row.exchange.str());
  out.add_text(o, "sender", row.sender.str());
  out.add_text(o, "recipient", row.recipient.str());
  out.add_text(o, "service", row.service.str());
  out.add_text(o, "state", name_of(row.state));
  out.add_number(o, "attempts", row.attempts);
  out.add_number(o, "status", row.status);
  out.add_text(o, "code", row.code);
  put_time(out, o, "createdAt", row.created_ms);
  put_time(out, o, "nextDue", row.state == OutboxState::kQueued ? row.next_due_ms : 0);
  put_time(out, o, "settledAt", row.settled_ms);
  out.append(o, out.make(Kind::kBoolean, row.head ? "true" : "false"), "head");
}

void put_task(Document& out, Node& list, const TaskRow& row) {
  Node& o = *out.add_object(list);
  out.add_number(o, "task", row.task);
  out.add_text(o, "queue", name_of(row.queue));
  out.add_text(o, "queueZh", name_zh_of(row.queue));
  out.add_text(o, "exchange", row.exchange.str());
  out.add_text(o, "partner", row.partner.str());
  out.add_text(o, "service", row.service.str());
  out.add_text(o, "matter", row.matter.str());
  out.add_text(o, "reason", row.reason);
  out.add_text(o, "message", row.message_id);
  out.add_text(o, "recipient", row.recipient.str());
  put_time(out, o, "createdAt", row.created_ms);
  put_time(out, o, "finishedAt", row.finished_ms);
}

}  // namespace tongqu
