#pragma once
// Input of commands that answer line by line.
#include <cstddef>
#include <iosfwd>
#include <string>

namespace tongqu::app {

// The next line without its end. Of a line longer than `max_bytes` the first max_bytes + 1 are kept, so that it is seen
// to be too long, and the rest is read and left out. False at the end of the input.
[[nodiscard]] bool next_line(std::istream& in, std::string& line, std::size_t max_bytes);

}  // namespace tongqu::app
