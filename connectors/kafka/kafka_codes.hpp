#pragma once
// Errors of the Kafka connector.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kKafkaSetting;
extern const ErrorCode kKafkaUnreachable;
extern const ErrorCode kKafkaLogin;
extern const ErrorCode kKafkaTopic;
extern const ErrorCode kKafkaBusy;
extern const ErrorCode kKafkaNoReport;
extern const ErrorCode kKafkaNotWritten;
extern const ErrorCode kKafkaRefused;
extern const ErrorCode kKafkaService;
extern const ErrorCode kKafkaSize;
extern const ErrorCode kKafkaKey;
extern const ErrorCode kKafkaStopped;
extern const ErrorCode kCloudEventForm;
extern const ErrorCode kCloudEventVersion;
extern const ErrorCode kCloudEventAttribute;
extern const ErrorCode kCloudEventData;
extern const ErrorCode kCloudEventType;

std::span<const ErrorCode* const> kafka_codes();

}  // namespace tongqu::codes
