#pragma once
// Errors of the AMQP connector.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kAmqpUnreachable;
extern const ErrorCode kAmqpTls;
extern const ErrorCode kAmqpLogin;
extern const ErrorCode kAmqpSetUp;
extern const ErrorCode kAmqpLost;
extern const ErrorCode kAmqpProtocol;
extern const ErrorCode kAmqpCancelled;
extern const ErrorCode kAmqpBlocked;
extern const ErrorCode kAmqpUnroutable;
extern const ErrorCode kAmqpNacked;
extern const ErrorCode kAmqpNoConfirm;
extern const ErrorCode kAmqpService;
extern const ErrorCode kAmqpSize;
extern const ErrorCode kAmqpEncoding;
extern const ErrorCode kAmqpStopped;
extern const ErrorCode kAmqpBusy;

std::span<const ErrorCode* const> amqp_codes();

}  // namespace tongqu::codes
