#include "gateway/admin/transcript_api.hpp"

#include <charconv>

#include "gateway/admin/admin_codes.hpp"
#include "gateway/admin/admin_json.hpp"

namespace tongqu {
namespace {

constexpr std::size_t kShownBatches = 50;

std::string text_of(const Node& body, std::string_view name) {
  const Node* member = body.find(name);
  return member != nullptr && member->is_scalar() ? std::string(member->text) : std::string();
}

std::optional<std::int64_t> number(std::string_view text, std::int64_t fallback) {
  if (text.empty()) return fallback;
  std::int64_t parsed = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), parsed);
  if (failed != std::errc{} || end != text.data() + text.size() || parsed < 0) return std::nullopt;
  return parsed;
}

std::string text_of(const std::map<std::string, std::string>& query, const std::string& name) {
  const auto found = query.find(name);
  return found == query.end() ? std::string() : found->second;
}

Document object() {
  Document out;
  out.set_root(out.make(Kind::kObject));
  return out;
}

void put_row(Document& out, Node& o, const TranscriptRow& row) {
  out.add_text(o, "exchange", row.row.exchange.str());
  out.add_text(o, "message", row.row.message_id);
  out.add_text(o, "sender", row.row.sender.str());
  out.add_text(o, "service", row.row.service.str());
  put_time(out, o, "createdAt", row.row.created_ms);
  out.add_number(o, "batch", row.batch);
  out.add_text(o, "nationalNo", row.number);
  out.add_number(o, "seq", row.row.seq);
}

void put_batches(Document& out, Node& list, const std::vector<TranscriptBatch>& batches, bool unwritten_only) {
  for (const TranscriptBatch& batch : batches) {
    if (unwritten_only && batch.written_ms != 0) continue;
    Node& o = *out.add_object(list);
    out.add_number(o, "batch", batch.batch);
    put_time(out, o, "at", batch.at_ms);
    out.add_text(o, "actor", batch.actor);
    out.add_number(o, "rows", batch.rows);
    out.add_number(o, "open", batch.open_rows);
    put_time(out, o, "writtenAt", batch.written_ms);
  }
}

void put_handed(Document& out, const HandedBatch& batch) {
  Node& root = out.root();
  out.add_number(root, "batch", batch.batch);
  out.add_number(root, "more", batch.more);
  Node* forms = out.add_list(root, "forms");
  for (const FormColumns& form : batch.forms) {
    Node& o = *out.add_object(*forms);
    out.add_text(o, "name", form.name);
    out.add_text(o, "title", form.title_zh);
    Node* columns = out.add_list(o, "columns");
    for (const auto& [path, title] : form.columns) out.append(*columns, out.make(Kind::kText, title));
  }
  Node* rows = out.add_list(root, "rows");
  for (const HandedRow& row : batch.rows) {
    Node& o = *out.add_object(*rows);
    put_row(out, o, row.row);
    out.add_text(o, "state", name_of(row.row.row.state));
    out.add_number(o, "form", static_cast<std::int64_t>(row.form));
    Node* values = out.add_list(o, "values");
    for (const std::string& value : row.values) out.append(*values, out.make(Kind::kText, value));
  }
}

}  // namespace

Result<Document> TranscriptApi::get(const std::map<std::string, std::string>& query) {
  auto partner = desk_.partner(text_of(query, "partner"));
  if (partner.has_error()) return partner.error();
  const auto after = number(text_of(query, "after"), 0);
  const auto limit = number(text_of(query, "limit"), 50);
  if (!after || !limit || *limit > static_cast<std::int64_t>(kMaxPageRows))
    return make_error(codes::kAdminParameter, "limit");
  TranscriptFilter filter;
  filter.recipient = partner->partner;
  filter.after_seq = *after;
  filter.limit = static_cast<std::size_t>(*limit);
  auto rows = store_.transcript_rows(filter);
  auto batches = store_.transcript_batches(partner->partner, 0, kShownBatches);
  auto counts = store_.transcript_counts(partner->partner);
  if (rows.has_error()) return rows.error();
  if (batches.has_error()) return batches.error();
  if (counts.has_error()) return counts.error();
  Document out = object();
  out.add_text(out.root(), "partner", partner->partner.str());
  out.add_number(out.root(), "toCollect", counts->waiting);
  out.add_number(out.root(), "fresh", counts->fresh);
  put_time(out, out.root(), "oldest", counts->oldest_ms);
  Node* list = out.add_list(out.root(), "rows");
  for (const TranscriptRow& row : *rows) put_row(out, *out.add_object(*list), row);
  put_batches(out, *out.add_list(out.root(), "batches"), *batches, false);
  return out;
}

Result<Document> TranscriptApi::hand_out(const TranscriptPartner& partner, const Node& body, const std::string& actor) {
  const auto again = number(text_of(body, "again"), 0);
  const auto limit = number(text_of(body, "limit"), kMaxBatchRows);
  if (!again) return make_error(codes::kAdminParameter, "again");
  if (!limit || *limit < 1 || *limit > static_cast<std::int64_t>(kMaxBatchRows))
    return make_error(codes::kAdminParameter, "limit");
  // Before the new one is made: what earlier calls did not finish.
  auto batches = store_.transcript_batches(partner.partner, 0, kShownBatches);
  if (batches.has_error()) return batches.error();
  auto handed = *again > 0 ? desk_.hand_again(partner, *again, actor)
                           : desk_.hand_out(partner, static_cast<std::size_t>(*limit), actor);
  if (handed.has_error()) return handed.error();
  std::erase_if(*batches, [&](const TranscriptBatch& batch) { return batch.batch == *again; });
  Document out = object();
  out.add_text(out.root(), "partner", partner.partner.str());
  put_handed(out, *handed);
  put_batches(out, *out.add_list(out.root(), "unwritten"), *batches, true);
  return out;
}

Result<Document> TranscriptApi::post(std::string_view verb, const Node& body, const ActBy& by) {
  auto partner = desk_.partner(text_of(body, "partner"));
  if (partner.has_error()) return partner.error();
  if (verb == "hand-out") return hand_out(*partner, body, by.actor);
  Document out = object();
  out.append(out.root(), out.make(Kind::kBoolean, "true"), "done");
  const ExchangeId exchange(text_of(body, "exchange"));
  if (verb == "written") {
    const auto batch = number(text_of(body, "batch"), 0);
    if (!batch) return make_error(codes::kAdminParameter, "batch");
    if (auto status = desk_.written(*partner, *batch); status.has_error()) return status.error();
    return out;
  }
  if (verb == "enter") {
    auto entered = desk_.enter(*partner, exchange, text_of(body, "number"), by.actor);
    if (entered.has_error()) return entered.error();
    out.add_text(out.root(), "entered", *entered == TranscriptDesk::Entered::kNow ? "now" : "before");
    return out;
  }
  if (verb != "revoke") return make_error(codes::kAdminPath);
  if (auto status = desk_.revoke(*partner, exchange, by.reason, by.actor); status.has_error()) return status.error();
  return out;
}

std::vector<TranscriptApi::Waiting> TranscriptApi::waiting() {
  std::vector<Waiting> out;
  for (const TranscriptPartner& partner : desk_.partners()) {
    auto counts = store_.transcript_counts(partner.partner);
    if (counts.has_value()) out.push_back({partner.partner.str(), *counts});
  }
  return out;
}

}  // namespace tongqu
