#pragma once
// Fetching as the partner's settings say (attachments.fetch; gateway/settings/attachment_fields.hpp).
#include "connectors/fetch/fetch_lane.hpp"
#include "connectors/fetch/fetch_rules.hpp"
#include "connectors/support/context.hpp"

namespace tongqu::fetch {

// Immutable; for any number of lanes.
struct FetchSetup {
  FetchLaneOptions lane;
  std::size_t max_wanted = 0;
  std::shared_ptr<const FetchRules> rules;  // second owners: sources, and whoever judges messages
  FetchLane::MakeSource make_source;
};

// `attachments` is the partner's object of that name and has `fetch`; `types` are those that it permits. Opens nothing.
// Fails with the place of what does not fit.
[[nodiscard]] Result<FetchSetup> make_fetch_setup(const Setting& attachments, std::vector<std::string> types,
                                                  const ConnectorContext& context);

}  // namespace tongqu::fetch
