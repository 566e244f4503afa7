#pragma once
// Partners whose messages people transcribe, as the desk asks for them.
#include <memory>
#include <vector>

#include "gateway/app/config_compile.hpp"
#include "gateway/delivery/transcript_desk.hpp"

namespace tongqu::app {

[[nodiscard]] std::vector<TranscriptPartner> transcript_partners(const CompiledConfig& config);
// The schema that the row's document was rendered after: of the route that its exchange took, as that is today.
[[nodiscard]] TranscriptForm transcript_form(const std::shared_ptr<const CompiledConfig>& config,
                                             const TranscriptRow& row);

}  // namespace tongqu::app
