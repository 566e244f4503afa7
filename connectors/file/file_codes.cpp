#include "connectors/file/file_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kFileListing{"file.listing", ErrorKind::kUnavailable,
                             "The folder holds more than {} entries; the rest waits.",
                             "目录条目超过 {} 个，其余暂不处理。"};
const ErrorCode kFileMoving{"file.moving", ErrorKind::kUnavailable, "The file changed while it was being fetched.",
                            "读取过程中文件发生变化。"};
const ErrorCode kSftpConnect{"sftp.connect", ErrorKind::kUnavailable, "The SFTP server cannot be reached ({}).",
                             "无法连接 SFTP 服务器（{}）。"};
const ErrorCode kSftpHostKey{"sftp.host-key", ErrorKind::kUnavailable,
                             "The server's host key is not the pinned one; nothing was sent.",
                             "服务器主机密钥与登记的指纹不符，已中止连接。"};
const ErrorCode kSftpLogin{"sftp.login", ErrorKind::kUnavailable, "The server does not accept our key.",
                           "服务器拒绝本方密钥登录。"};
const ErrorCode kSftpKey{"sftp.key", ErrorKind::kInvalid, "This is no private key that can be used: {}.",
                         "不是可用的私钥：{}。"};
const ErrorCode kSftpAnswer{"sftp.answer", ErrorKind::kUnavailable, "The SFTP server failed ({}).",
                            "SFTP 服务器出错（{}）。"};

const ErrorCode kFileEmpty{"file.empty", ErrorKind::kInvalid, "The file has no header line.", "文件没有表头。"};
const ErrorCode kFileRowTooLong{"file.row-too-long", ErrorKind::kTooLarge, "A row is longer than {} bytes.",
                                "某行超过 {} 字节。"};
const ErrorCode kFileQuoteOpen{"file.quote-open", ErrorKind::kInvalid,
                               "A quotation mark is not closed before the end of the file.",
                               "引号直到文件末尾仍未闭合。"};
const ErrorCode kFileMember{"file.member", ErrorKind::kInvalid, "No rule says what a file of this name is.",
                            "没有规则说明此文件名的文件是什么。"};
const ErrorCode kFileTooManyRows{"file.too-many-rows", ErrorKind::kTooLarge, "The file has more than {} rows.",
                                 "文件超过 {} 行。"};
const ErrorCode kManifestMissing{"file.manifest-missing", ErrorKind::kInvalid, "The file came without its manifest.",
                                 "文件缺少清单。"};
const ErrorCode kManifestForm{"file.manifest-form", ErrorKind::kInvalid,
                              "The manifest is not of the agreed form (line {}).", "清单格式与约定不符（第 {} 行）。"};
const ErrorCode kManifestAlgorithm{"file.manifest-algorithm", ErrorKind::kInvalid,
                                   "The manifest's digests are not of the kind {}.", "清单摘要算法不是 {}。"};
const ErrorCode kManifestMember{"file.manifest-member", ErrorKind::kInvalid,
                                "Manifest and files do not name the same files.", "清单所列文件与实际文件不一致。"};
const ErrorCode kManifestRows{"file.manifest-rows", ErrorKind::kInvalid,
                              "The file does not have as many rows as its manifest says.", "文件行数与清单不符。"};
const ErrorCode kManifestSize{"file.manifest-size", ErrorKind::kInvalid,
                              "The file does not have the size that its manifest says.", "文件大小与清单不符。"};
const ErrorCode kManifestDigest{"file.manifest-digest", ErrorKind::kInvalid,
                                "The file does not have the digest of its manifest.", "文件摘要与清单不符。"};
const ErrorCode kArchiveForm{"file.archive-form", ErrorKind::kInvalid, "The archive cannot be read.",
                             "压缩包无法读取。"};
const ErrorCode kArchiveName{"file.archive-name", ErrorKind::kInvalid,
                             "The archive has an entry with a name that is not allowed.", "压缩包内有不允许的文件名。"};
const ErrorCode kArchiveKind{"file.archive-kind", ErrorKind::kInvalid,
                             "The archive has an entry that is no plain file.",
                             "压缩包内有非普通文件（链接、加密等）。"};
const ErrorCode kArchiveEntries{"file.archive-entries", ErrorKind::kTooLarge, "The archive has more than {} entries.",
                                "压缩包条目超过 {} 个。"};
const ErrorCode kArchiveSize{"file.archive-size", ErrorKind::kTooLarge, "The archive unpacks to more than {} bytes.",
                             "压缩包解压后超过 {} 字节。"};
const ErrorCode kArchiveRatio{"file.archive-ratio", ErrorKind::kTooLarge,
                              "The archive unpacks to more than {} times its size.", "压缩包解压比超过 {} 倍。"};

const ErrorCode kBatchForm{"file.batch-form", ErrorKind::kInvalid,
                           "The message is not a header line and one row of CSV.", "报文不是“表头加一行”的 CSV。"};
const ErrorCode kBatchRefused{"file.batch-refused", ErrorKind::kInvalid,
                              "The partner's acknowledgement refuses this row.", "对方回执拒收该行。"};
const ErrorCode kBatchAckMissing{"file.ack-missing", ErrorKind::kUnavailable,
                                 "The partner's acknowledgement file has not come yet.", "尚未收到对方回执文件。"};
const ErrorCode kBatchAckForm{"file.ack-form", ErrorKind::kUnavailable,
                              "The partner's acknowledgement file is not of the agreed form.",
                              "对方回执文件格式与约定不符。"};
const ErrorCode kBatchStopped{"file.stopped", ErrorKind::kUnavailable,
                              "The connector was stopped before the file was there.", "连接器已停止，文件尚未送达。"};
const ErrorCode kBatchFull{"file.batch-full", ErrorKind::kUnavailable, "Too many messages wait for their file already.",
                           "等待成批的报文过多。"};
const ErrorCode kBatchIo{"file.batch-late", ErrorKind::kUnavailable, "The file could not be handed over in time.",
                         "未能在时限内送出文件。"};

const ErrorCode kFileState{"file.state", ErrorKind::kCorrupt, "The connector's own file {} does not fit.",
                           "连接器状态文件 {} 损坏。"};
const ErrorCode kFileSetting{"file.setting", ErrorKind::kInvalid, "These settings do not go together: {}.",
                             "以下设置相互矛盾：{}。"};

std::span<const ErrorCode* const> file_codes() {
  static constexpr std::array<const ErrorCode*, 39> kAll{
      &kFileIo,       &kFileFull,          &kFileDenied,      &kFileMissing,    &kFileListing,     &kFileMoving,
      &kSftpConnect,  &kSftpHostKey,       &kSftpLogin,       &kSftpKey,        &kSftpAnswer,      &kFileEmpty,
      &kFileTooLarge, &kFileRowTooLong,    &kFileQuoteOpen,   &kFileMember,     &kFileTooManyRows, &kManifestMissing,
      &kManifestForm, &kManifestAlgorithm, &kManifestMember,  &kManifestRows,   &kManifestSize,    &kManifestDigest,
      &kArchiveForm,  &kArchiveName,       &kArchiveKind,     &kArchiveEntries, &kArchiveSize,     &kArchiveRatio,
      &kBatchForm,    &kBatchRefused,      &kBatchAckMissing, &kBatchAckForm,   &kBatchStopped,    &kBatchFull,
      &kBatchIo,      &kFileState,         &kFileSetting};
  return kAll;
}

}  // namespace tongqu::codes
