#pragma once
// Errors of the registry connector. Parameters are names from the configuration.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kRegistryFull;      // the base is at max_records or max_bytes
extern const ErrorCode kRegistryRecord;    // a message that is no record: not JSON, nothing to find it by
extern const ErrorCode kRegistryQuestion;  // a question without the fields of any key
extern const ErrorCode kRegistryLate;      // not taken up within the time of the call
extern const ErrorCode kRegistryStopped;   // the connector was stopped first
extern const ErrorCode kRegistrySetting;

std::span<const ErrorCode* const> registry_codes();

}  // namespace tongqu::codes
