#include "gateway/settings/gateway_specs.hpp"

#include <array>

namespace tongqu {
namespace {

using enum SettingType;
using Word = std::string_view;

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kKib = 1024;
constexpr std::int64_t kMib = 1024 * kKib;
constexpr std::int64_t kGib = 1024 * kMib;

// ---- gateway.yaml ---------------------------------------------------------------------------------------------

constexpr Word kSuites[] = {"gm", "intl"};
constexpr Word kLogLevels[] = {"debug", "info", "warn", "error"};
constexpr Word kListenerKinds[] = {"partner", "admin", "legacy"};
constexpr Word kClientAuth[] = {"none", "optional", "required"};
constexpr Word kTlsVersions[] = {"1.2", "1.3"};
constexpr Word kSynchronous[] = {"full"};

constexpr FieldSpec kListenerTls[] = {
    {.name = "certificate",
     .type = kReference,
     .en = "Certificate chain of this listener, PEM.",
     .zh = "本监听端口的证书链（PEM）。",
     .required = true},
    {.name = "key",
     .type = kSecret,
     .en = "Private key of the certificate, PEM.",
     .zh = "证书私钥（PEM）。",
     .required = true},
    {.name = "client_ca",
     .type = kReference,
     .en = "Authorities that client certificates come from, PEM.",
     .zh = "签发客户端证书的机构证书（PEM）。"},
    {.name = "client_auth",
     .type = kEnum,
     .en = "Whether clients show a certificate.",
     .zh = "是否要求客户端证书。",
     .default_text = "none",
     .words = kClientAuth},
    {.name = "min_version",
     .type = kEnum,
     .en = "Lowest TLS version.",
     .zh = "最低 TLS 版本。",
     .default_text = "1.2",
     .words = kTlsVersions},
};

constexpr FieldSpec kListenerFields[] = {
    {.name = "name",
     .en = "Name in logs and metrics.",
     .zh = "日志和指标中的名称。",
     .required = true,
     .pattern = "[a-z0-9-]{1,40}",
     .pattern_en = "a name of a-z, 0-9 and \"-\", at most 40",
     .pattern_zh = "由 a-z、0-9、“-”组成的名称，最多 40 个字符"},
    {.name = "kind",
     .type = kEnum,
     .en = "Who comes here.",
     .zh = "端口用途。",
     .required = true,
     .words = kListenerKinds},
    {.name = "address",
     .en = "Local address.",
     .zh = "本机地址。",
     .default_text = "127.0.0.1",
     .min = 2,
     .max = 45,
     .pattern = "[0-9A-Fa-f.:]+",
     .pattern_en = "an address such as 127.0.0.1 or ::1",
     .pattern_zh = "地址，例如 127.0.0.1 或 ::1"},
    {.name = "port",
     .type = kInteger,
     .en = "Port; 0 takes a free one.",
     .zh = "端口；0 表示任取空闲端口。",
     .required = true,
     .min = 0,
     .max = 65535},
    {.name = "tls",
     .type = kObject,
     .en = "TLS; without it the listener speaks plain HTTP.",
     .zh = "TLS；不填则为明文 HTTP。",
     .fields = kListenerTls},
    {.name = "max_header_bytes",
     .type = kSize,
     .en = "Largest head of a request.",
     .zh = "请求头上限。",
     .default_text = "16KiB",
     .min = kKib,
     .max = 256 * kKib},
    {.name = "max_body_bytes",
     .type = kSize,
     .en = "Largest body of a request.",
     .zh = "请求体上限。",
     .default_text = "2MiB",
     .min = kKib,
     .max = 64 * kMib},
    {.name = "max_connections",
     .type = kInteger,
     .en = "Connections at the same time.",
     .zh = "同时连接数上限。",
     .default_text = "1000",
     .min = 1,
     .max = 100'000},
    {.name = "header_timeout",
     .type = kDuration,
     .en = "Time for the head of a request.",
     .zh = "接收请求头的时限。",
     .default_text = "10s",
     .min = 100,
     .max = 10 * kMinute},
    {.name = "body_timeout",
     .type = kDuration,
     .en = "Time for the body of a request.",
     .zh = "接收请求体的时限。",
     .default_text = "30s",
     .min = 100,
     .max = kHour},
    {.name = "idle_timeout",
     .type = kDuration,
     .en = "Rest between two requests.",
     .zh = "两次请求之间的空闲时限。",
     .default_text = "60s",
     .min = 100,
     .max = kHour},
    {.name = "max_requests_per_connection",
     .type = kInteger,
     .en = "Requests before the connection is closed.",
     .zh = "单个连接的请求数上限。",
     .default_text = "10000",
     .min = 1,
     .max = 1'000'000},
};
constexpr FieldSpec kListener{
    .name = "listener", .type = kObject, .en = "One listener.", .zh = "一个监听端口。", .fields = kListenerFields};

constexpr FieldSpec kStoreFields[] = {
    {.name = "batch_max_items",
     .type = kInteger,
     .en = "Exchanges and results of deliveries that share one commit.",
     .zh = "一次提交合并的交换与投递结果数上限。",
     .default_text = "512",
     .min = 1,
     .max = 1024},
    {.name = "queue_max_items",
     .type = kInteger,
     .en = "Exchanges that wait for the writer; more are answered with retry later.",
     .zh = "等待写入的交换数上限，超出即答复稍后重试。",
     .default_text = "1024",
     .min = 1,
     .max = 100'000},
    {.name = "reserve_free_bytes",
     .type = kSize,
     .en = "Free space below which nothing new is stored.",
     .zh = "磁盘剩余空间低于此值时不再接收。",
     .default_text = "256MiB",
     .min = kMib,
     .max = 1024 * kGib},
    {.name = "synchronous",
     .type = kEnum,
     .en = "How a commit reaches the disk.",
     .zh = "提交落盘方式。",
     .default_text = "full",
     .words = kSynchronous},
};

constexpr FieldSpec kRetentionFields[] = {
    {.name = "outbox_payload",
     .type = kDuration,
     .en = "How long delivered payloads are kept.",
     .zh = "已投递报文的保留时长。",
     .default_text = "30d",
     .min = kHour,
     .max = 366 * kDay},
    {.name = "nonce",
     .type = kDuration,
     .en = "How long used nonces are kept.",
     .zh = "已用随机数的保留时长。",
     .default_text = "1h",
     .min = kMinute,
     .max = 7 * kDay},
};

constexpr FieldSpec kShutdownFields[] = {
    {.name = "grace",
     .type = kDuration,
     .en = "Time for what is in flight to finish.",
     .zh = "等待在途请求完成的时间。",
     .default_text = "10s",
     .min = 0,
     .max = 10 * kMinute},
    {.name = "hard",
     .type = kDuration,
     .en = "After this the process ends in any case.",
     .zh = "超过此时间强制结束。",
     .default_text = "30s",
     .min = kSecond,
     .max = 30 * kMinute},
};

constexpr FieldSpec kAuditFields[] = {
    {.name = "origin",
     .en = "Name of the log in its checkpoints.",
     .zh = "检查点中的日志名称。",
     .required = true,
     .min = 1,
     .max = 200,
     .pattern = "[A-Za-z0-9][A-Za-z0-9./-]*",
     .pattern_en = "a name such as gateway.example.gov.cn/log",
     .pattern_zh = "名称，例如 gateway.example.gov.cn/log"},
    {.name = "key", .type = kSecret, .en = "Key that signs checkpoints.", .zh = "检查点签名密钥。", .required = true},
};
constexpr FieldSpec kSealFields[] = {
    {.name = "master_key",
     .type = kSecret,
     .en = "Key that wraps the monthly keys.",
     .zh = "包裹月度密钥的主密钥。",
     .required = true},
};
constexpr FieldSpec kAdminFields[] = {
    {.name = "token",
     .type = kSecret,
     .en = "Bearer token of the admin interface.",
     .zh = "管理接口的访问令牌。",
     .required = true},
};

constexpr FieldSpec kGatewayFields[] = {
    {.name = "suite",
     .type = kEnum,
     .en = "Cryptographic suite: SM2, SM3, SM4, or the international algorithms.",
     .zh = "密码套件：国密或国际算法。",
     .default_text = "gm",
     .words = kSuites},
    {.name = "state_dir",
     .type = kPath,
     .en = "Folder of databases and logs, relative to the configuration.",
     .zh = "数据库和日志所在文件夹（相对于配置目录）。",
     .required = true},
    {.name = "log_level",
     .type = kEnum,
     .en = "Lowest level that is logged.",
     .zh = "日志级别。",
     .default_text = "info",
     .words = kLogLevels},
    {.name = "io_threads",
     .type = kInteger,
     .en = "Threads for connections.",
     .zh = "网络线程数。",
     .default_text = "2",
     .min = 1,
     .max = 64},
    {.name = "listeners",
     .type = kList,
     .en = "Where the gateway listens.",
     .zh = "监听端口。",
     .required = true,
     .min = 1,
     .max = 32,
     .item = &kListener,
     .unique = "name"},
    {.name = "store", .type = kObject, .en = "The store.", .zh = "存储。", .fields = kStoreFields},
    {.name = "retention",
     .type = kObject,
     .en = "What is kept for how long.",
     .zh = "保留时长。",
     .fields = kRetentionFields},
    {.name = "shutdown",
     .type = kObject,
     .en = "The end of the process.",
     .zh = "停止过程。",
     .fields = kShutdownFields},
    {.name = "audit",
     .type = kObject,
     .en = "The audit log.",
     .zh = "审计日志。",
     .required = true,
     .fields = kAuditFields},
    {.name = "seal",
     .type = kObject,
     .en = "Encryption at rest.",
     .zh = "存储加密。",
     .required = true,
     .fields = kSealFields},
    {.name = "admin",
     .type = kObject,
     .en = "The admin interface.",
     .zh = "管理接口。",
     .required = true,
     .fields = kAdminFields},
};

}  // namespace

constinit const PluginSpec kGatewaySpec{.kind = "gateway",
                                        .en = "The gateway itself.",
                                        .zh = "网关本身。",
                                        .place = SpecPlace::kFile,
                                        .where = "gateway.yaml",
                                        .fields = kGatewayFields};

SpecList gateway_specs() {
  static constexpr std::array<const PluginSpec*, 13> kAll{
      &kGatewaySpec,       &kPartnerSpec,        &kRouteSpec,    &kPolicySpec,      &kServiceSpec,
      &kHttpConnectorSpec, &kHttpIntakeSpec,     &kHmacAuthSpec, &kRfc9421AuthSpec, &kMtlsAuthSpec,
      &kHmacSigningSpec,   &kRfc9421SigningSpec, &kNoSigningSpec};
  return kAll;
}

}  // namespace tongqu
