#include "connectors/link/line_reader.hpp"

#include <algorithm>
#include <charconv>

#include "connectors/link/bundle.hpp"

namespace tongqu::link {

std::string_view LineReader::peek() {
  asked_ = line_;
  return text_.substr(0, text_.find('\n'));
}

bool LineReader::at_end() {
  asked_ = line_;
  return text_.empty();
}

void LineReader::skip(std::size_t bytes) {
  text_.remove_prefix(std::min(bytes + 1, text_.size()));
  ++line_;
}

std::vector<std::string_view> LineReader::words(std::string_view first, std::size_t count) {
  const std::string_view line = peek();
  std::string_view rest = line;
  std::vector<std::string_view> out;
  for (std::size_t i = 0; i <= count; ++i) {
    const std::size_t blank = rest.find(' ');
    const std::string_view word = rest.substr(0, blank);
    const bool last = blank == std::string_view::npos;
    if (last != (i == count)) return {};
    if (i == 0 ? word != first : !is_word(word)) return {};
    if (i > 0) out.push_back(word);
    if (!last) rest.remove_prefix(blank + 1);
  }
  skip(line.size());
  return out;
}

std::string_view LineReader::long_word(std::string_view first) {
  const std::string_view line = peek();
  if (!line.starts_with(first) || line.size() <= first.size() + 1 || line[first.size()] != ' ') return {};
  const std::string_view word = line.substr(first.size() + 1);
  if (word.find(' ') != std::string_view::npos) return {};
  skip(line.size());
  return word;
}

bool LineReader::instant(std::string_view first, Instant& out) {
  const auto word = words(first, 1);
  if (word.empty()) return false;
  const auto at = parse_rfc3339(word[0]);
  if (!at || to_beijing_text(*at) != word[0]) return false;
  out = *at;
  return true;
}

std::string_view LineReader::raw() {
  asked_ = line_;
  const std::size_t end = text_.find('\n');
  if (end == std::string_view::npos) {
    failed_ = true;
    return {};
  }
  const std::string_view line = text_.substr(0, end);
  skip(end);
  return line;
}

bool read_number(std::string_view text, std::uint64_t& out) {
  if (text.empty() || text.size() > 18 || (text.size() > 1 && text.front() == '0')) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

bool is_hex_digest(std::string_view text) {
  return text.size() == 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= kMaxNameBytes && std::all_of(text.begin(), text.end(), [](char c) {
    return c > 0x20 && c < 0x7F && c != '<' && c != '>' && c != '&';
  });
}

}  // namespace tongqu::link
