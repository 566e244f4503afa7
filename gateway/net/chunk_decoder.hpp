#pragma once
// Chunked transfer coding (RFC 9112 section 7.1), strict and bounded. No I/O.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/core/error.hpp"

namespace tongqu::net {

struct ChunkLimits {
  std::size_t max_body_bytes = 1U << 20U;
  std::size_t max_extension_bytes = 1024;  // of all chunks of one body together
  std::size_t max_trailer_bytes = 4096;    // of all trailer lines together
};

// Decodes one body, fed piece by piece as it arrives. Chunk extensions are checked and dropped; trailers are checked
// and dropped, and those that would change framing or routing are refused. Not thread-safe.
class ChunkDecoder {
 public:
  explicit ChunkDecoder(ChunkLimits limits) : limits_(limits) {}

  struct Step {
    std::size_t consumed = 0;            // bytes of the input that belong to this body
    bool done = false;                   // the last of them was its end
    const ErrorCode* refusal = nullptr;  // net.chunk, net.trailer or net.body-too-large; decoding ends here
  };
  // Appends decoded bytes to `body`. Not to be called again after `done` or a refusal.
  [[nodiscard]] Step feed(std::string_view input, std::string& body);

 private:
  enum class State : std::uint8_t {
    kSize,
    kExtensionName,
    kExtensionToken,
    kExtensionQuoted,
    kExtensionEscape,
    kExtensionEnd,
    kSizeLf,
    kData,
    kDataCr,
    kDataLf,
    kTrailer,
    kTrailerLf,
    kDone
  };
  const ErrorCode* take(char c);
  const ErrorCode* take_size(char c);
  const ErrorCode* take_extension(char c);
  const ErrorCode* take_trailer(char c);
  const ErrorCode* end_of_trailer_line();
  const ErrorCode* end_of_size_line();

  ChunkLimits limits_;
  State state_ = State::kSize;
  std::uint64_t chunk_left_bytes_ = 0;
  std::uint64_t body_bytes_ = 0;
  std::size_t size_digits_ = 0;
  std::size_t extension_bytes_ = 0;
  std::size_t extension_part_bytes_ = 0;  // of the name or value that is being read
  std::size_t trailer_bytes_ = 0;
  std::string trailer_line_;
};

}  // namespace tongqu::net
