#pragma once
// The protocols `file` (a local or mounted folder) and `sftp`: files in, files out, by one and the same logic.
#include <optional>

#include "connectors/file/import_options.hpp"
#include "connectors/support/context.hpp"
#include "connectors/support/file_system.hpp"

namespace tongqu {

extern const ConnectorType kFileConnector;
extern const ConnectorType kSftpConnector;

// What `inbound` of a partner says about bringing its files in; empty when it does not use these connectors.
[[nodiscard]] std::optional<file::ImportOptions> file_import_options(const Setting& inbound, const PartnerId& partner);

// A folder behind SFTP from an object with the members host, port, user, key, host_key, host_key_type, folder and
// call_timeout. Opens no connection; fails with the place of what does not fit.
[[nodiscard]] Result<std::unique_ptr<file::FileSystem>> open_sftp(const Setting& setting,
                                                                  const ConnectorContext& context);

}  // namespace tongqu
