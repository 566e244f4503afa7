// inbound with connector: soap.
#include "connectors/soap/soap_connector.hpp"
#include "gateway/settings/shared_fields.hpp"

namespace tongqu {
namespace {

using enum SettingType;
using Word = std::string_view;

constexpr Word kStyles[] = {"document", "rpc", "rpc-encoded"};
constexpr Word kForms[] = {"unqualified", "qualified"};
constexpr Word kNamespaceRules[] = {"keep", "drop"};
constexpr Word kBodies[] = {"element", "string"};
constexpr Word kKinds[] = {"none", "parameters", "basic", "username-token", "signature"};
constexpr Word kPasswordForms[] = {"any", "text", "digest"};
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

constexpr FieldSpec kParameterItem = name_field("parameter", "Name of a child of the payload.", "业务参数名。");
constexpr FieldSpec kOperationFields[] = {
    name_field("name", "Name of the operation.", "操作名。", {}, true),
    {.name = "service",
     .en = "Service that a call of it is; one of `services`.",
     .zh = "对应的服务，须在 services 中。",
     .required = true,
     .refers_to = "service"},
    name_field("element", "Local name of the body's element; default the operation's name.",
               "Body 中元素的本地名，默认同操作名。"),
    {.name = "body",
     .type = kEnum,
     .en = "Where the document is: the body's element itself, or a string in it that holds XML.",
     .zh = "业务报文的位置：Body 元素本身，或其中存放 XML 的字符串。",
     .default_text = "element",
     .words = kBodies},
    name_field("parameter", "The string with the document; default the only one that is no credential.",
               "存放报文的字符串参数，默认为除凭据外唯一的参数。"),
    {.name = "parameters",
     .type = kList,
     .en = "Children that the WSDL names; empty = any.",
     .zh = "WSDL 中列出的参数，空为任意元素。",
     .max = 200,
     .item = &kParameterItem},
};
constexpr FieldSpec kOperation{
    .name = "operation", .type = kObject, .en = "One operation.", .zh = "一个操作。", .fields = kOperationFields};

constexpr FieldSpec kCredentialFields[] = {
    {.name = "kind",
     .type = kEnum,
     .en = "Where the credentials are: nowhere, in parameters of the call, in HTTP, in WS-Security.",
     .zh = "凭据位置：无、调用参数、HTTP、WS-Security 令牌或签名。",
     .required = true,
     .words = kKinds},
    {.name = "user", .en = "User name.", .zh = "用户名。", .max = 200},
    {.name = "password", .type = kSecret, .en = "Password.", .zh = "口令。"},
    name_field("user_parameter", "Parameter with the user name.", "用户名参数。"),
    name_field("password_parameter", "Parameter with the password or token.", "口令或令牌参数。"),
    {.name = "password_form",
     .type = kEnum,
     .en = "Forms of a UsernameToken's password that are accepted.",
     .zh = "接受的 UsernameToken 口令形式。",
     .default_text = "digest",
     .words = kPasswordForms},
    {.name = "max_clock_skew",
     .type = kDuration,
     .en = "How far the time of a digest or signature may differ; within it a nonce is taken once.",
     .zh = "摘要或签名时间允许的偏差，其间同一随机数只用一次。",
     .default_text = "5m",
     .min = 1000,
     .max = 3'600'000},
    {.name = "certificate",
     .type = kReference,
     .en = "Certificates that sign, PEM; exactly these.",
     .zh = "签名证书（PEM），仅限所列。"},
};

constexpr FieldSpec kAnswerFields[] = {
    name_field("element", "Element with the return value.", "返回值元素名。", "return"),
    {.name = "success",
     .en = "Return value of what was stored; {receipt}, {exchange} and {state} are replaced.",
     .zh = "已落库时的返回值，可用 {receipt}、{exchange}、{state}。",
     .default_text = "{receipt}",
     .min = 1},
    {.name = "failure",
     .en = "Return value of a failure; {code}, {text} and {retry} are replaced. Empty: failures are SOAP faults.",
     .zh = "失败时的返回值，可用 {code}、{text}、{retry}；空则返回 SOAP Fault。"},
};

constexpr FieldSpec kOptionalAuthField{.name = "auth",
                                       .type = kObject,
                                       .en = "Who it is, as HTTP shows it.",
                                       .zh = "HTTP 层身份验证。",
                                       .fields = kAuthFields,
                                       .variant_kind = "auth",
                                       .selector = "scheme"};

constexpr FieldSpec kSoapIntakeFields[] = {
    kOptionalAuthField,
    {.name = "credentials",
     .type = kObject,
     .en = "Who it is, as SOAP shows it.",
     .zh = "SOAP 层身份验证。",
     .fields = kCredentialFields},
    kNetworksField,
    name_field("service_name", "Name of the service in the WSDL.", "WSDL 中的服务名。", "TongquService"),
    {.name = "namespace", .en = "Namespace of the operations.", .zh = "操作的命名空间。", .required = true, .min = 1},
    {.name = "style",
     .type = kEnum,
     .en = "Style of the binding: document/literal, rpc/literal or rpc/encoded.",
     .zh = "绑定样式。",
     .default_text = "document",
     .words = kStyles},
    {.name = "elements",
     .type = kEnum,
     .en = "Whether parameters and return values are in the namespace.",
     .zh = "参数与返回值元素是否带命名空间。",
     .default_text = "unqualified",
     .words = kForms},
    {.name = "payload_namespaces",
     .type = kEnum,
     .en = "Whether names keep their namespaces on the way to the partner's schema.",
     .zh = "报文交给模式校验前是否保留命名空间。",
     .default_text = "keep",
     .words = kNamespaceRules},
    {.name = "operations",
     .type = kList,
     .en = "What the partner calls.",
     .zh = "对方调用的操作。",
     .required = true,
     .min = 1,
     .max = 100,
     .item = &kOperation,
     .unique = "name"},
    {.name = "answer", .type = kObject, .en = "What the partner gets back.", .zh = "应答。", .fields = kAnswerFields},
    {.name = "wsdl",
     .type = kReference,
     .en = "The partner's own WSDL, served as it is; default one made of these settings.",
     .zh = "原样提供的对方 WSDL，默认按配置生成。"},
    {.name = "public_url",
     .type = kUrl,
     .en = "Address in the WSDL; default the one that was called.",
     .zh = "WSDL 中的服务地址，默认取调用地址。"},
    {.name = "max_message",
     .type = kSize,
     .en = "Largest envelope.",
     .zh = "信封大小上限。",
     .default_text = "1MiB",
     .min = 1024,
     .max = 16 << 20},
    {.name = "max_depth",
     .type = kInteger,
     .en = "Deepest nesting of elements.",
     .zh = "元素嵌套层数上限。",
     .default_text = "64",
     .min = 8,
     .max = 128},
    {.name = "max_attachments",
     .type = kSize,
     .en = "Attachments of one message together; they travel in the document as base64.",
     .zh = "单份报文附件合计上限，以 base64 置于报文中。",
     .default_text = "256KiB",
     .min = 0,
     .max = 8 << 20},
};

}  // namespace

constinit const PluginSpec kSoapIntakeSpec{.kind = "intake",
                                           .variant = "soap",
                                           .en = "The partner calls /soap/{partner} on the gateway's listener.",
                                           .zh = "对方以 SOAP 调用网关的 /soap/{partner}。",
                                           .fields = kSoapIntakeFields};

}  // namespace tongqu
