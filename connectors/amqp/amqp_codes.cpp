#include "connectors/amqp/amqp_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kAmqpUnreachable{"amqp.unreachable", ErrorKind::kUnavailable, "The broker cannot be reached.",
                                 "无法连接消息代理。"};
const ErrorCode kAmqpTls{"amqp.tls", ErrorKind::kUnavailable,
                         "No TLS with the broker: certificate, name or protocol version do not fit.",
                         "与消息代理的 TLS 握手失败：证书、名称或协议版本不符。"};
const ErrorCode kAmqpLogin{"amqp.login", ErrorKind::kUnavailable,
                           "The broker did not let us in: user, password, certificate or virtual host.",
                           "消息代理拒绝登录：用户、口令、证书或虚拟主机不符。"};
const ErrorCode kAmqpSetUp{"amqp.set-up", ErrorKind::kUnavailable,
                           "The broker refused the queue or exchange of the configuration (AMQP code {}).",
                           "消息代理拒绝使用所配置的队列或交换机（AMQP 代码 {}）。"};
const ErrorCode kAmqpLost{"amqp.lost", ErrorKind::kUnavailable, "The connection to the broker was lost.",
                          "与消息代理的连接已断开。"};
const ErrorCode kAmqpProtocol{"amqp.protocol", ErrorKind::kUnavailable,
                              "The broker sent what the protocol does not allow.", "消息代理发送了协议不允许的内容。"};
const ErrorCode kAmqpCancelled{"amqp.cancelled", ErrorKind::kUnavailable,
                               "The broker ended the subscription of a queue.", "消息代理取消了队列订阅。"};
const ErrorCode kAmqpBlocked{"amqp.blocked", ErrorKind::kUnavailable,
                             "The broker takes nothing now (connection blocked).", "消息代理暂停接收（连接被阻塞）。"};
const ErrorCode kAmqpUnroutable{"amqp.unroutable", ErrorKind::kInvalid, "No queue takes the message (AMQP code {}).",
                                "没有队列接收该报文（AMQP 代码 {}）。"};
const ErrorCode kAmqpNacked{"amqp.nacked", ErrorKind::kUnavailable, "The broker did not take the message (nack).",
                            "消息代理未接收该报文（nack）。"};
const ErrorCode kAmqpNoConfirm{"amqp.no-confirm", ErrorKind::kDeadline, "No confirm of the broker within the time.",
                               "消息代理未在时限内确认。"};
const ErrorCode kAmqpService{"amqp.service", ErrorKind::kInvalid, "No routing is configured for this service.",
                             "该服务未配置路由。"};
const ErrorCode kAmqpSize{"amqp.size", ErrorKind::kTooLarge, "The message has more than {} bytes.",
                          "报文超过 {} 字节的上限。"};
const ErrorCode kAmqpEncoding{"amqp.content-encoding", ErrorKind::kInvalid,
                              "The content encoding of the message is not supported.", "不支持报文的内容编码。"};
const ErrorCode kAmqpStopped{"amqp.stopped", ErrorKind::kUnavailable, "The connector is being stopped.",
                             "连接器正在停止。"};
const ErrorCode kAmqpBusy{"amqp.busy", ErrorKind::kUnavailable, "Too many messages wait for the broker.",
                          "等待消息代理的报文过多。"};

std::span<const ErrorCode* const> amqp_codes() {
  static constexpr std::array<const ErrorCode*, 16> kAll{
      &kAmqpUnreachable, &kAmqpTls,      &kAmqpLogin,      &kAmqpSetUp,  &kAmqpLost,      &kAmqpProtocol,
      &kAmqpCancelled,   &kAmqpBlocked,  &kAmqpUnroutable, &kAmqpNacked, &kAmqpNoConfirm, &kAmqpService,
      &kAmqpSize,        &kAmqpEncoding, &kAmqpStopped,    &kAmqpBusy};
  return kAll;
}

}  // namespace tongqu::codes
