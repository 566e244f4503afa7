#pragma once
// GB18030 and its parts on ICU's converters. ICU has the mapping of 2005; the 18 characters that the edition of 2022
// moved out of the private use area are exchanged here, in both directions.
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "transforms/codecs/charset.hpp"

namespace tongqu::gb {

// Bytes in pieces; not thread-safe.
class Decoder {
 public:
  Decoder();
  ~Decoder();
  // Appends to `out`. Empty when everything was read, else the offset of the first malformed byte relative to the
  // beginning of this piece (negative when a character that began in an earlier piece goes wrong).
  [[nodiscard]] std::optional<std::ptrdiff_t> decode(std::string_view bytes, bool last, std::string& out);

 private:
  struct Converter;
  std::unique_ptr<Converter> converter_;
};

// One character after the other.
class Encoder {
 public:
  explicit Encoder(Charset charset);  // kGb18030, kGbk or kGb2312
  ~Encoder();
  // Appends the bytes of a code point; false when the charset has none.
  [[nodiscard]] bool append(char32_t code_point, std::string& out);

 private:
  struct Converter;
  std::unique_ptr<Converter> converter_;
  Charset charset_;
};

}  // namespace tongqu::gb
