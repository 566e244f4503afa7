#pragma once
// A folder of this machine, mounted ones included. Links are never followed at the last part of a path; new files have
// mode 0600 below a root of the connector's own, 0640 in a folder shared with the partner. Thread-safe.
#include <filesystem>
#include <memory>

#include "connectors/support/file_system.hpp"

namespace tongqu::file {

// `shared`: the folder belongs to the partner too (mode 0640, folders 0750).
[[nodiscard]] std::unique_ptr<FileSystem> make_local_files(std::filesystem::path root, bool shared);

// From errno: which call failed and how; never a path.
[[nodiscard]] Error file_error(const char* call, int number);

}  // namespace tongqu::file
