#pragma once
// What a rule of a policy and a rule of a clearance say alike: which labelled fields it is about.
#include "gateway/settings/field_list.hpp"

namespace tongqu {

inline constexpr FieldSpec kRuleKind{.name = "kind",
                                     .en = "Kind of the privacy label: name, phone, id, …",
                                     .zh = "隐私标签的类别：name、phone、id 等。",
                                     .required = true,
                                     .min = 1,
                                     .max = 40};
inline constexpr FieldSpec kRuleSubject{.name = "subject",
                                        .en = "Whose data: complainant, informant, agent, respondent, officer.",
                                        .zh = "数据主体：complainant、informant、agent、respondent、officer。",
                                        .required = true,
                                        .min = 1,
                                        .max = 40};
inline constexpr FieldSpec kRulePath{.name = "path",
                                     .en = "Only this field; such a rule goes before the general one.",
                                     .zh = "仅限此字段，优先于一般规则。",
                                     .max = 200};
inline constexpr FieldSpec kRuleFormat{.name = "format", .en = "Form of the mask.", .zh = "脱敏格式。", .max = 40};

}  // namespace tongqu
