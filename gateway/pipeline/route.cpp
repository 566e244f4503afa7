// Step "route". Takes: the canonical record. Gives: recipients, or the queue 待人工分派.
// May turn back with: route.none, route.origin – only where the service is strict.
#include <algorithm>

#include "gateway/pipeline/pipeline_codes.hpp"
#include "gateway/pipeline/steps.hpp"

namespace tongqu::steps {
namespace {

std::string_view text_at(const Document& record, std::string_view path) {
  const Node* node = at_path(record.root(), path);
  return node != nullptr && node->is_scalar() ? node->text : std::string_view{};
}

bool applies(const RoutePlan& route, const Document& record) {
  return std::all_of(route.conditions.begin(), route.conditions.end(),
                     [&record](const RouteCondition& c) { return text_at(record, c.path) == c.equals; });
}

const RoutePlan* find_route(const Exchange& exchange) {
  const auto routes = exchange.plan->routes.find(exchange.service->service.str());
  if (routes == exchange.plan->routes.end()) return nullptr;
  for (const RoutePlan& route : routes->second) {
    if (applies(route, exchange.record)) return &route;
  }
  return nullptr;
}

// A recipient that may hear only of its own matters gets none that it never sent.
bool is_origin(const RecipientPlan& recipient, const Exchange& exchange, Store& store) {
  if (text_at(exchange.record, "origin.partner") != recipient.partner.str()) return false;
  const MatterNo matter(text_at(exchange.record, "origin.order_no"));
  return !matter.empty() && store.origin(recipient.partner, matter).has_value();
}

Status nobody(Exchange& exchange, const ErrorCode& code) {
  if (exchange.service->strict) return make_error(code);
  exchange.hold(TaskQueue::kAssign, std::string(code.id));
  return {};
}

}  // namespace

Status route(Exchange& exchange, Store& store) {
  if (exchange.held()) return {};
  exchange.route = find_route(exchange);
  if (exchange.route == nullptr) return nobody(exchange, codes::kNoRoute);
  for (const RecipientPlan& recipient : exchange.route->recipients) {
    if (recipient.origin_only && !is_origin(recipient, exchange, store)) continue;
    exchange.recipients.push_back(&recipient);
  }
  if (exchange.recipients.empty()) return nobody(exchange, codes::kOriginUnknown);
  return {};
}

}  // namespace tongqu::steps
