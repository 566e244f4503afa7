#pragma once
// Step "verify" of an import: what lies in the spool, measured and held against its manifest.
#include <filesystem>

#include "connectors/file/import_options.hpp"
#include "connectors/support/file_system.hpp"
#include "gateway/core/crypto.hpp"

namespace tongqu::file {

inline constexpr const char* kSpoolSource = "source";
inline constexpr const char* kSpoolManifest = "source.manifest";
inline constexpr const char* kSpoolMember = "member-";

// `name`: the partner's name of the file. Gives the parts, or says in `broken` why the file as a whole is turned back
// (no part then). In an archive of messages each stands for itself (Part::fault). Errors are the spool's: later again.
[[nodiscard]] Result<std::vector<Part>> verify(const ImportOptions& options, const std::string& name, FileSystem& spool,
                                               const std::filesystem::path& spool_root, const Suite& suite,
                                               Broken& broken);

}  // namespace tongqu::file
