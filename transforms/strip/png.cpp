// PNG by libpng: rows are read and written anew, in their own depth and colours. Of the chunks beside them those are
// written that say how to show the pixels; texts, times, Exif data and unknown chunks are not.
#include <png.h>

#include <cstring>
#include <vector>

#include "transforms/strip/outcome.hpp"

namespace tongqu::strip {
namespace {

constexpr png_uint_32 kMaxSide = 100'000;
constexpr png_uint_32 kMaxChunks = 2'000;
constexpr png_alloc_size_t kMaxChunkBytes = 16U << 20U;

struct Source {
  Input in;
  std::size_t at = 0;
};

[[noreturn]] void fail(png_structp, png_const_charp) { end(Outcome::kMalformed); }
void say_nothing(png_structp, png_const_charp) {}

void read_bytes(png_structp png, png_bytep to, std::size_t size) {
  auto* source = static_cast<Source*>(png_get_io_ptr(png));
  if (size > source->in.size - source->at) end(Outcome::kMalformed);
  std::memcpy(to, source->in.data + source->at, size);
  source->at += size;
}

void write_bytes(png_structp png, png_bytep from, std::size_t size) {
  if (std::fwrite(from, 1, size, static_cast<std::FILE*>(png_get_io_ptr(png))) != size) end(Outcome::kIo);
}
void flush(png_structp) {}

void copy_colours(png_structp from, png_infop source, png_structp to, png_infop target) {
  if (png_colorp palette = nullptr; true) {
    int count = 0;
    if (png_get_PLTE(from, source, &palette, &count) != 0) png_set_PLTE(to, target, palette, count);
  }
  png_bytep alphas = nullptr;
  int alpha_count = 0;
  png_color_16p colour = nullptr;
  if (png_get_tRNS(from, source, &alphas, &alpha_count, &colour) != 0)
    png_set_tRNS(to, target, alphas, alpha_count, colour);
  if (png_get_bKGD(from, source, &colour) != 0) png_set_bKGD(to, target, colour);
  png_color_8p bits = nullptr;
  if (png_get_sBIT(from, source, &bits) != 0) png_set_sBIT(to, target, bits);
  png_fixed_point gamma = 0;
  if (png_get_gAMA_fixed(from, source, &gamma) != 0) png_set_gAMA_fixed(to, target, gamma);
  png_fixed_point c[8];
  if (png_get_cHRM_fixed(from, source, c, c + 1, c + 2, c + 3, c + 4, c + 5, c + 6, c + 7) != 0)
    png_set_cHRM_fixed(to, target, c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]);
  int intent = 0;
  png_charp name = nullptr;
  png_bytep profile = nullptr;
  png_uint_32 profile_bytes = 0;
  int method = 0;
  if (png_get_sRGB(from, source, &intent) != 0) {
    png_set_sRGB(to, target, intent);
  } else if (png_get_iCCP(from, source, &name, &method, &profile, &profile_bytes) != 0) {
    png_set_iCCP(to, target, "profile", method, profile, profile_bytes);
  }
  png_uint_32 x = 0;
  png_uint_32 y = 0;
  int unit = 0;
  if (png_get_pHYs(from, source, &x, &y, &unit) != 0) png_set_pHYs(to, target, x, y, unit);
}

void copy_orientation(png_structp from, png_infop source, png_structp to, png_infop target) {
  png_bytep exif = nullptr;
  png_uint_32 exif_bytes = 0;
  if (png_get_eXIf_1(from, source, &exif_bytes, &exif) == 0) return;
  const int orientation = orientation_of(exif, exif_bytes);
  if (orientation <= 1) return;
  std::string own = exif_with(orientation);
  png_set_eXIf_1(to, target, static_cast<png_uint_32>(own.size()), reinterpret_cast<png_bytep>(own.data()));
}

void copy_rows(png_structp from, png_infop source, png_structp to, bool interlaced) {
  const std::size_t row_bytes = png_get_rowbytes(from, source);
  const png_uint_32 height = png_get_image_height(from, source);
  std::vector<png_byte> pixels(interlaced ? row_bytes * height : row_bytes);
  if (!interlaced) {
    for (png_uint_32 y = 0; y < height; ++y) {
      png_read_row(from, pixels.data(), nullptr);
      png_write_row(to, pixels.data());
    }
    return;
  }
  std::vector<png_bytep> rows(height);
  for (png_uint_32 y = 0; y < height; ++y) rows[y] = pixels.data() + row_bytes * y;
  png_read_image(from, rows.data());
  for (png_bytep row : rows) png_write_row(to, row);
}

}  // namespace

void strip_png(Input in, std::FILE* out) {
  Source bytes{in};
  png_structp from = png_create_read_struct(PNG_LIBPNG_VER_STRING, nullptr, fail, say_nothing);
  png_structp to = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, fail, say_nothing);
  png_infop source = from == nullptr ? nullptr : png_create_info_struct(from);
  png_infop target = to == nullptr ? nullptr : png_create_info_struct(to);
  if (source == nullptr || target == nullptr) end(Outcome::kLimit);
  png_set_user_limits(from, kMaxSide, kMaxSide);
  png_set_chunk_cache_max(from, kMaxChunks);
  png_set_chunk_malloc_max(from, kMaxChunkBytes);
  png_set_keep_unknown_chunks(from, PNG_HANDLE_CHUNK_NEVER, nullptr, 0);
  png_set_read_fn(from, &bytes, read_bytes);
  png_set_write_fn(to, out, write_bytes, flush);
  png_read_info(from, source);
  const std::uint64_t width = png_get_image_width(from, source);
  const std::uint64_t height = png_get_image_height(from, source);
  if (width * height > kMaxPixels) end(Outcome::kLimit);
  const bool interlaced = png_get_interlace_type(from, source) != PNG_INTERLACE_NONE;
  if (interlaced) (void)png_set_interlace_handling(from);
  png_set_IHDR(to, target, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height),
               png_get_bit_depth(from, source), png_get_color_type(from, source), PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  copy_colours(from, source, to, target);
  copy_orientation(from, source, to, target);
  png_write_info(to, target);
  copy_rows(from, source, to, interlaced);
  png_read_end(from, nullptr);
  png_write_end(to, nullptr);
  png_destroy_write_struct(&to, &target);
  png_destroy_read_struct(&from, &source, nullptr);
}

}  // namespace tongqu::strip
