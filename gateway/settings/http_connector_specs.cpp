// outbound with connector: http, and the ways to sign what leaves.
#include "gateway/settings/gateway_specs.hpp"
#include "gateway/settings/http_fields.hpp"
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
constexpr FieldSpec kServicePath{.name = "path",
                                 .en = "Path and query of one service.",
                                 .zh = "一项服务的路径。",
                                 .min = 1,
                                 .max = 1000,
                                 .pattern = "/[\\x21-\\x7e]*",
                                 .pattern_en = "a path that begins with /",
                                 .pattern_zh = "以 / 开头的路径"};

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
    kEnvelopeField,
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
    kHeadersField,
    kRedirectsField,
    kProxyField,
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
