#include "gateway/store/store_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kKeyConflict{"store.key-conflict", ErrorKind::kConflict,
                             "This key was used before for a message with other content.",
                             "该幂等键此前已用于内容不同的报文。"};
const ErrorCode kReplay{"store.replay", ErrorKind::kUnauthenticated,
                        "The nonce of this request was used by an earlier request.",
                        "该请求的随机数已被先前的请求使用。"};
const ErrorCode kWrongState{"store.wrong-state", ErrorKind::kConflict, "Not possible in this state ({}).",
                            "当前状态（{}）下不能进行此操作。"};
const ErrorCode kStoreLocked{"store.locked", ErrorKind::kUnavailable,
                             "The store folder is in use by another process ({}).", "存储目录正被另一进程使用（{}）。"};
const ErrorCode kStoreNewer{"store.newer", ErrorKind::kInternal,
                            "The store was written by a later version of the program (schema {}); it cannot be read by "
                            "this one.",
                            "存储由更高版本的程序写入（结构版本 {}），本版本无法读取。"};
const ErrorCode kStoreOpen{"store.open", ErrorKind::kUnavailable, "The store cannot be opened: {}.",
                           "无法打开存储：{}。"};
const ErrorCode kStoreCorrupt{"store.corrupt", ErrorKind::kCorrupt, "The store does not fit together: {}.",
                              "存储内容不一致：{}。"};
const ErrorCode kStoreRead{"store.read", ErrorKind::kInternal, "The store could not be read: {}.",
                           "读取存储失败：{}。"};
const ErrorCode kOutcomeUnknown{
    "store.unknown", ErrorKind::kDeadline,
    "The disk failed during the commit; it is unknown whether the message was stored. Repeat "
    "it with the same key.",
    "提交过程中磁盘发生故障，无法确认是否已落库，请使用同一幂等键重试。"};

std::span<const ErrorCode* const> store_codes() {
  static constexpr std::array<const ErrorCode*, 9> kAll{&kKeyConflict,  &kReplay,     &kWrongState,
                                                        &kStoreLocked,  &kStoreNewer, &kStoreOpen,
                                                        &kStoreCorrupt, &kStoreRead,  &kOutcomeUnknown};
  return kAll;
}

}  // namespace tongqu::codes
