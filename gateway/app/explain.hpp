#pragma once
// The explanation of one message under one configuration.
#include "gateway/app/config_compile.hpp"

namespace tongqu::app {

// Runs the line's steps on `bytes` as if `partner` had sent them now, without storing. Gives
//   {mapping, state, findings: […], record: [{field, sources, functions, tables, line, present, why}],
//    recipients: [{recipient, mapping, fields: [{field, sources, functions, tables, line, treatment, rule, why}],
//    conditions: [{path, condition, rule, met}],
//    body}]}
// With `reader`, a clearance, each row of a present field has besides either `value`, as far as the reader may read it,
// or `withheld`: true. A value of a recipient's message is shown when the reader may read every field that it came from
// clear, or when what the recipient got of it names nobody (dropped, an opaque reference, sealed, a token).
// Fails with what would turn the message back.
[[nodiscard]] Result<Document> explain(const CompiledConfig& config, const PartnerId& partner, const ServiceId& service,
                                       std::string bytes, Lang lang, const ViewPolicy* reader = nullptr);

}  // namespace tongqu::app
