#include <cstdint>

#include "connectors/file/file_fields.hpp"
#include "connectors/file/file_specs.hpp"

namespace tongqu {
namespace {

using namespace file_fields;  // NOLINT(google-build-using-namespace)
using enum SettingType;
using Word = std::string_view;
using std::int64_t;

constexpr Word kModes[] = {"message", "batch"};

constexpr FieldSpec kOutMode{
    .name = "mode",
    .type = kEnum,
    .en = "message: a file each; batch: rows of CSV collected into one file, at most max_connections of them.",
    .zh = "message：每条报文一个文件；batch：CSV 行汇成一个文件，行数不超过 max_connections。",
    .default_text = "message",
    .words = kModes,
};
constexpr FieldSpec kOutPrefix{
    .name = "prefix",
    .type = kText,
    .en = "How file names begin.",
    .zh = "文件名前缀。",
    .required = true,
    .min = 1,
    .max = 60,
    .pattern = "[a-z0-9][a-z0-9_-]*",
    .pattern_en = "small letters, digits, dash, underscore",
    .pattern_zh = "小写字母、数字、横线、下划线",
};
constexpr FieldSpec kOutZip{
    .name = "zip",
    .type = kBoolean,
    .en = "File and manifest.csv in a ZIP.",
    .zh = "文件与 manifest.csv 打包为 ZIP。",
    .default_text = "false",
};
constexpr FieldSpec kOutManifest{
    .name = "manifest",
    .type = kBoolean,
    .en = "A manifest beside the file (<name>.manifest); not with zip.",
    .zh = "文件旁附清单（<文件名>.manifest）；与 zip 不并用。",
    .default_text = "false",
};
constexpr FieldSpec kOutMarker{
    .name = "marker",
    .type = kText,
    .en = "Ending of a marker file made behind the file; default none.",
    .zh = "文件就绪后生成的标记文件后缀；默认不生成。",
    .max = 20,
    .pattern = "(\\.[A-Za-z0-9._-]+)?",
    .pattern_en = "a dot and letters, digits, dots, dashes",
    .pattern_zh = "点号加字母、数字、点、横线",
};
constexpr FieldSpec kOutIdColumn{
    .name = "id_column",
    .type = kText,
    .en = "Heading of a first column with the message id, by which the partner can tell repetitions; default none.",
    .zh = "首列报文编号的列名，供对方判重；默认不加。",
    .max = 60,
    .pattern = "[A-Za-z0-9_]*",
    .pattern_en = "ASCII letters, digits, underscore",
    .pattern_zh = "ASCII 字母、数字、下划线",
};
constexpr FieldSpec kOutMaxRows{
    .name = "max_rows",
    .type = kInteger,
    .en = "Rows that close a file.",
    .zh = "单个文件行数上限。",
    .default_text = "500",
    .min = 1,
    .max = 10'000,
};
constexpr FieldSpec kOutMaxBytes{
    .name = "max_bytes",
    .type = kSize,
    .en = "Bytes that close a file.",
    .zh = "单个文件大小上限。",
    .default_text = "16MiB",
    .min = 1024,
    .max = int64_t{64} << 20,
};
constexpr FieldSpec kOutMaxAge{
    .name = "max_age",
    .type = kDuration,
    .en = "How long the first row waits for others; less than timeout.",
    .zh = "首行等待成批的最长时间，须小于 timeout。",
    .default_text = "3s",
    .min = 1,
    .max = 10 * kMinute,
};
constexpr FieldSpec kOutAckFolder{
    .name = "ack_folder",
    .type = kText,
    .en = "Folder of the partner's acknowledgement files; default: none are awaited.",
    .zh = "对方回执文件目录；默认不等待回执。",
    .max = 1024,
};
constexpr FieldSpec kOutAckSuffix{
    .name = "ack_suffix",
    .type = kText,
    .en = "What an acknowledgement's name has behind the file's.",
    .zh = "回执文件名后缀。",
    .default_text = ".ack.csv",
    .min = 1,
    .max = 40,
};
constexpr FieldSpec kOutPoll{
    .name = "poll",
    .type = kDuration,
    .en = "Time between two looks for acknowledgements.",
    .zh = "查看回执的间隔。",
    .default_text = "5s",
    .min = 10,
    .max = 24 * kHour,
};
constexpr FieldSpec kOutIndexAge{
    .name = "index_age",
    .type = kDuration,
    .en = "How long message ids are remembered; longer than retry.deadline.",
    .zh = "报文编号的记忆时长，须大于 retry.deadline。",
    .default_text = "30d",
    .min = kHour,
    .max = 366 * 24 * kHour,
};
constexpr FieldSpec kOutIndexMessages{
    .name = "index_messages",
    .type = kInteger,
    .en = "Message ids that are remembered.",
    .zh = "记忆的报文编号数上限。",
    .default_text = "1000000",
    .min = 1000,
    .max = 10'000'000,
};
constexpr FieldSpec kFileFields[] = {kLocalFolder, kLocalOutbox, kCsvCharset,      kCsvSeparator, kOutMode,
                                     kOutPrefix,   kOutZip,      kOutManifest,     kOutMarker,    kOutIdColumn,
                                     kOutMaxRows,  kOutMaxBytes, kOutMaxAge,       kOutAckFolder, kOutAckSuffix,
                                     kOutPoll,     kOutIndexAge, kOutIndexMessages};
constexpr FieldSpec kSftpFields[] = {kSftpHost,        kSftpPort,        kSftpUser,   kSftpKey,     kSftpHostKey,
                                     kSftpHostKeyType, kSftpCallTimeout, kSftpFolder, kLocalOutbox, kCsvCharset,
                                     kCsvSeparator,    kOutMode,         kOutPrefix,  kOutZip,      kOutManifest,
                                     kOutMarker,       kOutIdColumn,     kOutMaxRows, kOutMaxBytes, kOutMaxAge,
                                     kOutAckFolder,    kOutAckSuffix,    kOutPoll,    kOutIndexAge, kOutIndexMessages};

}  // namespace

constinit const PluginSpec kFileConnectorSpec{.kind = "connector",
                                              .variant = "file",
                                              .en = "Puts files into a folder.",
                                              .zh = "向目录投放文件。",
                                              .fields = kFileFields};
constinit const PluginSpec kSftpConnectorSpec{.kind = "connector",
                                              .variant = "sftp",
                                              .en = "Puts files on an SFTP server.",
                                              .zh = "向 SFTP 服务器投放文件。",
                                              .fields = kSftpFields};

}  // namespace tongqu
