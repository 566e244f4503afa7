#pragma once
// The protocols `file` (a local or mounted folder) and `sftp`: files in, files out, by one and the same logic.
#include "connectors/support/context.hpp"

namespace tongqu {

extern const ConnectorType kFileConnector;
extern const ConnectorType kSftpConnector;

}  // namespace tongqu
