#pragma once
// The explanation of one message under one configuration.
#include "gateway/app/config_compile.hpp"

namespace tongqu::app {

// Runs the line's steps on `bytes` as if `partner` had sent them now, without storing. Gives
//   {mapping, state, findings: […], record: [{field, sources, functions, tables, line, present, why}],
//    recipients: [{recipient, mapping, fields: [{field, sources, functions, tables, line, treatment, rule, why}],
//    body}]}
// Fails with what would turn the message back.
[[nodiscard]] Result<Document> explain(const CompiledConfig& config, const PartnerId& partner, const ServiceId& service,
                                       std::string bytes, Lang lang);

}  // namespace tongqu::app
