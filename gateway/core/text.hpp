#pragma once
// Small text helpers that several rooms need: hex, base64, UTF-8.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tongqu {

using Bytes = std::string;  // raw bytes; std::string because every library here takes one

[[nodiscard]] std::string to_hex(std::string_view bytes);  // lower case
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view text);
[[nodiscard]] std::string to_base64(std::string_view bytes);  // RFC 4648 section 4, padded
// Strict: alphabet, padding and zero trailing bits are checked.
[[nodiscard]] std::optional<Bytes> from_base64(std::string_view text);

// Reads the code point at `at` and moves `at` behind it. Empty on malformed UTF-8 (overlong, surrogate, above
// U+10FFFF, cut); `at` stays.
[[nodiscard]] std::optional<char32_t> next_code_point(std::string_view text, std::size_t& at);
[[nodiscard]] bool is_utf8(std::string_view text);
[[nodiscard]] std::size_t count_code_points(std::string_view utf8);
void append_utf8(std::string& out, char32_t code_point);

// Compares in time that depends on the lengths only.
[[nodiscard]] bool equal_constant_time(std::string_view a, std::string_view b);

// Offset of the nearest of `words` to `word` by edit distance, if it is near enough to suggest; else npos.
// For "did you mean" in errors. Linear in the sum of word lengths times the length of `word`.
[[nodiscard]] std::string nearest_word(std::string_view word, const std::string_view* words, std::size_t count);

}  // namespace tongqu
