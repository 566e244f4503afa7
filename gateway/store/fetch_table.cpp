#include "gateway/store/fetch_table.hpp"

#include <limits>

#include "gateway/store/guarded.hpp"

namespace tongqu::sql {
namespace {

constexpr std::string_view kTable = "attachment table";
constexpr std::string_view kWanted = "5";   // AttachmentState::kWanted
constexpr std::string_view kRefused = "3";  // AttachmentState::kRefused

std::string where_wanted(std::string_view statement) {
  return std::string(statement) + " WHERE id = ? AND state = " + std::string(kWanted);
}

}  // namespace

Result<std::unique_ptr<FetchTable>> FetchTable::open(AttachmentTable& attachments) {
  using Opened = Result<std::unique_ptr<FetchTable>>;
  return guarded(kTable, [&]() -> Opened {
    std::unique_ptr<FetchTable> table(new FetchTable(attachments));
    FetchTable& t = *table;
    const Connection& db = attachments.connection();
    t.insert_ = db.prepare("INSERT INTO fetches VALUES(?, ?, ?, ?, 0, ?, ?, ?, x'')");
    t.become_wanted_ = db.prepare("UPDATE attachments SET state = 5 WHERE id = ?");
    t.by_id_ = db.prepare(
        "SELECT owner, due_ms, since_ms, attempts, typed, digested, sealed_url, sealed_validator FROM fetches "
        "WHERE id = ?");
    t.due_ = db.prepare(
        "SELECT f.id FROM fetches f JOIN attachments a ON a.id = f.id WHERE f.owner = ? AND f.due_ms <= ? AND "
        "a.state = 5 ORDER BY f.due_ms LIMIT ?");
    t.begin_ = db.prepare("UPDATE fetches SET sealed_validator = ? WHERE id = ?");
    t.begin_attachment_ = db.prepare(where_wanted("UPDATE attachments SET size_bytes = ?"));
    t.restart_attachment_ = db.prepare(
        where_wanted("UPDATE attachments SET size_bytes = ?, offset_bytes = 0, tail = x'', type = iif(?, type, '')"));
    t.set_type_ = db.prepare(where_wanted("UPDATE attachments SET type = ?"));
    t.put_off_ = db.prepare("UPDATE fetches SET due_ms = ?, attempts = ? WHERE id = ?");
    t.set_code_ = db.prepare(where_wanted("UPDATE attachments SET code = ?"));
    t.finish_ = db.prepare(where_wanted(
        "UPDATE attachments SET state = 1, offset_bytes = size_bytes, digest = ?, suite_digest = ?, tail = x'', "
        "code = ''"));
    t.refuse_ = db.prepare(where_wanted("UPDATE attachments SET state = 3, code = ?, offset_bytes = 0, tail = x''"));
    t.retry_ = db.prepare("UPDATE fetches SET due_ms = ?1, since_ms = ?1, attempts = 0 WHERE id = ?2");
    t.retry_attachment_ =
        db.prepare("UPDATE attachments SET state = 5, code = '' WHERE id = ? AND state = " + std::string(kRefused));
    t.erase_ = db.prepare("DELETE FROM fetches WHERE id = ?");
    t.counts_ = db.prepare(
        "SELECT count(*) FILTER (WHERE a.state = 5), count(*) FILTER (WHERE a.state = 3) FROM fetches f JOIN "
        "attachments a ON a.id = f.id WHERE f.owner = ?");
    return table;
  });
}

template <class F>
Status FetchTable::in_transaction(F&& work) {
  const Connection& db = attachments_.connection();
  auto done = guarded(kTable, [&]() -> Status {
    db.exec("BEGIN IMMEDIATE");
    Status status = work();
    if (status.has_value()) db.exec("COMMIT");
    return status;
  });
  if (done.has_error()) db.rollback();
  return done;
}

Status FetchTable::insert(const AttachmentRow& attachment, const FetchRow& row) {
  return in_transaction([&]() -> Status {
    if (auto status = attachments_.insert(attachment); status.has_error()) return status;
    become_wanted_.run(row.id.str());
    insert_.run(row.id.str(), row.owner.str(), row.due_ms, row.since_ms, row.typed ? 1 : 0, row.digested ? 1 : 0,
                Blob{row.sealed_url});
    return {};
  });
}

Result<std::optional<FetchRow>> FetchTable::by_id(const AttachmentId& id) {
  return guarded(kTable, [&]() -> Result<std::optional<FetchRow>> {
    Query query(by_id_, id.str());
    if (!query.next()) return std::optional<FetchRow>();
    FetchRow row;
    row.id = id;
    row.owner = PartnerId(query.text(0));
    row.due_ms = query.integer(1);
    row.since_ms = query.integer(2);
    row.attempts = static_cast<std::int32_t>(query.integer(3));
    row.typed = query.integer(4) != 0;
    row.digested = query.integer(5) != 0;
    row.sealed_url = query.text(6);
    row.sealed_validator = query.text(7);
    return std::optional(std::move(row));
  });
}

Result<std::vector<AttachmentId>> FetchTable::due(const PartnerId& owner, Instant now, std::size_t limit) {
  return guarded(kTable, [&]() -> Result<std::vector<AttachmentId>> {
    std::vector<AttachmentId> ids;
    Query query(due_, owner.str(), now.ms, limit);
    while (query.next()) ids.emplace_back(query.text(0));
    return ids;
  });
}

Status FetchTable::begin(const FetchRow& row, std::uint64_t size_bytes, Bytes sealed_validator, bool from_start) {
  return in_transaction([&]() -> Status {
    begin_.run(Blob{sealed_validator}, row.id.str());
    if (from_start) {
      restart_attachment_.run(size_bytes, row.typed ? 1 : 0, row.id.str());
    } else {
      begin_attachment_.run(size_bytes, row.id.str());
    }
    return {};
  });
}

Status FetchTable::set_type(const AttachmentId& id, std::string_view type) {
  return guarded(kTable, [&]() -> Status {
    set_type_.run(type, id.str());
    return {};
  });
}

Status FetchTable::put_off(const AttachmentId& id, Instant due, std::int32_t attempts, std::string_view code) {
  return in_transaction([&]() -> Status {
    put_off_.run(due.ms, attempts, id.str());
    set_code_.run(code, id.str());
    return {};
  });
}

Status FetchTable::finish(const AttachmentId& id, const Digest32& digest, std::string_view suite_digest) {
  return in_transaction([&]() -> Status {
    finish_.run(Blob{as_text(digest)}, Blob{suite_digest}, id.str());
    erase_.run(id.str());
    return {};
  });
}

// Never due: however many there are, a look for work does not see them.
Status FetchTable::refuse(const AttachmentId& id, std::string_view code) {
  return in_transaction([&]() -> Status {
    put_off_.run(std::numeric_limits<std::int64_t>::max(), 0, id.str());
    refuse_.run(code, id.str());
    return {};
  });
}

Result<bool> FetchTable::retry(const AttachmentId& id, Instant now) {
  const auto row = by_id(id);
  if (row.has_error()) return row.error();
  if (!*row) return false;
  const auto done = in_transaction([&]() -> Status {
    retry_.run(now.ms, id.str());
    retry_attachment_.run(id.str());
    return {};
  });
  return done.has_error() ? Result<bool>(done.error()) : Result<bool>(true);
}

Status FetchTable::erase(const AttachmentId& id) {
  return guarded(kTable, [&]() -> Status {
    erase_.run(id.str());
    return {};
  });
}

Result<FetchCounts> FetchTable::counts(const PartnerId& owner) {
  return guarded(kTable, [&]() -> Result<FetchCounts> {
    FetchCounts counts;
    if (Query query(counts_, owner.str()); query.next()) {
      counts.wanted = static_cast<std::size_t>(query.integer(0));
      counts.refused = static_cast<std::size_t>(query.integer(1));
    }
    return counts;
  });
}

}  // namespace tongqu::sql
