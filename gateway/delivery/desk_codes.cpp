#include "gateway/delivery/desk_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kTranscriptPartner{
    "transcript.partner", ErrorKind::kNotFound,
    "No partner of this name is reached by transcription (connector transcript), or it has to be named: {}.",
    "没有以人工抄录方式（transcript 连接器）对接的此接入方，或须用 --partner 指明：{}。"};
const ErrorCode kTranscriptNumber{"transcript.number", ErrorKind::kInvalid,
                                  "A national number consists of {} digits and nothing else.",
                                  "登记编号须为 {} 位数字，不含其他字符。"};
const ErrorCode kTranscriptClosed{"transcript.closed", ErrorKind::kConflict,
                                  "The message does not wait for a number: it was given up or replaced.",
                                  "该报文已终止或被替换，不再等待登记编号。"};
const ErrorCode kTranscriptEntered{"transcript.entered", ErrorKind::kConflict,
                                   "The exchange has another national number; revoke it first when it is wrong.",
                                   "该交换记录已有另一登记编号；如有误请先撤销。"};

std::span<const ErrorCode* const> desk_codes() {
  static constexpr std::array<const ErrorCode*, 4> kAll{&kTranscriptPartner, &kTranscriptNumber, &kTranscriptClosed,
                                                        &kTranscriptEntered};
  return kAll;
}

}  // namespace tongqu::codes
