#pragma once
// The steps of a query beside those of the line: what makes two questions the same, how a registry's answer becomes a
// canonical record, how that becomes an asker's bytes. None performs I/O.
#include <functional>
#include <memory>

#include "gateway/core/query.hpp"
#include "gateway/core/view.hpp"
#include "gateway/pipeline/exchange.hpp"
#include "gateway/pipeline/steps.hpp"

namespace tongqu::steps {

// Canonical answers have this member: "found" or "not-found" (docs/decisions/0008-queries.md).
inline constexpr std::string_view kResultMember = "result";
inline constexpr std::string_view kFound = "found";
inline constexpr std::string_view kNotFound = "not-found";

// decode … route of a question. Fails with what turns it back; route.none unless exactly one registry is asked.
[[nodiscard]] Status run_question(Exchange& exchange, const LineTools& tools, Store& store);
// view and render for that registry; only when the question really leaves.
[[nodiscard]] Status render_question(Exchange& exchange);

// The question without what differs from request to request, and the configuration under which it is asked.
[[nodiscard]] Result<std::string> question_identity(const Exchange& exchange, const LineTools& tools);

// Strict: query.answer-invalid with all faults when the answer is not exactly what was agreed. The form is the first of
// `forms` whose codec can read the answer. The faults are for the operator; their paths are the registry's.
[[nodiscard]] Result<CanonicalAnswer> read_answer(const QueryOutcome& outcome, const std::vector<RegistryAnswer>& forms,
                                                  const PartnerId& registry, const Codec& json);

// The answer as one asker may see it. Errors of the policy and of the mapping.
[[nodiscard]] Result<std::unique_ptr<OutboundBytes>> view_answer(const Document& record, const AskerAnswer& plan);

}  // namespace tongqu::steps
