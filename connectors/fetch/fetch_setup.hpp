#pragma once
// Fetching as the partner's settings say (attachments.fetch; gateway/settings/attachment_fields.hpp).
#include "connectors/fetch/fetch_lane.hpp"
#include "connectors/fetch/fetch_rules.hpp"
#include "connectors/support/context.hpp"
#include "connectors/support/file_system.hpp"

namespace tongqu::fetch {

// For one lane.
struct FetchSetup {
  FetchLaneOptions lane;
  std::size_t max_wanted = 0;
  std::shared_ptr<const FetchRules> rules;  // second owners: sources, and whoever judges messages
  FetchLane::Sources sources;
};

// A folder behind SFTP from an object with the members of the SFTP connector: the connector of that name makes it.
using OpenSftp = Result<std::unique_ptr<file::FileSystem>> (*)(const Setting& sftp, const ConnectorContext& context);

// `attachments` is the partner's object of that name and has `fetch`; `types` are those that it permits. Opens nothing.
// Fails with the place of what does not fit.
[[nodiscard]] Result<FetchSetup> make_fetch_setup(const Setting& attachments, std::vector<std::string> types,
                                                  const ConnectorContext& context, OpenSftp open_sftp);

}  // namespace tongqu::fetch
