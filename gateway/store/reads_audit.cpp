#include <algorithm>

#include "gateway/store/audit_writer.hpp"
#include "gateway/store/reads.hpp"

namespace tongqu::sql::reads {
namespace {

constexpr std::uint64_t kTile = 256;

template <class... Args>
std::vector<Digest32> digests(Statement& statement, const Args&... args) {
  Query rows(statement, args...);
  std::vector<Digest32> out;
  while (rows.next()) out.push_back(to_digest(rows.view(0)));
  return out;
}

// A tile number beyond any log; it must not wrap round to an existing one.
bool beyond(std::uint64_t tile) { return tile > (INT64_MAX >> 8) - 1; }

}  // namespace

Result<std::string> receipt(ReadSession& session, std::string_view kind, const std::string& id) {
  static const std::string kText =
      "SELECT CASE WHEN a.receipt_tail IS NULL THEN a.receipt_head ELSE a.receipt_head || a.entry || a.receipt_tail "
      "END "
      "FROM audit a WHERE a.idx = ";
  static const std::string kStored = kText + "(SELECT audit_index FROM exchanges WHERE id = ?)";
  static const std::string kDelivered = kText + "(SELECT receipt_index FROM outbox WHERE message_id = ?)";
  if (kind != "stored" && kind != "delivered") return make_error(codes::kNotFound, "receipt");
  Query rows(session.statement(kind == "stored" ? kStored : kDelivered), id);
  if (!rows.next()) return make_error(codes::kNotFound, "receipt");
  return rows.text(0);
}

Result<std::vector<AuditRow>> audit_entries(ReadSession& session, std::uint64_t from, std::size_t limit) {
  static const std::string kEntries = "SELECT idx, entry FROM audit WHERE idx >= ? ORDER BY idx LIMIT ?";
  std::vector<AuditRow> out;
  if (from > INT64_MAX) return out;
  Query rows(session.statement(kEntries), from, std::min(limit, kPageLimit));
  while (rows.next()) out.push_back({static_cast<std::uint64_t>(rows.integer(0)), rows.text(1)});
  return out;
}

Result<std::vector<OpenQuery>> open_queries(ReadSession& session, Instant asked_before, std::size_t limit) {
  static const std::string kOpen =
      "SELECT query, partner, recipient, service, asked_ms FROM open_queries WHERE asked_ms < ? ORDER BY query LIMIT ?";
  std::vector<OpenQuery> out;
  Query rows(session.statement(kOpen), asked_before.ms, std::min(limit, kPageLimit));
  while (rows.next()) {
    out.push_back({ExchangeId(rows.text(0)), PartnerId(rows.text(1)), PartnerId(rows.text(2)), ServiceId(rows.text(3)),
                   rows.integer(4)});
  }
  return out;
}

Result<std::string> ledger(ReadSession& session, const Bytes& digest) {
  static const std::string kLedger = "SELECT ledger FROM query_ledgers WHERE digest = ?";
  Query rows(session.statement(kLedger), Blob{digest});
  if (!rows.next()) return make_error(codes::kNotFound, "ledger");
  return rows.text(0);
}

Result<std::string> checkpoint(ReadSession& session) {
  static const std::string kNote = "SELECT note FROM checkpoint";
  Query rows(session.statement(kNote));
  if (!rows.next()) return make_error(codes::kStoreCorrupt, "checkpoint");
  return rows.text(0);
}

Result<std::vector<Digest32>> leaf_tile(ReadSession& session, std::uint64_t tile) {
  static const std::string kLeaves = "SELECT leaf FROM audit WHERE idx >= ?1 AND idx < ?1 + 256 ORDER BY idx";
  if (beyond(tile)) return std::vector<Digest32>{};
  return digests(session.statement(kLeaves), tile * kTile);
}

Result<std::vector<Digest32>> node_tile(ReadSession& session, std::uint32_t level, std::uint64_t tile) {
  static const std::string kNodes =
      "SELECT hash FROM nodes WHERE level = ?1 AND idx >= ?2 AND idx < ?2 + 256 ORDER BY idx";
  if (beyond(tile)) return std::vector<Digest32>{};
  return digests(session.statement(kNodes), level, tile * kTile);
}

}  // namespace tongqu::sql::reads
