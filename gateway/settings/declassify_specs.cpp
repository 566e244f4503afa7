// declassify/: which labelled fields may steer, and why.
#include "gateway/settings/gateway_specs.hpp"

namespace tongqu {
namespace {

using enum SettingType;

constexpr FieldSpec kEntryFields[] = {
    {.name = "mapping",
     .en = "The mapping in which the field steers.",
     .zh = "由该字段决定输出的映射。",
     .file_form = "mappings/{}.map"},
    {.name = "route", .en = "The route that the field steers.", .zh = "由该字段决定的路由。", .refers_to = "route"},
    {.name = "field",
     .en = "The field: of a mapping with its whole path ($.type, inside each $.items[].kind), of a route as it stands "
           "there.",
     .zh = "字段：映射中写完整路径（$.type，each 内为 $.items[].kind），路由中照原样写。",
     .required = true,
     .min = 1,
     .max = 200},
    {.name = "reason",
     .en = "Why this tells nobody anything that it should not; stands in the disclosure matrix.",
     .zh = "为何不会泄露不应知悉的内容；列入披露矩阵。",
     .required = true,
     .min = 10,
     .max = 500},
};
constexpr std::string_view kOneOf[] = {"mapping", "route"};
constexpr FieldSpec kEntry{.name = "entry",
                           .type = kObject,
                           .en = "One field that may steer.",
                           .zh = "一个可起决定作用的字段。",
                           .fields = kEntryFields,
                           .exactly_one = kOneOf};
constexpr FieldSpec kRoleFields[] = {
    {.name = "mapping",
     .en = "The mapping of a partner's messages.",
     .zh = "接入方报文的映射。",
     .required = true,
     .file_form = "mappings/{}.map"},
    {.name = "field",
     .en = "The field without protection that says whether the person is an informant; the rules that it chooses may "
           "take the informant's data as the complainant's, of the same kind.",
     .zh = "用以区分是否举报人的无需保护字段；由其决定的规则可将举报人标签的数据作为同类投诉人数据。",
     .required = true,
     .min = 1,
     .max = 200},
    {.name = "reason",
     .en = "Why the field tells the two apart.",
     .zh = "为何该字段足以区分。",
     .required = true,
     .min = 10,
     .max = 500},
};
constexpr FieldSpec kRole{
    .name = "role", .type = kObject, .en = "One field.", .zh = "一个字段。", .fields = kRoleFields};
constexpr FieldSpec kDeclassifyFields[] = {
    {.name = "title_zh", .en = "Title in Chinese.", .zh = "中文名称。", .required = true, .min = 1, .max = 100},
    {.name = "entries",
     .type = kList,
     .en = "Labelled fields that may steer.",
     .zh = "可起决定作用的带标签字段。",
     .max = 500,
     .item = &kEntry},
    {.name = "roles",
     .type = kList,
     .en = "Fields that say whether the person is an informant.",
     .zh = "用以区分是否举报人的字段。",
     .max = 500,
     .item = &kRole},
};

}  // namespace

constinit const PluginSpec kDeclassifySpec{.kind = "declassify",
                                           .en = "Labelled fields that may decide what is written, or whether.",
                                           .zh = "可决定输出内容或是否输出的带隐私标签字段。",
                                           .place = SpecPlace::kFolder,
                                           .where = "declassify",
                                           .fields = kDeclassifyFields};

}  // namespace tongqu
