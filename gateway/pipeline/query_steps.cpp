// Steps of a query. May turn back with: what the line's steps say, route.none, query.answer-invalid.
#include "gateway/pipeline/query_steps.hpp"

#include <algorithm>
#include <optional>

#include "gateway/core/jcs.hpp"
#include "gateway/pipeline/pipeline_codes.hpp"

namespace tongqu::steps {
namespace {

Error invalid(const PartnerId& registry, std::vector<Fault> faults) {
  Error error = make_error(codes::kAnswerInvalid, registry.str());
  error.faults = std::move(faults);
  return error;
}

// A fault of the whole answer.
Error invalid(const PartnerId& registry, const Error& why) {
  std::vector<Fault> faults = why.faults;
  if (faults.empty()) faults.push_back({why.code, "$", {}, why.param, {}, Grade::kError});
  return invalid(registry, std::move(faults));
}

bool any_error(const std::vector<Fault>& faults) {
  return std::any_of(faults.begin(), faults.end(), [](const Fault& fault) { return fault.grade == Grade::kError; });
}

void append_part(std::string& out, std::string_view part) {
  out += std::to_string(part.size());
  out.push_back(':');
  out += part;
}

}  // namespace

Status run_question(Exchange& exchange, const LineTools& tools, Store& store) {
  if (auto status = decode(exchange, tools.suite); status.has_error()) return status;
  if (auto status = validate(exchange); status.has_error()) return status;
  if (auto status = canonicalise(exchange, nullptr); status.has_error()) return status;
  if (exchange.held()) return make_error(codes::kRefusedByMapping, exchange.tasks.front().reason);
  if (auto status = route(exchange, store); status.has_error()) return status;
  if (exchange.recipients.size() != 1 || exchange.recipients.front()->answers.empty())
    return make_error(codes::kNoRoute);
  return {};
}

Status render_question(Exchange& exchange) {
  if (auto status = view_and_render(exchange, nullptr); status.has_error()) return status;
  if (exchange.rendered.front().bytes == nullptr) return exchange.rendered.front().error;
  return {};
}

Result<std::string> question_identity(const Exchange& exchange, const LineTools& tools) {
  std::vector<std::pair<std::string_view, std::string>> members;
  for (const Node& member : children(exchange.record.root())) {
    if (member.name == "envelope") continue;
    auto text = to_jcs(member);
    if (text.has_error()) {
      // A decimal has no canonical form there; as it is written it tells questions apart well enough.
      std::string written;
      if (auto status = tools.json.encode(member, written); status.has_error()) return status.error();
      text = std::move(written);
    }
    members.emplace_back(member.name, std::move(*text));
  }
  std::sort(members.begin(), members.end());
  std::string out;
  append_part(out, exchange.plan->id.str());
  append_part(out, exchange.service->service.str());
  append_part(out, exchange.route->name);
  for (const auto& [name, text] : members) {
    append_part(out, name);
    append_part(out, text);
  }
  return out;
}

namespace {

// The form that reads the answer, with the document; the first form's error when none does.
Result<const RegistryAnswer*> decode_answer(const QueryOutcome& outcome, const std::vector<RegistryAnswer>& forms,
                                            Document& received) {
  std::optional<Error> first;
  for (const RegistryAnswer& form : forms) {
    Status status;
    if (is_same_format(outcome.content_type, form.codec->content_type())) {
      status = form.codec->decode(outcome.body, form.limits, received);
    } else {
      status = make_error(codes::kContentType, std::string(form.codec->content_type()));
    }
    if (status.has_value()) return &form;
    if (!first) first = status.error();
  }
  return *first;
}

CanonicalAnswer no_such_record() {
  CanonicalAnswer answer;
  answer.json = "{\"" + std::string(kResultMember) + "\":\"" + std::string(kNotFound) + "\"}";
  answer.found = false;
  return answer;
}

}  // namespace

Result<CanonicalAnswer> read_answer(const QueryOutcome& outcome, const std::vector<RegistryAnswer>& forms,
                                    const PartnerId& registry, const Codec& json) {
  if (outcome.verdict == QueryVerdict::kNotFound) return no_such_record();
  Document received;
  const auto form = decode_answer(outcome, forms, received);
  if (form.has_error()) return invalid(registry, form.error());
  const RegistryAnswer& plan = **form;
  std::vector<Fault> faults;
  if (!plan.received->validate(received.root(), faults)) return invalid(registry, std::move(faults));
  Document record;
  MapOutcome mapped;
  plan.mapping->map(received.root(), record, mapped, nullptr);
  if (mapped.verdict != MapVerdict::kMapped || any_error(mapped.flags)) {
    if (mapped.flags.empty()) return invalid(registry, make_error(codes::kRefusedByMapping, mapped.reason));
    return invalid(registry, std::move(mapped.flags));
  }
  faults.clear();
  if (!plan.canonical->validate(record.root(), faults)) return invalid(registry, std::move(faults));
  CanonicalAnswer answer;
  const Node* result = record.root().find(kResultMember);
  answer.found = result == nullptr || result->text != kNotFound;
  if (auto status = json.encode(record.root(), answer.json); status.has_error()) return status.error();
  return answer;
}

Result<std::unique_ptr<OutboundBytes>> view_answer(const Document& record, const AskerAnswer& plan) {
  auto view = plan.policy->view(record.root(), plan.canonical->fields());
  if (view.has_error()) return view.error();
  return render(*plan.mapping, *plan.codec, std::move(*view));
}

}  // namespace tongqu::steps
