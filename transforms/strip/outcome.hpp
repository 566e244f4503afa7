#pragma once
// How tongqu-strip ends. A process of its own for one content: whatever its parsers do, the gateway lives on, and there
// is no key and no other content in its memory. Every fault ends it at once; nothing has to be put in order.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace tongqu::strip {

// Exit status. What ends by a signal is kMalformed, or kLimit for SIGXCPU, SIGXFSZ and a kill by the gateway.
enum class Outcome : std::uint8_t {
  kDone = 0,        // the copy is on standard output, and was looked through again
  kMalformed = 10,  // cannot be read
  kLimit = 11,      // pixels, objects, time or memory
  kNotClean = 12,   // the copy still had what it must not have
  kUnknownType = 13,
  kIo = 14  // standard input or output
};
[[noreturn]] void end(Outcome outcome);

// The whole content, mapped from standard input.
struct Input {
  const unsigned char* data = nullptr;
  std::size_t size = 0;
};

inline constexpr std::uint64_t kMaxPixels = 100'000'000;
inline constexpr std::size_t kMaxPictureBytes = 128U << 20U;  // of a picture, and of a PDF: these are mapped whole
inline constexpr std::uint64_t kMaxFilmBytes = 4ULL << 30U;

// Each writes the copy to `out` or ends the process.
void strip_jpeg(Input in, std::FILE* out);  // transcodes the coefficients: pixels stay, no marker but what is written
void strip_png(Input in, std::FILE* out);   // pixels stay; of the chunks those that say how to show them
void strip_pdf(Input in, std::FILE* out);
void strip_media(int in, int out, std::string_view media_type);  // remux: no stream is decoded

// Of Exif data (without "Exif\0\0"): 1 … 8, 0 = it does not say.
[[nodiscard]] int orientation_of(const unsigned char* exif, std::size_t size);
// Exif data that say the orientation and nothing else.
[[nodiscard]] std::string exif_with(int orientation);
// Whether exiv2 finds anything but orientation in a picture.
[[nodiscard]] bool is_clean_picture(Input picture);
// Whether none of what strip_pdf takes out is in a PDF.
[[nodiscard]] bool is_clean_pdf(Input copy);

}  // namespace tongqu::strip
