// outbound with connector: soap.
#include "connectors/soap/soap_connector.hpp"
#include "gateway/settings/shared_fields.hpp"

namespace tongqu {
namespace {

using enum SettingType;
using Word = std::string_view;

constexpr Word kVersions[] = {"1.1", "1.2"};
constexpr Word kStyles[] = {"document", "rpc", "rpc-encoded"};
constexpr Word kForms[] = {"unqualified", "qualified"};
constexpr Word kBodies[] = {"element", "string", "string-twice", "cdata"};
constexpr Word kKinds[] = {"none", "basic", "parameters", "username-text", "username-digest", "signature"};
constexpr Word kDocuments[] = {"element", "string"};
constexpr Word kVerdicts[] = {"refused", "retry"};
constexpr Word kNamePattern = "[A-Za-z_\\x{80}-\\x{10FFFF}][A-Za-z0-9_.\\-\\x{80}-\\x{10FFFF}]*";
constexpr Word kNameEn = "an XML name without colon";
constexpr Word kNameZh = "不含冒号的 XML 名称";

constexpr FieldSpec name_field(Word name, Word en, Word zh, Word default_text = {}, bool required = false) {
  return {.name = name,
          .en = en,
          .zh = zh,
          .default_text = default_text,
          .required = required,
          .max = 100,
          .pattern = kNamePattern,
          .pattern_en = kNameEn,
          .pattern_zh = kNameZh};
}

constexpr FieldSpec kOperationFields[] = {
    {.name = "service", .en = "Service that is sent.", .zh = "发送的服务。", .required = true, .refers_to = "service"},
    name_field("operation", "Operation that is called for it.", "调用的操作。", {}, true),
    {.name = "action",
     .en = "SOAPAction; default an empty one.",
     .zh = "SOAPAction，默认为空。",
     .max = 500,
     .pattern = "[\\x21\\x23-\\x7e]*",
     .pattern_en = "printable ASCII without blanks and quotes",
     .pattern_zh = "可见 ASCII 字符，不含空格和引号"},
    {.name = "body",
     .type = kEnum,
     .en = "How the document travels: as the body's element, or as a string, escaped once, twice, or in CDATA.",
     .zh = "报文形式：Body 元素，或字符串（转义一次、两次或 CDATA）。",
     .default_text = "element",
     .words = kBodies},
    name_field("parameter", "The string's parameter.", "字符串参数名。", "xml"),
};
constexpr FieldSpec kOperation{
    .name = "operation", .type = kObject, .en = "One operation.", .zh = "一个操作。", .fields = kOperationFields};

constexpr FieldSpec kCredentialFields[] = {
    {.name = "kind",
     .type = kEnum,
     .en = "How we prove who we are: HTTP, parameters in front of the document, WS-Security.",
     .zh = "身份凭据形式。",
     .required = true,
     .words = kKinds},
    {.name = "user", .en = "User name.", .zh = "用户名。", .max = 200},
    {.name = "password", .type = kSecret, .en = "Password.", .zh = "口令。"},
    name_field("user_parameter", "Parameter with the user name.", "用户名参数。"),
    name_field("password_parameter", "Parameter with the password or token.", "口令或令牌参数。"),
    {.name = "certificate", .type = kReference, .en = "Certificate that signs, PEM.", .zh = "签名证书（PEM）。"},
    {.name = "key", .type = kSecret, .en = "Its private key, PEM.", .zh = "签名私钥（PEM）。"},
};

constexpr FieldSpec kValueItem{.name = "value", .en = "A return value.", .zh = "返回值。", .max = 200};
constexpr FieldSpec kAnswerFields[] = {
    {.name = "value",
     .en = "Element (or, in JSON, path) with the return value, in the answer or in the text it returns; default the "
           "first.",
     .zh = "返回值所在元素（JSON 为路径），可在应答或其返回文本中，默认取第一个。",
     .max = 200},
    {.name = "success",
     .type = kList,
     .en = "Values that acknowledge; empty = any answer without a fault.",
     .zh = "表示成功的值，空为无 Fault 即成功。",
     .max = 50,
     .item = &kValueItem},
    {.name = "retry",
     .type = kList,
     .en = "Values that mean: later. Any other value refuses.",
     .zh = "表示稍后重试的值，其余值视为拒收。",
     .max = 50,
     .item = &kValueItem},
    {.name = "not_found",
     .type = kList,
     .en = "Of questions: values that say that there is no such record.",
     .zh = "查询时表示查无记录的值。",
     .max = 50,
     .item = &kValueItem},
    {.name = "document",
     .type = kEnum,
     .en = "Of questions: whether the answer's document is the body's element or the text of a parameter.",
     .zh = "查询应答的文档：Body 元素，或参数中的字符串。",
     .default_text = "element",
     .words = kDocuments},
    {.name = "sender_fault",
     .type = kEnum,
     .en = "What a fault means that blames the message.",
     .zh = "归因于报文的 Fault 的处理。",
     .default_text = "refused",
     .words = kVerdicts},
    {.name = "receiver_fault",
     .type = kEnum,
     .en = "What a fault means that blames the partner.",
     .zh = "归因于对方的 Fault 的处理。",
     .default_text = "retry",
     .words = kVerdicts},
};

constexpr FieldSpec kSoapFields[] = {
    {.name = "url", .type = kUrl, .en = "Where messages go.", .zh = "投递地址。", .required = true},
    kClientTlsField,
    kSignField,
    {.name = "version",
     .type = kEnum,
     .en = "Version of SOAP.",
     .zh = "SOAP 版本。",
     .default_text = "1.1",
     .words = kVersions},
    {.name = "namespace", .en = "Namespace of the operations.", .zh = "操作的命名空间。", .required = true, .min = 1},
    {.name = "style",
     .type = kEnum,
     .en = "Style of the binding: document/literal, rpc/literal or rpc/encoded.",
     .zh = "绑定样式。",
     .default_text = "document",
     .words = kStyles},
    {.name = "elements",
     .type = kEnum,
     .en = "Whether parameters are in the namespace.",
     .zh = "参数元素是否带命名空间。",
     .default_text = "unqualified",
     .words = kForms},
    {.name = "charset",
     .en = "Character set of the envelope: UTF-8, GBK, GB18030, GB2312.",
     .zh = "信封字符集。",
     .default_text = "UTF-8",
     .max = 40},
    {.name = "operations",
     .type = kList,
     .en = "Which operation is called for which service.",
     .zh = "服务与操作的对应。",
     .required = true,
     .min = 1,
     .max = 100,
     .item = &kOperation,
     .unique = "service"},
    {.name = "credentials",
     .type = kObject,
     .en = "How we prove who we are.",
     .zh = "身份凭据。",
     .fields = kCredentialFields},
    {.name = "addressing",
     .type = kBoolean,
     .en = "Send WS-Addressing headers; the message id is MessageID.",
     .zh = "发送 WS-Addressing 头，报文编号作 MessageID。",
     .default_text = "false"},
    {.name = "answer", .type = kObject, .en = "What an answer means.", .zh = "应答的含义。", .fields = kAnswerFields},
};

}  // namespace

constinit const PluginSpec kSoapConnectorSpec{.kind = "connector",
                                              .variant = "soap",
                                              .en = "Calls the partner's SOAP 1.1 or 1.2 service.",
                                              .zh = "调用对方的 SOAP 1.1/1.2 服务。",
                                              .fields = kSoapFields};

}  // namespace tongqu
