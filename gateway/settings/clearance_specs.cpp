// clearances/: what of a record the people who work with the gateway may read.
#include "gateway/settings/gateway_specs.hpp"

namespace tongqu {
namespace {

using enum SettingType;

// Less than a recipient may be given: a reader needs no handle of a person, and nothing is encrypted for a screen.
constexpr std::string_view kTreatments[] = {"clear", "mask", "scrub", "drop"};
constexpr FieldSpec kRuleFields[] = {
    {.name = "kind",
     .en = "Kind of the privacy label: name, phone, id, …",
     .zh = "隐私标签的类别：name、phone、id 等。",
     .required = true,
     .min = 1,
     .max = 40},
    {.name = "subject",
     .en = "Whose data: complainant, informant, agent, respondent, officer.",
     .zh = "数据主体：complainant、informant、agent、respondent、officer。",
     .required = true,
     .min = 1,
     .max = 40},
    {.name = "path",
     .en = "Only this field; such a rule goes before the general one.",
     .zh = "仅限此字段，优先于一般规则。",
     .max = 200},
    {.name = "treatment",
     .type = kEnum,
     .en = "What the reader is shown.",
     .zh = "显示方式。",
     .required = true,
     .words = kTreatments},
    {.name = "format", .en = "Form of the mask.", .zh = "脱敏格式。", .max = 40},
};
constexpr FieldSpec kRule{
    .name = "rule", .type = kObject, .en = "One rule.", .zh = "一条规则。", .fields = kRuleFields};
constexpr FieldSpec kClearanceFields[] = {
    {.name = "title_zh", .en = "Title in Chinese.", .zh = "中文名称。", .required = true, .min = 1, .max = 100},
    {.name = "rules",
     .type = kList,
     .en = "Rules, read as those of a policy; what no rule names is not shown.",
     .zh = "规则，读法与策略相同；未列出的一律不显示。",
     .required = true,
     .min = 0,
     .max = 500,
     .item = &kRule},
};

}  // namespace

constinit const PluginSpec kClearanceSpec{.kind = "clearance",
                                          .en = "What of a record a person may read in an explanation.",
                                          .zh = "工作人员查看记录内容的权限。",
                                          .place = SpecPlace::kFolder,
                                          .where = "clearances",
                                          .fields = kClearanceFields};

}  // namespace tongqu
