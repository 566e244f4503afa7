#pragma once
// Parts of field lists that several plug-ins use: TLS towards a partner, how we sign, how a partner proves who it is.
#include "gateway/settings/field_list.hpp"

namespace tongqu {

inline constexpr FieldSpec kClientTlsFields[] = {
    {.name = "ca",
     .type = SettingType::kReference,
     .en = "Authorities of the partner's certificate, PEM; default the system's.",
     .zh = "签发对方证书的机构证书（PEM），默认用系统证书库。"},
    {.name = "certificate",
     .type = SettingType::kReference,
     .en = "Our client certificate, PEM.",
     .zh = "本方客户端证书（PEM）。"},
    {.name = "key",
     .type = SettingType::kSecret,
     .en = "Private key of the client certificate, PEM.",
     .zh = "客户端证书私钥（PEM）。"},
    {.name = "server_name",
     .en = "Name that the partner's certificate has to show; default the host of the URL.",
     .zh = "对方证书须出示的名称，默认取 URL 中的主机名。",
     .max = 253},
};
inline constexpr FieldSpec kClientTlsField{.name = "tls",
                                           .type = SettingType::kObject,
                                           .en = "TLS towards the partner.",
                                           .zh = "对外 TLS。",
                                           .fields = kClientTlsFields};

// A public key that policies seal values to: of a partner, or of an officer.
inline constexpr FieldSpec kSealingKeyFields[] = {
    {.name = "title_zh",
     .en = "Whose key it is, in Chinese.",
     .zh = "密钥持有者。",
     .required = true,
     .min = 1,
     .max = 100},
    {.name = "key",
     .type = SettingType::kReference,
     .en = "Public key or certificate, PEM: SM2 in suite gm, X25519 in intl.",
     .zh = "公钥或证书（PEM）：国密套件用 SM2，国际套件用 X25519。",
     .required = true},
    {.name = "valid_until",
     .type = SettingType::kDate,
     .en = "Last day on which values are sealed to it, Beijing time; a certificate's end counts as well.",
     .zh = "可使用的最后一天（北京时间）；证书自身的有效期同样有效。"},
};
inline constexpr FieldSpec kSealingKey{.name = "sealing_key",
                                       .type = SettingType::kObject,
                                       .en = "One key.",
                                       .zh = "一把公钥。",
                                       .fields = kSealingKeyFields};

inline constexpr FieldSpec kReadsFields[] = {
    {.name = "units",
     .type = SettingType::kBoolean,
     .en = "GET /exchange/v1/units: the units, with what this partner calls them.",
     .zh = "GET /exchange/v1/units：组织机构目录（含对方自己的机构代码）。",
     .default_text = "false"},
    {.name = "codes",
     .type = SettingType::kBoolean,
     .en = "GET /exchange/v1/codes/{table}: the national code tables.",
     .zh = "GET /exchange/v1/codes/{table}：全国代码表。",
     .default_text = "false"},
};

// Variants: plug-ins of the kind "signing".
inline constexpr FieldSpec kSignFields[] = {
    {.name = "scheme",
     .type = SettingType::kEnum,
     .en = "How our requests are signed.",
     .zh = "签名方式。",
     .required = true},
};
inline constexpr FieldSpec kSignField{.name = "sign",
                                      .type = SettingType::kObject,
                                      .en = "How our requests are signed.",
                                      .zh = "请求签名。",
                                      .fields = kSignFields,
                                      .variant_kind = "signing",
                                      .selector = "scheme"};

// Variants: plug-ins of the kind "auth".
inline constexpr FieldSpec kAuthFields[] = {
    {.name = "scheme",
     .type = SettingType::kEnum,
     .en = "How the partner proves who it is.",
     .zh = "身份验证方式。",
     .required = true},
};
inline constexpr FieldSpec kAuthField{.name = "auth",
                                      .type = SettingType::kObject,
                                      .en = "Who it is.",
                                      .zh = "身份验证。",
                                      .required = true,
                                      .fields = kAuthFields,
                                      .variant_kind = "auth",
                                      .selector = "scheme"};

// On what basis personal data is given to somebody: of a recipient, and of a partner who gets an answer.
inline constexpr FieldSpec kPurposeField{
    .name = "purpose", .en = "Purpose of the disclosure.", .zh = "用途。", .required = true, .min = 1, .max = 200};
inline constexpr FieldSpec kLegalBasisField{.name = "legal_basis",
                                            .en = "Legal basis of the disclosure.",
                                            .zh = "法律依据。",
                                            .required = true,
                                            .min = 1,
                                            .max = 200};
inline constexpr FieldSpec kOnwardField{.name = "onward",
                                        .type = SettingType::kBoolean,
                                        .en = "May the recipient pass it on?",
                                        .zh = "接收方可否再提供给他人。",
                                        .default_text = "false"};

inline constexpr FieldSpec kMaxClockSkew{.name = "max_clock_skew",
                                         .type = SettingType::kDuration,
                                         .en = "How far the partner's clock may differ.",
                                         .zh = "允许的时钟偏差。",
                                         .default_text = "5m",
                                         .min = 1000,
                                         .max = 3'600'000};
inline constexpr FieldSpec kFingerprint{.name = "certificate_sha256",
                                        .type = SettingType::kReference,
                                        .en = "SHA-256 of the client certificate that has to be shown as well, hex.",
                                        .zh = "还须出示的客户端证书的 SHA-256 指纹（十六进制）。"};

inline constexpr FieldSpec kNetworkItem{
    .name = "network", .type = SettingType::kNetwork, .en = "Address block.", .zh = "网段。"};
inline constexpr FieldSpec kNetworksField{.name = "networks",
                                          .type = SettingType::kList,
                                          .en = "Where it may come from; empty = anywhere.",
                                          .zh = "允许的来源网段，空为不限。",
                                          .max = 100,
                                          .item = &kNetworkItem};

}  // namespace tongqu
