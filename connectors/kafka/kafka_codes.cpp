#include "connectors/kafka/kafka_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kKafkaSetting{"kafka.setting", ErrorKind::kInvalid, "The client does not take the setting {}.",
                              "客户端不接受设置 {}。"};
const ErrorCode kKafkaUnreachable{"kafka.unreachable", ErrorKind::kUnavailable, "No broker can be reached.",
                                  "无法连接任何 Kafka 代理。"};
const ErrorCode kKafkaLogin{"kafka.login", ErrorKind::kUnavailable,
                            "The brokers did not let us in: certificate, user, password or right.",
                            "Kafka 代理拒绝访问：证书、用户、口令或权限不符。"};
const ErrorCode kKafkaTopic{"kafka.topic", ErrorKind::kUnavailable, "The brokers do not know the topic.",
                            "Kafka 代理上没有该主题。"};
const ErrorCode kKafkaBusy{"kafka.busy", ErrorKind::kUnavailable, "Too many messages wait for the brokers.",
                           "等待 Kafka 代理的报文过多。"};
const ErrorCode kKafkaNoReport{"kafka.no-report", ErrorKind::kDeadline,
                               "No answer of the brokers within the time; the message may have been written.",
                               "Kafka 代理未在时限内应答，报文可能已写入。"};
const ErrorCode kKafkaNotWritten{"kafka.not-written", ErrorKind::kUnavailable, "The brokers did not write the message.",
                                 "Kafka 代理未写入该报文。"};
const ErrorCode kKafkaRefused{"kafka.refused", ErrorKind::kInvalid, "The brokers turned the message back.",
                              "Kafka 代理拒收该报文。"};
const ErrorCode kKafkaService{"kafka.service", ErrorKind::kInvalid, "No topic is configured for this service.",
                              "该服务未配置主题。"};
const ErrorCode kKafkaSize{"kafka.size", ErrorKind::kTooLarge, "The message has more than {} bytes.",
                           "报文超过 {} 字节的上限。"};
const ErrorCode kKafkaKey{"kafka.key", ErrorKind::kInvalid, "The message has no field for the key of its record.",
                          "报文缺少作为记录键的字段。"};
const ErrorCode kKafkaStopped{"kafka.stopped", ErrorKind::kUnavailable, "The connector is being stopped.",
                              "连接器正在停止。"};
const ErrorCode kCloudEventForm{"cloudevents.form", ErrorKind::kInvalid,
                                "This is no CloudEvent, neither in structured nor in binary mode.",
                                "不是 CloudEvents 事件（结构化或二进制模式均不符）。"};
const ErrorCode kCloudEventVersion{"cloudevents.version", ErrorKind::kInvalid, "Only CloudEvents 1.0 is taken.",
                                   "只接受 CloudEvents 1.0。"};
const ErrorCode kCloudEventAttribute{"cloudevents.attribute", ErrorKind::kInvalid,
                                     "The attribute {} is missing, twice there, or not as the standard says.",
                                     "属性 {} 缺失、重复或不符合标准。"};
const ErrorCode kCloudEventData{"cloudevents.data", ErrorKind::kInvalid,
                                "The event's data are not as its content type says.", "事件数据与其内容类型不符。"};
const ErrorCode kCloudEventType{"cloudevents.type", ErrorKind::kInvalid, "Events of this type are not expected here.",
                                "此处不接收该类型的事件。"};

std::span<const ErrorCode* const> kafka_codes() {
  static constexpr std::array<const ErrorCode*, 17> kAll{
      &kKafkaSetting,    &kKafkaUnreachable,  &kKafkaLogin,          &kKafkaTopic,     &kKafkaBusy,     &kKafkaNoReport,
      &kKafkaNotWritten, &kKafkaRefused,      &kKafkaService,        &kKafkaSize,      &kKafkaKey,      &kKafkaStopped,
      &kCloudEventForm,  &kCloudEventVersion, &kCloudEventAttribute, &kCloudEventData, &kCloudEventType};
  return kAll;
}

}  // namespace tongqu::codes
