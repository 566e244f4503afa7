#pragma once
// Errors of the store.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kKeyConflict;     // same dedup key, other digest
extern const ErrorCode kReplay;          // nonce used by another request
extern const ErrorCode kWrongState;      // the row is not in a state that this act starts from
extern const ErrorCode kStoreLocked;     // another process holds the folder
extern const ErrorCode kStoreNewer;      // written by a later version of the program
extern const ErrorCode kStoreOpen;       // a file cannot be opened or is no database
extern const ErrorCode kStoreCorrupt;    // stored rows do not fit together
extern const ErrorCode kStoreRead;       // a read failed; nothing was changed
extern const ErrorCode kOutcomeUnknown;  // the disk failed during commit and could not be asked again

std::span<const ErrorCode* const> store_codes();

}  // namespace tongqu::codes
