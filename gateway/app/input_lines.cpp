#include "gateway/app/input_lines.hpp"

#include <istream>

namespace tongqu::app {

bool next_line(std::istream& in, std::string& line, std::size_t max_bytes) {
  line.clear();
  std::streambuf& from = *in.rdbuf();
  bool any = false;
  for (int c = from.sbumpc(); c != std::char_traits<char>::eof(); c = from.sbumpc()) {
    any = true;
    if (c == '\n') return true;
    if (line.size() <= max_bytes) line.push_back(static_cast<char>(c));
  }
  return any;
}

}  // namespace tongqu::app
