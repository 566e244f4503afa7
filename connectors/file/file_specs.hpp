#pragma once
// Field lists of the protocols `file` and `sftp`: what both share stands once.
#include "gateway/settings/field_list.hpp"

namespace tongqu {

extern const PluginSpec kFileIntakeSpec;
extern const PluginSpec kSftpIntakeSpec;
extern const PluginSpec kFileConnectorSpec;
extern const PluginSpec kSftpConnectorSpec;

}  // namespace tongqu
