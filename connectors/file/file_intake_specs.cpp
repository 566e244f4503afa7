#include <cstdint>

#include "connectors/file/file_fields.hpp"
#include "connectors/file/file_specs.hpp"

namespace tongqu {
namespace {

using namespace file_fields;  // NOLINT(google-build-using-namespace)
using enum SettingType;
using Word = std::string_view;
using std::int64_t;

constexpr Word kContents[] = {"rows", "message"};
constexpr Word kContentTypes[] = {"application/json", "application/xml", "text/csv"};
constexpr Word kReady[] = {"stable", "marker", "renamed"};
constexpr Word kManifests[] = {"none", "sidecar", "inside"};
constexpr Word kDatedBy[] = {"modified", "name"};
constexpr Word kAfterwards[] = {"archive", "delete", "keep"};

constexpr FieldSpec kInPattern{
    .name = "pattern",
    .type = kText,
    .en = "Names of files that are looked at, with * and ?; alternatives are parted by |.",
    .zh = "处理的文件名，可用 * 和 ?，多种名称以 | 分隔。",
    .default_text = "*.csv",
    .min = 1,
    .max = 200,
};
constexpr FieldSpec kInContent{
    .name = "content",
    .type = kEnum,
    .en = "rows: each row of a CSV is a message; message: each file is one.",
    .zh = "rows：CSV 每行一条报文；message：每个文件一条报文。",
    .default_text = "rows",
    .words = kContents,
};
constexpr FieldSpec kInContentType{
    .name = "content_type",
    .type = kEnum,
    .en = "Form of a file that is one message.",
    .zh = "单报文文件的格式。",
    .default_text = "application/json",
    .words = kContentTypes,
};
constexpr FieldSpec kInZip{
    .name = "zip",
    .type = kBoolean,
    .en = "Files are ZIP archives of such files.",
    .zh = "文件为 ZIP 压缩包。",
    .default_text = "false",
};
constexpr FieldSpec kInZipPattern{
    .name = "zip_pattern",
    .type = kText,
    .en = "With zip: names of the files that are archives; the others are taken as they are.",
    .zh = "zip 为 true 时，哪些文件名是压缩包；其余按普通文件处理。",
    .default_text = "*",
    .min = 1,
    .max = 200,
};
constexpr FieldSpec kInMemberFields[] = {
    {.name = "pattern",
     .type = kText,
     .en = "Names of the files (in an archive: without their folders), with *, ? and |.",
     .zh = "文件名（压缩包内不含目录），可用 *、? 和 |。",
     .required = true,
     .min = 1,
     .max = 200},
    {.name = "service",
     .type = kText,
     .en = "One of the services above; default the first.",
     .zh = "上述服务之一，默认第一项。",
     .max = 100},
    {.name = "content_type",
     .type = kEnum,
     .en = "Form of the file; default that of the whole.",
     .zh = "文件格式，默认同 content_type。",
     .words = kContentTypes},
    {.name = "ignore",
     .type = kBoolean,
     .en = "Such files are no messages (pictures, indexes): neither handed over nor counted.",
     .zh = "此类文件不是报文（图片、索引等），不送出也不计数。",
     .default_text = "false"},
};
constexpr FieldSpec kInMember{
    .name = "member", .type = kObject, .en = "Files of one kind.", .zh = "一类文件。", .fields = kInMemberFields};
constexpr FieldSpec kInMembers{
    .name = "members",
    .type = kList,
    .en =
        "With content: message, what a file is by its name; the first that fits counts, and a file that none fits is "
        "turned back by itself. Without it all are messages of the one service.",
    .zh = "content: message 时按文件名区分；取第一个匹配项，均不匹配的文件单独拒收。不填则全部属于唯一的服务。",
    .max = 50,
    .item = &kInMember,
};
constexpr FieldSpec kInDatedBy{
    .name = "dated_by",
    .type = kEnum,
    .en =
        "With content: message, of when a file is: when it was written, or the day in its name (the first eight "
        "digits that are one); stands in the record's envelope.",
    .zh = "content: message 时文件日期的依据：修改时间，或文件名中的日期（第一组八位数字）；写入记录信封。",
    .default_text = "modified",
    .words = kDatedBy,
};
constexpr FieldSpec kInReady{
    .name = "ready",
    .type = kEnum,
    .en = "When a file is whole: unchanged in two looks, marked by a second file, or always as the partner renames.",
    .zh = "文件何时完整：两次查看未变、有标记文件，或对方以改名方式交付。",
    .default_text = "stable",
    .words = kReady,
};
constexpr FieldSpec kInMarker{
    .name = "marker",
    .type = kText,
    .en = "Ending of the marker file, with ready: marker.",
    .zh = "标记文件后缀（ready: marker 时）。",
    .default_text = ".ok",
    .min = 1,
    .max = 20,
    .pattern = "\\.[A-Za-z0-9._-]+",
    .pattern_en = "a dot and letters, digits, dots, dashes",
    .pattern_zh = "点号加字母、数字、点、横线",
};
constexpr FieldSpec kInManifest{
    .name = "manifest",
    .type = kEnum,
    .en = "Where the manifest is: nowhere, beside the file (<name>.manifest), or in the archive (manifest.csv).",
    .zh = "清单位置：无、文件旁（<文件名>.manifest）、压缩包内（manifest.csv）。",
    .default_text = "none",
    .words = kManifests,
};
constexpr FieldSpec kInAfterwards{
    .name = "afterwards",
    .type = kEnum,
    .en = "What becomes of a processed file; broken ones are always moved to quarantine.",
    .zh = "处理后的文件如何处置；损坏文件一律移入隔离目录。",
    .default_text = "archive",
    .words = kAfterwards,
};
constexpr FieldSpec kInArchive{
    .name = "archive",
    .type = kText,
    .en = "Folder for processed files, a folder a day below it.",
    .zh = "归档目录，按日分子目录。",
    .default_text = "archive",
    .min = 1,
    .max = 1024,
};
constexpr FieldSpec kInQuarantine{
    .name = "quarantine",
    .type = kText,
    .en = "Folder for broken files.",
    .zh = "隔离目录。",
    .default_text = "quarantine",
    .min = 1,
    .max = 1024,
};
constexpr FieldSpec kInReports{
    .name = "reports",
    .type = kText,
    .en = "Folder for result and error files.",
    .zh = "结果与错误清单目录。",
    .default_text = "reports",
    .min = 1,
    .max = 1024,
};
constexpr FieldSpec kInPoll{
    .name = "poll",
    .type = kDuration,
    .en = "Time between two looks.",
    .zh = "两次查看的间隔。",
    .default_text = "10s",
    .min = 10,
    .max = 24 * kHour,
};
constexpr FieldSpec kInWindow{
    .name = "window",
    .type = kWindow,
    .en = "Hours in which the folder is looked at, Beijing time.",
    .zh = "查看目录的时段（北京时间）。",
};
constexpr FieldSpec kInMaxListing{
    .name = "max_listing",
    .type = kInteger,
    .en = "Entries of the folder that are looked at.",
    .zh = "单次查看的目录条目数上限。",
    .default_text = "10000",
    .min = 10,
    .max = 100'000,
};
constexpr FieldSpec kInParallelRows{
    .name = "parallel_rows",
    .type = kInteger,
    .en = "Rows handed over at the same time.",
    .zh = "同时提交的行数。",
    .default_text = "32",
    .min = 1,
    .max = 1000,
};
constexpr FieldSpec kInCheckpointRows{
    .name = "checkpoint_rows",
    .type = kInteger,
    .en = "Rows after which the position is kept.",
    .zh = "每多少行保存一次进度。",
    .default_text = "1000",
    .min = 1,
    .max = 100'000,
};
constexpr FieldSpec kInMaxFileBytes{
    .name = "max_file_bytes",
    .type = kSize,
    .en = "Largest file.",
    .zh = "单个文件大小上限。",
    .default_text = "4GiB",
    .min = 1,
    .max = int64_t{1} << 40,
};
constexpr FieldSpec kInMaxRows{
    .name = "max_rows",
    .type = kInteger,
    .en = "Rows of one file.",
    .zh = "单个文件行数上限。",
    .default_text = "20000000",
    .min = 1,
    .max = 1'000'000'000,
};
constexpr FieldSpec kInMaxRowBytes{
    .name = "max_row_bytes",
    .type = kSize,
    .en = "Longest row.",
    .zh = "单行长度上限。",
    .default_text = "1MiB",
    .min = 16,
    .max = int64_t{16} << 20,
};
constexpr FieldSpec kInMaxMessageBytes{
    .name = "max_message_bytes",
    .type = kSize,
    .en = "Largest file that is one message.",
    .zh = "单报文文件大小上限。",
    .default_text = "2MiB",
    .min = 16,
    .max = int64_t{64} << 20,
};
constexpr FieldSpec kInMaxErrorLines{
    .name = "max_error_lines",
    .type = kInteger,
    .en = "Lines of an error file.",
    .zh = "错误清单行数上限。",
    .default_text = "100000",
    .min = 1,
    .max = 10'000'000,
};
constexpr FieldSpec kInMaxEntries{
    .name = "max_entries",
    .type = kInteger,
    .en = "Files in an archive.",
    .zh = "压缩包内文件数上限。",
    .default_text = "100",
    .min = 1,
    .max = 10'000,
};
constexpr FieldSpec kInMaxUnpackedBytes{
    .name = "max_unpacked_bytes",
    .type = kSize,
    .en = "Bytes that an archive may unpack to.",
    .zh = "压缩包解压后大小上限。",
    .default_text = "4GiB",
    .min = 1,
    .max = int64_t{1} << 40,
};
constexpr FieldSpec kInMaxRatio{
    .name = "max_ratio",
    .type = kInteger,
    .en = "How much larger than itself an archive may unpack.",
    .zh = "压缩包解压比上限。",
    .default_text = "200",
    .min = 1,
    .max = 100'000,
};
constexpr FieldSpec kFileIntakeFields[] = {
    kLocalFolder,   kLocalInbox,    kCsvCharset,        kCsvSeparator,    kInPattern,        kInContent,
    kInContentType, kInMembers,     kInDatedBy,         kInZip,           kInZipPattern,     kInReady,
    kInMarker,      kInManifest,    kInAfterwards,      kInArchive,       kInQuarantine,     kInReports,
    kInPoll,        kInWindow,      kInMaxListing,      kInParallelRows,  kInCheckpointRows, kInMaxFileBytes,
    kInMaxRows,     kInMaxRowBytes, kInMaxMessageBytes, kInMaxErrorLines, kInMaxEntries,     kInMaxUnpackedBytes,
    kInMaxRatio};
constexpr FieldSpec kSftpIntakeFields[] = {kSftpHost,
                                           kSftpPort,
                                           kSftpUser,
                                           kSftpKey,
                                           kSftpHostKey,
                                           kSftpHostKeyType,
                                           kSftpCallTimeout,
                                           kSftpFolder,
                                           kLocalInbox,
                                           kCsvCharset,
                                           kCsvSeparator,
                                           kInPattern,
                                           kInContent,
                                           kInContentType,
                                           kInMembers,
                                           kInDatedBy,
                                           kInZip,
                                           kInZipPattern,
                                           kInReady,
                                           kInMarker,
                                           kInManifest,
                                           kInAfterwards,
                                           kInArchive,
                                           kInQuarantine,
                                           kInReports,
                                           kInPoll,
                                           kInWindow,
                                           kInMaxListing,
                                           kInParallelRows,
                                           kInCheckpointRows,
                                           kInMaxFileBytes,
                                           kInMaxRows,
                                           kInMaxRowBytes,
                                           kInMaxMessageBytes,
                                           kInMaxErrorLines,
                                           kInMaxEntries,
                                           kInMaxUnpackedBytes,
                                           kInMaxRatio};

}  // namespace

constinit const PluginSpec kFileIntakeSpec{.kind = "intake",
                                           .variant = "file",
                                           .en = "The partner puts files into a folder.",
                                           .zh = "对方向目录投放文件。",
                                           .fields = kFileIntakeFields};
constinit const PluginSpec kSftpIntakeSpec{.kind = "intake",
                                           .variant = "sftp",
                                           .en = "Files are fetched from an SFTP server.",
                                           .zh = "从 SFTP 服务器取文件。",
                                           .fields = kSftpIntakeFields};

}  // namespace tongqu
