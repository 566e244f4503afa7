#pragma once
// JSON paths for faults: "$.target.name", "$.attachments[0].url".
#include <cstddef>
#include <string>
#include <string_view>

namespace tongqu {

// Appends ".name". Member names come from the sender, and some senders use values as names; what does not look like
// a field name – longer than 64 code points, five digits in a row, an @ behind the first place, a control character,
// white space or one of .[]'" – is written "[*]".
void append_path_member(std::string& path, std::string_view name);

// The same for a name that no contract has been held against yet, or that none has: it may be a person's, so that it is
// written "[*]" too when it is not of ASCII. The place in the source tells which one it is.
void append_sent_member(std::string& path, std::string_view name);

// Appends "[index]".
void append_path_index(std::string& path, std::size_t index);

}  // namespace tongqu
