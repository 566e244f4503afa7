#pragma once
// Errors of the connector `link`. No parameter is a file name or a value of a message: places, limits, settings only.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

// A file that came over the link.
extern const ErrorCode kLinkCut;        // its end is missing: being written still, or cut on the way
extern const ErrorCode kLinkTooLarge;   // larger than max_bundle_bytes
extern const ErrorCode kLinkSignature;  // not signed by the other gateway's key, or altered
extern const ErrorCode kLinkForm;       // signed, and yet not of the form; parameter: the line
extern const ErrorCode kLinkHash;       // digests of another kind than this gateway's suite
extern const ErrorCode kLinkName;       // name and content disagree
extern const ErrorCode kLinkDigest;     // a body is not what its entry says; parameter: the entry
extern const ErrorCode kLinkChain;      // it does not follow on the last one: the other side lost its state
extern const ErrorCode kLinkReused;     // the number of an earlier bundle with other content
extern const ErrorCode kLinkAhead;      // too far ahead of what is awaited
extern const ErrorCode kLinkAnswer;     // acknowledges what was never sent
// The link as a whole.
extern const ErrorCode kLinkGap;   // a bundle is missing and has been asked for
extern const ErrorCode kLinkFull;  // as many messages unacknowledged as are permitted
extern const ErrorCode kLinkLate;  // not in a bundle on disk when the attempt's time was over
extern const ErrorCode kLinkStopped;
extern const ErrorCode kLinkState;  // a file of the connector's own does not fit
// One message.
extern const ErrorCode kLinkMessage;  // cannot travel: its names, or larger than a bundle
extern const ErrorCode kLinkRefused;  // turned back by the other gateway
extern const ErrorCode kLinkSetting;

std::span<const ErrorCode* const> link_codes();

}  // namespace tongqu::codes
