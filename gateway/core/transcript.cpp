#include "gateway/core/transcript.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kTranscriptEarlier{"transcript.earlier", ErrorKind::kConflict,
                                   "An earlier message of the same matter has no national number yet.",
                                   "同一事项的上一条报文尚无登记编号，须先填。"};
const ErrorCode kTranscriptOtherNumber{
    "transcript.other-number", ErrorKind::kConflict,
    "This matter has another national number already; when that one is wrong, revoke it first.",
    "该事项已有另一登记编号；如原编号有误，请先撤销。"};
const ErrorCode kTranscriptNumberTaken{"transcript.number-taken", ErrorKind::kConflict,
                                       "This national number belongs to another exchange already.",
                                       "该登记编号已用于另一条交换记录。"};
const ErrorCode kTranscriptLater{
    "transcript.later", ErrorKind::kConflict,
    "A later message of the same matter was entered under this number; revoke that one first.",
    "同一事项的后续报文已按该编号填报，须先撤销后续报文。"};

std::span<const ErrorCode* const> transcript_codes() {
  static constexpr std::array<const ErrorCode*, 4> kAll{&kTranscriptEarlier, &kTranscriptOtherNumber,
                                                        &kTranscriptNumberTaken, &kTranscriptLater};
  return kAll;
}

}  // namespace tongqu::codes
