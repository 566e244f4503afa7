#include "gateway/delivery/delivery_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kDeliveryDeadline{"delivery.deadline", ErrorKind::kDeadline,
                                  "The deadline of the message passed before the partner acknowledged it.",
                                  "对方确认之前，消息的投递期限已过。"};
const ErrorCode kDeliveryAttempts{"delivery.attempts", ErrorKind::kUnavailable,
                                  "All {} permitted attempts to deliver failed.", "允许的 {} 次投递均未成功。"};
const ErrorCode kDeliveryUnreadable{"delivery.unreadable", ErrorKind::kCorrupt,
                                    "The stored payload cannot be opened: altered, or its key was destroyed.",
                                    "已存的报文无法解封：内容被改动，或密钥已销毁。"};
const ErrorCode kDeliveryNoAnswer{"delivery.no-answer", ErrorKind::kDeadline,
                                  "The message was sent, and no answer came; whether it had effect is not known.",
                                  "报文已发出但未收到应答，是否生效未知。"};
const ErrorCode kDeliveryPending{"delivery.pending", ErrorKind::kUnavailable,
                                 "The message was handed on; the partner's answer is awaited.",
                                 "报文已转交，等待对方回执。"};
const ErrorCode kDeliverySilent{"delivery.connector-silent", ErrorKind::kInternal,
                                "The connector did not report an outcome within its time.",
                                "连接器未在规定时间内报告投递结果。"};
const ErrorCode kDeliveryRefused{"delivery.refused", ErrorKind::kInvalid, "The partner turned the message back.",
                                 "对方拒收该消息。"};
const ErrorCode kDeliveryFailed{"delivery.failed", ErrorKind::kUnavailable,
                                "The partner could not take the message now.", "对方暂时无法接收该消息。"};
const ErrorCode kDeliveryWindow{"delivery.window", ErrorKind::kInvalid,
                                "A delivery window is written HH:MM-HH:MM, with two different times: {}.",
                                "投递时段须写作 HH:MM-HH:MM，且起止时间不同：{}。"};
const ErrorCode kDeliveryLane{"delivery.lane", ErrorKind::kInvalid, "A delivery setting is outside its range: {}.",
                              "投递设置超出取值范围：{}。"};
const ErrorCode kDeliveryClosed{"delivery.closed", ErrorKind::kConflict,
                                "The message was given up before it was acknowledged; an operator decides about it.",
                                "该消息在确认之前已终止投递，须由操作员处理。"};

std::span<const ErrorCode* const> delivery_codes() {
  static constexpr std::array<const ErrorCode*, 11> kAll{&kDeliveryDeadline, &kDeliveryAttempts, &kDeliveryUnreadable,
                                                         &kDeliveryNoAnswer, &kDeliveryPending,  &kDeliverySilent,
                                                         &kDeliveryRefused,  &kDeliveryFailed,   &kDeliveryWindow,
                                                         &kDeliveryLane,     &kDeliveryClosed};
  return kAll;
}

}  // namespace tongqu::codes
