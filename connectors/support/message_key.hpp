#pragma once
// Idempotency keys from what a queue gives: the line takes visible ASCII of a bounded length only.
#include <string>
#include <string_view>

#include "gateway/core/crypto.hpp"

namespace tongqu {

// Longest key that goes through as it is.
inline constexpr std::size_t kMaxPlainKeyBytes = 100;

// `prefix` and `text` when the text is visible ASCII and short enough, else `prefix`, "#" and the hash of the text in
// hex. Never empty; the same text gives the same key.
[[nodiscard]] std::string message_key(const Suite& suite, std::string_view prefix, std::string_view text);
// `prefix`, "#" and the hash over `parts`, each with its length in front, so that ("ab", "c") is not ("a", "bc").
[[nodiscard]] std::string digest_key(const Suite& suite, std::string_view prefix,
                                     std::initializer_list<std::string_view> parts);

// Media type without parameters, lower case, without white space around: "Application/JSON; charset=utf-8" gives
// "application/json".
[[nodiscard]] std::string media_type_of(std::string_view content_type);

}  // namespace tongqu
