#include "gateway/settings/gateway_specs.hpp"

#include <array>

#include "gateway/settings/shared_fields.hpp"

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
constexpr Word kSynchronous[] = {"full"};

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

constexpr FieldSpec kQueriesFields[] = {
    {.name = "cache_max_entries",
     .type = kInteger,
     .en = "Answers of registries that are kept in memory, sealed.",
     .zh = "内存中（加密）保留的应答数上限。",
     .default_text = "100000",
     .min = 1,
     .max = 10'000'000},
    {.name = "cache_max_bytes",
     .type = kSize,
     .en = "Memory for them.",
     .zh = "上述应答占用内存上限。",
     .default_text = "64MiB",
     .min = 64LL << 10U,
     .max = 16LL << 30U},
    {.name = "max_waiting",
     .type = kInteger,
     .en = "Askers that wait for an answer at the same time.",
     .zh = "同时等待应答的查询数上限。",
     .default_text = "20000",
     .min = 1,
     .max = 1'000'000},
};

constexpr FieldSpec kScanFields[] = {
    {.name = "clamd",
     .en = "Address of clamd, unix:/path or tcp:address:port.",
     .zh = "clamd 的地址：unix:/路径 或 tcp:地址:端口。",
     .min = 6,
     .max = 200,
     .pattern = "unix:/.*|tcp:.*:[0-9]+",
     .pattern_en = "unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310",
     .pattern_zh = "unix:/run/clamav/clamd.ctl 或 tcp:127.0.0.1:3310"},
    {.name = "icap",
     .en = "Service of an ICAP server, icap://address:port/service.",
     .zh = "ICAP 服务：icap://地址:端口/服务名。",
     .min = 9,
     .max = 500,
     .pattern = "icap://[^/]+/.+",
     .pattern_en = "icap://127.0.0.1:1344/avscan",
     .pattern_zh = "icap://127.0.0.1:1344/avscan"},
    {.name = "timeout",
     .type = kDuration,
     .en = "Time for each step of a scan.",
     .zh = "扫描每一步的时限。",
     .default_text = "60s",
     .min = kSecond,
     .max = kHour},
};

constexpr std::string_view kScanners[] = {"clamd", "icap"};

constexpr FieldSpec kAttachmentFields[] = {
    {.name = "scan",
     .type = kObject,
     .en = "Scanner; with it nothing is given out before its verdict. Without it attachments are not scanned.",
     .zh = "安全扫描；配置后未得结论的附件一律不得外发；不配置则不扫描。",
     .fields = kScanFields,
     .exactly_one = kScanners},
    {.name = "max_age",
     .type = kDuration,
     .en = "How long an upload may stay unfinished.",
     .zh = "未完成的上传保留多久。",
     .default_text = "24h",
     .min = kMinute,
     .max = 30 * kDay},
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
constexpr FieldSpec kPrivacyFields[] = {
    {.name = "names_model",
     .type = kText,
     .en = "Folder of the network that finds names of third persons in free text (Debian package python3-jieba).",
     .zh = "自由文本中第三人姓名识别模型所在文件夹（Debian 软件包 python3-jieba）。",
     .default_text = "/usr/lib/python3/dist-packages/jieba/lac_small",
     .min = 1,
     .max = 1000},
    {.name = "token_version",
     .type = kInteger,
     .en = "Raised to give every person new tokens; the old ones are of no use then.",
     .zh = "令牌密钥版本；调高后所有假名令牌全部更换，旧令牌失效。",
     .default_text = "1",
     .min = 1,
     .max = 1'000'000},
};
constexpr FieldSpec kPersonFields[] = {
    {.name = "name",
     .en = "The person, as it stands in the audit log.",
     .zh = "姓名，审计日志以此记名。",
     .required = true,
     .min = 2,
     .max = 64},
    {.name = "token",
     .type = kSecret,
     .en = "The person's own token, at least 16 characters.",
     .zh = "本人的访问令牌，至少 16 个字符。",
     .required = true},
    {.name = "until",
     .type = kDate,
     .en = "The last day in Beijing on which the token counts; without it, it does not end.",
     .zh = "令牌有效的最后一天（北京时间）；不填则长期有效。"},
    {.name = "clearance",
     .en = "What of a record this person may read; without it, no content.",
     .zh = "可查看记录哪些内容（clearances 中的名称）；不填则不显示任何内容。",
     .refers_to = "clearance"},
};
constexpr FieldSpec kPerson{
    .name = "person", .type = kObject, .en = "One person.", .zh = "一个人员。", .fields = kPersonFields};
constexpr FieldSpec kAdminFields[] = {
    {.name = "token",
     .type = kSecret,
     .en = "Bearer token of the installation; it belongs to no person and opens no content.",
     .zh = "管理接口的访问令牌，不属于任何人，不能查看内容。",
     .required = true},
    {.name = "people",
     .type = kList,
     .en = "Named persons with a token of their own; what they do stands in the audit log under their name.",
     .zh = "具名人员，各有自己的令牌；其操作以本人姓名记入审计日志。",
     .max = 1000,
     .item = &kPerson,
     .unique = "name"},
};

// No rule of law gives these times: all are assumed.
constexpr FieldSpec kGrantFields[] = {
    {.name = "default_end",
     .type = kDuration,
     .en = "End of an approval that names none.",
     .zh = "审批未指明截止时间时的期限。",
     .default_text = "7d",
     .min = 60'000,
     .max = 90 * kDay},
    {.name = "max_end",
     .type = kDuration,
     .en = "Longest time of an approval.",
     .zh = "审批的最长期限。",
     .default_text = "30d",
     .min = 60'000,
     .max = 90 * kDay},
    {.name = "danger_end",
     .type = kDuration,
     .en = "Longest time of a confirmed danger to life, and its time when none is named.",
     .zh = "确认危及生命的最长期限，亦为默认期限。",
     .default_text = "3d",
     .min = 60'000,
     .max = 14 * kDay},
    {.name = "max_open",
     .type = kInteger,
     .en = "How many may be asked for or in force at a time.",
     .zh = "待批与有效的最多项数。",
     .default_text = "500",
     .min = 1,
     .max = 1'000},
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
     .item = &kListenerSpec,
     .unique = "name"},
    {.name = "store", .type = kObject, .en = "The store.", .zh = "存储。", .fields = kStoreFields},
    {.name = "retention",
     .type = kObject,
     .en = "What is kept for how long.",
     .zh = "保留时长。",
     .fields = kRetentionFields},
    {.name = "queries",
     .type = kObject,
     .en = "Bounds of all queries together.",
     .zh = "查询的总体上限。",
     .fields = kQueriesFields},
    {.name = "attachments",
     .type = kObject,
     .en = "Attachments; what a partner may upload stands with the partner.",
     .zh = "附件；各接入方的上传权限在其自身配置中设定。",
     .fields = kAttachmentFields},
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
    {.name = "privacy",
     .type = kObject,
     .en = "Personal data: what treatments work with.",
     .zh = "个人信息：各种处理方式所用的模型与密钥。",
     .fields = kPrivacyFields},
    {.name = "grants",
     .type = kObject,
     .en = "What persons grant beyond the rules: approvals and confirmed dangers to life.",
     .zh = "人员准予（审批、确认危及生命）的期限与数量。",
     .fields = kGrantFields},
    {.name = "officers",
     .type = kMap,
     .en = "Named officers whom policies may seal values to.",
     .zh = "定向加密可指定的人员及其公钥。",
     .max = 100,
     .item = &kSealingKey},
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
  static constexpr std::array<const PluginSpec*, 24> kAll{
      &kGatewaySpec,        &kPartnerListenerSpec, &kAdminListenerSpec,  &kLegacyListenerSpec, &kPartnerSpec,
      &kRouteSpec,          &kPolicySpec,          &kServiceSpec,        &kHttpConnectorSpec,  &kHttpIntakeSpec,
      &kHmacAuthSpec,       &kRfc9421AuthSpec,     &kMtlsAuthSpec,       &kApiKeyAuthSpec,     &kBearerAuthSpec,
      &kSharingAuthSpec,    &kHmacSigningSpec,     &kRfc9421SigningSpec, &kApiKeySigningSpec,  &kBearerSigningSpec,
      &kSharingSigningSpec, &kNoSigningSpec,       &kDeclassifySpec,     &kClearanceSpec};
  return kAll;
}

}  // namespace tongqu
