#pragma once
// partners/<id>.yaml, inbound.services[]: what a partner may send, in which forms, and how it is answered.
#include "gateway/settings/field_list.hpp"
#include "gateway/settings/shared_fields.hpp"

namespace tongqu {

inline constexpr FieldSpec kDedupFields[] = {
    {.name = "number",
     .en = "Field with the sender's number of the matter.",
     .zh = "事项编号字段。",
     .required = true,
     .min = 1,
     .max = 200},
    {.name = "operation", .en = "Field with the operation.", .zh = "操作字段。", .max = 200},
    {.name = "round", .en = "Field with the dispatch round.", .zh = "派单轮次字段。", .max = 200},
};

inline constexpr FieldSpec kAnswerFields[] = {
    {.name = "mapping",
     .en = "Mapping of the canonical answer into the partner's form.",
     .zh = "标准应答转换为对方格式的映射。",
     .required = true,
     .file_form = "mappings/{}.map"},
    {.name = "policy",
     .en = "What of the answer the partner may see.",
     .zh = "对方可见的应答范围。",
     .required = true,
     .refers_to = "policy"},
    kPurposeField,
    kLegalBasisField,
    kOnwardField,
};

inline constexpr FieldSpec kInboundSchema{.name = "schema",
                                          .en = "Schema of the partner's message, a file of partners/ without .json.",
                                          .zh = "对方报文的模式，partners/ 中不带 .json 的文件名。",
                                          .required = true,
                                          .file_form = "partners/{}.json"};
inline constexpr FieldSpec kInboundMapping{.name = "mapping",
                                           .en = "Mapping into the canonical record.",
                                           .zh = "转换为标准记录的映射。",
                                           .required = true,
                                           .file_form = "mappings/{}.map"};
inline constexpr FieldSpec kInboundFormFields[] = {
    kInboundSchema,
    kInboundMapping,
    {.name = "dedup",
     .type = SettingType::kObject,
     .en = "What makes two messages of this form the same.",
     .zh = "该格式报文判断重复的依据。",
     .required = true,
     .fields = kDedupFields},
};
inline constexpr FieldSpec kInboundForm{
    .name = "form", .type = SettingType::kObject, .en = "One form.", .zh = "一种格式。", .fields = kInboundFormFields};

inline constexpr FieldSpec kInboundServiceFields[] = {
    {.name = "service",
     .en = "Service that the partner may send.",
     .zh = "允许发送的服务。",
     .required = true,
     .refers_to = "service"},
    kInboundSchema,
    kInboundMapping,
    {.name = "strict",
     .type = SettingType::kBoolean,
     .en = "Turn back what is not valid instead of holding it.",
     .zh = "不合格报文直接拒收，而非转人工。",
     .default_text = "false"},
    {.name = "dedup",
     .type = SettingType::kObject,
     .en =
         "What makes two messages the same, when they carry no Idempotency-Key. Needed unless the service is a query.",
     .zh = "没有 Idempotency-Key 时判断重复的依据；查询类服务以外必填。",
     .fields = kDedupFields},
    {.name = "other_forms",
     .type = SettingType::kList,
     .en = "Further forms of the message, such as an older schema; the first whose format (of XML: whose root element) "
           "reads the message is taken. Not for queries.",
     .zh = "报文的其他格式（如旧版模式）；取第一个能解码（XML 按根元素）的格式。查询类服务不适用。",
     .max = 10,
     .item = &kInboundForm},
    {.name = "answer",
     .type = SettingType::kObject,
     .en = "How the partner gets the answer; for query services, and needed there.",
     .zh = "应答的提供方式；仅用于查询类服务，且必填。",
     .fields = kAnswerFields},
};
inline constexpr FieldSpec kInboundService{.name = "service",
                                           .type = SettingType::kObject,
                                           .en = "One service.",
                                           .zh = "一项服务。",
                                           .fields = kInboundServiceFields};

}  // namespace tongqu
