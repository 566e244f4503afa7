#include "connectors/database/database_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kDbUnreachable{"database.unreachable", ErrorKind::kUnavailable,
                               "The partner's database cannot be reached, or the connection was lost.",
                               "无法连接对方数据库，或连接已断开。"};
const ErrorCode kDbBusy{"database.busy", ErrorKind::kUnavailable,
                        "The partner's database is locked, or all connections to it are at work.",
                        "对方数据库被锁定，或全部连接均在使用中。"};
const ErrorCode kDbTimeout{"database.timeout", ErrorKind::kDeadline, "The partner's database did not answer in time.",
                           "对方数据库未在时限内应答。"};
const ErrorCode kDbStatement{
    "database.statement", ErrorKind::kUnavailable,
    "The partner's database turned a statement back (SQLSTATE or code {}): a table, a column or a "
    "right is missing.",
    "对方数据库拒绝执行语句（SQLSTATE 或错误码 {}）：缺少表、列或权限。"};
const ErrorCode kDbData{"database.data", ErrorKind::kInvalid,
                        "The partner's database does not take the values (SQLSTATE or code {}).",
                        "对方数据库不接受所写入的值（SQLSTATE 或错误码 {}）。"};
const ErrorCode kDbIdConflict{"database.id-conflict", ErrorKind::kConflict,
                              "The partner's table holds this message id with another digest.",
                              "对方表中已有相同报文编号而摘要不同的记录。"};
const ErrorCode kDbPartnerFailed{"database.partner-failed", ErrorKind::kInvalid, "The partner set the row to failed.",
                                 "对方将该记录置为失败。"};
const ErrorCode kDbNoAcknowledgement{"database.no-acknowledgement", ErrorKind::kDeadline,
                                     "The row was written, but the partner did not acknowledge it in time.",
                                     "记录已写入，但对方未在时限内确认。"};
const ErrorCode kDbRowText{"database.row-text", ErrorKind::kInvalid, "A value of the row is not UTF-8.",
                           "记录中有值不是 UTF-8 编码。"};
const ErrorCode kDbRowEmpty{"database.row-empty", ErrorKind::kInvalid, "The row has no payload.", "记录没有报文内容。"};
const ErrorCode kDbRowLarge{"database.row-large", ErrorKind::kTooLarge, "The row is larger than {} bytes.",
                            "记录超过 {} 字节。"};
const ErrorCode kDbRowCut{"database.row-cut", ErrorKind::kInvalid,
                          "The driver handed out a part of the payload only; raise its limit of long texts.",
                          "驱动只返回了报文的一部分，请调大其长文本上限。"};
const ErrorCode kDbRowDigest{"database.row-digest", ErrorKind::kInvalid, "The row's digest does not fit its payload.",
                             "记录的摘要与报文内容不符。"};
const ErrorCode kDbRowService{"database.row-service", ErrorKind::kInvalid,
                              "The row names a business type that is not configured.",
                              "记录的业务类型未在配置中列出。"};
const ErrorCode kDbRowNumber{"database.row-number", ErrorKind::kInvalid, "Column {} holds no number.",
                             "列 {} 的值不是数值。"};
const ErrorCode kDbRowGone{"database.row-gone", ErrorKind::kNotFound, "A claimed row is no longer there.",
                           "已领取的记录不复存在。"};
const ErrorCode kDbBody{"database.body", ErrorKind::kInvalid, "The body is no JSON object, so no column can be filled.",
                        "报文不是 JSON 对象，无法填写各列。"};
const ErrorCode kDbIdentifier{"database.identifier", ErrorKind::kInvalid,
                              "{} is not a name of a table or column: letters, digits, _ and $, a schema before a dot.",
                              "{} 不是合法的表名或列名：只能用字母、数字、_ 和 $，模式名在点号之前。"};
const ErrorCode kDbConnection{"database.connection", ErrorKind::kInvalid,
                              "{}: missing, or it has a character that the driver's connection text cannot carry.",
                              "{}：缺失，或含有驱动连接串不能表示的字符。"};
const ErrorCode kDbTls{"database.tls", ErrorKind::kInvalid,
                       "This driver cannot do TLS mode {}; for mysql and odbc use the vendor's ODBC attributes.",
                       "该驱动不支持 TLS 方式 {}；mysql 与 odbc 请使用厂商 ODBC 驱动的属性。"};
const ErrorCode kDbDialect{"database.dialect", ErrorKind::kInvalid, "{} does not go with this dialect.",
                           "{} 与该数据库方言不相容。"};

std::span<const ErrorCode* const> database_codes() {
  static constexpr std::array kAll{&kDbUnreachable, &kDbBusy,       &kDbTimeout,       &kDbStatement,
                                   &kDbData,        &kDbIdConflict, &kDbPartnerFailed, &kDbNoAcknowledgement,
                                   &kDbRowText,     &kDbRowEmpty,   &kDbRowLarge,      &kDbRowCut,
                                   &kDbRowDigest,   &kDbRowService, &kDbRowNumber,     &kDbRowGone,
                                   &kDbBody,        &kDbIdentifier, &kDbConnection,    &kDbTls,
                                   &kDbDialect};
  return kAll;
}

}  // namespace tongqu::codes
