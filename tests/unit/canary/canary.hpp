#pragma once
// Canary values: texts that occur once, look like what they stand for, and are found again in whatever form they are
// written.
#include <cstdint>
#include <string>
#include <vector>

#include "gateway/core/field_tree.hpp"

namespace tongqu::canary_test {

struct Canary {
  std::string value;  // what stands in the message
  // The part that is searched: it lies in what every masking format of the kind hides, at least in part, so that a
  // masked value is no find and a clear one is.
  std::string core;
  Label label;           // of the field that it was put into; empty kind = secret
  std::string field;     // name of that field, for the report
  std::uint32_t pair;    // which (configuration, message)
  bool in_text = false;  // stands in a free text of its message too
};

// `number` below kMaxNumber makes the value unique among those of its kind. A kind without a look of its own gets a
// word of letters.
inline constexpr std::uint32_t kMaxNumber = 9'000'000;
[[nodiscard]] Canary make_canary(const Label& label, std::uint32_t number);

struct Form {
  const char* name;
  std::string bytes;  // ASCII letters in lower case
};
// Every form in which `text` is searched; those that say the same twice are left out. At least kMinFormBytes each.
inline constexpr std::size_t kMinFormBytes = 8;
[[nodiscard]] std::vector<Form> forms_of(const std::string& text);
// Pinyin of a text of the canaries' own characters; other characters stay.
[[nodiscard]] std::string pinyin_of(const std::string& text);
// ASCII letters in lower case, all else as it is.
[[nodiscard]] std::string folded(std::string_view text);

}  // namespace tongqu::canary_test
