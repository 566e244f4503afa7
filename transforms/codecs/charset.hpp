#pragma once
// Character sets: bytes ↔ UTF-8. A malformed byte is an error with its offset; nothing is ever replaced by U+FFFD.
//
// GB2312 is a part of GBK and GBK of GB18030, and files labelled with the smaller name often hold the larger set: all
// three labels are decoded as GB18030 (edition 2022, with characters outside the BMP in four bytes; a single 0x80 is €,
// as Windows writes it). Encoding keeps to what the label promises.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/core/error.hpp"

namespace tongqu {

enum class Charset : std::uint8_t { kUtf8, kUtf16, kUtf16Le, kUtf16Be, kGb18030, kGbk, kGb2312, kLatin1, kAscii };

// By label, any case: utf-8, utf8, utf-16, utf-16le, utf-16be, ucs-2, unicode, gb18030, gb18030-2000, gb18030-2005,
// gb18030-2022, gbk, cp936, ms936, windows-936, x-gbk, gb2312, gb_2312-80, gb2312-80, gb_2312, euc-cn, x-euc-cn,
// csgb2312, iso-8859-1, iso8859-1, iso_8859-1, latin1, us-ascii, ascii. Empty for any other.
[[nodiscard]] std::optional<Charset> charset_of(std::string_view label);
// The name to write in a label: "UTF-8", "GB18030", …
[[nodiscard]] std::string_view name_of(Charset charset);

// A byte order mark at the beginning of `bytes`: UTF-8, UTF-16 in either order, or GB18030's form of U+FEFF.
struct ByteOrderMark {
  Charset charset = Charset::kUtf8;
  std::size_t size = 0;  // bytes
};
[[nodiscard]] std::optional<ByteOrderMark> find_byte_order_mark(std::string_view bytes);

// Bytes that come in pieces. Not thread-safe. kUtf16 takes the order from a mark at the beginning; without one it is
// little-endian, as Windows writes it. No other mark is removed here.
class CharsetDecoder {
 public:
  explicit CharsetDecoder(Charset charset);
  ~CharsetDecoder();
  CharsetDecoder(CharsetDecoder&&) noexcept;
  CharsetDecoder& operator=(CharsetDecoder&&) noexcept;

  // Appends the UTF-8 of `bytes` to `out`; `last` says that nothing follows. Fails with charset.malformed – "GB18030,
  // byte 17": 0-based offset of the first byte that cannot be read, counted from the first piece – and then `out` has
  // everything before that byte, and the decoder is of no more use.
  [[nodiscard]] Status decode(std::string_view bytes, bool last, std::string& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// All at once.
[[nodiscard]] Status decode_charset(std::string_view bytes, Charset charset, std::string& out);

// What to do with a character that the charset does not have.
enum class Unencodable : std::uint8_t { kRefuse, kCharacterReference };  // reference: &#x20BB7;

// Appends the bytes of `utf8` (well-formed) to `out`. kUtf16 begins with a mark and is little-endian; no other charset
// gets a mark. Fails with charset.unencodable (the charset's name); then `out` is as it was.
[[nodiscard]] Status encode_charset(std::string_view utf8, Charset charset, Unencodable unencodable, std::string& out);

}  // namespace tongqu
