#pragma once
// Errors of folders (connectors/support/file_system.hpp), for every connector that works with files. They stand in the
// list of connectors/file/file_codes.hpp. No parameter is a file name or a value: both come from outside.
#include "gateway/core/error.hpp"

namespace tongqu::codes {

// Later again.
extern const ErrorCode kFileIo;
extern const ErrorCode kFileFull;
extern const ErrorCode kFileDenied;
extern const ErrorCode kFileMissing;
// Larger than the caller reads.
extern const ErrorCode kFileTooLarge;

}  // namespace tongqu::codes
