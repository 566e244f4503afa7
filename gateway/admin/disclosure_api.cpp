#include "gateway/admin/disclosure_api.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "gateway/admin/admin_codes.hpp"
#include "gateway/admin/admin_json.hpp"
#include "gateway/admin/append_now.hpp"

namespace tongqu {
namespace {

constexpr std::array<std::string_view, 5> kRoles{"complainant", kInformant, "agent", "respondent", "officer"};

std::string text_of(const Node& body, std::string_view name) {
  const Node* member = body.find(name);
  return member != nullptr && member->is_scalar() && member->kind != Kind::kNull ? std::string(member->text)
                                                                                 : std::string();
}

// Absent is 0; empty when it is no number from 0 on.
std::optional<std::int64_t> number_of(const Node& body, std::string_view name) {
  const std::string text = text_of(body, name);
  if (text.empty()) return 0;
  std::int64_t parsed = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), parsed);
  if (failed != std::errc{} || end != text.data() + text.size() || parsed < 0) return std::nullopt;
  return parsed;
}

bool is_asked_for(const Node& field, const DisclosureRow& row, const DisclosureFilter& filter) {
  if (filter.person.empty()) return true;
  return std::find(row.roles.begin(), row.roles.end(), text_of(field, "subject")) != row.roles.end();
}

bool has_label(const Node& field, const DisclosureFilter& filter) {
  return (filter.kind.empty() || text_of(field, "kind") == filter.kind) &&
         (filter.subject.empty() || text_of(field, "subject") == filter.subject);
}

}  // namespace

Result<DisclosureFilter> DisclosureApi::filter_of(const Node& body) const {
  DisclosureFilter filter;
  for (const auto& [name, place] : {std::pair<const char*, std::int64_t*>{"from", &filter.from_ms},
                                    {"to", &filter.to_ms},
                                    {"before", &filter.before}}) {
    const auto number = number_of(body, name);
    if (!number) return make_error(codes::kAdminParameter, name);
    *place = *number;
  }
  const auto limit = number_of(body, "limit");
  if (!limit || *limit > static_cast<std::int64_t>(kMaxPageRows)) return make_error(codes::kAdminParameter, "limit");
  filter.limit = *limit == 0 ? kDefaultPageRows : static_cast<std::size_t>(*limit);
  filter.recipient = PartnerId(text_of(body, "recipient"));
  const std::string label = text_of(body, "label");
  const auto dot = label.find('.');
  filter.kind = dot == std::string::npos ? label : label.substr(dot + 1);
  filter.subject = dot == std::string::npos ? std::string() : label.substr(0, dot);
  filter.role = text_of(body, "role");
  if (!filter.role.empty() && std::find(kRoles.begin(), kRoles.end(), filter.role) == kRoles.end())
    return make_error(codes::kAdminParameter, "role");
  const Node* person = body.find("person");
  if (person == nullptr) {
    if (!filter.role.empty()) return make_error(codes::kAdminParameter, "person");
    return filter;
  }
  const std::string kind = text_of(*person, "kind");
  // A name or an address belongs to several people, and an answer about one of them is not for the other.
  if (kind != "phone" && kind != "id") return make_error(codes::kAdminParameter, "person.kind");
  auto marks = parts_.persons.marks_of(kind, text_of(*person, "value"));
  if (marks.has_error()) return marks.error();
  filter.person = std::move(*marks);
  return filter;
}

Status DisclosureApi::note(const DisclosureFilter& filter, std::size_t rows, const ActBy& by) {
  std::string criteria;
  const auto add = [&](bool used, std::string_view name) {
    if (!used) return;
    if (!criteria.empty()) criteria.push_back(' ');
    criteria += name;
  };
  add(!filter.person.empty(), "person");
  add(!filter.recipient.empty(), "recipient");
  add(!filter.kind.empty() || !filter.subject.empty(), "label");
  add(filter.from_ms > 0 || filter.to_ms > 0, "between");
  AuditEntryBuilder entry("disclosures-asked", parts_.clock.now());
  entry.text("actor", by.actor)
      .text("reason", to_hex(as_text(parts_.suite.hash({entry.salt(), by.reason}))))
      .text("criteria", criteria)
      .number("rows", static_cast<std::int64_t>(rows));
  if (!filter.role.empty()) entry.text("role", filter.role);
  return append_now(parts_.store, entry.finish());
}

bool DisclosureApi::put(Document& out, Node& list, const DisclosureRow& row, const DisclosureFilter& filter) const {
  Document ledger;
  if (parts_.json.decode(row.ledger, DecodeLimits{.max_bytes = 16U << 20U}, ledger).has_error()) return false;
  const Node* fields = ledger.root().find("fields");
  if (fields == nullptr) return false;
  std::vector<const Node*> left;
  bool labelled = filter.kind.empty() && filter.subject.empty();
  for (const Node& field : children(*fields)) {
    if (!is_asked_for(field, row, filter)) continue;
    left.push_back(&field);
    labelled = labelled || has_label(field, filter);
  }
  if (!labelled || (left.empty() && !filter.person.empty())) return false;
  Node& o = *out.add_object(list);
  put_time(out, o, "at", row.at_ms);
  out.add_text(o, "exchange", row.exchange.str());
  out.add_text(o, "recipient", row.recipient.str());
  out.add_text(o, "service", row.service.str());
  out.add_text(o, "message", row.message_id);
  out.add_text(o, "state", row.state);
  out.add_text(o, "purpose", text_of(ledger.root(), "purpose"));
  out.add_text(o, "basis", text_of(ledger.root(), "basis"));
  out.append(o, out.make(Kind::kBoolean, text_of(ledger.root(), "onward") == "true" ? "true" : "false"), "onward");
  out.add_text(o, "config", row.config.str());
  out.add_number(o, "index", static_cast<std::int64_t>(row.audit_index));
  if (const Node* attachments = ledger.root().find("attachments"); attachments != nullptr)
    out.append(o, out.clone(*attachments), "attachments");
  Node* shown = out.add_list(o, "fields");
  for (const Node* field : left) out.append(*shown, out.clone(*field));
  return true;
}

Result<Document> DisclosureApi::ask(const Node& body, const ActBy& by) {
  auto filter = filter_of(body);
  if (filter.has_error()) return filter.error();
  auto rows = parts_.disclosures.disclosures(*filter);
  if (rows.has_error()) return rows.error();
  Document out;
  out.set_root(out.make(Kind::kObject));
  Node* list = out.add_list(out.root(), "disclosures");
  for (const DisclosureRow& row : *rows) (void)put(out, *list, row, *filter);
  const bool more = rows->size() == filter->limit && rows->back().id > 1;
  out.add_number(out.root(), "scanned", static_cast<std::int64_t>(rows->size()));
  out.add_number(out.root(), "next", more ? rows->back().id : 0);
  if (auto status = note(*filter, list->count, by); status.has_error()) return status.error();
  return out;
}

}  // namespace tongqu
