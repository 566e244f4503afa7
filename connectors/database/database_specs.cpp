// inbound and outbound with connector: database.
#include "connectors/database/database_specs.hpp"

namespace tongqu {
namespace {

using enum SettingType;
using Word = std::string_view;

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kHour = 3600 * kSecond;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kMiB = 1 << 20;

// A database's own names; the connector checks them once more before they stand in a statement.
constexpr Word kName = "[A-Za-z_][A-Za-z0-9_$]{0,127}";
constexpr Word kNameEn = "a name of letters, digits, _ and $";
constexpr Word kNameZh = "由字母、数字、_ 和 $ 组成的名称";
constexpr Word kTable = "([A-Za-z_][A-Za-z0-9_$]{0,127}\\.){0,2}[A-Za-z_][A-Za-z0-9_$]{0,127}";

constexpr FieldSpec column(Word name, Word en, Word zh, bool required = false) {
  return {.name = name,
          .en = en,
          .zh = zh,
          .required = required,
          .max = 128,
          .pattern = kName,
          .pattern_en = kNameEn,
          .pattern_zh = kNameZh};
}
constexpr FieldSpec table_field(Word en, Word zh) {
  return {.name = "table",
          .en = en,
          .zh = zh,
          .required = true,
          .max = 386,
          .pattern = kTable,
          .pattern_en = kNameEn,
          .pattern_zh = kNameZh};
}

constexpr Word kDrivers[] = {"sqlite", "postgresql", "mysql", "odbc"};
constexpr Word kDialects[] = {"sqlite",    "postgresql", "mysql",    "oracle",
                              "sqlserver", "dameng",     "kingbase", "opengauss"};
constexpr Word kTlsModes[] = {"off", "prefer", "require", "verify"};
constexpr Word kLimits[] = {"limit", "top", "fetch", "rownum"};
constexpr Word kSkips[] = {"no", "for_update", "readpast"};
constexpr Word kNames[] = {"as_written", "upper"};
constexpr Word kTimeForms[] = {"timestamp", "epoch_ms"};
constexpr Word kStateTypes[] = {"integer", "text"};
constexpr Word kColumnKinds[] = {"text", "number"};

constexpr FieldSpec kTlsFields[] = {
    {.name = "mode",
     .type = kEnum,
     .en = "off, prefer (unchecked), require (unchecked) or verify (authority and host name); postgresql only, other "
           "drivers through ODBC attributes.",
     .zh =
         "off 不用，prefer 尽量用（不校验），require 必须用（不校验），verify 校验机构与主机名；仅 postgresql，其余经 "
         "ODBC 属性设置。",
     .default_text = "off",
     .words = kTlsModes},
    {.name = "ca",
     .type = kReference,
     .en = "Authorities of the server's certificate, a file in PEM.",
     .zh = "签发服务器证书的机构证书文件（PEM）。"},
};
constexpr FieldSpec kAttributeItem{.name = "attribute", .en = "Value.", .zh = "取值。", .max = 500};
constexpr FieldSpec kConnectionFields[] = {
    {.name = "driver",
     .type = kEnum,
     .en = "Client library.",
     .zh = "客户端驱动。",
     .required = true,
     .words = kDrivers},
    {.name = "dialect",
     .type = kEnum,
     .en = "Words of the statements; default the driver's own, needed with odbc.",
     .zh = "语句方言，默认同驱动；odbc 必填。",
     .words = kDialects},
    {.name = "file",
     .type = kPath,
     .en = "SQLite: the partner's file, which has to exist; relative to the partner's state folder.",
     .zh = "SQLite 数据库文件（须已存在），相对路径从该对方的状态目录算起。"},
    {.name = "host", .en = "Server.", .zh = "服务器地址。", .max = 253},
    {.name = "port",
     .type = kInteger,
     .en = "Port; default the driver's own.",
     .zh = "端口，默认为驱动默认端口。",
     .min = 1,
     .max = 65535},
    {.name = "name", .en = "Database.", .zh = "数据库名。", .max = 128},
    {.name = "user", .en = "User.", .zh = "用户。", .max = 128},
    {.name = "password", .type = kSecret, .en = "Password.", .zh = "口令。"},
    {.name = "tls", .type = kObject, .en = "TLS towards the server.", .zh = "到服务器的 TLS。", .fields = kTlsFields},
    {.name = "odbc_driver",
     .en = "ODBC: the vendor's driver as odbcinst.ini names it.",
     .zh = "ODBC 驱动名（odbcinst.ini 中的名称）。",
     .max = 128},
    {.name = "attributes",
     .type = kMap,
     .en = "ODBC: further attributes of the connection text.",
     .zh = "ODBC 连接串的其他属性。",
     .max = 50,
     .item = &kAttributeItem},
    {.name = "limit",
     .type = kEnum,
     .en = "Overrides the dialect's limit clause.",
     .zh = "覆盖方言的限行子句。",
     .words = kLimits},
    {.name = "skip_locked",
     .type = kEnum,
     .en = "Overrides how rows locked by others are passed over.",
     .zh = "覆盖跳过被锁记录的方式。",
     .words = kSkips},
    {.name = "names",
     .type = kEnum,
     .en = "Overrides how names are written.",
     .zh = "覆盖名称大小写方式。",
     .words = kNames},
    {.name = "connect_timeout",
     .type = kDuration,
     .en = "Time for a connection.",
     .zh = "连接时限。",
     .default_text = "5s",
     .min = kSecond,
     .max = 600 * kSecond},
    {.name = "statement_timeout",
     .type = kDuration,
     .en = "Time for one statement; a second later the connection is cut.",
     .zh = "单条语句时限，再过一秒即切断连接。",
     .default_text = "10s",
     .min = kSecond,
     .max = 600 * kSecond},
};
constexpr FieldSpec kDatabaseField{.name = "database",
                                   .type = kObject,
                                   .en = "The front database (前置库).",
                                   .zh = "前置库。",
                                   .required = true,
                                   .fields = kConnectionFields};
constexpr FieldSpec kTimeFormField{
    .name = "time_form",
    .type = kEnum,
    .en = "How times stand in the table: a timestamp or text in Beijing time, or a number.",
    .zh = "表中时间的形式：北京时间的时间戳或文本，或毫秒数。",
    .default_text = "timestamp",
    .words = kTimeForms};

// ---- inbound --------------------------------------------------------------------------------------------------

constexpr FieldSpec kStateFields[] = {
    {.name = "type",
     .type = kEnum,
     .en = "Kind of the state column.",
     .zh = "状态列的类型。",
     .default_text = "integer",
     .words = kStateTypes},
    {.name = "new", .en = "Not yet read; empty = NULL.", .zh = "未读取，空为 NULL。", .default_text = "0", .max = 40},
    {.name = "taken", .en = "Claimed by us.", .zh = "已领取。", .default_text = "1", .min = 1, .max = 40},
    {.name = "ok", .en = "Stored.", .zh = "已落库。", .default_text = "2", .min = 1, .max = 40},
    {.name = "failed", .en = "Turned back.", .zh = "已拒收。", .default_text = "3", .min = 1, .max = 40},
    {.name = "duplicate", .en = "Record known before; default as ok.", .zh = "重复记录，默认同 ok。", .max = 40},
};
constexpr FieldSpec kColumnFields[] = {
    column("column", "Column of the table.", "表中的列。", true),
    {.name = "as",
     .en = "Member of the document; default the column's name.",
     .zh = "文档成员名，默认同列名。",
     .max = 128},
    {.name = "kind",
     .type = kEnum,
     .en = "What it becomes in JSON.",
     .zh = "转为 JSON 的类型。",
     .default_text = "text",
     .words = kColumnKinds},
};
constexpr FieldSpec kColumnItem{
    .name = "column", .type = kObject, .en = "One column.", .zh = "一列。", .fields = kColumnFields};
constexpr FieldSpec kServiceItem{.name = "service", .en = "Service.", .zh = "服务。", .refers_to = "service"};
constexpr Word kShapes[] = {"payload", "columns"};
constexpr Word kIdentities[] = {"row", "record"};
constexpr Word kServiceChoice[] = {"service", "service_column"};
constexpr FieldSpec kServiceChoiceFields[] = {
    {.name = "service", .en = "Service of every row.", .zh = "全部记录的服务。", .refers_to = "service"},
    column("service_column", "Column that names the business type.", "业务类型列。"),
    {.name = "services",
     .type = kMap,
     .en = "Value of the service column and its service.",
     .zh = "业务类型值对应的服务。",
     .max = 100,
     .item = &kServiceItem},
};
constexpr FieldSpec kTableFields[] = {
    table_field("Table that the partner fills, with its schema if it has one.", "对方写入的表，可带模式名。"),
    column("id", "Column with a unique value that never changes.", "唯一且不变的编号列。", true),
    column("state", "State column.", "状态列。", true),
    column("taken_at", "Column for the time of the claim.", "领取时间列。", true),
    column("token", "Column for the reader's mark.", "领取者标记列。"),
    column("error", "Column for our error code.", "错误码列。"),
    column("retry", "Column that counts claims.", "领取次数列。"),
    column("order_by", "Column of the order; default id.", "排序列，默认编号列。"),
    column("matter", "Column of the matter: its rows go one after the other.", "事项列，同一事项的记录依次处理。"),
    column("payload", "Column with the message.", "报文列。"),
    {.name = "columns",
     .type = kList,
     .en = "Columns that become one JSON document.",
     .zh = "合成一个 JSON 文档的各列。",
     .min = 1,
     .max = 500,
     .item = &kColumnItem,
     .unique = "column"},
    {.name = "content_type",
     .en = "Media type of the payload.",
     .zh = "报文的媒体类型。",
     .default_text = "application/json",
     .max = 100},
    column("digest", "Column with the payload's digest in the gateway's suite, hex.",
           "报文摘要列（网关密码套件，十六进制）。"),
    {.name = "type",
     .type = kObject,
     .en = "Which service the rows are of.",
     .zh = "记录属于哪项服务。",
     .required = true,
     .fields = kServiceChoiceFields,
     .exactly_one = kServiceChoice},
    {.name = "identity",
     .type = kEnum,
     .en = "row: each row is a message; record: what is in it decides, by the service's dedup.",
     .zh = "row：每条记录各为一件；record：按内容和服务的 dedup 规则判断。",
     .default_text = "row",
     .words = kIdentities},
    {.name = "states",
     .type = kObject,
     .en = "Values of the state column.",
     .zh = "状态列取值。",
     .fields = kStateFields},
    kTimeFormField,
    {.name = "max_row",
     .type = kSize,
     .en = "Largest row.",
     .zh = "单条记录上限。",
     .default_text = "1MiB",
     .min = 1024,
     .max = 16 * kMiB},
};
constexpr FieldSpec kTableItem{.name = "table",
                               .type = kObject,
                               .en = "One table.",
                               .zh = "一张表。",
                               .fields = kTableFields,
                               .exactly_one = kShapes};
constexpr FieldSpec kIntakeFields[] = {
    kDatabaseField,
    {.name = "tables",
     .type = kList,
     .en = "Tables that are read, each by a thread and a connection of its own.",
     .zh = "读取的表，每表一个线程、一个连接。",
     .required = true,
     .min = 1,
     .max = 20,
     .item = &kTableItem,
     .unique = "table"},
    {.name = "poll",
     .type = kDuration,
     .en = "Wait after nothing was found.",
     .zh = "无新记录时的等待。",
     .default_text = "2s",
     .min = 10,
     .max = kHour},
    {.name = "batch",
     .type = kInteger,
     .en = "Rows of one claim.",
     .zh = "单次领取行数。",
     .default_text = "50",
     .min = 1,
     .max = 1000},
    {.name = "in_hand",
     .type = kInteger,
     .en = "Rows before the line at the same time.",
     .zh = "同时处理的行数。",
     .default_text = "16",
     .min = 1,
     .max = 1000},
    {.name = "lease",
     .type = kDuration,
     .en = "After this a claim is void and the row is taken again.",
     .zh = "领取的有效期，过期可再次领取。",
     .default_text = "5m",
     .min = kSecond,
     .max = kDay},
    {.name = "backoff_max",
     .type = kDuration,
     .en = "Longest wait while the database or the line is not well.",
     .zh = "数据库或网关不可用时的最长等待。",
     .default_text = "30s",
     .min = 500,
     .max = kHour},
};

// ---- outbound -------------------------------------------------------------------------------------------------

constexpr FieldSpec kOutColumnFields[] = {
    column("message_id", "Our message id.", "报文编号列。", true),
    column("service", "Name of the service.", "服务名列。"),
    column("body", "The message.", "报文列。"),
    column("content_type", "Its media type.", "媒体类型列。"),
    column("created_at", "Time of writing.", "写入时间列。"),
    column("digest", "Digest of the body in the gateway's suite, hex.", "报文摘要列（网关密码套件，十六进制）。"),
};
constexpr FieldSpec kFieldColumnFields[] = {
    {.name = "field",
     .en = "Member of the body's top level.",
     .zh = "报文顶层成员。",
     .required = true,
     .min = 1,
     .max = 128},
    column("column", "Column that takes it.", "写入的列。", true),
};
constexpr FieldSpec kFieldColumnItem{
    .name = "field", .type = kObject, .en = "One member.", .zh = "一个成员。", .fields = kFieldColumnFields};
constexpr FieldSpec kConstantFields[] = {
    column("column", "Column.", "列。", true),
    {.name = "value", .en = "Value.", .zh = "取值。", .required = true, .max = 200},
};
constexpr FieldSpec kConstantItem{
    .name = "constant", .type = kObject, .en = "One constant.", .zh = "一个常量。", .fields = kConstantFields};
constexpr FieldSpec kServiceNameItem{.name = "name", .en = "Name in the table.", .zh = "表中名称。", .max = 100};
constexpr FieldSpec kAcknowledgeFields[] = {
    column("column", "State column that the partner's job sets.", "对方作业置位的状态列。", true),
    {.name = "ok", .en = "Value of success.", .zh = "成功值。", .default_text = "2", .min = 1, .max = 40},
    {.name = "failed", .en = "Value of failure.", .zh = "失败值。", .default_text = "3", .min = 1, .max = 40},
    {.name = "poll",
     .type = kDuration,
     .en = "Wait between two looks.",
     .zh = "查看间隔。",
     .default_text = "1s",
     .min = 10,
     .max = 600 * kSecond},
};
constexpr FieldSpec kConnectorFields[] = {
    kDatabaseField,
    table_field("Table that the partner reads.", "对方读取的表。"),
    {.name = "columns",
     .type = kObject,
     .en = "Columns that the connector fills.",
     .zh = "由连接器填写的列。",
     .required = true,
     .fields = kOutColumnFields},
    {.name = "fields",
     .type = kList,
     .en = "Members of a JSON body that go into columns.",
     .zh = "写入各列的 JSON 报文成员。",
     .max = 500,
     .item = &kFieldColumnItem,
     .unique = "column"},
    {.name = "constants",
     .type = kList,
     .en = "Columns with the same value in every row.",
     .zh = "取值固定的列。",
     .max = 50,
     .item = &kConstantItem,
     .unique = "column"},
    {.name = "service_names",
     .type = kMap,
     .en = "Service and its name in the table; default the service itself.",
     .zh = "服务在表中的名称，默认为服务名。",
     .max = 100,
     .item = &kServiceNameItem},
    {.name = "unique_id",
     .type = kBoolean,
     .en = "The table has a unique key over the message id, so an attempt whose end is unknown is simply repeated.",
     .zh = "表对报文编号有唯一约束，结果不明的投递可直接重试。",
     .default_text = "true"},
    {.name = "acknowledgement",
     .type = kObject,
     .en = "Delivered only when the partner's job has set the state.",
     .zh = "对方作业置位后才算投递成功。",
     .fields = kAcknowledgeFields},
    kTimeFormField,
};

}  // namespace

constinit const PluginSpec kDatabaseIntakeSpec{.kind = "intake",
                                               .variant = "database",
                                               .en = "Rows of the partner's front database are read.",
                                               .zh = "读取前置库中的记录。",
                                               .fields = kIntakeFields};
constinit const PluginSpec kDatabaseConnectorSpec{.kind = "connector",
                                                  .variant = "database",
                                                  .en = "Rows are written into the partner's front database.",
                                                  .zh = "向前置库写入记录。",
                                                  .fields = kConnectorFields};

}  // namespace tongqu
