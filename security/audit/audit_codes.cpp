#include "security/audit/audit_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kAuditKeyText{"audit.key-text", ErrorKind::kInvalid,
                              "The verifier key is not of the form <origin>+<key id>+<key>.",
                              "验证公钥格式不正确，应为 <日志名>+<密钥标识>+<公钥>。"};
const ErrorCode kAuditNote{"audit.note", ErrorKind::kCorrupt, "The signed note is malformed.",
                           "签名检查点的格式不正确。"};
const ErrorCode kAuditSignature{"audit.signature", ErrorKind::kCorrupt,
                                "The checkpoint is not signed by this log's key.",
                                "检查点的签名不是由该日志的密钥作出，或已被改动。"};
const ErrorCode kAuditOrigin{"audit.origin", ErrorKind::kCorrupt, "The checkpoint belongs to another log.",
                             "检查点属于另一个日志。"};
const ErrorCode kAuditCheckpoint{"audit.checkpoint", ErrorKind::kCorrupt, "The checkpoint's text is malformed.",
                                 "检查点正文格式不正确。"};
const ErrorCode kAuditRoot{"audit.root", ErrorKind::kCorrupt, "The computed root is not the root of the checkpoint.",
                           "计算得到的根与检查点中的根不一致。"};
const ErrorCode kAuditRestore{"audit.restore", ErrorKind::kCorrupt, "The stored tree is incomplete: {}.",
                              "已存储的日志树不完整：{}。"};
const ErrorCode kAuditBatch{"audit.batch", ErrorKind::kInternal, "A batch holds between 1 and {} entries.",
                            "每批条目数应为 1 到 {}。"};
const ErrorCode kAuditSequence{"audit.sequence", ErrorKind::kInternal,
                               "A batch was accepted that was not the last one prepared; restore the log first.",
                               "确认的批次不是最后准备的批次，请先恢复日志状态。"};
const ErrorCode kAuditRange{"audit.range", ErrorKind::kNotFound, "The tree has no such entry or size.",
                            "日志树中没有该条目或该大小。"};
const ErrorCode kAuditTile{"audit.tile", ErrorKind::kCorrupt, "A stored tile is shorter than the tree.",
                           "已存储的哈希块短于日志树应有的长度。"};
const ErrorCode kAuditForm{"audit.form", ErrorKind::kCorrupt, "Not the expected form: {}.", "格式不符：{}。"};
const ErrorCode kAuditNotCanonical{"audit.not-canonical", ErrorKind::kCorrupt, "Not canonical JSON (RFC 8785).",
                                   "不是规范化 JSON（RFC 8785）。"};
const ErrorCode kAuditPath{"audit.path", ErrorKind::kCorrupt,
                           "The inclusion path does not lead from the entry to the signed root.",
                           "包含路径不能由该条目推出已签名的根。"};
const ErrorCode kAuditLineEnd{"audit.line-end", ErrorKind::kCorrupt,
                              "A line is longer than {} bytes or is not ended by a line feed.",
                              "某行超过 {} 字节，或未以换行符结束。"};
const ErrorCode kAuditMissing{"audit.missing", ErrorKind::kCorrupt, "The export ends before: {}.",
                              "导出文件提前结束，缺少：{}。"};
const ErrorCode kAuditAdditional{"audit.additional", ErrorKind::kCorrupt, "The export goes on after its checkpoint.",
                                 "检查点之后还有多余内容。"};
const ErrorCode kAuditIndex{"audit.index", ErrorKind::kCorrupt,
                            "Expected entry {}: an entry is missing, repeated or out of order.",
                            "此处应为条目 {}：有条目缺失、重复或顺序错误。"};
const ErrorCode kAuditLeaf{"audit.leaf", ErrorKind::kCorrupt, "The entry does not hash to its leaf.",
                           "条目内容与其叶哈希不一致。"};
const ErrorCode kAuditTileRoot{"audit.tile-root", ErrorKind::kCorrupt,
                               "The leaves of tile {} do not lead to its root: one of its entries was altered.",
                               "第 {} 块的叶哈希与块根不一致：该块中有条目被改动。"};
const ErrorCode kAuditSize{"audit.size", ErrorKind::kCorrupt, "The checkpoint is of another size than the export.",
                           "检查点的大小与导出文件不一致。"};
const ErrorCode kAuditRecord{"audit.record", ErrorKind::kCorrupt,
                             "The field commitments do not lead to the record digest of the entry.",
                             "字段承诺不能推出条目中的记录摘要。"};
const ErrorCode kAuditOpened{"audit.opened", ErrorKind::kCorrupt, "An opened field does not match its commitment.",
                             "公开的字段与其承诺不一致。"};
const ErrorCode kAuditConfig{"audit.config", ErrorKind::kCorrupt,
                             "The evidence names another configuration than its entry.",
                             "证据文件中的配置摘要与条目不一致。"};

std::span<const ErrorCode* const> audit_codes() {
  static constexpr std::array<const ErrorCode*, 24> kAll{
      &kAuditKeyText,      &kAuditNote,     &kAuditSignature, &kAuditOrigin,  &kAuditCheckpoint, &kAuditRoot,
      &kAuditRestore,      &kAuditBatch,    &kAuditSequence,  &kAuditRange,   &kAuditTile,       &kAuditForm,
      &kAuditNotCanonical, &kAuditPath,     &kAuditLineEnd,   &kAuditMissing, &kAuditAdditional, &kAuditIndex,
      &kAuditLeaf,         &kAuditTileRoot, &kAuditSize,      &kAuditRecord,  &kAuditOpened,     &kAuditConfig};
  return kAll;
}

}  // namespace tongqu::codes
