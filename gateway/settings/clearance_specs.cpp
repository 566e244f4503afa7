// clearances/: what of a record the people who work with the gateway may read.
#include "gateway/settings/gateway_specs.hpp"
#include "gateway/settings/rule_fields.hpp"

namespace tongqu {
namespace {

using enum SettingType;

// Less than a recipient may be given: a reader needs no handle of a person, and nothing is encrypted for a screen.
constexpr std::string_view kTreatments[] = {"clear", "mask", "scrub", "drop"};
constexpr FieldSpec kRuleFields[] = {
    kRuleKind,
    kRuleSubject,
    kRulePath,
    {.name = "treatment",
     .type = kEnum,
     .en = "What the reader is shown.",
     .zh = "显示方式。",
     .required = true,
     .words = kTreatments},
    kRuleFormat,
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
