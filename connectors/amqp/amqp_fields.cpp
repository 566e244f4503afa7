#include "connectors/amqp/amqp_fields.hpp"

#include "connectors/support/queue_fields.hpp"

namespace tongqu::amqp {
namespace {

using enum SettingType;
using Word = std::string_view;

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kHour = 60 * kMinute;

constexpr Word kLogins[] = {"plain", "external"};

constexpr FieldSpec kTlsFields[] = {
    {.name = "ca",
     .type = kReference,
     .en = "Authorities of the broker's certificate, PEM file.",
     .zh = "签发消息代理证书的机构证书（PEM 文件）。",
     .required = true},
    {.name = "certificate",
     .type = kReference,
     .en = "Our client certificate, PEM file.",
     .zh = "本方客户端证书（PEM 文件）。"},
    {.name = "key",
     .type = kSecret,
     .en = "Private key of the client certificate, PEM file.",
     .zh = "客户端证书私钥（PEM 文件）。"},
};

// ---- the connection, both directions ----------------------------------------------------------------------------

constexpr FieldSpec kHost{.name = "host",
                          .en = "Host of the broker; with TLS its certificate has to name it.",
                          .zh = "消息代理主机名；启用 TLS 时须与其证书一致。",
                          .required = true,
                          .min = 1,
                          .max = 253};
constexpr FieldSpec kPort{.name = "port",
                          .type = kInteger,
                          .en = "Port of the broker.",
                          .zh = "消息代理端口。",
                          .default_text = "5671",
                          .min = 1,
                          .max = 65'535};
constexpr FieldSpec kVirtualHost{
    .name = "virtual_host", .en = "Virtual host.", .zh = "虚拟主机。", .default_text = "/", .min = 1, .max = 255};
constexpr FieldSpec kLogin{.name = "login",
                           .type = kEnum,
                           .en = "How we log in: user and password, or the client certificate (SASL EXTERNAL).",
                           .zh = "登录方式：用户名口令，或客户端证书（SASL EXTERNAL）。",
                           .default_text = "plain",
                           .words = kLogins};
constexpr FieldSpec kUser{
    .name = "user", .en = "User, for login: plain.", .zh = "用户名（login: plain）。", .max = 255};
constexpr FieldSpec kPassword{
    .name = "password", .type = kSecret, .en = "Password, for login: plain.", .zh = "口令（login: plain）。"};
constexpr FieldSpec kTls{.name = "tls",
                         .type = kObject,
                         .en = "TLS towards the broker; without it the connection is in clear.",
                         .zh = "与消息代理之间的 TLS；未配置则为明文连接。",
                         .fields = kTlsFields};
constexpr FieldSpec kHeartbeat{.name = "heartbeat",
                               .type = kDuration,
                               .en = "A connection that is silent for two of these is dead.",
                               .zh = "心跳间隔；两个间隔无数据即视为断开。",
                               .default_text = "10s",
                               .min = 1000,
                               .max = 5 * kMinute};
constexpr FieldSpec kConnectTimeout{.name = "connect_timeout",
                                    .type = kDuration,
                                    .en = "Time for each step of connecting.",
                                    .zh = "建立连接每一步的时限。",
                                    .default_text = "5s",
                                    .min = 100,
                                    .max = kMinute};
constexpr FieldSpec kReconnectFirst{.name = "reconnect_first",
                                    .type = kDuration,
                                    .en = "Wait before the broker is connected again; it doubles.",
                                    .zh = "首次重连前的等待，之后逐次加倍。",
                                    .default_text = "500ms",
                                    .min = 10,
                                    .max = kMinute};
constexpr FieldSpec kReconnectMax{.name = "reconnect_max",
                                  .type = kDuration,
                                  .en = "Longest wait between two connections.",
                                  .zh = "重连等待的上限。",
                                  .default_text = "30s",
                                  .min = 10,
                                  .max = kHour};
constexpr FieldSpec kMaxMessage = max_message_field(64LL << 20U);

// ---- outbound ---------------------------------------------------------------------------------------------------

constexpr FieldSpec kRoutingFields[] = {
    {.name = "service",
     .en = "Service whose messages go this way.",
     .zh = "适用的服务。",
     .required = true,
     .refers_to = "service"},
    {.name = "exchange", .en = "Exchange; empty = the default exchange.", .zh = "交换机，空为默认交换机。", .max = 255},
    {.name = "routing_key", .en = "Routing key.", .zh = "路由键。", .required = true, .max = 255},
    {.name = "priority",
     .type = kInteger,
     .en = "Priority of the messages; the queue's x-max-priority bounds it.",
     .zh = "报文优先级，受队列 x-max-priority 限制。",
     .default_text = "0",
     .min = 0,
     .max = 255},
};
constexpr FieldSpec kRoutingItem{
    .name = "routing", .type = kObject, .en = "One service.", .zh = "一项服务。", .fields = kRoutingFields};
constexpr FieldSpec kOutboundFields[] = {
    kHost,
    kPort,
    kVirtualHost,
    kLogin,
    kUser,
    kPassword,
    kTls,
    kHeartbeat,
    kConnectTimeout,
    kReconnectFirst,
    kReconnectMax,
    kMaxMessage,
    {.name = "routing",
     .type = kList,
     .en = "Where the messages of each service go.",
     .zh = "各服务报文的去向。",
     .required = true,
     .min = 1,
     .max = 200,
     .item = &kRoutingItem,
     .unique = "service"},
};

// ---- inbound ----------------------------------------------------------------------------------------------------

constexpr FieldSpec kQueueFields[] = {
    {.name = "queue", .en = "Queue that is read.", .zh = "读取的队列。", .required = true, .min = 1, .max = 255},
    {.name = "service",
     .en = "Service of its messages.",
     .zh = "队列报文所属服务。",
     .required = true,
     .refers_to = "service"},
    {.name = "dead_letter",
     .type = kBoolean,
     .en = "The queue has a dead-letter exchange: what is turned back is rejected, and the broker moves it there. "
           "Without one it is acknowledged after it was reported.",
     .zh = "队列已设置死信交换机：拒收的报文由消息代理转入；否则在记录拒收后确认。",
     .default_text = "false"},
};
constexpr FieldSpec kQueueItem{
    .name = "queue", .type = kObject, .en = "One queue.", .zh = "一个队列。", .fields = kQueueFields};
constexpr FieldSpec kInboundFields[] = {
    kHost,
    kPort,
    kVirtualHost,
    kLogin,
    kUser,
    kPassword,
    kTls,
    kHeartbeat,
    kConnectTimeout,
    kReconnectFirst,
    kReconnectMax,
    kMaxMessage,
    {.name = "queues",
     .type = kList,
     .en = "What is read.",
     .zh = "读取的队列。",
     .required = true,
     .min = 1,
     .max = 50,
     .item = &kQueueItem,
     .unique = "queue"},
    {.name = "prefetch",
     .type = kInteger,
     .en = "Deliveries of a queue that are open at a time.",
     .zh = "每个队列同时未确认的投递数。",
     .default_text = "16",
     .min = 1,
     .max = 1000},
    {.name = "in_order",
     .type = kBoolean,
     .en = "Messages of a queue are stored one after another; a message that has to wait holds those behind it.",
     .zh = "同一队列的报文逐条落库；一条等待时其后报文一并等待。",
     .default_text = "true"},
    {.name = "content_type",
     .en = "Media type of messages that do not say theirs.",
     .zh = "报文未注明时采用的媒体类型。",
     .default_text = "application/json",
     .min = 3,
     .max = 100},
    kWaitFirstField,
    kWaitMaxField,
    {.name = "hold",
     .type = kDuration,
     .en =
         "After this a message that could not be stored goes back to the broker. Below the broker's consumer_timeout.",
     .zh = "无法落库的报文持有多久后交还消息代理，须小于其 consumer_timeout。",
     .default_text = "10m",
     .min = 1000,
     .max = 25 * kMinute},
};

}  // namespace

constinit const PluginSpec kOutboundSpec{.kind = "connector",
                                         .variant = "amqp",
                                         .en = "Publishes to a broker over AMQP 0-9-1 (RabbitMQ).",
                                         .zh = "以 AMQP 0-9-1 向消息代理发布（RabbitMQ）。",
                                         .fields = kOutboundFields};
constinit const PluginSpec kInboundSpec{.kind = "intake",
                                        .variant = "amqp",
                                        .en = "Reads queues of a broker over AMQP 0-9-1 (RabbitMQ).",
                                        .zh = "以 AMQP 0-9-1 读取消息代理的队列（RabbitMQ）。",
                                        .fields = kInboundFields};

}  // namespace tongqu::amqp
