#include "connectors/registry/registry_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kRegistryFull{"registry.full", ErrorKind::kUnavailable,
                              "The local base is full (max_records, max_bytes); the record waits.",
                              "本地库已满（max_records、max_bytes），该记录待重试。"};
const ErrorCode kRegistryRecord{"registry.record", ErrorKind::kInvalid,
                                "The message is no record of the local base: {}.", "报文不是本地库记录：{}。"};
const ErrorCode kRegistryQuestion{"registry.question", ErrorKind::kInvalid,
                                  "The question has the fields of no key of the local base.",
                                  "查询条件不含本地库任何一组键字段。"};
const ErrorCode kRegistryLate{"registry.late", ErrorKind::kUnavailable, "The local base did not come to it in time.",
                              "本地库未能在时限内处理。"};
const ErrorCode kRegistryStopped{"registry.stopped", ErrorKind::kUnavailable,
                                 "The connector was stopped before the record was stored.",
                                 "连接器已停止，该记录尚未入库。"};
const ErrorCode kRegistrySetting{"registry.setting", ErrorKind::kInvalid,
                                 "This setting of the local base is wrong: {}.", "本地库设置有误：{}。"};

std::span<const ErrorCode* const> registry_codes() {
  static constexpr std::array<const ErrorCode*, 6> kAll{&kRegistryFull, &kRegistryRecord,  &kRegistryQuestion,
                                                        &kRegistryLate, &kRegistryStopped, &kRegistrySetting};
  return kAll;
}

}  // namespace tongqu::codes
