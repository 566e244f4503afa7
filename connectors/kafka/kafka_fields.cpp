#include "connectors/kafka/kafka_fields.hpp"

#include "connectors/support/queue_fields.hpp"

namespace tongqu::kafka {
namespace {

using enum SettingType;
using Word = std::string_view;

constexpr Word kModes[] = {"binary", "structured"};
constexpr Word kEnvelopes[] = {"cloudevents", "none"};
constexpr Word kStarts[] = {"earliest", "latest"};
constexpr Word kMechanisms[] = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"};

constexpr std::string_view kTopicPattern = "[a-zA-Z0-9._-]{1,249}";
constexpr std::string_view kTopicEn = "a topic: letters, digits, dot, underscore, dash, at most 249";
constexpr std::string_view kTopicZh = "主题名：字母、数字、点、下划线、短横线，最多 249 个";

// ---- the connection, both directions ----------------------------------------------------------------------------

constexpr FieldSpec kTlsFields[] = {
    {.name = "ca",
     .type = kReference,
     .en = "Authorities of the brokers' certificates, PEM; default the system's.",
     .zh = "签发代理证书的机构证书（PEM），默认用系统证书库。"},
    {.name = "certificate", .type = kReference, .en = "Our client certificate, PEM.", .zh = "本方客户端证书（PEM）。"},
    {.name = "key",
     .type = kSecret,
     .en = "Private key of the client certificate, PEM.",
     .zh = "客户端证书私钥（PEM）。"},
};
constexpr FieldSpec kSaslFields[] = {
    {.name = "mechanism",
     .type = kEnum,
     .en = "How we log in. PLAIN only with TLS.",
     .zh = "登录机制；PLAIN 仅限 TLS。",
     .required = true,
     .words = kMechanisms},
    {.name = "user", .en = "User.", .zh = "用户名。", .required = true, .min = 1, .max = 255},
    {.name = "password", .type = kSecret, .en = "Password.", .zh = "口令。", .required = true},
};
constexpr FieldSpec kBrokers{.name = "brokers",
                             .en = "Brokers to begin with: host:port, separated by commas.",
                             .zh = "起始代理地址：主机:端口，逗号分隔。",
                             .required = true,
                             .min = 3,
                             .max = 2000,
                             .pattern = R"([A-Za-z0-9.\-\[\]:]+:[0-9]{1,5}(,[A-Za-z0-9.\-\[\]:]+:[0-9]{1,5})*)",
                             .pattern_en = "host:port, separated by commas",
                             .pattern_zh = "主机:端口，逗号分隔"};
constexpr FieldSpec kTls{.name = "tls",
                         .type = kObject,
                         .en = "TLS towards the brokers; without it connections are in clear.",
                         .zh = "与代理之间的 TLS；未配置则为明文连接。",
                         .fields = kTlsFields};
constexpr FieldSpec kSasl{
    .name = "sasl", .type = kObject, .en = "Login with SASL.", .zh = "SASL 登录。", .fields = kSaslFields};
constexpr FieldSpec kTuningValue{
    .name = "value", .en = "Value of a setting of librdkafka.", .zh = "librdkafka 设置的值。", .max = 100};
constexpr FieldSpec kTuning{.name = "tuning",
                            .type = kMap,
                            .en = "Settings of librdkafka out of a short list (docs/connectors/kafka.md).",
                            .zh = "librdkafka 设置，限于列表所列（docs/connectors/kafka.md）。",
                            .max = 20,
                            .item = &kTuningValue};
constexpr FieldSpec kMaxMessage = max_message_field(8LL << 20U);

// ---- outbound ---------------------------------------------------------------------------------------------------

constexpr FieldSpec kRouteFields[] = {
    {.name = "service",
     .en = "Service whose messages go to the topic.",
     .zh = "适用的服务。",
     .required = true,
     .refers_to = "service"},
    {.name = "topic",
     .en = "Topic.",
     .zh = "主题。",
     .required = true,
     .pattern = kTopicPattern,
     .pattern_en = kTopicEn,
     .pattern_zh = kTopicZh},
    {.name = "type",
     .en = "Type of the events (CloudEvents `type`).",
     .zh = "事件类型（CloudEvents type）。",
     .required = true,
     .min = 1,
     .max = 255},
    {.name = "key",
     .en = "Field of the JSON message whose text is the record's key and the event's subject: the number of the "
           "matter, so "
           "that its messages stay in order. Empty = no key.",
     .zh = "作为记录键与事件 subject 的 JSON 字段（事项编号，以保证同一事项有序）；空为无键。",
     .max = 200},
};
constexpr FieldSpec kRouteItem{
    .name = "topic", .type = kObject, .en = "One service.", .zh = "一项服务。", .fields = kRouteFields};
constexpr FieldSpec kOutboundFields[] = {
    kBrokers,
    kTls,
    kSasl,
    kTuning,
    kMaxMessage,
    {.name = "source",
     .en = "Source of the events, a URI reference (CloudEvents `source`).",
     .zh = "事件来源，URI 引用（CloudEvents source）。",
     .required = true,
     .min = 1,
     .max = 500},
    {.name = "mode",
     .type = kEnum,
     .en = "Content mode that is written; both are read.",
     .zh = "写出的内容模式；读取时两种均可。",
     .default_text = "binary",
     .words = kModes},
    {.name = "topics",
     .type = kList,
     .en = "Where the messages of each service go.",
     .zh = "各服务报文的去向。",
     .required = true,
     .min = 1,
     .max = 200,
     .item = &kRouteItem,
     .unique = "service"},
};

// ---- inbound ----------------------------------------------------------------------------------------------------

constexpr FieldSpec kType{.name = "type", .en = "Event type.", .zh = "事件类型。", .min = 1, .max = 255};
constexpr FieldSpec kTopicFields[] = {
    {.name = "topic",
     .en = "Topic that is read.",
     .zh = "读取的主题。",
     .required = true,
     .pattern = kTopicPattern,
     .pattern_en = kTopicEn,
     .pattern_zh = kTopicZh},
    {.name = "service",
     .en = "Service of its messages.",
     .zh = "主题报文所属服务。",
     .required = true,
     .refers_to = "service"},
    {.name = "types",
     .type = kList,
     .en = "Event types that are expected; others are turned back. Empty = any.",
     .zh = "接收的事件类型，其他拒收；空为不限。",
     .max = 100,
     .item = &kType},
    {.name = "dead_letter_topic",
     .en = "Topic for what is turned back. Without one it is passed over after it was reported.",
     .zh = "拒收报文转入的主题；未配置则在记录拒收后跳过。",
     .pattern = "([a-zA-Z0-9._-]{1,249})?",
     .pattern_en = kTopicEn,
     .pattern_zh = kTopicZh},
};
constexpr FieldSpec kTopicItem{
    .name = "topic", .type = kObject, .en = "One topic.", .zh = "一个主题。", .fields = kTopicFields};
constexpr FieldSpec kInboundFields[] = {
    kBrokers,
    kTls,
    kSasl,
    kTuning,
    kMaxMessage,
    {.name = "group",
     .en = "Consumer group; its offsets say what is read already.",
     .zh = "消费组；其位点表示已读取位置。",
     .required = true,
     .min = 1,
     .max = 200},
    {.name = "start",
     .type = kEnum,
     .en = "Where a group without offsets begins.",
     .zh = "消费组没有位点时从何处读起。",
     .default_text = "earliest",
     .words = kStarts},
    {.name = "envelope",
     .type = kEnum,
     .en = "Records are CloudEvents 1.0, or the message itself.",
     .zh = "记录为 CloudEvents 1.0 事件，或即报文本身。",
     .default_text = "cloudevents",
     .words = kEnvelopes},
    {.name = "content_type",
     .en = "Media type of messages that do not say theirs, for envelope: none.",
     .zh = "报文未注明时采用的媒体类型（envelope: none）。",
     .default_text = "application/json",
     .min = 3,
     .max = 100},
    {.name = "topics",
     .type = kList,
     .en = "What is read.",
     .zh = "读取的主题。",
     .required = true,
     .min = 1,
     .max = 50,
     .item = &kTopicItem,
     .unique = "topic"},
    {.name = "parallel",
     .type = kInteger,
     .en = "Records of a partition that are stored at the same time, of different keys.",
     .zh = "每个分区同时落库的记录数（不同键）。",
     .default_text = "8",
     .min = 1,
     .max = 100},
    {.name = "held",
     .type = kInteger,
     .en = "Records of a partition in memory; above it reading the partition pauses.",
     .zh = "每个分区驻留内存的记录数，超过则暂停读取该分区。",
     .default_text = "200",
     .min = 1,
     .max = 10'000},
    kWaitFirstField,
    kWaitMaxField,
};

}  // namespace

constinit const PluginSpec kOutboundSpec{.kind = "connector",
                                         .variant = "kafka",
                                         .en = "Writes CloudEvents 1.0 to topics of Apache Kafka.",
                                         .zh = "向 Apache Kafka 主题写入 CloudEvents 1.0 事件。",
                                         .fields = kOutboundFields};
constinit const PluginSpec kInboundSpec{.kind = "intake",
                                        .variant = "kafka",
                                        .en = "Reads topics of Apache Kafka, CloudEvents 1.0.",
                                        .zh = "读取 Apache Kafka 主题（CloudEvents 1.0）。",
                                        .fields = kInboundFields};

}  // namespace tongqu::kafka
