#pragma once
// Parts of field lists of whatever goes to a folder behind SFTP.
#include "gateway/settings/field_list.hpp"

namespace tongqu {

inline constexpr std::string_view kSftpHostKeyTypes[] = {"any", "ssh-ed25519", "ecdsa-sha2-nistp256", "rsa-sha2-512"};

inline constexpr FieldSpec kSftpHost{
    .name = "host",
    .type = SettingType::kText,
    .en = "Name or address of the SFTP server.",
    .zh = "SFTP 服务器名称或地址。",
    .required = true,
    .min = 1,
    .max = 253,
};
inline constexpr FieldSpec kSftpPort{
    .name = "port",
    .type = SettingType::kInteger,
    .en = "Its port.",
    .zh = "端口。",
    .default_text = "22",
    .min = 1,
    .max = 65535,
};
inline constexpr FieldSpec kSftpUser{
    .name = "user",
    .type = SettingType::kText,
    .en = "Login name.",
    .zh = "登录名。",
    .required = true,
    .min = 1,
    .max = 100,
};
inline constexpr FieldSpec kSftpKey{
    .name = "key",
    .type = SettingType::kSecret,
    .en = "Private key without passphrase, OpenSSH or PEM.",
    .zh = "私钥（OpenSSH 或 PEM，无口令）。",
    .required = true,
};
inline constexpr FieldSpec kSftpHostKey{
    .name = "host_key",
    .type = SettingType::kReference,
    .en = "Fingerprint of the server's host key, SHA256:…; nothing is sent to a server with another.",
    .zh = "服务器主机密钥指纹（SHA256:…）；不符则不发送任何内容。",
    .required = true,
};
inline constexpr FieldSpec kSftpHostKeyType{
    .name = "host_key_type",
    .type = SettingType::kEnum,
    .en = "Which host key is asked for; default what both prefer.",
    .zh = "要求的主机密钥类型，默认由双方协商。",
    .default_text = "any",
    .words = kSftpHostKeyTypes,
};
inline constexpr FieldSpec kSftpCallTimeout{
    .name = "call_timeout",
    .type = SettingType::kDuration,
    .en = "Time for one call to the server; less than timeout.",
    .zh = "单次调用服务器的时限，须小于 timeout。",
    .default_text = "10s",
    .min = 100,
    .max = 300'000,
};
inline constexpr FieldSpec kSftpFolder{
    .name = "folder",
    .type = SettingType::kText,
    .en = "Folder at the server; default where the login leads.",
    .zh = "服务器上的目录，默认为登录目录。",
    .max = 1024,
};

}  // namespace tongqu
