// JPEG by libjpeg: the coefficients are read and written anew, so every pixel stays what it was, and no segment of the
// source is copied but the colour profile. Thumbnails, maker notes, comments, second pictures and films behind the end
// have no way into the copy.
// clang-format off: each needs what stands before it
#include <cstdio>
#include <cstdlib>
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

#include "transforms/strip/outcome.hpp"

namespace tongqu::strip {
namespace {

constexpr int kExifMarker = JPEG_APP0 + 1;
constexpr int kProfileMarker = JPEG_APP0 + 2;
constexpr unsigned kLongestMarker = 0xFFFF;
constexpr int kMaxScans = 100;
constexpr std::string_view kExif("Exif\0\0", 6);

[[noreturn]] void fail(j_common_ptr) { end(Outcome::kMalformed); }

// A warning means that pixels were made up in the place of missing ones, but for two: stray bytes between segments,
// which some cameras write, and a colour profile that is none and is left out.
void warn(j_common_ptr info, int level) {
  const int code = info->err->msg_code;
  if (level < 0 && code != JWRN_EXTRANEOUS_DATA && code != JWRN_BOGUS_ICC) end(Outcome::kMalformed);
}
void say_nothing(j_common_ptr) {}

void watch(j_common_ptr info) {
  if (info->is_decompressor != 0 && reinterpret_cast<j_decompress_ptr>(info)->input_scan_number > kMaxScans)
    end(Outcome::kLimit);
}

int orientation_of(const jpeg_decompress_struct& source) {
  for (jpeg_saved_marker_ptr marker = source.marker_list; marker != nullptr; marker = marker->next) {
    const std::string_view data(reinterpret_cast<const char*>(marker->data), marker->data_length);
    if (marker->marker != kExifMarker || !data.starts_with(kExif)) continue;
    return strip::orientation_of(marker->data + kExif.size(), data.size() - kExif.size());
  }
  return 0;
}

}  // namespace

void strip_jpeg(Input in, std::FILE* out) {
  jpeg_error_mgr errors{};
  jpeg_decompress_struct source{};
  jpeg_compress_struct target{};
  source.err = jpeg_std_error(&errors);
  target.err = &errors;
  errors.error_exit = fail;
  errors.emit_message = warn;
  errors.output_message = say_nothing;
  jpeg_create_decompress(&source);
  jpeg_create_compress(&target);
  jpeg_progress_mgr progress{};
  progress.progress_monitor = watch;
  source.progress = &progress;
  jpeg_save_markers(&source, kExifMarker, kLongestMarker);
  jpeg_save_markers(&source, kProfileMarker, kLongestMarker);
  jpeg_mem_src(&source, in.data, in.size);
  (void)jpeg_read_header(&source, TRUE);
  if (static_cast<std::uint64_t>(source.image_width) * source.image_height > kMaxPixels) end(Outcome::kLimit);
  jvirt_barray_ptr* coefficients = jpeg_read_coefficients(&source);
  JOCTET* profile = nullptr;
  unsigned profile_bytes = 0;
  const bool has_profile = jpeg_read_icc_profile(&source, &profile, &profile_bytes) != 0;
  jpeg_copy_critical_parameters(&source, &target);
  target.optimize_coding = TRUE;
  jpeg_stdio_dest(&target, out);
  jpeg_write_coefficients(&target, coefficients);
  if (const int orientation = orientation_of(source); orientation > 1) {
    const std::string exif = std::string(kExif) + exif_with(orientation);
    jpeg_write_marker(&target, kExifMarker, reinterpret_cast<const JOCTET*>(exif.data()),
                      static_cast<unsigned>(exif.size()));
  }
  if (has_profile) jpeg_write_icc_profile(&target, profile, profile_bytes);
  std::free(profile);
  jpeg_finish_compress(&target);
  jpeg_destroy_compress(&target);
  (void)jpeg_finish_decompress(&source);
  jpeg_destroy_decompress(&source);
}

}  // namespace tongqu::strip
