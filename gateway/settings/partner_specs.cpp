// partners/<id>.yaml: how a partner comes in, how it is called, how it fetches.
#include "gateway/settings/attachment_fields.hpp"
#include "gateway/settings/gateway_specs.hpp"
#include "gateway/settings/inbound_service_fields.hpp"
#include "gateway/settings/shared_fields.hpp"

namespace tongqu {
namespace {

using enum SettingType;
using Word = std::string_view;

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;

constexpr Word kHashes[] = {"sha256", "sm3"};

// ---- inbound --------------------------------------------------------------------------------------------------

constexpr FieldSpec kKeyId{.name = "key_id",
                           .en = "Name of the key on the wire.",
                           .zh = "报文中的密钥标识。",
                           .required = true,
                           .min = 1,
                           .max = 100};
constexpr FieldSpec kNonceWindow{.name = "nonce_window",
                                 .type = kDuration,
                                 .en = "How long a nonce may not be used again.",
                                 .zh = "随机数不得重复使用的时长。",
                                 .default_text = "10m",
                                 .min = kSecond,
                                 .max = kDay};
constexpr FieldSpec kHmacAuthFields[] = {
    kKeyId,
    {.name = "key", .type = kSecret, .en = "Shared key.", .zh = "共享密钥。", .required = true},
    {.name = "hash",
     .type = kEnum,
     .en = "Hash of the HMAC.",
     .zh = "HMAC 所用杂凑算法。",
     .default_text = "sha256",
     .words = kHashes},
    kMaxClockSkew,
    kNonceWindow,
    kFingerprint,
};
constexpr FieldSpec kRfc9421AuthFields[] = {
    kKeyId,
    {.name = "public_key",
     .type = kReference,
     .en = "Key that verifies the partner's signatures, PEM.",
     .zh = "验证对方签名的公钥（PEM）。",
     .required = true},
    kMaxClockSkew,
    kNonceWindow,
    kFingerprint,
};
constexpr FieldSpec kMtlsAuthFields[] = {
    {.name = "certificate_sha256",
     .type = kReference,
     .en = "SHA-256 of the client certificate, hex.",
     .zh = "客户端证书的 SHA-256 指纹（十六进制）。",
     .required = true},
};

constexpr FieldSpec kHttpIntakeFields[] = {
    kAuthField,
    kNetworksField,
    {.name = "files",
     .en = "Member of the partner's document that takes the files of multipart/form-data, a list of {name, type, "
           "content}; without it files are turned back.",
     .zh = "multipart/form-data 所附文件写入报文的成员名，内容为 {name, type, content} 的列表；不填则拒收文件。",
     .max = 64,
     .pattern = "[A-Za-z_][A-Za-z0-9_]*",
     .pattern_en = "a name such as photos",
     .pattern_zh = "名称，例如 photos"},
};

constexpr FieldSpec kInboundFields[] = {
    {.name = "connector", .type = kEnum, .en = "How messages come in.", .zh = "接入方式。", .required = true},
    {.name = "services",
     .type = kList,
     .en = "What it may send.",
     .zh = "允许发送的服务。",
     .required = true,
     .max = 200,
     .item = &kInboundService,
     .unique = "service"},
    {.name = "rate_per_second",
     .type = kInteger,
     .en = "Requests a second in the long run.",
     .zh = "长期平均每秒请求数。",
     .default_text = "100",
     .min = 1,
     .max = 100'000,
     .unit = "1/s"},
    {.name = "burst",
     .type = kInteger,
     .en = "Requests at once.",
     .zh = "瞬时请求数上限。",
     .default_text = "200",
     .min = 1,
     .max = 1'000'000},
};

// ---- outbound -------------------------------------------------------------------------------------------------

constexpr FieldSpec kRetryFields[] = {
    {.name = "first",
     .type = kDuration,
     .en = "Wait before the second attempt.",
     .zh = "第二次尝试前的等待。",
     .default_text = "1s",
     .min = 10,
     .max = kHour},
    {.name = "factor",
     .type = kInteger,
     .en = "By which each further wait grows.",
     .zh = "等待时间的增长倍数。",
     .default_text = "2",
     .min = 1,
     .max = 10},
    {.name = "max",
     .type = kDuration,
     .en = "Longest wait.",
     .zh = "最长等待。",
     .default_text = "5m",
     .min = 10,
     .max = kDay},
    {.name = "jitter_percent",
     .type = kInteger,
     .en = "By which waits vary.",
     .zh = "等待时间的随机浮动。",
     .default_text = "20",
     .min = 0,
     .max = 100,
     .unit = "%"},
    {.name = "deadline",
     .type = kDuration,
     .en = "After this the message becomes a dead letter.",
     .zh = "逾期转为死信。",
     .default_text = "3d",
     .min = kSecond,
     .max = 90 * kDay},
};

constexpr FieldSpec kBreakerFields[] = {
    {.name = "failures",
     .type = kInteger,
     .en = "Failures in a row that open the breaker.",
     .zh = "连续失败多少次后熔断。",
     .default_text = "5",
     .min = 1,
     .max = 1000},
    {.name = "open_for",
     .type = kDuration,
     .en = "How long nothing is sent then.",
     .zh = "熔断时长。",
     .default_text = "10s",
     .min = 10,
     .max = kDay},
    {.name = "half_open_probes",
     .type = kInteger,
     .en = "Messages that try whether it is well again.",
     .zh = "半开状态下的试探数。",
     .default_text = "1",
     .min = 1,
     .max = 100},
};

constexpr FieldSpec kOutboundFields[] = {
    {.name = "connector", .type = kEnum, .en = "Protocol.", .zh = "协议。", .required = true},
    {.name = "timeout",
     .type = kDuration,
     .en = "Time for one attempt.",
     .zh = "单次投递时限。",
     .default_text = "10s",
     .min = 10,
     .max = 10 * kMinute},
    {.name = "max_connections",
     .type = kInteger,
     .en = "Attempts at the same time.",
     .zh = "并发投递数上限。",
     .default_text = "8",
     .min = 1,
     .max = 1000},
    {.name = "retry", .type = kObject, .en = "How attempts follow each other.", .zh = "重试。", .fields = kRetryFields},
    {.name = "breaker",
     .type = kObject,
     .en = "When sending stops for a while.",
     .zh = "熔断。",
     .fields = kBreakerFields},
    {.name = "window",
     .type = kWindow,
     .en = "Hours in which the partner may be called, Beijing time.",
     .zh = "允许投递的时段（北京时间）。"},
    {.name = "workdays_only",
     .type = kBoolean,
     .en = "On working days only, as the tables rules/workdays/<year>.csv say.",
     .zh = "仅工作日投递，工作日以 rules/workdays/<年>.csv 为准。",
     .default_text = "false"},
};

// ---- the partner ----------------------------------------------------------------------------------------------

constexpr FieldSpec kPullFields[] = {
    {.name = "enabled",
     .type = kBoolean,
     .en = "The partner fetches from its inbox.",
     .zh = "由对方主动拉取。",
     .default_text = "false"},
    {.name = "lease",
     .type = kDuration,
     .en = "After this an unacknowledged message is offered again.",
     .zh = "未确认的报文多久后重新提供。",
     .default_text = "2m",
     .min = kSecond,
     .max = kDay},
    {.name = "max_items",
     .type = kInteger,
     .en = "Messages in one answer.",
     .zh = "单次应答的报文数上限。",
     .default_text = "100",
     .min = 1,
     .max = 1000},
};

constexpr FieldSpec kPartnerFields[] = {
    {.name = "title_zh", .en = "Title in Chinese.", .zh = "中文名称。", .required = true, .min = 1, .max = 100},
    {.name = "title_en", .en = "Title in English.", .zh = "英文名称。", .required = true, .min = 1, .max = 100},
    {.name = "basis",
     .en = "Where the interface is published, or \"assumed: …\".",
     .zh = "接口依据；无公开依据时写“assumed: …”。",
     .required = true,
     .min = 1,
     .max = 500},
    {.name = "tested_against",
     .en = "Real server or own stand-in.",
     .zh = "测试对象：真实系统或自建替身。",
     .required = true,
     .min = 1,
     .max = 200},
    {.name = "inbound",
     .type = kObject,
     .en = "What the partner sends.",
     .zh = "对方发来。",
     .fields = kInboundFields,
     .variant_kind = "intake",
     .selector = "connector"},
    {.name = "outbound",
     .type = kObject,
     .en = "What the partner is sent.",
     .zh = "向对方发送。",
     .fields = kOutboundFields,
     .variant_kind = "connector",
     .selector = "connector"},
    {.name = "attachments",
     .type = kObject,
     .en = "What the partner may upload; without it nothing.",
     .zh = "允许上传的附件；不填则不允许上传。",
     .fields = kPartnerAttachmentFields},
    {.name = "reads",
     .type = kObject,
     .en = "What the partner may read as data; without it nothing.",
     .zh = "允许读取的数据；不填则不可读取。",
     .fields = kReadsFields},
    {.name = "sealing_keys",
     .type = kMap,
     .en = "Keys of the partner that policies may seal values to, by the name that a rule's `to` gives.",
     .zh = "定向加密可用的对方公钥，名称供隐私规则的 to 引用。",
     .max = 20,
     .item = &kSealingKey},
    {.name = "pull", .type = kObject, .en = "The pull inbox.", .zh = "拉取收件箱。", .fields = kPullFields},
};

}  // namespace

constinit const PluginSpec kPartnerSpec{.kind = "partner",
                                        .en = "A system that the gateway exchanges with.",
                                        .zh = "交换对方。",
                                        .place = SpecPlace::kFolder,
                                        .where = "partners",
                                        .fields = kPartnerFields};
constinit const PluginSpec kHttpIntakeSpec{.kind = "intake",
                                           .variant = "http",
                                           .en = "The partner calls the gateway's listener over HTTP/1.1.",
                                           .zh = "对方以 HTTP/1.1 调用网关监听端口。",
                                           .fields = kHttpIntakeFields};
constinit const PluginSpec kHmacAuthSpec{
    .kind = "auth", .variant = "hmac", .en = "App key and HMAC.", .zh = "应用标识加 HMAC。", .fields = kHmacAuthFields};
constinit const PluginSpec kRfc9421AuthSpec{.kind = "auth",
                                            .variant = "rfc9421",
                                            .en = "HTTP Message Signatures, RFC 9421.",
                                            .zh = "HTTP 报文签名（RFC 9421）。",
                                            .fields = kRfc9421AuthFields};
constinit const PluginSpec kMtlsAuthSpec{.kind = "auth",
                                         .variant = "mtls",
                                         .en = "Pinned client certificate.",
                                         .zh = "指定的客户端证书。",
                                         .fields = kMtlsAuthFields};

}  // namespace tongqu
