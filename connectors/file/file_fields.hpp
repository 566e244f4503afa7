#pragma once
// Fields that the lists of `file` and `sftp`, of both directions, share.
#include <cstdint>

#include "gateway/settings/sftp_fields.hpp"

namespace tongqu::file_fields {

inline constexpr std::int64_t kMinute = 60'000;
inline constexpr std::int64_t kHour = 60 * kMinute;
inline constexpr std::string_view kCharsets[] = {"utf-8", "gb18030"};

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
