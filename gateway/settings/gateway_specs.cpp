#include "gateway/settings/gateway_specs.hpp"

#include <array>

#include "gateway/settings/people_fields.hpp"
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
constexpr Word kRuleChoices[] = {"received", "started"};
constexpr Word kHolidayScopes[] = {"statutory", "arranged"};
constexpr FieldSpec kPreferred{
    .name = "code", .en = "Code of an alternative rule.", .zh = "备选规则的代码。", .min = 1, .max = 40};
constexpr FieldSpec kDeadlineFields[] = {
    {.name = "rule_choice",
     .type = kEnum,
     .en = "Which day chooses among the versions of a rule: receipt of the matter, or the start of the clock.",
     .zh = "按哪一天选用规则版本：收到日（received）或期限开始日（started）。",
     .default_text = "received",
     .words = kRuleChoices},
    {.name = "holiday_scope",
     .type = kEnum,
     .en = "Which days off move a last day: statutory ones alone, or the whole holiday as arranged for the year.",
     .zh = "期限最后一日遇何种假日顺延：仅法定节假日（statutory）或含调休的整个假期（arranged）。",
     .default_text = "arranged",
     .words = kHolidayScopes},
    {.name = "weekend_moves",
     .type = kBoolean,
     .en = "Does a last day on an ordinary weekend move to the day after it?",
     .zh = "期限最后一日为普通周末时是否顺延。",
     .default_text = "false"},
    {.name = "prefer",
     .type = kList,
     .en = "Codes of alternative rules that go before the ordinary rule of their topic.",
     .zh = "优先于同一事项一般规则的备选规则代码。",
     .max = 100,
     .item = &kPreferred},
    {.name = "warn_working_days",
     .type = kInteger,
     .en = "Warning (预警) this many working days before the last day, where the rule names no other lead.",
     .zh = "规则未另行规定时，提前多少个工作日预警。",
     .default_text = "2",
     .min = 0,
     .max = 100,
     .unit = "working days"},
    {.name = "warn_minutes",
     .type = kInteger,
     .en = "The same for clocks of hours and minutes.",
     .zh = "以小时、分钟计的期限提前多少分钟预警。",
     .default_text = "15",
     .min = 0,
     .max = 10'080,
     .unit = "min"},
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
    {.name = "deadlines",
     .type = kObject,
     .en = "How deadlines are counted; the rules stand under rules/.",
     .zh = "期限计算方式；规则见 rules/。",
     .fields = kDeadlineFields},
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
  static constexpr std::array<const PluginSpec*, 25> kAll{
      &kGatewaySpec,        &kPartnerListenerSpec, &kAdminListenerSpec,  &kLegacyListenerSpec, &kPartnerSpec,
      &kRouteSpec,          &kPolicySpec,          &kServiceSpec,        &kHttpConnectorSpec,  &kHttpIntakeSpec,
      &kHmacAuthSpec,       &kRfc9421AuthSpec,     &kMtlsAuthSpec,       &kApiKeyAuthSpec,     &kBearerAuthSpec,
      &kSharingAuthSpec,    &kHmacSigningSpec,     &kRfc9421SigningSpec, &kApiKeySigningSpec,  &kBearerSigningSpec,
      &kSharingSigningSpec, &kNoSigningSpec,       &kDeclassifySpec,     &kClearanceSpec,      &kRuleSetSpec};
  return kAll;
}

}  // namespace tongqu
