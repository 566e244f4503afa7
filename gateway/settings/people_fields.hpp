#pragma once
// Persons of gateway.yaml: who works with the gateway, and how long what they decide counts.
#include "gateway/settings/field_list.hpp"

namespace tongqu {

inline constexpr std::int64_t kLongestGrantMs = 90LL * 24 * 60 * 60 * 1000;
inline constexpr std::int64_t kLongestDangerMs = 14LL * 24 * 60 * 60 * 1000;

inline constexpr FieldSpec kPersonFields[] = {
    {.name = "name",
     .en = "The person, as it stands in the audit log.",
     .zh = "姓名，审计日志以此记名。",
     .required = true,
     .min = 2,
     .max = 64},
    {.name = "token",
     .type = SettingType::kSecret,
     .en = "The person's own token, at least 16 characters.",
     .zh = "本人的访问令牌，至少 16 个字符。",
     .required = true},
    {.name = "until",
     .type = SettingType::kDate,
     .en = "The last day in Beijing on which the token counts; without it, it does not end.",
     .zh = "令牌有效的最后一天（北京时间）；不填则长期有效。"},
    {.name = "clearance",
     .en = "What of a record this person may read; without it, no content.",
     .zh = "可查看记录哪些内容（clearances 中的名称）；不填则不显示任何内容。",
     .refers_to = "clearance"},
};
inline constexpr FieldSpec kPerson{
    .name = "person", .type = SettingType::kObject, .en = "One person.", .zh = "一个人员。", .fields = kPersonFields};
inline constexpr FieldSpec kAdminFields[] = {
    {.name = "token",
     .type = SettingType::kSecret,
     .en = "Bearer token of the installation; it belongs to no person and opens no content.",
     .zh = "管理接口的访问令牌，不属于任何人，不能查看内容。",
     .required = true},
    {.name = "people",
     .type = SettingType::kList,
     .en = "Named persons with a token of their own; what they do stands in the audit log under their name.",
     .zh = "具名人员，各有自己的令牌；其操作以本人姓名记入审计日志。",
     .max = 1000,
     .item = &kPerson,
     .unique = "name"},
};

// No rule of law gives these times: all are assumed.
inline constexpr FieldSpec kGrantFields[] = {
    {.name = "default_end",
     .type = SettingType::kDuration,
     .en = "End of an approval that names none.",
     .zh = "审批未指明截止时间时的期限。",
     .default_text = "7d",
     .min = 60'000,
     .max = kLongestGrantMs},
    {.name = "max_end",
     .type = SettingType::kDuration,
     .en = "Longest time of an approval.",
     .zh = "审批的最长期限。",
     .default_text = "30d",
     .min = 60'000,
     .max = kLongestGrantMs},
    {.name = "danger_end",
     .type = SettingType::kDuration,
     .en = "Longest time of a confirmed danger to life, and its time when none is named.",
     .zh = "确认危及生命的最长期限，亦为默认期限。",
     .default_text = "3d",
     .min = 60'000,
     .max = kLongestDangerMs},
    {.name = "max_open",
     .type = SettingType::kInteger,
     .en = "How many may be asked for or in force at a time.",
     .zh = "待批与有效的最多项数。",
     .default_text = "500",
     .min = 1,
     .max = 1'000},
};

}  // namespace tongqu
