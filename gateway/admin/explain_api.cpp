#include "gateway/admin/explain_api.hpp"

#include "gateway/admin/admin_codes.hpp"
#include "gateway/admin/append_now.hpp"
#include "gateway/core/audit.hpp"
#include "gateway/core/text.hpp"

namespace tongqu {
namespace {

// Empty: no such word.
std::optional<bool> is_then(std::string_view under) {
  if (under.empty() || under == "then") return true;
  if (under == "now") return false;
  return std::nullopt;
}

}  // namespace

Result<Document> ExplainApi::get(const ExchangeId& exchange, std::string_view under, Lang lang) {
  const auto then = is_then(under);
  if (!then) return make_error(codes::kAdminParameter, "under");
  return parts_.explain(exchange, *then, lang, {});
}

// Explained first: what cannot be shown was not seen by anybody, and needs no entry.
Result<Document> ExplainApi::post(const ExchangeId& exchange, const Node& body, Lang lang, const AdminPerson* person,
                                  const ActBy& by) {
  const Node* under = body.find("under");
  const auto then = is_then(under == nullptr ? std::string_view() : std::string_view(under->text));
  if (!then) return make_error(codes::kAdminParameter, "under");
  if (person == nullptr) return make_error(codes::kAdminPerson);
  if (person->clearance.empty()) return make_error(codes::kAdminClearance);
  auto explained = parts_.explain(exchange, *then, lang, person->clearance);
  if (explained.has_error()) return explained;
  AuditEntryBuilder entry("content-viewed", parts_.clock.now());
  entry.text("actor", by.actor)
      .text("reason", to_hex(as_text(parts_.suite.hash({entry.salt(), by.reason}))))
      .text("exchange", exchange.str())
      .text("clearance", person->clearance);
  if (auto status = append_now(parts_.store, entry.finish()); status.has_error()) return status.error();
  return explained;
}

}  // namespace tongqu
