#pragma once
// Lines of words, strictly: one blank between words, no word empty. For the files of a link.
#include <cstdint>
#include <string_view>
#include <vector>

#include "gateway/core/clock.hpp"

namespace tongqu::link {

class LineReader {
 public:
  explicit LineReader(std::string_view text) : text_(text) {}
  // The words behind `first` when the next line begins with it and has exactly `count` further ones (each a name, see
  // is_word); else empty, and the line stays.
  [[nodiscard]] std::vector<std::string_view> words(std::string_view first, std::size_t count);
  // The one word behind `first`, of any length; else empty, and the line stays.
  [[nodiscard]] std::string_view long_word(std::string_view first);
  // Reads "<first> <RFC 3339>" in exactly the form that is written.
  [[nodiscard]] bool instant(std::string_view first, Instant& out);
  // The next line whole; failed() when there is none.
  [[nodiscard]] std::string_view raw();
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] bool at_end();
  // Of the line that was asked for last, from 1.
  [[nodiscard]] std::size_t line_number() const { return asked_; }

 private:
  [[nodiscard]] std::string_view peek();
  void skip(std::size_t bytes);

  std::string_view text_;
  std::size_t line_ = 1;
  std::size_t asked_ = 1;
  bool failed_ = false;
};

// Plain decimal without leading zeros, at most 18 digits.
[[nodiscard]] bool read_number(std::string_view text, std::uint64_t& out);
// 64 small hexadecimal digits.
[[nodiscard]] bool is_hex_digest(std::string_view text);

}  // namespace tongqu::link
