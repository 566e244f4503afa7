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
const ErrorCode kPolicyPath{"policy.path", ErrorKind::kInvalid, "The schema has no field {}.",
                            "数据标准中没有字段 {}。"};
const ErrorCode kPolicyLimit{"policy.limit", ErrorKind::kTooLarge, "More than {} rules.", "规则超过 {} 条。"};
const ErrorCode kViewRecord{"view.record", ErrorKind::kInternal, "A view was asked of a record that is no {}.",
                            "要生成视图的记录不是{}。"};

const ErrorCode kNetwork{"privacy.network", ErrorKind::kCorrupt,
                         "The network for names (package python3-jieba) cannot be used: {}.",
                         "人名识别网络（软件包 python3-jieba）无法使用：{}。"};

const ErrorCode kPersonKind{"person.kind", ErrorKind::kInvalid, "A person is found by one of these kinds: {}.",
                            "只能按以下类别查找个人：{}。"};
const ErrorCode kPersonValue{"person.value", ErrorKind::kInvalid, "This is no value of the kind {}.",
                             "该内容不是有效的 {} 值。"};

std::span<const ErrorCode* const> privacy_codes() {
  static constexpr std::array<const ErrorCode*, 13> kAll{
      &kPolicyFaults,     &kPolicyRecipient, &kPolicyBasis, &kPolicyKind,  &kPolicyMask,
      &kPolicyMaskUnused, &kPolicyMaskKind,  &kPolicyPath,  &kPolicyLimit, &kViewRecord,
      &kNetwork,          &kPersonKind,      &kPersonValue};
  return kAll;
}

}  // namespace tongqu::codes
