#include "gateway/admin/match_api.hpp"

#include <algorithm>
#include <array>

#include "gateway/admin/admin_codes.hpp"
#include "gateway/admin/append_now.hpp"
#include "gateway/core/audit.hpp"

namespace tongqu {
namespace {

constexpr std::array<std::string_view, 4> kKinds{"phone", "id", "name", "address"};
// Traders and officers are not persons whose matters are counted.
constexpr std::array<std::string_view, 3> kRoles{"complainant", kInformant, "agent"};

std::string text_of(const Node& body, std::string_view name) {
  const Node* member = body.find(name);
  return member != nullptr && member->kind == Kind::kText ? std::string(member->text) : std::string();
}

template <class List>
bool has(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// Marks of one value each, as every_mark says where the next one begins.
std::vector<std::vector<PersonMark>> by_value(const std::vector<PersonMark>& marks) {
  std::vector<std::vector<PersonMark>> out;
  for (const PersonMark& mark : marks) {
    if (out.empty() || mark.key_version <= out.back().back().key_version) out.emplace_back();
    out.back().push_back(mark);
  }
  return out;
}

}  // namespace

Result<Document> MatchApi::ask(const ExchangeId& exchange, const Node& body, const ActBy& by) {
  const std::string kind = text_of(body, "kind");
  const std::string role = text_of(body, "role");
  if (!kind.empty() && !has(kKinds, kind)) return make_error(codes::kAdminParameter, "kind");
  if (!role.empty() && !has(kRoles, role)) return make_error(codes::kAdminParameter, "role");
  auto marks = parts_.marks(exchange);
  if (marks.has_error()) return marks.error();
  Document out;
  out.set_root(out.make(Kind::kObject));
  Node* list = out.add_list(out.root(), "matches");
  for (const std::vector<PersonMark>& value : by_value(*marks)) {
    const PersonMark& mark = value.front();
    const bool asked = role.empty() ? mark.role != kInformant : mark.role == role;
    if (!asked || !has(kRoles, mark.role) || (!kind.empty() && mark.kind != kind)) continue;
    auto found = parts_.disclosures.matches(value, exchange);
    if (found.has_error()) return found.error();
    Node& row = *out.add_object(*list);
    out.add_text(row, "kind", mark.kind);
    out.add_text(row, "role", mark.role);
    out.add_number(row, "count", found->count);
    const bool at_least = found->count == PersonMatches::kMaxCounted;
    out.append(row, out.make(Kind::kBoolean, at_least ? "true" : "false"), "atLeast");
    Node* exchanges = out.add_list(row, "exchanges");
    for (const ExchangeId& one : found->exchanges) out.append(*exchanges, out.make(Kind::kText, one.str()));
  }
  AuditEntryBuilder entry("matches-asked", parts_.clock.now());
  entry.text("actor", by.actor)
      .text("reason", to_hex(as_text(parts_.suite.hash({entry.salt(), by.reason}))))
      .text("exchange", exchange.str())
      .number("rows", list->count);
  if (!kind.empty()) entry.text("criteria", kind);
  if (!role.empty()) entry.text("role", role);
  if (auto status = append_now(parts_.store, entry.finish()); status.has_error()) return status.error();
  return out;
}

}  // namespace tongqu
