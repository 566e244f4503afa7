#include "gateway/store/derivative_table.hpp"

#include "gateway/store/guarded.hpp"

namespace tongqu::sql {
namespace {

constexpr std::string_view kTable = "attachment table";

// `states` of the original: AttachmentState.
std::string ready(std::string_view states) {
  return "SELECT d.original FROM derivatives d JOIN attachments a ON a.id = d.original WHERE d.state = 0 AND a.state "
         "IN (" +
         std::string(states) + ") AND d.original > ? ORDER BY d.original LIMIT ?";
}

}  // namespace

Result<std::unique_ptr<DerivativeTable>> DerivativeTable::open(AttachmentTable& attachments) {
  using Opened = Result<std::unique_ptr<DerivativeTable>>;
  return guarded(kTable, [&]() -> Opened {
    std::unique_ptr<DerivativeTable> table(new DerivativeTable(attachments));
    DerivativeTable& t = *table;
    const Connection& db = attachments.connection();
    t.want_ = db.prepare("INSERT OR IGNORE INTO derivatives VALUES(?, 0, '', '')");
    t.by_original_ = db.prepare("SELECT state, copy, code FROM derivatives WHERE original = ?");
    t.scanned_ = db.prepare(ready("2"));
    t.stored_ = db.prepare(ready("1, 2"));
    t.settle_ = db.prepare(
        "UPDATE derivatives SET state = 1, copy = ?2, code = '' WHERE original = ?1 AND state <> 1 RETURNING 1");
    t.publish_ = db.prepare("UPDATE attachments SET state = 2 WHERE id = ? AND owner = ? AND state = 1 RETURNING 1");
    t.fail_ = db.prepare("UPDATE derivatives SET state = 2, code = ?2 WHERE original = ?1 AND state = 0");
    t.erase_ = db.prepare("DELETE FROM derivatives WHERE original = ?");
    t.strays_ = db.prepare(
        "SELECT id FROM attachments WHERE owner = ? AND idempotency_key <> '' AND id NOT IN (SELECT copy FROM "
        "derivatives) LIMIT ?");
    return table;
  });
}

Status DerivativeTable::want(const AttachmentId& original) {
  return guarded(kTable, [&]() -> Status {
    // Most messages name what is known: looking costs no write.
    if (Query query(by_original_, original.str()); query.next()) return {};
    want_.run(original.str());
    return {};
  });
}

Result<std::optional<Derivative>> DerivativeTable::by_original(const AttachmentId& original) {
  return guarded(kTable, [&]() -> Result<std::optional<Derivative>> {
    Query query(by_original_, original.str());
    if (!query.next()) return std::optional<Derivative>();
    Derivative row;
    row.original = original;
    row.state = static_cast<DerivativeState>(query.integer(0));
    row.copy = AttachmentId(query.text(1));
    row.code = query.text(2);
    return std::optional<Derivative>(std::move(row));
  });
}

Result<std::vector<AttachmentId>> DerivativeTable::underived(const AttachmentId& after, std::size_t limit,
                                                             bool without_scan) {
  return guarded(kTable, [&]() -> Result<std::vector<AttachmentId>> {
    std::vector<AttachmentId> ids;
    Query query(without_scan ? stored_ : scanned_, after.str(), limit);
    while (query.next()) ids.emplace_back(query.text(0));
    return ids;
  });
}

Result<bool> DerivativeTable::settle(const AttachmentId& original, const AttachmentId& copy) {
  const Connection& db = attachments_.connection();
  bool settled = false;
  auto done = guarded(kTable, [&]() -> Status {
    db.exec("BEGIN IMMEDIATE");
    bool wanted = false;
    bool there = false;
    for (Query query(settle_, original.str(), copy.str()); query.next();) wanted = true;
    for (Query query(publish_, copy.str(), kDeriver); query.next();) there = true;
    settled = wanted && there;
    db.exec(settled ? "COMMIT" : "ROLLBACK");
    return {};
  });
  if (done.has_error()) {
    db.rollback();
    return done.error();
  }
  return settled;
}

Status DerivativeTable::fail(const AttachmentId& original, std::string_view code) {
  return guarded(kTable, [&]() -> Status {
    fail_.run(original.str(), code);
    return {};
  });
}

Status DerivativeTable::erase(const AttachmentId& original) {
  return guarded(kTable, [&]() -> Status {
    erase_.run(original.str());
    return {};
  });
}

Result<std::vector<AttachmentId>> DerivativeTable::strays(std::size_t limit) {
  return guarded(kTable, [&]() -> Result<std::vector<AttachmentId>> {
    std::vector<AttachmentId> ids;
    Query query(strays_, kDeriver, limit);
    while (query.next()) ids.emplace_back(query.text(0));
    return ids;
  });
}

}  // namespace tongqu::sql
