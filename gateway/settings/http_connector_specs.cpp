// outbound with connector: http, and the ways to sign what leaves.
#include "gateway/settings/gateway_specs.hpp"
#include "gateway/settings/shared_fields.hpp"

namespace tongqu {
namespace {

using enum SettingType;
using Word = std::string_view;

constexpr Word kHashes[] = {"sha256", "sm3"};
constexpr Word kMethods[] = {"POST", "PUT"};

constexpr FieldSpec kKeyId{.name = "key_id",
                           .en = "Name of the key on the wire.",
                           .zh = "报文中的密钥标识。",
                           .required = true,
                           .min = 1,
                           .max = 100};
constexpr FieldSpec kHmacSigningFields[] = {
    kKeyId,
    {.name = "key", .type = kSecret, .en = "Shared key.", .zh = "共享密钥。", .required = true},
    {.name = "hash",
     .type = kEnum,
     .en = "Hash of the HMAC.",
     .zh = "HMAC 所用杂凑算法。",
     .default_text = "sha256",
     .words = kHashes},
};
constexpr FieldSpec kRfc9421SigningFields[] = {
    kKeyId,
    {.name = "key", .type = kSecret, .en = "Private key that signs, PEM.", .zh = "签名私钥（PEM）。", .required = true},
};
constexpr FieldSpec kNotFoundCode{.name = "code", .en = "One code.", .zh = "一个代码。", .min = 1, .max = 100};
constexpr FieldSpec kServicePath{.name = "path",
                                 .en = "Path and query of one service.",
                                 .zh = "一项服务的路径。",
                                 .min = 1,
                                 .max = 1000,
                                 .pattern = "/[\\x21-\\x7e]*",
                                 .pattern_en = "a path that begins with /",
                                 .pattern_zh = "以 / 开头的路径"};
constexpr FieldSpec kEnvelopeFields[] = {
    {.name = "success_path",
     .en = "Field of the answer that says whether it went well.",
     .zh = "应答中表示成败的字段。",
     .required = true,
     .min = 1,
     .max = 200},
    {.name = "success_value",
     .en = "Its value when it went well.",
     .zh = "成功时该字段的值。",
     .required = true,
     .max = 200},
    {.name = "code_path", .en = "Field with the partner's code.", .zh = "应答代码字段。", .max = 200},
    {.name = "not_found",
     .type = kList,
     .en = "Values of code_path that say: there is no such record. For queries.",
     .zh = "code_path 中表示“查无记录”的取值，用于查询。",
     .max = 50,
     .item = &kNotFoundCode},
};
constexpr FieldSpec kHeader{.name = "header",
                            .en = "Value of a header.",
                            .zh = "请求头的值。",
                            .max = 1024,
                            .pattern = "[\\x20-\\x7e]*",
                            .pattern_en = "printable ASCII, at most 1024 characters",
                            .pattern_zh = "可见 ASCII 字符，最多 1024 个",
                            .hidden = true};

constexpr FieldSpec kHttpFields[] = {
    {.name = "url", .type = kUrl, .en = "Where messages go.", .zh = "投递地址。", .required = true},
    {.name = "method",
     .type = kEnum,
     .en = "HTTP method.",
     .zh = "HTTP 方法。",
     .default_text = "POST",
     .words = kMethods},
    kClientTlsField,
    kSignField,
    {.name = "envelope",
     .type = kObject,
     .en = "How an answer says that it went well; default the HTTP status.",
     .zh = "应答信封；默认只看 HTTP 状态码。",
     .fields = kEnvelopeFields},
    {.name = "paths",
     .type = kMap,
     .en = "Path by service, where it is not that of the URL.",
     .zh = "各服务的路径，与 url 不同时填写。",
     .max = 200,
     .item = &kServicePath},
    {.name = "not_found_status",
     .type = kBoolean,
     .en = "HTTP status 404 says that there is no such record, not that the path is wrong. For queries.",
     .zh = "HTTP 404 表示“查无记录”而非路径错误，用于查询。",
     .default_text = "false"},
    {.name = "max_answer_bytes",
     .type = kSize,
     .en = "Largest answer that is taken.",
     .zh = "应答大小上限。",
     .default_text = "1MiB",
     .min = 1024,
     .max = 64LL << 20U},
    {.name = "headers",
     .type = kMap,
     .en = "Constant headers. Keys and tokens do not belong here.",
     .zh = "固定请求头，不得填写密钥或令牌。",
     .max = 50,
     .item = &kHeader},
};

}  // namespace

constinit const PluginSpec kHttpConnectorSpec{.kind = "connector",
                                              .variant = "http",
                                              .en = "Calls the partner over HTTP/1.1.",
                                              .zh = "以 HTTP/1.1 调用对方。",
                                              .fields = kHttpFields};
constinit const PluginSpec kHmacSigningSpec{.kind = "signing",
                                            .variant = "hmac",
                                            .en = "App key and HMAC.",
                                            .zh = "应用标识加 HMAC。",
                                            .fields = kHmacSigningFields};
constinit const PluginSpec kRfc9421SigningSpec{.kind = "signing",
                                               .variant = "rfc9421",
                                               .en = "HTTP Message Signatures, RFC 9421.",
                                               .zh = "HTTP 报文签名（RFC 9421）。",
                                               .fields = kRfc9421SigningFields};
constinit const PluginSpec kNoSigningSpec{
    .kind = "signing", .variant = "none", .en = "Not signed.", .zh = "不签名。", .fields = {}};

}  // namespace tongqu
