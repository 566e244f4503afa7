#pragma once
// Errors of the connectors `file` and `sftp`. No parameter is a file name or a value: both come from outside.
#include <span>

#include "connectors/support/folder_codes.hpp"
#include "gateway/core/error.hpp"

namespace tongqu::codes {

// The folder or the server: later again (and those of connectors/support/folder_codes.hpp).
extern const ErrorCode kFileListing;
extern const ErrorCode kFileMoving;
extern const ErrorCode kSftpConnect;
extern const ErrorCode kSftpHostKey;
extern const ErrorCode kSftpLogin;
extern const ErrorCode kSftpKey;
extern const ErrorCode kSftpAnswer;
// One file that is turned back as a whole.
extern const ErrorCode kFileEmpty;
extern const ErrorCode kFileRowTooLong;
extern const ErrorCode kFileQuoteOpen;
extern const ErrorCode kFileMember;  // a file in an archive that no rule is for
extern const ErrorCode kFileTooManyRows;
extern const ErrorCode kManifestMissing;
extern const ErrorCode kManifestForm;
extern const ErrorCode kManifestAlgorithm;
extern const ErrorCode kManifestMember;
extern const ErrorCode kManifestRows;
extern const ErrorCode kManifestSize;
extern const ErrorCode kManifestDigest;
extern const ErrorCode kArchiveForm;
extern const ErrorCode kArchiveName;
extern const ErrorCode kArchiveKind;
extern const ErrorCode kArchiveEntries;
extern const ErrorCode kArchiveSize;
extern const ErrorCode kArchiveRatio;
// Sending.
extern const ErrorCode kBatchForm;
extern const ErrorCode kBatchRefused;
extern const ErrorCode kBatchAckMissing;
extern const ErrorCode kBatchAckForm;
extern const ErrorCode kBatchStopped;
extern const ErrorCode kBatchFull;
extern const ErrorCode kBatchIo;
// The connector's own files and settings.
extern const ErrorCode kFileState;
extern const ErrorCode kFileSetting;

std::span<const ErrorCode* const> file_codes();

}  // namespace tongqu::codes
