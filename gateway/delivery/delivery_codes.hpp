#pragma once
// Errors of delivery: why a message is dead, without answer, or cannot be fetched.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kDeliveryDeadline;    // the row's deadline passed before the partner acknowledged
extern const ErrorCode kDeliveryAttempts;    // the lane's limit of attempts is used up
extern const ErrorCode kDeliveryUnreadable;  // the stored payload does not open
extern const ErrorCode kDeliveryNoAnswer;    // sent, no answer: the effect is unknown
extern const ErrorCode kDeliveryPending;     // handed on, the answer is awaited: the effect is unknown as yet
extern const ErrorCode kDeliverySilent;      // the connector itself did not report in time
extern const ErrorCode kDeliveryRefused;     // turned back by the partner, and the connector gave no code
extern const ErrorCode kDeliveryFailed;      // an attempt failed, and the connector gave no code
extern const ErrorCode kDeliveryWindow;      // a window that cannot be read
extern const ErrorCode kDeliveryLane;        // a lane with a setting outside its range
extern const ErrorCode kDeliveryClosed;      // acknowledged after the message was given up

std::span<const ErrorCode* const> delivery_codes();

}  // namespace tongqu::codes
