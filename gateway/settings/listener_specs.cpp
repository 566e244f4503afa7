// listeners[] of gateway.yaml: what all kinds have, and what each adds.
#include "gateway/settings/gateway_specs.hpp"

namespace tongqu {
namespace {

using enum SettingType;
using Word = std::string_view;

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kKib = 1024;
constexpr std::int64_t kMib = 1024 * kKib;

constexpr Word kClientAuth[] = {"none", "optional", "required"};
constexpr Word kTlsVersions[] = {"1.2", "1.3"};
constexpr Word kLegacyProtocols[] = {"plain", "tls1.0", "tls1.1", "tls1.2-old-ciphers"};

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
     .en = "Lowest TLS version; of a legacy listener its protocol says it.",
     .zh = "最低 TLS 版本；legacy 端口由 protocol 决定。",
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
    {.name = "kind", .type = kEnum, .en = "Who comes here.", .zh = "端口用途。", .required = true},
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

constexpr FieldSpec kLegacyNetwork{.name = "network", .type = kNetwork, .en = "The address block.", .zh = "来源网段。"};

constexpr FieldSpec kLegacyFields[] = {
    {.name = "protocol",
     .type = kEnum,
     .en = "Plain HTTP, or the oldest TLS that is taken; newer versions are taken too, all with the suites of 2012.",
     .zh = "明文 HTTP，或可接受的最低 TLS 版本（更高版本同样接受，并启用 2012 年前后的旧密码套件）。",
     .required = true,
     .words = kLegacyProtocols},
    {.name = "partner",
     .en = "The one partner that may come here; nobody else can authenticate.",
     .zh = "唯一允许使用本端口的接入方；其他任何一方都无法通过认证。",
     .required = true,
     .refers_to = "partner"},
    {.name = "networks",
     .type = kList,
     .en = "The one network it comes from; whoever comes from elsewhere is cut before a byte is read.",
     .zh = "该接入方所在的唯一网段；来自其他地址的连接在读取任何字节前即被关闭。",
     .required = true,
     .min = 1,
     .max = 1,
     .item = &kLegacyNetwork},
    {.name = "until",
     .type = kDate,
     .en = "The last day in Beijing; behind it the listener is closed, and stays closed at the next start. At most two "
           "years ahead.",
     .zh = "最后一天（北京时间）；过后端口立即关闭，重启后也不再打开。最远不超过两年。",
     .required = true},
    {.name = "approved_by", .en = "Who approved it.", .zh = "批准人。", .required = true, .min = 2, .max = 100},
    {.name = "reason", .en = "Why it is needed.", .zh = "保留原因。", .required = true, .min = 5, .max = 500},
};

}  // namespace

constinit const FieldSpec kListenerSpec{.name = "listener",
                                        .type = kObject,
                                        .en = "One listener.",
                                        .zh = "一个监听端口。",
                                        .fields = kListenerFields,
                                        .variant_kind = "listener",
                                        .selector = "kind"};

constinit const PluginSpec kPartnerListenerSpec{
    .kind = "listener", .variant = "partner", .en = "Where partners come in.", .zh = "接入方使用的端口。"};
constinit const PluginSpec kAdminListenerSpec{
    .kind = "listener", .variant = "admin", .en = "The admin interface and metrics.", .zh = "管理接口与指标。"};
constinit const PluginSpec kLegacyListenerSpec{
    .kind = "listener",
    .variant = "legacy",
    .en =
        "Plain HTTP or old TLS for one partner whose system is of 2012; see docs/legacy-listener.md. Off unless it "
        "is written here.",
    .zh = "为一个 2012 年前后的老系统保留的明文 HTTP 或旧版 TLS 端口，见 docs/legacy-listener.md；不配置即不启用。",
    .fields = kLegacyFields};

}  // namespace tongqu
