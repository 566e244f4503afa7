#pragma once
// Fields that the lists of `file` and `sftp`, of both directions, share.
#include <cstdint>

#include "gateway/settings/field_list.hpp"

namespace tongqu::file_fields {

inline constexpr std::int64_t kMinute = 60'000;
inline constexpr std::int64_t kHour = 60 * kMinute;
inline constexpr std::string_view kCharsets[] = {"utf-8", "gb18030"};
inline constexpr std::string_view kKeyTypes[] = {"any", "ssh-ed25519", "ecdsa-sha2-nistp256", "rsa-sha2-512"};

// The way to the folder.
inline constexpr FieldSpec kLocalFolder{
    .name = "folder",
    .type = SettingType::kPath,
    .en = "Absolute name of the folder that is shared with the partner (mounted or not).",
    .zh = "与对方共享目录（可为挂载目录）的绝对路径。",
    .required = true,
};
inline constexpr FieldSpec kLocalInbox{
    .name = "inbox",
    .type = SettingType::kText,
    .en = "Folder below it where files arrive; default the folder itself.",
    .zh = "接收文件的子目录，默认为该目录本身。",
    .max = 1024,
};
inline constexpr FieldSpec kLocalOutbox{
    .name = "outbox",
    .type = SettingType::kText,
    .en = "Folder below it where files go; default the folder itself.",
    .zh = "送出文件的子目录，默认为该目录本身。",
    .max = 1024,
};
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
    .words = kKeyTypes,
};
inline constexpr FieldSpec kSftpCallTimeout{
    .name = "call_timeout",
    .type = SettingType::kDuration,
    .en = "Time for one call to the server; less than timeout.",
    .zh = "单次调用服务器的时限，须小于 timeout。",
    .default_text = "10s",
    .min = 100,
    .max = 5 * kMinute,
};
inline constexpr FieldSpec kSftpFolder{
    .name = "folder",
    .type = SettingType::kText,
    .en = "Folder at the server; default where the login leads.",
    .zh = "服务器上的目录，默认为登录目录。",
    .max = 1024,
};

// The form of a CSV.
inline constexpr FieldSpec kCsvCharset{
    .name = "charset",
    .type = SettingType::kEnum,
    .en = "Character set of the CSV; the same as in the schema.",
    .zh = "CSV 字符集，与模式中的一致。",
    .default_text = "utf-8",
    .words = kCharsets,
};
inline constexpr FieldSpec kCsvSeparator{
    .name = "separator",
    .type = SettingType::kText,
    .en = "Separator of the CSV; the same as in the schema.",
    .zh = "CSV 分隔符，与模式中的一致。",
    .default_text = ",",
    .min = 1,
    .max = 1,
    .pattern = "[\\x20-\\x21\\x23-\\x7e\\t]",
    .pattern_en = "one printable ASCII character or tab, no quotation mark",
    .pattern_zh = "一个可见 ASCII 字符或制表符，不能是引号",
};

}  // namespace tongqu::file_fields
