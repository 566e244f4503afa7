#pragma once
// The conversation with clamd, command INSTREAM (clamd(8)): the command, the content in chunks with their lengths, an
// empty chunk, and an answer that ends with a zero byte. No I/O.
#include <optional>
#include <string>
#include <string_view>

#include "gateway/core/attachments.hpp"

namespace tongqu::scan {

inline constexpr std::string_view kInstream{"zINSTREAM\0", 10};
inline constexpr std::size_t kMaxAnswerBytes = 1024;

// Length, most significant byte first, and the bytes; an empty `bytes` is the end of the content.
[[nodiscard]] std::string clamd_chunk(std::string_view bytes);

// The verdict of a whole answer, with or without its zero byte: "stream: OK", "stream: <name> FOUND". Nothing for every
// other text, errors included: what is not a plain OK is never clean.
[[nodiscard]] std::optional<ScanVerdict> clamd_verdict(std::string_view answer);

}  // namespace tongqu::scan
