#include "gateway/store/audit_writer.hpp"

#include <algorithm>

#include "gateway/store/store_codes.hpp"

namespace tongqu::sql {
namespace {

constexpr std::string_view kCount = R"sql(
INSERT INTO counters VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT(partner) DO UPDATE SET stored = stored + ?2, held = held + ?3, queued = queued + ?4,
  delivered = delivered + ?5, no_answer = no_answer + ?6, dead = dead + ?7)sql";

// An entry stands in its receipt word for word, so a receipt is kept as what surrounds it; NULL as tail: the head is
// all.
constexpr std::string_view kReceipt =
    "SELECT CASE WHEN receipt_tail IS NULL THEN receipt_head ELSE receipt_head || entry || receipt_tail END "
    "FROM audit WHERE idx = ?";

}  // namespace

AuditWriter::AuditWriter(const Connection& main)
    : insert_(main.prepare("INSERT INTO audit(idx, leaf, receipt_head, receipt_tail, entry) VALUES(?, ?, ?, ?, ?)")),
      insert_node_(main.prepare("INSERT INTO nodes VALUES(?, ?, ?)")),
      checkpoint_(main.prepare("UPDATE checkpoint SET tree_size = ?, note = ?")),
      mark_(main.prepare("UPDATE checkpoint SET batch = ?")),
      count_(main.prepare(kCount)),
      probe_(main.prepare("UPDATE checkpoint SET probed_ms = ?")),
      receipt_(main.prepare(kReceipt)) {}

void AuditWriter::write(const Effects& effects, const SequencedBatch& batch, const std::vector<std::string>& receipts) {
  for (std::size_t i = 0; i < effects.entries.size(); ++i) {
    const std::string& entry = effects.entries[i]->entry;
    const std::string_view receipt = receipts[i];
    const std::size_t at = receipt.find(entry);
    const std::uint64_t index = batch.first_index + i;
    const Blob leaf{as_text(batch.leaves[i])};
    if (at == std::string_view::npos) {
      insert_.run(index, leaf, receipt, nullptr, entry);
    } else {
      insert_.run(index, leaf, receipt.substr(0, at), receipt.substr(at + entry.size()), entry);
    }
  }
  for (const TreeNode& node : batch.nodes) insert_node_.run(node.level, node.index, Blob{as_text(node.hash)});
  checkpoint_.run(batch.tree_size, batch.checkpoint);
}

void AuditWriter::mark(std::int64_t number) { mark_.run(number); }

void AuditWriter::count(const Effects& effects) {
  for (const auto& [partner, change] : effects.counts) {
    if (std::all_of(change.begin(), change.end(), [](std::int64_t c) { return c == 0; })) continue;
    count_.run(partner, change[0], change[1], change[2], change[3], change[4], change[5]);
  }
}

void AuditWriter::probe(Instant now) { probe_.run(now.ms); }

std::string AuditWriter::receipt(std::int64_t index) {
  Query rows(receipt_, index);
  return rows.next() ? rows.text(0) : std::string();
}

Digest32 to_digest(std::string_view bytes) {
  Digest32 digest{};
  if (bytes.size() == digest.size()) std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

namespace {

// For level 8k the nodes from (size >> 8k+8) << 8 on: those that no kept node of a higher level covers.
bool read_nodes(const Connection& main, TreeState& tree) {
  Statement statement = main.prepare("SELECT idx, hash FROM nodes WHERE level = ? AND idx >= ? ORDER BY idx");
  for (std::uint32_t level = 8; (tree.size >> level) > 0; level += 8) {
    const std::uint64_t first = level + 8 < 64 ? (tree.size >> (level + 8)) << 8 : 0;
    std::uint64_t next = first;
    Query rows(statement, level, first);
    for (; rows.next(); ++next) {
      if (static_cast<std::uint64_t>(rows.integer(0)) != next) return false;
      tree.nodes.push_back({level, next, to_digest(rows.view(1))});
    }
    if (next != tree.size >> level) return false;
  }
  return true;
}

}  // namespace

Result<TreeState> read_tree(const Connection& main) {
  TreeState tree;
  {
    Statement statement = main.prepare("SELECT tree_size, note FROM checkpoint");
    if (!statement.step()) return make_error(codes::kStoreCorrupt, "checkpoint");
    tree.size = static_cast<std::uint64_t>(statement.integer(0));
    tree.checkpoint = std::string(statement.view(1));
  }
  const auto entries = static_cast<std::uint64_t>(main.integer("SELECT max(idx) + 1 FROM audit"));
  if (entries != tree.size) return make_error(codes::kStoreCorrupt, "audit entries");
  Statement statement = main.prepare("SELECT leaf FROM audit WHERE idx >= ? ORDER BY idx");
  Query rows(statement, tree.size / 256 * 256);
  while (rows.next()) tree.leaves.push_back(to_digest(rows.view(0)));
  if (tree.leaves.size() != tree.size % 256) return make_error(codes::kStoreCorrupt, "audit leaves");
  if (!read_nodes(main, tree)) return make_error(codes::kStoreCorrupt, "tree nodes");
  return tree;
}

}  // namespace tongqu::sql
