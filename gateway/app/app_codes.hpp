#pragma once
// Errors of the wiring, and the index of all codes.
#include <vector>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kConfigFile;
extern const ErrorCode kConfigNeeds;
extern const ErrorCode kConfigQuery;
extern const ErrorCode kConfigMapping;
extern const ErrorCode kConfigEnvelope;
extern const ErrorCode kConfigKey;
extern const ErrorCode kConfigKeyExpired;   // a key that a rule seals to; {} = its place
extern const ErrorCode kConfigPersonToken;  // parameter = the person
extern const ErrorCode kConfigPersonToken;  // parameter = the person
extern const ErrorCode kConfigKeySoon;      // warning; {} = its place
extern const ErrorCode kConfigWorkdays;     // a window of working days in a year without a table
extern const ErrorCode kConfigStaticKey;
extern const ErrorCode kConfigRemovedPartner;
extern const ErrorCode kConfigRestart;
extern const ErrorCode kConfigLegacy;      // a legacy listener that cannot be as it is written
extern const ErrorCode kConfigLegacyOpen;  // warning
extern const ErrorCode kConfigLegacyOver;  // warning
extern const ErrorCode kNoListener;
extern const ErrorCode kPartnerId;
extern const ErrorCode kImportPartner;
extern const ErrorCode kImportFile;
extern const ErrorCode kConfigTranscript;  // {} = the partner
extern const ErrorCode kTranscriptFile;    // {} = the file
extern const ErrorCode kMaskLine;          // {} = number of the line
extern const ErrorCode kMaskLength;        // {} = number of the line
extern const ErrorCode kMaskText;          // {} = number of the line
extern const ErrorCode kMaskKnown;         // {} = number of the line
extern const ErrorCode kMaskPolicy;        // {} = the policy
extern const ErrorCode kMaskFile;          // {} = the file
extern const ErrorCode kMaskUtf8;          // {} = the file, - for the standard input
extern const ErrorCode kMaskWrite;         // {} = the file
// Code tables and units that are published and received (directory_rows.hpp, publisher.hpp, take_up.hpp).
extern const ErrorCode kDirectoryTable;    // {} = the table
extern const ErrorCode kDirectoryService;  // {} = the service
extern const ErrorCode kDirectoryBase;
extern const ErrorCode kDirectoryDigest;
extern const ErrorCode kDirectoryRecord;
extern const ErrorCode kDirectoryName;  // {} = the name
extern const ErrorCode kDirectoryNobody;
extern const ErrorCode kDirectoryCancelled;

std::vector<const ErrorCode*> app_codes();

// Every code that the program can raise, by id; for the reference page.
[[nodiscard]] std::vector<const ErrorCode*> all_codes();

}  // namespace tongqu::codes
