#include "security/privacy/privacy_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kPolicyFaults{"policy.faults", ErrorKind::kInvalid, "The policy {} has faults.",
                              "隐私策略 {} 有错误。"};
const ErrorCode kPolicyRecipient{"policy.recipient", ErrorKind::kInvalid,
                                 "A policy names one recipient and one service.", "隐私策略须指明接收方和服务。"};
const ErrorCode kPolicyBasis{"policy.basis", ErrorKind::kInvalid, "Nothing leaves without a purpose and a legal basis.",
                             "未写明用途和依据的，不得提供数据。"};
const ErrorCode kPolicyKind{"policy.kind", ErrorKind::kInvalid, "A rule names one label kind.",
                            "每条规则须指明隐私标签类别。"};
const ErrorCode kPolicyMask{"policy.mask", ErrorKind::kInvalid, "Expected a masking format: {}.",
                            "应为脱敏格式之一：{}。"};
const ErrorCode kPolicyMaskUnused{"policy.mask-unused", ErrorKind::kInvalid,
                                  "A masking format stands beside a treatment that does not mask.",
                                  "处理方式不是脱敏，却写了脱敏格式。"};
const ErrorCode kPolicyMaskKind{"policy.mask-kind", ErrorKind::kInvalid,
                                "This masking format does not hide values of the kind {}.",
                                "该脱敏格式不适用于类别 {}，遮不住这类值。"};
const ErrorCode kPolicyTokenInformant{
    "policy.token-informant", ErrorKind::kInvalid,
    "An informant never gets a token: it would tell that two reports are of one person.",
    "举报人不得使用假名令牌：令牌会暴露多份举报出自同一人。"};
const ErrorCode kPolicyTokenKey{"policy.token-key", ErrorKind::kInvalid, "There is no key for tokens.",
                                "没有可用的令牌密钥。"};
const ErrorCode kPolicySealTo{"policy.seal-to", ErrorKind::kInvalid,
                              "A rule that seals names the key in `to`: a sealing key of the recipient or an officer.",
                              "定向加密规则须在 to 中指明密钥：接收方的加密公钥或指定人员。"};
const ErrorCode kPolicySealKey{"policy.seal-key", ErrorKind::kInvalid,
                               "Neither the recipient's sealing_keys nor the officers have the name {} once.",
                               "接收方的 sealing_keys 与 officers 中没有唯一的名称 {}。"};
const ErrorCode kPolicySealUnused{"policy.seal-unused", ErrorKind::kInvalid,
                                  "A key (`to`) stands beside a treatment that does not seal.",
                                  "处理方式不是定向加密，却写了 to。"};
const ErrorCode kPolicyWhen{"policy.when", ErrorKind::kInvalid,
                            "Only `clear` and `seal` can have a condition (`when`), `{}` cannot.",
                            "只有 clear 与 seal 可以附条件（when），{} 不可以。"};
const ErrorCode kPolicyOtherwise{
    "policy.otherwise", ErrorKind::kInvalid,
    "A rule with `when` says in `otherwise` what goes without the condition, and that is less than its treatment.",
    "附条件（when）的规则须在 otherwise 中写明条件不成立时的处理方式，且须严于条件成立时。"};
const ErrorCode kPolicyOtherwiseUnused{"policy.otherwise-unused", ErrorKind::kInvalid,
                                       "`otherwise` stands in a rule without `when`.",
                                       "规则没有 when，却写了 otherwise。"};
const ErrorCode kPolicyWhenInformant{
    "policy.when-informant", ErrorKind::kInvalid,
    "An informant's data is never clear on a condition: on an approved request it may be sealed to a named officer "
    "(Order 121 Art. 37).",
    "举报人信息不得附条件提供明文，只能经审批后定向加密给指定人员（《市场监督管理投诉举报处理办法》第三十七条）。"};
const ErrorCode kPolicyReleaseQuery{"policy.release-query", ErrorKind::kInvalid,
                                    "`release` cannot stand in the policy {} of a query: nobody waits that long.",
                                    "查询服务所用策略 {} 中不能有 release：查询方无法等待人工释放。"};
const ErrorCode kPolicyPath{"policy.path", ErrorKind::kInvalid, "The schema has no field {}.",
                            "数据标准中没有字段 {}。"};
const ErrorCode kPolicyLimit{"policy.limit", ErrorKind::kTooLarge, "More than {} rules.", "规则超过 {} 条。"};
const ErrorCode kPolicyAttachmentType{"policy.attachment-type", ErrorKind::kInvalid,
                                      "An attachment rule names a media type, image/* or *; not {}.",
                                      "附件规则的类型应为媒体类型、image/* 或 *，而不是 {}。"};
const ErrorCode kPolicyAttachmentInformant{
    "policy.attachment-informant", ErrorKind::kInvalid,
    "Originals of an informant leave only when a named person released them: add on_release to the rule for {}.",
    "举报人的附件原件须经指定人员释放才能提供：请在 {} 的规则中写明 on_release。"};
const ErrorCode kPolicyAttachmentOriginal{
    "policy.attachment-original", ErrorKind::kInvalid,
    "Originals of {} leave on_release, or to a recipient of which `evidence` says why it takes them: say one of them.",
    "{} 的原件须经释放（on_release）才提供，或以 evidence 写明接收方为何接收原件：二者须且只能写一项。"};
const ErrorCode kPolicyAttachmentUnused{"policy.attachment-unused", ErrorKind::kInvalid,
                                        "on_release and evidence stand beside original alone, not in the rule for {}.",
                                        "on_release 与 evidence 只用于 original，不能写在 {} 的规则中。"};
const ErrorCode kViewRecord{"view.record", ErrorKind::kInternal, "A view was asked of a record that is no {}.",
                            "要生成视图的记录不是{}。"};

const ErrorCode kSealExpired{"privacy.seal-expired", ErrorKind::kInvalid, "The key for sealing has expired.",
                             "加密公钥已过期。"};
const ErrorCode kSealPlace{"privacy.seal-place", ErrorKind::kInternal,
                           "The place of a value to be sealed cannot be written down.", "待加密字段的位置无法记录。"};
const ErrorCode kSealedForm{"privacy.sealed-form", ErrorKind::kInvalid, "This is no sealed value (sealed:v1:…).",
                            "不是定向加密的值（sealed:v1:…）。"};
const ErrorCode kSealedKey{"privacy.sealed-key", ErrorKind::kForbidden, "The value was sealed to another key.",
                           "该值是用另一把密钥加密的。"};

const ErrorCode kNetwork{"privacy.network", ErrorKind::kCorrupt,
                         "The network for names (package python3-jieba) cannot be used: {}.",
                         "人名识别网络（软件包 python3-jieba）无法使用：{}。"};

const ErrorCode kPersonKind{"person.kind", ErrorKind::kInvalid, "A person is found by one of these kinds: {}.",
                            "只能按以下类别查找个人：{}。"};
const ErrorCode kPersonValue{"person.value", ErrorKind::kInvalid, "This is no value of the kind {}.",
                             "该内容不是有效的 {} 值。"};

std::span<const ErrorCode* const> privacy_codes() {
  static constexpr std::array<const ErrorCode*, 31> kAll{&kPolicyWhen,
                                                         &kPolicyOtherwise,
                                                         &kPolicyOtherwiseUnused,
                                                         &kPolicyWhenInformant,
                                                         &kPolicyReleaseQuery,
                                                         &kPolicyAttachmentType,
                                                         &kPolicyAttachmentInformant,
                                                         &kPolicyAttachmentOriginal,
                                                         &kPolicyAttachmentUnused,
                                                         &kPolicyFaults,
                                                         &kPolicyRecipient,
                                                         &kPolicyBasis,
                                                         &kPolicyKind,
                                                         &kPolicyMask,
                                                         &kPolicyMaskUnused,
                                                         &kPolicyMaskKind,
                                                         &kPolicyTokenInformant,
                                                         &kPolicyTokenKey,
                                                         &kPolicySealTo,
                                                         &kPolicySealKey,
                                                         &kPolicySealUnused,
                                                         &kPolicyPath,
                                                         &kPolicyLimit,
                                                         &kViewRecord,
                                                         &kSealExpired,
                                                         &kSealPlace,
                                                         &kSealedForm,
                                                         &kSealedKey,
                                                         &kNetwork,
                                                         &kPersonKind,
                                                         &kPersonValue};
  return kAll;
}

}  // namespace tongqu::codes
