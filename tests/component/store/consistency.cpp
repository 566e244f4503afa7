#include "tests/component/store/consistency.hpp"

#include <array>

#include "gateway/store/sqlite.hpp"

namespace tongqu::test {
namespace {

struct Rule {
  const char* name;
  const char* violations;  // a query whose first value counts them
};

constexpr std::array kRules{
    Rule{"a queued row is head exactly when it is the lowest that holds its key",
         "SELECT count(*) FROM outbox o WHERE state = 0 AND (lane > 0) <> "
         "(seq = (SELECT min(seq) FROM outbox x WHERE x.order_key = o.order_key AND x.holds = 1))"},
    Rule{"only queued rows have a lane, and a lane fits the time",
         "SELECT count(*) FROM outbox WHERE lane > 0 AND (state <> 0 OR (lane = 2) <> (next_due_ms > 0))"},
    Rule{"queued, no-answer and dead rows hold their key",
         "SELECT count(*) FROM outbox WHERE holds <> (state IN (0, 2, 3))"},
    Rule{"counters of recipients",
         "SELECT count(*) FROM counters c WHERE queued <> (SELECT count(*) FROM outbox WHERE recipient = c.partner AND "
         "state = 0) OR delivered <> (SELECT count(*) FROM outbox WHERE recipient = c.partner AND state = 1) OR "
         "no_answer <> (SELECT count(*) FROM outbox WHERE recipient = c.partner AND state = 2) OR "
         "dead <> (SELECT count(*) FROM outbox WHERE recipient = c.partner AND state = 3)"},
    Rule{
        "counters of senders",
        "SELECT count(*) FROM counters c WHERE stored <> (SELECT count(*) FROM exchanges WHERE partner = c.partner) OR "
        "held <> (SELECT count(*) FROM exchanges WHERE partner = c.partner AND state = 1)"},
    Rule{
        "every partner is counted",
        "SELECT count(*) FROM (SELECT recipient AS p FROM outbox WHERE state IN (0, 1, 2, 3) UNION SELECT partner FROM "
        "exchanges) WHERE p NOT IN (SELECT partner FROM counters)"},
    Rule{
        "numbers of an exchange",
        "SELECT count(*) FROM exchanges e WHERE queued <> (SELECT count(*) FROM outbox WHERE exchange = e.id AND state "
        "= 0) OR troubled <> (SELECT count(*) FROM outbox WHERE exchange = e.id AND state IN (2, 3)) OR "
        "open_tasks <> (SELECT count(*) FROM tasks WHERE exchange = e.id AND finished_ms = 0)"},
    Rule{"state of an exchange",
         "SELECT count(*) FROM exchanges WHERE state <> CASE WHEN open_tasks > 0 THEN 1 WHEN troubled > 0 THEN 3 WHEN "
         "queued > 0 THEN 0 ELSE 2 END OR (state = 2) <> (closed_ms <> 0)"},
    Rule{"one audit entry, with receipt, names each exchange",
         "SELECT count(*) FROM exchanges e WHERE NOT EXISTS(SELECT 1 FROM audit a WHERE a.idx = e.audit_index AND "
         "instr(a.entry, e.id) > 0 AND a.receipt_head <> '')"},
    Rule{"each delivered row has its receipt",
         "SELECT count(*) FROM outbox o WHERE state = 1 AND NOT EXISTS(SELECT 1 FROM audit a WHERE a.idx = "
         "o.receipt_index AND instr(a.entry, o.message_id) > 0)"},
    Rule{"as many entries as the checkpoint says", "SELECT tree_size <> (SELECT count(*) FROM audit) FROM checkpoint"},
    Rule{"entries without a gap", "SELECT count(*) > 0 AND max(idx) + 1 <> count(*) FROM audit"},
    Rule{"contents of exchanges",
         "SELECT count(*) FROM exchanges e WHERE NOT EXISTS(SELECT 1 FROM contents c WHERE c.audit_index = "
         "e.audit_index)"},
    Rule{"contents of rows",
         "SELECT count(*) FROM outbox o WHERE NOT EXISTS(SELECT 1 FROM outbox_contents c WHERE c.seq = o.seq)"},
    Rule{"a row belongs to an exchange",
         "SELECT count(*) FROM outbox WHERE exchange NOT IN (SELECT id FROM exchanges)"},
    Rule{
        "versions of a matter",
        "SELECT count(*) FROM (SELECT 1 FROM exchanges WHERE matter <> '' GROUP BY partner, matter HAVING max(version) "
        "<> count(*) OR count(DISTINCT version) <> count(*))"},
    Rule{"a key binds an exchange that exists",
         "SELECT count(*) FROM dedup WHERE exchange NOT IN (SELECT id FROM exchanges)"},
    // Of a finished one a purge may have erased the key already: keys go first.
    Rule{"each exchange that is not finished has its key",
         "SELECT count(*) FROM exchanges WHERE closed_ms = 0 AND id NOT IN (SELECT exchange FROM keydb.keys)"},
    Rule{"a purged exchange has no key and no content",
         "SELECT count(*) FROM exchanges e WHERE closed_ms < 0 AND (id IN (SELECT exchange FROM keydb.keys) OR "
         "EXISTS(SELECT 1 FROM contents c WHERE c.audit_index = e.audit_index AND c.original <> x''))"},
};

}  // namespace

std::vector<std::string> broken_rules(const std::filesystem::path& folder, const std::string& vfs) {
  std::vector<std::string> broken;
  sql::Connection main((folder / "main.db").string(), {vfs, 1000});
  const std::string keys = sql::uri_of((folder / "keys.db").string(), vfs);
  main.prepare("ATTACH ? AS keydb").run(keys);
  for (const Rule& rule : kRules) {
    if (main.integer(rule.violations) != 0) broken.emplace_back(rule.name);
  }
  for (const char* schema : {"main", "keydb"}) {
    sql::Statement check = main.prepare(std::string("PRAGMA ") + schema + ".integrity_check");
    if (check.step() && check.view(0) != "ok")
      broken.emplace_back(std::string("integrity: ") + std::string(check.view(0)));
  }
  return broken;
}

}  // namespace tongqu::test
