#pragma once
// What a connector does with a message that the line did not take.
#include "gateway/core/error.hpp"

namespace tongqu {

// True: the message stays where it is and is offered again, because the line is busy or out of reach, or because the
// defect is ours (kInternal, kCorrupt) – no reason to turn the partner's message back. False: the message itself is at
// fault; repeating it as it is will not help.
[[nodiscard]] bool is_offered_again(const Error& error);

}  // namespace tongqu
