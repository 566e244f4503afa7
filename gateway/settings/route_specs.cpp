// routes/, policies/, services/: who receives what, what of it, under which contract.
#include "gateway/settings/gateway_specs.hpp"
#include "gateway/settings/rule_fields.hpp"
#include "gateway/settings/shared_fields.hpp"

namespace tongqu {
namespace {

using enum SettingType;
using Word = std::string_view;

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kDay = 24 * 60 * 60 * kSecond;

constexpr FieldSpec kWhenFields[] = {
    {.name = "path",
     .en = "Field of the canonical record.",
     .zh = "标准记录中的字段。",
     .required = true,
     .min = 1,
     .max = 200},
    {.name = "equals", .en = "Its value.", .zh = "字段值。", .required = true, .max = 200},
};
constexpr FieldSpec kWhen{
    .name = "when", .type = kObject, .en = "One condition.", .zh = "一个条件。", .fields = kWhenFields};

constexpr FieldSpec kAnswerSchema{.name = "schema",
                                  .en = "Schema of the registry's answer, a file of partners/ without .json.",
                                  .zh = "登记库应答的模式，partners/ 中不带 .json 的文件名。",
                                  .required = true,
                                  .file_form = "partners/{}.json"};
constexpr FieldSpec kAnswerMapping{.name = "mapping",
                                   .en = "Mapping into the canonical answer.",
                                   .zh = "转换为标准应答的映射。",
                                   .required = true,
                                   .file_form = "mappings/{}.map"};
constexpr FieldSpec kOtherFormFields[] = {kAnswerSchema, kAnswerMapping};
constexpr FieldSpec kOtherForm{
    .name = "form", .type = kObject, .en = "One form.", .zh = "一种格式。", .fields = kOtherFormFields};
constexpr FieldSpec kRegistryAnswerFields[] = {
    kAnswerSchema,
    kAnswerMapping,
    {.name = "other_forms",
     .type = kList,
     .en = "Further forms in which the registry may answer; the first whose format can read the answer is taken.",
     .zh = "登记库可能采用的其他应答格式；取第一个能解码的格式。",
     .max = 10,
     .item = &kOtherForm},
};

constexpr Word kOverlong[] = {"person", "cut"};
constexpr FieldSpec kRecipientFields[] = {
    {.name = "partner", .en = "Who receives.", .zh = "接收方。", .required = true, .refers_to = "partner"},
    {.name = "origin",
     .type = kBoolean,
     .en = "Only when the matter came from this partner.",
     .zh = "仅当事项来自该方时发送。",
     .default_text = "false"},
    {.name = "service",
     .en = "Service under which it leaves.",
     .zh = "发出时的服务。",
     .required = true,
     .refers_to = "service"},
    {.name = "mapping",
     .en = "Mapping into the recipient's form.",
     .zh = "转换为接收方格式的映射。",
     .required = true,
     .file_form = "mappings/{}.map"},
    {.name = "policy",
     .en = "What the recipient may see.",
     .zh = "接收方可见范围。",
     .required = true,
     .refers_to = "policy"},
    kPurposeField,
    kLegalBasisField,
    kOnwardField,
    {.name = "overlong",
     .type = kEnum,
     .en =
         "Free text longer than the recipient's schema allows, such as one that grew by its mask marks: person: a dead "
         "letter that names the field; cut: cut to fit, with a mark at its end that says so.",
     .zh = "自由文本超过接收方模式的长度（例如脱敏标记使其变长）时：person 转死信并列明字段；cut 截断并在末尾注明。",
     .default_text = "person",
     .words = kOverlong},
    {.name = "priority",
     .type = kInteger,
     .en = "Higher goes first.",
     .zh = "数值大者优先。",
     .default_text = "0",
     .min = 0,
     .max = 9},
    {.name = "deadline",
     .type = kDuration,
     .en = "After this it becomes a dead letter.",
     .zh = "逾期转为死信。",
     .default_text = "3d",
     .min = kSecond,
     .max = 90 * kDay},
    {.name = "answer",
     .type = kObject,
     .en = "How the answer is read; for query services, which have one recipient, and needed there.",
     .zh = "应答的解读方式；仅用于查询类服务（只有一个接收方），且必填。",
     .fields = kRegistryAnswerFields},
};
constexpr FieldSpec kRecipient{
    .name = "recipient", .type = kObject, .en = "One recipient.", .zh = "一个接收方。", .fields = kRecipientFields};

constexpr FieldSpec kRouteFields[] = {
    {.name = "service",
     .en = "Service of the record.",
     .zh = "记录所属服务。",
     .required = true,
     .refers_to = "service"},
    {.name = "when",
     .type = kList,
     .en = "All of these have to hold.",
     .zh = "须同时满足的条件。",
     .max = 20,
     .item = &kWhen},
    {.name = "recipients",
     .type = kList,
     .en = "Who receives it.",
     .zh = "接收方列表。",
     .required = true,
     .min = 1,
     .max = 50,
     .item = &kRecipient},
};

constexpr Word kTreatments[] = {"clear", "mask", "ref", "token", "seal", "scrub", "release", "drop"};
constexpr Word kConditions[] = {"approved", "danger"};
constexpr Word kWeaker[] = {"mask", "ref", "token", "seal", "scrub", "drop"};
constexpr FieldSpec kRuleFields[] = {
    kRuleKind,
    kRuleSubject,
    kRulePath,
    {.name = "treatment",
     .type = kEnum,
     .en = "What the recipient gets.",
     .zh = "处理方式。",
     .required = true,
     .words = kTreatments},
    {.name = "when",
     .type = kEnum,
     .en = "Only on a grant of persons: approved (asked for and approved by a second person), danger (a named person "
           "confirmed danger to life).",
     .zh = "仅在人员准予后：approved（申请并经第二人批准）、danger（指定人员确认危及生命）。",
     .words = kConditions},
    {.name = "otherwise",
     .type = kEnum,
     .en = "Treatment without the grant; required with `when`, and less than `treatment`.",
     .zh = "未准予时的处理方式；有 when 时必填，且须严于 treatment。",
     .words = kWeaker},
    kRuleFormat,
    {.name = "to",
     .en = "Key that `seal` encrypts to: a name of the recipient's sealing_keys or of the gateway's officers.",
     .zh = "定向加密（seal）所用密钥：接收方 sealing_keys 或网关 officers 中的名称。",
     .max = 100},
};
constexpr FieldSpec kRule{
    .name = "rule", .type = kObject, .en = "One rule.", .zh = "一条规则。", .fields = kRuleFields};
constexpr FieldSpec kFormat{.name = "format", .en = "Form of a mask.", .zh = "脱敏格式。", .max = 200};
constexpr Word kAttachmentForms[] = {"original", "derivative", "withhold"};
constexpr Word kUntilThen[] = {"derivative", "withhold"};
constexpr FieldSpec kAttachmentRuleFields[] = {
    {.name = "type",
     .en = "Media type: image/jpeg, image/* or *.",
     .zh = "媒体类型：image/jpeg、image/* 或 *。",
     .required = true,
     .min = 1,
     .max = 100},
    {.name = "subject",
     .en = "Whose matter it belongs to, as the label of attachments[].url says; without it any but informant.",
     .zh = "附件所属事项的主体（attachments[].url 的标签）；不填则为举报人以外的任何主体。",
     .max = 40},
    {.name = "treatment",
     .type = kEnum,
     .en = "original: the bytes as they were sent; derivative: a copy without position, device and names; withhold: "
           "nothing.",
     .zh = "original 原件；derivative 去除位置、设备与姓名信息的副本；withhold 不提供。",
     .required = true,
     .words = kAttachmentForms},
    {.name = "on_release",
     .type = kBoolean,
     .en = "Of original: only when a named person released the record.",
     .zh = "仅用于 original：经指定人员释放后才提供原件。",
     .default_text = "false"},
    {.name = "until_then",
     .type = kEnum,
     .en = "What it gets before the release.",
     .zh = "释放之前提供什么。",
     .default_text = "withhold",
     .words = kUntilThen},
    {.name = "evidence",
     .en = "Of original without on_release: why this recipient takes evidence.",
     .zh = "original 而未要求释放时：该接收方为何接收证据原件。",
     .max = 300},
};
constexpr FieldSpec kAttachmentRule{
    .name = "rule", .type = kObject, .en = "One rule.", .zh = "一条规则。", .fields = kAttachmentRuleFields};
constexpr FieldSpec kPolicyFields[] = {
    {.name = "title_zh", .en = "Title in Chinese.", .zh = "中文名称。", .required = true, .min = 1, .max = 100},
    {.name = "rules",
     .type = kList,
     .en = "Rules; what no rule names is dropped.",
     .zh = "规则；未列出的一律不提供。",
     .required = true,
     .min = 0,
     .max = 500,
     .item = &kRule},
    {.name = "attachments",
     .type = kList,
     .en = "Which bytes of attachments the recipient gets; the first rule that fits decides, without one nothing.",
     .zh = "接收方可取得附件的哪种内容；首条符合的规则生效，无规则则不提供。",
     .max = 100,
     .item = &kAttachmentRule},
    {.name = "formats",
     .type = kMap,
     .en = "Own forms of masks by name.",
     .zh = "自定义脱敏格式。",
     .max = 50,
     .item = &kFormat},
};

constexpr Word kPatterns[] = {"durable", "query"};
constexpr Word kDirections[] = {"in", "out", "both"};
constexpr FieldSpec kQueryFields[] = {
    {.name = "ttl",
     .type = kDuration,
     .en = "How long an answer serves equal questions; 0s = never.",
     .zh = "应答可供相同查询复用的时长，0s 为不复用。",
     .default_text = "10m",
     .min = 0,
     .max = 7 * kDay},
    {.name = "negative_ttl",
     .type = kDuration,
     .en = "The same for the answer that there is no such record.",
     .zh = "“查无记录”可复用的时长。",
     .default_text = "1m",
     .min = 0,
     .max = kDay},
    {.name = "stale",
     .type = kDuration,
     .en = "How much longer an answer may be shown, marked as stale, while the registry does not answer; 0s = never.",
     .zh = "登记库无应答时，过期应答仍可（注明过期）提供的时长，0s 为不提供。",
     .default_text = "0s",
     .min = 0,
     .max = 7 * kDay},
    {.name = "wait",
     .type = kDuration,
     .en = "How long an asker waits that names no time of its own.",
     .zh = "查询方未指定时的等待时限。",
     .default_text = "5s",
     .min = 10,
     .max = 10 * 60 * kSecond},
    {.name = "max_wait",
     .type = kDuration,
     .en = "How long an asker may wait at most, and a call may last.",
     .zh = "等待与单次查询的最长时限。",
     .default_text = "30s",
     .min = 10,
     .max = 10 * 60 * kSecond},
};

constexpr FieldSpec kServiceFields[] = {
    {.name = "title_zh", .en = "Title in Chinese.", .zh = "中文名称。", .required = true, .min = 1, .max = 100},
    {.name = "title_en", .en = "Title in English.", .zh = "英文名称。", .required = true, .min = 1, .max = 100},
    {.name = "version",
     .type = kInteger,
     .en = "Version of the contract.",
     .zh = "契约版本。",
     .required = true,
     .min = 1,
     .max = 9999},
    {.name = "schema",
     .en = "Canonical schema, a file of services/ without .json.",
     .zh = "标准记录模式，services/ 中不带 .json 的文件名。",
     .required = true,
     .file_form = "services/{}.json"},
    {.name = "direction",
     .type = kEnum,
     .en = "To the platform, from it, or both.",
     .zh = "方向：流入、流出或双向。",
     .default_text = "both",
     .words = kDirections},
    {.name = "pattern",
     .type = kEnum,
     .en = "Stored and delivered, or asked and answered.",
     .zh = "持久投递或查询应答。",
     .default_text = "durable",
     .words = kPatterns},
    {.name = "answer_schema",
     .en =
         "Canonical schema of the answer, a file of services/ without .json; for the pattern query, and needed there.",
     .zh = "标准应答模式，services/ 中不带 .json 的文件名；仅用于查询类服务，且必填。",
     .file_form = "services/{}.json"},
    {.name = "query",
     .type = kObject,
     .en = "Times of answers; for the pattern query.",
     .zh = "应答时限与复用；仅用于查询类服务。",
     .fields = kQueryFields},
    {.name = "strict",
     .type = kBoolean,
     .en = "Turn back what is not valid instead of holding it.",
     .zh = "不合格报文直接拒收，而非转人工。",
     .default_text = "false"},
};

}  // namespace

constinit const PluginSpec kRouteSpec{.kind = "route",
                                      .en = "Who receives the records of a service.",
                                      .zh = "记录的去向。",
                                      .place = SpecPlace::kFolder,
                                      .where = "routes",
                                      .fields = kRouteFields};
constinit const PluginSpec kPolicySpec{.kind = "policy",
                                       .en = "What a recipient may see.",
                                       .zh = "接收方可见范围。",
                                       .place = SpecPlace::kFolder,
                                       .where = "policies",
                                       .fields = kPolicyFields};
constinit const PluginSpec kServiceSpec{.kind = "service",
                                        .en = "A contract with a name, a version and a schema.",
                                        .zh = "有名称、版本和模式的服务契约。",
                                        .place = SpecPlace::kFolder,
                                        .where = "services",
                                        .dotted_id = true,
                                        .fields = kServiceFields};

}  // namespace tongqu
