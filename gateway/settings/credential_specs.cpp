// Keys that travel as they are, and the headers of the sharing platform: how a partner proves who it is (kind "auth")
// and how our calls do (kind "signing").
#include "gateway/settings/gateway_specs.hpp"
#include "gateway/settings/shared_fields.hpp"

namespace tongqu {
namespace {

using enum SettingType;
using Word = std::string_view;

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kHour = 3600 * kSecond;
constexpr Word kSecretCiphers[] = {"aes-ecb", "aes-cbc"};

constexpr FieldSpec kKey{.name = "key",
                         .type = kSecret,
                         .en = "The key: 16 to 512 visible ASCII characters.",
                         .zh = "密钥：16 至 512 个可见 ASCII 字符。",
                         .required = true};
constexpr FieldSpec kRid{.name = "rid",
                         .en = "Id of the requester (gjgxjhpt_rid).",
                         .zh = "请求方标识（gjgxjhpt_rid）。",
                         .required = true,
                         .min = 1,
                         .max = 128};
constexpr FieldSpec kSid{.name = "sid",
                         .en = "Id of the service (gjgxjhpt_sid).",
                         .zh = "服务标识（gjgxjhpt_sid）。",
                         .required = true,
                         .min = 1,
                         .max = 128};
constexpr FieldSpec kCode{.name = "code", .en = "The partner's code.", .zh = "对方应答代码。", .min = 1, .max = 60};

constexpr FieldSpec kStaticAuthFields[] = {kKey, kFingerprint};
constexpr FieldSpec kSharingAuthFields[] = {
    kRid,
    kSid,
    {.name = "key", .type = kSecret, .en = "App key.", .zh = "应用密钥。", .required = true},
    kMaxClockSkew,
    kFingerprint,
};
constexpr FieldSpec kApiKeySigningFields[] = {
    kKey,
    {.name = "header",
     .en = "Name of the header.",
     .zh = "请求头名称。",
     .default_text = "X-Api-Key",
     .min = 1,
     .max = 60,
     .pattern = "[A-Za-z0-9_-]+",
     .pattern_en = "letters, digits, hyphen, underscore",
     .pattern_zh = "字母、数字、连字符、下划线"},
};
constexpr FieldSpec kBearerSigningFields[] = {kKey};
constexpr FieldSpec kSharingSigningFields[] = {
    kRid,
    kSid,
    {.name = "key",
     .type = kSecret,
     .en = "App key; 16, 24 or 32 bytes, because it opens the sealed secret too.",
     .zh = "应用密钥，长度 16、24 或 32 字节（同时用于解密会话密钥）。",
     .required = true},
    {.name = "key_url", .type = kUrl, .en = "Address of the key service.", .zh = "密钥服务地址。", .required = true},
    {.name = "key_sid",
     .en = "Id of the key service (gjgxjhpt_sid of its call).",
     .zh = "密钥服务的服务标识。",
     .required = true,
     .min = 1,
     .max = 128},
    {.name = "secret_cipher",
     .type = kEnum,
     .en = "How the secret in the answer is sealed under the app key, with PKCS #5 padding, in Base64; aes-cbc: behind "
           "its initialisation vector. Not published by any platform: assumed.",
     .zh = "应答中会话密钥的加密方式（应用密钥、PKCS5 填充、Base64）；aes-cbc 时前 16 "
           "字节为初始向量。各平台均未公开，系假定。",
     .default_text = "aes-ecb",
     .words = kSecretCiphers},
    {.name = "renew_before",
     .type = kDuration,
     .en = "The next key is fetched when so much time is left, but not before half of a key's time is over.",
     .zh = "会话密钥到期前多久换取新密钥（不早于有效期过半）。",
     .default_text = "60s",
     .min = kSecond,
     .max = 24 * kHour},
    {.name = "forbidden_codes",
     .type = kList,
     .en = "Codes of the key service that mean: no right.",
     .zh = "密钥服务表示未授权的代码。",
     .max = 50,
     .item = &kCode},
};

}  // namespace

constinit const PluginSpec kApiKeyAuthSpec{
    .kind = "auth",
    .variant = "api-key",
    .en = "A shared key in X-Api-Key, nothing signed: only with a client certificate or from known networks.",
    .zh = "X-Api-Key 中的共享密钥，不签名：仅限同时验证客户端证书或限定来源网段时使用。",
    .fields = kStaticAuthFields};
constinit const PluginSpec kBearerAuthSpec{
    .kind = "auth",
    .variant = "bearer",
    .en =
        "A shared token in Authorization: Bearer, nothing signed: only with a client certificate or from known "
        "networks.",
    .zh = "Authorization: Bearer 中的共享令牌，不签名：仅限同时验证客户端证书或限定来源网段时使用。",
    .fields = kStaticAuthFields};
constinit const PluginSpec kSharingAuthSpec{.kind = "auth",
                                            .variant = "sharing-platform",
                                            .en = "gjgxjhpt_* headers signed with the app key.",
                                            .zh = "以应用密钥签名的 gjgxjhpt_* 请求头。",
                                            .fields = kSharingAuthFields};
constinit const PluginSpec kApiKeySigningSpec{.kind = "signing",
                                              .variant = "api-key",
                                              .en = "A shared key in a header.",
                                              .zh = "请求头中的共享密钥。",
                                              .fields = kApiKeySigningFields};
constinit const PluginSpec kBearerSigningSpec{.kind = "signing",
                                              .variant = "bearer",
                                              .en = "A shared token in Authorization: Bearer.",
                                              .zh = "Authorization: Bearer 中的共享令牌。",
                                              .fields = kBearerSigningFields};
constinit const PluginSpec kSharingSigningSpec{.kind = "signing",
                                               .variant = "sharing-platform",
                                               .en = "gjgxjhpt_* headers; a key service gives the key for a time.",
                                               .zh = "gjgxjhpt_* 请求头；密钥由密钥服务按时段发放。",
                                               .fields = kSharingSigningFields};

}  // namespace tongqu
