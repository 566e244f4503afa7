#pragma once
// What is looked at before the parser runs: the bytes as a whole.
#include <cstddef>
#include <string_view>

namespace tongqu::json {

enum class ScanResult : unsigned char { kClean, kMalformed, kControl };

// The first place where the bytes are malformed UTF-8 (kMalformed) or hold a control character that JSON allows
// nowhere, that is below U+0020 other than tab, line feed and carriage return (kControl). `offset` is set to it.
[[nodiscard]] ScanResult scan(std::string_view bytes, std::size_t& offset);

}  // namespace tongqu::json
