#pragma once
// Every way in which a configuration can be wrong. "{}" is a name, a limit or a place – never a configured value.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

// The directory and its files.
extern const ErrorCode kSettingsInvalid;         // the load as a whole; carries all faults
extern const ErrorCode kSettingsUnreadable;      // folder or file cannot be read
extern const ErrorCode kSettingsTooManyFiles;    // {} = limit
extern const ErrorCode kSettingsFileTooLarge;    // {} = limit in bytes
extern const ErrorCode kSettingsTotalTooLarge;   // {} = limit in bytes
extern const ErrorCode kSettingsUnexpectedFile;  // a YAML file where nothing reads it
extern const ErrorCode kSettingsBadFileName;     // the name of a file is the id of its object
extern const ErrorCode kSettingsFileMissing;     // {} = relative path of the file that must be there
extern const ErrorCode kSettingsMoreFaults;      // {} = number of faults that are not listed

// YAML.
extern const ErrorCode kSettingsNotUtf8;
extern const ErrorCode kSettingsControlCharacter;
extern const ErrorCode kSettingsTab;
extern const ErrorCode kSettingsLineTooLong;  // {} = limit in bytes
extern const ErrorCode kSettingsSyntax;       // {} = what the reader met
extern const ErrorCode kSettingsUnclosedQuote;
extern const ErrorCode kSettingsDuplicateKey;  // {} = line of the first
extern const ErrorCode kSettingsAlias;         // anchor or alias
extern const ErrorCode kSettingsTag;
extern const ErrorCode kSettingsManyDocuments;
extern const ErrorCode kSettingsTooDeep;        // {} = limit
extern const ErrorCode kSettingsTooManyValues;  // {} = limit
extern const ErrorCode kSettingsBadKey;         // a key that is not a plain word

// Fields.
extern const ErrorCode kSettingsUnknownKey;        // {} = the object it stands in
extern const ErrorCode kSettingsMissingKey;        // {} = name of the field
extern const ErrorCode kSettingsWrongType;         // {} = name of the field
extern const ErrorCode kSettingsUnknownWord;       // {} = name of the field
extern const ErrorCode kSettingsOutOfRange;        // {} = name of the field
extern const ErrorCode kSettingsBadForm;           // {} = name of the field
extern const ErrorCode kSettingsExactlyOne;        // {} = names, of which exactly one is set
extern const ErrorCode kSettingsDuplicateName;     // {} = name of the field that must differ within a list
extern const ErrorCode kSettingsUnknownReference;  // {} = kind of object
extern const ErrorCode kSettingsStrayReference;    // "${…}" in a field that is not secret

// Secrets.
extern const ErrorCode kSecretLiteral;       // {} = name of the field
extern const ErrorCode kSecretBadReference;  // {} = name of the field
extern const ErrorCode kSecretPkcs11;
extern const ErrorCode kSecretPlace;       // file inside the directory, but outside secrets/
extern const ErrorCode kSecretUnreadable;  // {} = the reference
extern const ErrorCode kSecretTooLarge;    // {} = limit in bytes
extern const ErrorCode kSecretEmpty;       // {} = the reference
extern const ErrorCode kSecretFileMode;    // warning; {} = the reference

// Copies of accepted configurations.
extern const ErrorCode kCopyNotKept;  // {} = what failed
extern const ErrorCode kCopyMissing;  // no such copy
extern const ErrorCode kCopyAltered;  // a kept copy no longer has its digest

[[nodiscard]] std::span<const ErrorCode* const> settings_codes();

}  // namespace tongqu::codes
