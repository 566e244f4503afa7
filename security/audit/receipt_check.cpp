#include "security/audit/receipt_check.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>

#include "gateway/core/jcs.hpp"
#include "gateway/core/text.hpp"
#include "security/audit/audit_codes.hpp"
#include "security/audit/merkle.hpp"
#include "security/audit/sequencer.hpp"

namespace tongqu {
namespace {

constexpr std::size_t kMaxPathHashes = 64;

Error form_error(std::string_view member) { return make_error(codes::kAuditForm, std::string(member)); }

std::optional<Digest32> digest_of(const Node& node) {
  const auto bytes = node.kind == Kind::kText ? from_base64(node.text) : std::nullopt;
  Digest32 out{};
  if (!bytes || bytes->size() != out.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

// A member whose presence and kind check_members has confirmed.
std::string text_of(const Node& object, std::string_view name) {
  const Node* member = object.find(name);
  return member != nullptr && member->kind == Kind::kText ? std::string(member->text) : std::string();
}

struct MemberRule {
  std::string_view name;
  Kind kind;
};

// Exactly these members, each of its kind.
Status check_members(const Node& object, std::span<const MemberRule> rules) {
  if (object.kind != Kind::kObject) return form_error("object");
  for (const MemberRule& rule : rules) {
    const Node* member = object.find(rule.name);
    if (member == nullptr || member->kind != rule.kind) return form_error(rule.name);
  }
  if (object.count != rules.size()) return form_error("additional member");
  return {};
}

Status decode_canonical(const Codec& json, std::string_view text, std::size_t max_bytes, Document& out) {
  if (text.size() > max_bytes) return make_error(codes::kLimitBytes, std::to_string(max_bytes));
  DecodeLimits limits;
  limits.max_bytes = max_bytes;
  if (json.decode(text, limits, out).has_error()) return make_error(codes::kAuditNotCanonical);
  const auto again = to_jcs(out.root());
  if (again.has_error() || *again != text) return make_error(codes::kAuditNotCanonical);
  return {};
}

// What receipts and evidence share: the entry, its place, the path and the signed root.
Result<CheckedReceipt> check_inclusion(const LogVerifier& verifier, const Node& root) {
  CheckedReceipt checked;
  const std::string_view index = root.find("index")->text;
  const auto [end, failed] = std::from_chars(index.data(), index.data() + index.size(), checked.index);
  if (failed != std::errc{} || end != index.data() + index.size()) return form_error("index");
  if (root.find("notice")->text != kReceiptNotice) return form_error("notice");
  const Node& entry = *root.find("entry");
  const auto entry_text = to_jcs(entry);
  if (entry_text.has_error()) return entry_text.error();
  std::vector<Digest32> path;
  for (const Node& hash : children(*root.find("path"))) {
    const auto digest = digest_of(hash);
    if (!digest || path.size() == kMaxPathHashes) return form_error("path");
    path.push_back(*digest);
  }
  auto checkpoint = open_checkpoint(verifier, root.find("checkpoint")->text);
  if (checkpoint.has_error()) return checkpoint.error();
  const Suite& suite = verifier.suite();
  if (!merkle::verify_inclusion(suite, checked.index, checkpoint->size, merkle::leaf_hash(suite, *entry_text), path,
                                checkpoint->root))
    return make_error(codes::kAuditPath);
  checked.receipt = text_of(entry, "kind");
  checked.exchange = text_of(entry, "exchange");
  checked.at = text_of(entry, "at");
  checked.checkpoint = std::move(*checkpoint);
  return checked;
}

const FieldCommitment* find_field(const RecordCommitment& record, std::string_view path) {
  const auto found = std::lower_bound(record.fields.begin(), record.fields.end(), path,
                                      [](const FieldCommitment& field, std::string_view p) { return field.path < p; });
  return found == record.fields.end() || found->path != path ? nullptr : &*found;
}

// The list of commitments, in strict order of paths.
Result<RecordCommitment> read_commitments(const Suite& suite, const Node& list) {
  static constexpr std::array<MemberRule, 2> kRules{{{"hash", Kind::kText}, {"path", Kind::kText}}};
  RecordCommitment record;
  std::vector<Digest32> leaves;
  for (const Node& one : children(list)) {
    const Status members = check_members(one, kRules);
    if (members.has_error()) return members.error();
    const auto hash = digest_of(*one.find("hash"));
    std::string path = text_of(one, "path");
    if (!hash || (!record.fields.empty() && record.fields.back().path >= path)) return form_error("commitments");
    leaves.push_back(*hash);
    record.fields.push_back({std::move(path), *hash, {}});
  }
  record.root = merkle::root_of(suite, leaves);
  return record;
}

Result<std::vector<OpenedField>> read_opened(const Suite& suite, const RecordCommitment& record, const Node& list) {
  static constexpr std::array<MemberRule, 3> kRules{
      {{"path", Kind::kText}, {"salt", Kind::kText}, {"value", Kind::kText}}};
  std::vector<OpenedField> opened;
  for (const Node& one : children(list)) {
    const Status members = check_members(one, kRules);
    if (members.has_error()) return members.error();
    OpenedField field{text_of(one, "path"), text_of(one, "value")};
    const auto salt = from_base64(one.find("salt")->text);
    if (!salt || (!opened.empty() && opened.back().path >= field.path)) return form_error("opened");
    const FieldCommitment* committed = find_field(record, field.path);
    if (committed == nullptr || salt->size() != kFieldSaltBytes ||
        field_hash(suite, *salt, field.path, field.value) != committed->hash)
      return make_error(codes::kAuditOpened);
    opened.push_back(std::move(field));
  }
  return opened;
}

void append_member(std::string& json, std::string_view name, std::string_view value) {
  json.append(",\"").append(name).append("\":");
  append_json_string(json, value);
}

void append_commitments(std::string& json, const RecordCommitment& record) {
  json += ",\"commitments\":[";
  for (const FieldCommitment& field : record.fields) {
    if (&field != &record.fields.front()) json.push_back(',');
    json.append("{\"hash\":\"").append(to_base64(as_text(field.hash))).append("\"");
    append_member(json, "path", field.path);
    json.push_back('}');
  }
  json.push_back(']');
}

Status append_opened(std::string& json, const Suite& suite, const EvidenceParts& parts) {
  json += ",\"opened\":[";
  for (const OpenedField& field : parts.opened) {
    if (&field != &parts.opened.front()) json.push_back(',');
    const FieldCommitment* committed = find_field(*parts.record, field.path);
    if (committed == nullptr || field_hash(suite, committed->salt, field.path, field.value) != committed->hash)
      return make_error(codes::kAuditOpened);
    json += "{\"path\":";
    append_json_string(json, field.path);
    append_member(json, "salt", to_base64(committed->salt));
    append_member(json, "value", field.value);
    json.push_back('}');
  }
  json.push_back(']');
  return {};
}

}  // namespace

Result<CheckedReceipt> check_receipt(const LogVerifier& verifier, const Codec& json, std::string_view text) {
  static constexpr std::array<MemberRule, 7> kRules{{{"checkpoint", Kind::kText},
                                                     {"entry", Kind::kObject},
                                                     {"index", Kind::kNumber},
                                                     {"notice", Kind::kText},
                                                     {"path", Kind::kList},
                                                     {"receipt", Kind::kText},
                                                     {"v", Kind::kNumber}}};
  Document document;
  const Status decoded = decode_canonical(json, text, kMaxReceiptBytes, document);
  if (decoded.has_error()) return decoded.error();
  const Node& root = document.root();
  const Status members = check_members(root, kRules);
  if (members.has_error()) return members.error();
  if (root.find("v")->text != "1") return form_error("v");
  auto checked = check_inclusion(verifier, root);
  if (checked.has_error()) return checked.error();
  // The receipt may not promise another thing than its entry says; a proof promises nothing.
  const std::string_view receipt = root.find("receipt")->text;
  const bool promise = (receipt == "stored" || receipt == "delivered") && receipt == checked->receipt;
  if (!promise && receipt != "proof") return form_error("receipt");
  checked->receipt = receipt;
  return checked;
}

Result<std::string> build_evidence(const Suite& suite, const EvidenceParts& parts) {
  std::string json = "{\"checkpoint\":";
  append_json_string(json, parts.checkpoint);
  append_commitments(json, *parts.record);
  append_member(json, "config", parts.config);
  json.append(",\"entry\":").append(parts.entry).append(",\"evidence\":1,\"index\":");
  json += std::to_string(parts.index);
  append_member(json, "notice", kReceiptNotice);
  const Status opened = append_opened(json, suite, parts);
  if (opened.has_error()) return opened.error();
  json += ",\"path\":[";
  for (const Digest32& hash : parts.path) {
    if (&hash != &parts.path.front()) json.push_back(',');
    json.append("\"").append(to_base64(as_text(hash))).append("\"");
  }
  json.push_back(']');
  append_member(json, "route", parts.route);
  append_member(json, "signature", parts.signature);
  json.push_back('}');
  if (json.size() > kMaxEvidenceBytes) return make_error(codes::kLimitBytes, std::to_string(kMaxEvidenceBytes));
  return json;
}

Result<CheckedEvidence> check_evidence(const LogVerifier& verifier, const Codec& json, std::string_view text) {
  static constexpr std::array<MemberRule, 11> kRules{{{"checkpoint", Kind::kText},
                                                      {"commitments", Kind::kList},
                                                      {"config", Kind::kText},
                                                      {"entry", Kind::kObject},
                                                      {"evidence", Kind::kNumber},
                                                      {"index", Kind::kNumber},
                                                      {"notice", Kind::kText},
                                                      {"opened", Kind::kList},
                                                      {"path", Kind::kList},
                                                      {"route", Kind::kText},
                                                      {"signature", Kind::kText}}};
  Document document;
  const Status decoded = decode_canonical(json, text, kMaxEvidenceBytes, document);
  if (decoded.has_error()) return decoded.error();
  const Node& root = document.root();
  const Status members = check_members(root, kRules);
  if (members.has_error()) return members.error();
  if (root.find("evidence")->text != "1") return form_error("evidence");
  auto receipt = check_inclusion(verifier, root);
  if (receipt.has_error()) return receipt.error();
  const Suite& suite = verifier.suite();
  const auto record = read_commitments(suite, *root.find("commitments"));
  if (record.has_error()) return record.error();
  const Node& entry = *root.find("entry");
  if (text_of(entry, "record") != to_hex(as_text(record->root))) return make_error(codes::kAuditRecord);
  if (text_of(entry, "config") != root.find("config")->text) return make_error(codes::kAuditConfig);
  auto opened = read_opened(suite, *record, *root.find("opened"));
  if (opened.has_error()) return opened.error();
  return CheckedEvidence{std::move(*receipt),        text_of(root, "config"), text_of(root, "route"),
                         text_of(root, "signature"), record->fields.size(),   std::move(*opened)};
}

}  // namespace tongqu
