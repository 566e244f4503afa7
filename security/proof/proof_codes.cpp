#include "security/proof/proof_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kProofDowngrade{"proof.downgrade", ErrorKind::kInvalid,
                                "A protected field gets into a field that is less protected: {}.",
                                "受保护字段流入保护程度更低的字段：{}。"};
const ErrorCode kProofDisclosure{"proof.disclosure", ErrorKind::kInvalid,
                                 "What the recipient gets is more protected than the field that it stands in: {}.",
                                 "提供给接收方的内容，其保护程度高于所在字段的标签：{}。"};
const ErrorCode kProofSteers{
    "proof.steers", ErrorKind::kInvalid,
    "A protected field decides what is written or whether, and no declassify entry permits it: {}.",
    "受保护字段决定了输出内容或是否输出，且没有相应的 declassify 条目：{}。"};
const ErrorCode kProofUnused{"proof.unused", ErrorKind::kInvalid, "No rule needs this declassify entry: {}.",
                             "该 declassify 条目没有任何规则需要：{}。"};

const ErrorCode kProofCertificate{"proof.certificate", ErrorKind::kInvalid,
                                  "The second checker does not accept the proof of disclosure: {}.",
                                  "第二校验程序不接受披露证明：{}。"};

std::span<const ErrorCode* const> proof_codes() {
  static constexpr std::array<const ErrorCode*, 5> kAll{&kProofDowngrade, &kProofDisclosure, &kProofSteers,
                                                        &kProofUnused, &kProofCertificate};
  return kAll;
}

}  // namespace tongqu::codes
