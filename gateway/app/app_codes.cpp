#include "gateway/app/app_codes.hpp"

#include <algorithm>

#include "connectors/all_connectors.hpp"
#include "connectors/scan/scan_codes.hpp"
#include "gateway/admin/admin_codes.hpp"
#include "gateway/admin/grant_api.hpp"
#include "gateway/casework/casework_codes.hpp"
#include "gateway/core/attachment_copy_codes.hpp"
#include "gateway/core/grants.hpp"
#include "gateway/core/jcs.hpp"
#include "gateway/core/transcript.hpp"
#include "gateway/delivery/delivery_codes.hpp"
#include "gateway/delivery/desk_codes.hpp"
#include "gateway/delivery/query_codes.hpp"
#include "gateway/net/net_codes.hpp"
#include "gateway/pipeline/pipeline_codes.hpp"
#include "gateway/settings/settings_codes.hpp"
#include "gateway/store/attachment_codes.hpp"
#include "gateway/store/store_codes.hpp"
#include "security/audit/audit_codes.hpp"
#include "security/crypto/crypto_codes.hpp"
#include "security/identity/identity_codes.hpp"
#include "security/privacy/privacy_codes.hpp"
#include "security/proof/proof_codes.hpp"
#include "security/tls/tls_codes.hpp"
#include "security/xmldsig/xmldsig_codes.hpp"
#include "transforms/codecs/codecs_codes.hpp"
#include "transforms/identifiers/identifiers_codes.hpp"
#include "transforms/mapping/mapping_codes.hpp"
#include "transforms/schema/schema_codes.hpp"
#include "transforms/sheets/sheets_codes.hpp"
#include "transforms/tables/tables_codes.hpp"

namespace tongqu::codes {

const ErrorCode kConfigFile{"config.fit", ErrorKind::kInvalid,
                            "The configuration names something that does not exist or does not fit: {}.",
                            "配置引用了不存在或不匹配的对象：{}。"};
const ErrorCode kConfigNeeds{"config.needs", ErrorKind::kInvalid,
                             "Missing here, as the service's pattern needs it: {}.", "按该服务的模式，此处缺少：{}。"};
const ErrorCode kConfigQuery{"config.query", ErrorKind::kInvalid, "Does not fit a query: {}.",
                             "不符合查询类服务的要求：{}。"};
const ErrorCode kConfigMapping{"config.mapping-name", ErrorKind::kInvalid,
                               "The mapping must be called {}, like its file.", "映射名称须与文件名一致：{}。"};
const ErrorCode kConfigEnvelope{"config.envelope", ErrorKind::kInvalid, "A mapping may not write the envelope: {}.",
                                "映射不得写入信封字段：{}。"};
const ErrorCode kConfigKey{"config.key", ErrorKind::kInvalid, "The secret of {} cannot be used.",
                           "{} 的密钥无法使用。"};
const ErrorCode kConfigKeyExpired{"config.key-expired", ErrorKind::kInvalid, "The key {} has expired.",
                                  "密钥 {} 已过期。"};
const ErrorCode kConfigPersonToken{
    "config.person-token", ErrorKind::kInvalid,
    "The token of {} is shorter than 16 bytes, or somebody else's too; give each person a random one of their own.",
    "{} 的令牌不足 16 字节，或与他人相同；请为每人生成各自的随机令牌。"};
const ErrorCode kConfigKeySoon{
    "config.key-soon", ErrorKind::kInvalid,
    "The key {} ends within 30 days; nothing is sealed to it then, and its fields are dropped.",
    "密钥 {} 将在 30 天内到期；到期后不再加密，相应字段不予提供。"};
const ErrorCode kConfigStaticKey{
    "config.static-key", ErrorKind::kInvalid,
    "A key that travels as it is should come with a client certificate (certificate_sha256) or from listed networks.",
    "明文传送的固定密钥应同时验证客户端证书（certificate_sha256）或限定来源网段（networks）。"};
const ErrorCode kConfigRemovedPartner{"config.removed-partner", ErrorKind::kConflict,
                                      "The partner {} still has queued messages; it cannot be removed.",
                                      "接入方 {} 仍有待投递报文，不能移除。"};
const ErrorCode kConfigRestart{"config.restart", ErrorKind::kConflict, "A change of {} needs a restart.",
                               "修改 {} 需要重启。"};
const ErrorCode kConfigLegacy{"config.legacy", ErrorKind::kInvalid, "Not for a legacy listener: {}.",
                              "老旧系统监听端口配置有误：{}。"};
const ErrorCode kConfigLegacyOpen{"config.legacy-open", ErrorKind::kInvalid,
                                  "A legacy listener is on; what comes over it is not protected. {}.",
                                  "已启用老旧系统监听端口，经由该端口的报文不受保护。{}。"};
const ErrorCode kConfigLegacyOver{"config.legacy-over", ErrorKind::kInvalid,
                                  "The time of a legacy listener is over; it stays closed. {}.",
                                  "老旧系统监听端口已到期，不再打开。{}。"};
const ErrorCode kNoListener{"config.listener", ErrorKind::kInvalid, "The gateway needs a listener of kind {}.",
                            "网关至少需要一个 {} 类型的监听端口。"};

const ErrorCode kPartnerId{"config.partner-id", ErrorKind::kInvalid,
                           "A partner's id has lower case letters, digits and hyphens, at most 40.",
                           "接入方标识只能用小写字母、数字和连字符，最多 40 个字符。"};
const ErrorCode kConfigWorkdays{
    "config.workdays", ErrorKind::kInvalid,
    "Working days count here, and rules/workdays has no table for {}: until it has, every weekday of that year counts "
    "as one (scripts/make_workdays.mjs makes the table).",
    "此处按工作日计算，但 rules/workdays 中缺少 {} 年的工作日表：补上之前暂按周一至周五计算（工作日表由 "
    "scripts/make_workdays.mjs 生成）。"};
const ErrorCode kImportPartner{"import.partner", ErrorKind::kInvalid,
                               "{} is no partner that sends files or rows (inbound connector file, sftp or database).",
                               "{} 不是以文件或前置库接入（file、sftp 或 database）的接入方。"};
const ErrorCode kImportFile{"import.file", ErrorKind::kInvalid, "{} cannot be read or written.", "无法读取或写入 {}。"};

const ErrorCode kConfigTranscript{
    "config.transcript", ErrorKind::kConflict,
    "Messages for {} wait for a national number; with another connector they would be sent a second time. Enter the "
    "numbers first.",
    "{} 尚有报文待填登记编号，更换连接器会造成重复报送，请先填完登记编号。"};
const ErrorCode kTranscriptFile{"transcript.file", ErrorKind::kInvalid, "{} exists already, or cannot be written.",
                                "{} 已存在或无法写入。"};

const ErrorCode kDirectoryTable{"directory.table", ErrorKind::kNotFound,
                                "There is no code table {} that is in force, or there are no units, to be published.",
                                "没有可发布的现行代码表 {}，或没有组织机构。"};
const ErrorCode kDirectoryService{"directory.service", ErrorKind::kInvalid,
                                  "{} is not among the services of the partner with connector catalogue.",
                                  "{} 不在 catalogue 接入方的 services 之列。"};
const ErrorCode kDirectoryBase{"directory.base", ErrorKind::kConflict,
                               "What was received is a change to other rows than those here. Take up the messages in "
                               "their order, or ask the partner for the whole.",
                               "收到的是增量，但其依据的内容与现有内容不同；请按顺序采用，或请对方发送全量。"};
const ErrorCode kDirectoryDigest{"directory.digest", ErrorKind::kInvalid,
                                 "The rows do not have the digest that the sender gives.",
                                 "各行的摘要与对方所述不符。"};
const ErrorCode kDirectoryRecord{"directory.record", ErrorKind::kInvalid,
                                 "The task is not about a code table or units, or what was received cannot be read.",
                                 "该任务不是代码表或组织机构目录，或内容无法读取。"};
const ErrorCode kDirectoryName{
    "directory.name", ErrorKind::kInvalid,
    "{} is no name for it: folder/name of small letters, digits and dashes for a table, one such word for units.",
    "{} 不能用作名称：代码表为 目录/名称，机构为一个词，均由小写字母、数字和短横组成。"};
const ErrorCode kDirectoryNobody{"directory.nobody", ErrorKind::kNotFound,
                                 "No partner of the configuration has the connector catalogue.",
                                 "配置中没有使用 catalogue 接入的一方。"};
const ErrorCode kDirectoryCancelled{"directory.no-answer", ErrorKind::kUnavailable,
                                    "The line did not say in time whether the message was stored; it is sent again.",
                                    "未及时得知报文是否已落库，将重新发送。"};
const ErrorCode kMaskLine{"mask.line", ErrorKind::kInvalid,
                          "Line {} is not one JSON object; expected {\"text\": \"…\", \"known\": {…}}.",
                          "第 {} 行不是一个 JSON 对象，应为 {\"text\": \"…\", \"known\": {…}}。"};
const ErrorCode kMaskLength{"mask.length", ErrorKind::kTooLarge, "Line {} is longer than 16 MiB.",
                            "第 {} 行超过 16 MiB。"};
const ErrorCode kMaskText{"mask.text", ErrorKind::kInvalid, "Line {} has no member \"text\" that is a text.",
                          "第 {} 行缺少文本成员 \"text\"。"};
const ErrorCode kMaskKnown{
    "mask.known", ErrorKind::kInvalid,
    "Line {}: \"known\" is an object of texts or lists of texts; its members are name, phone, id, "
    "bank, email, plate, passport, account, order, address, place, each also behind a subject "
    "(complainant.name).",
    "第 {} 行：\"known\" 应为对象，值为文本或文本列表，成员为 name、phone、id、bank、email、plate、"
    "passport、account、order、address、place，前面可加主体（complainant.name）。"};
const ErrorCode kMaskPolicy{"mask.policy", ErrorKind::kNotFound, "The configuration has no policy {}.",
                            "配置中没有隐私策略 {}。"};
const ErrorCode kMaskFile{"mask.file", ErrorKind::kInvalid, "The file {} cannot be read.", "无法读取文件 {}。"};
const ErrorCode kMaskUtf8{"mask.utf8", ErrorKind::kInvalid,
                          "{} is not UTF-8: the output ends before the window where it is not. Convert the file first.",
                          "{} 不是 UTF-8 文本，输出止于出错处之前。请先转换编码。"};
const ErrorCode kMaskWrite{"mask.write", ErrorKind::kInternal, "The file {} cannot be written.", "无法写入文件 {}。"};

std::vector<const ErrorCode*> app_codes() {
  return {&kConfigFile,        &kConfigNeeds,       &kConfigQuery,
          &kConfigMapping,     &kConfigEnvelope,    &kConfigWorkdays,
          &kConfigKey,         &kConfigStaticKey,   &kConfigRemovedPartner,
          &kConfigRestart,     &kNoListener,        &kConfigLegacy,
          &kConfigLegacyOpen,  &kConfigLegacyOver,  &kPartnerId,
          &kImportPartner,     &kImportFile,        &kTranscriptFile,
          &kConfigTranscript,  &kMaskLine,          &kMaskText,
          &kMaskKnown,         &kMaskPolicy,        &kMaskFile,
          &kConfigKeyExpired,  &kConfigKeySoon,     &kMaskLength,
          &kConfigPersonToken, &kMaskUtf8,          &kMaskWrite,
          &kDirectoryTable,    &kDirectoryService,  &kDirectoryBase,
          &kDirectoryDigest,   &kDirectoryRecord,   &kDirectoryName,
          &kDirectoryNobody,   &kDirectoryCancelled};
}

std::vector<const ErrorCode*> all_codes() {
  std::vector<const ErrorCode*> all = app_codes();
  for (const auto codes :
       {core_codes(),     transcript_codes(), grant_codes(),      grant_api_codes(),       desk_codes(),
        pipeline_codes(), admin_codes(),      delivery_codes(),   query_codes(),           net_codes(),
        settings_codes(), store_codes(),      attachment_codes(), attachment_copy_codes(), scan_codes(),
        audit_codes(),    crypto_codes(),     identity_codes(),   privacy_codes(),         proof_codes(),
        tls_codes(),      xmldsig_codes(),    casework_codes(),   codecs_codes(),          identifiers_codes(),
        mapping_codes(),  schema_codes(),     tables_codes(),     sheets_codes()}) {
    all.insert(all.end(), codes.begin(), codes.end());
  }
  for (const ErrorCode* code : connector_codes()) all.push_back(code);
  all.push_back(&kJcsNumber);
  std::sort(all.begin(), all.end(), [](const ErrorCode* a, const ErrorCode* b) { return a->id < b->id; });
  return all;
}

}  // namespace tongqu::codes
