#pragma once
// The protocols `file` (a local or mounted folder) and `sftp`: files in, files out, by one and the same logic.
#include <optional>

#include "connectors/file/import_options.hpp"
#include "connectors/support/context.hpp"

namespace tongqu {

extern const ConnectorType kFileConnector;
extern const ConnectorType kSftpConnector;

// What `inbound` of a partner says about bringing its files in; empty when it does not use these connectors.
[[nodiscard]] std::optional<file::ImportOptions> file_import_options(const Setting& inbound, const PartnerId& partner);

}  // namespace tongqu
