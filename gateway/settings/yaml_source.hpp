#pragma once
// The text of one YAML file with its lines, and the faults that concern the text itself. For yaml_reader.cpp only.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/settings/settings_fault.hpp"

namespace tongqu {

// Not thread-safe. Keeps references to all three.
class YamlSource {
 public:
  YamlSource(const std::string& file, std::string_view text, FaultSink& sink);

  // The parser counts lines and bytes from 0, people count lines and characters from 1.
  [[nodiscard]] std::size_t offset_of(int line, int byte_column) const;
  [[nodiscard]] Position at_offset(std::size_t offset) const;
  [[nodiscard]] Position at(int line, int byte_column) const { return at_offset(offset_of(line, byte_column)); }
  [[nodiscard]] std::uint32_t last_line() const { return static_cast<std::uint32_t>(starts_.size()); }
  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] const std::vector<std::size_t>& line_starts() const { return starts_; }

  void fault(const ErrorCode& code, Position position, Words param = {}, Words expected = {});

 private:
  const std::string& file_;
  std::string_view text_;
  std::vector<std::size_t> starts_;  // offsets of the lines
  FaultSink& sink_;
};

// Offset just behind the closing quotation mark of the text that opens at `open`, if it closes on its line.
[[nodiscard]] std::optional<std::size_t> closing_quote(std::string_view text, std::size_t open);

// False when the text holds bytes that no configuration may hold; the faults are in the sink: every tab, and the first
// line that is too long, or malformed or control character.
[[nodiscard]] bool check_bytes(YamlSource& source, std::size_t max_line_bytes);

// Puts what the parser said into our words, without anything that it took from the text. `offset` is where it stopped,
// `last_offset` the last value before that.
void report_syntax(YamlSource& source, std::string_view saying, std::size_t offset, std::size_t last_offset);

}  // namespace tongqu
