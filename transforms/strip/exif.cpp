#include <exiv2/exiv2.hpp>

#include "transforms/strip/outcome.hpp"

namespace tongqu::strip {
namespace {

constexpr const char* kOrientation = "Exif.Image.Orientation";

}  // namespace

int orientation_of(const unsigned char* exif, std::size_t size) {
  try {
    Exiv2::ExifData data;
    Exiv2::ExifParser::decode(data, exif, static_cast<std::uint32_t>(size));
    const auto found = data.findKey(Exiv2::ExifKey(kOrientation));
    const long value = found == data.end() || found->count() == 0 ? 0 : found->toLong();
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 0;
  } catch (const std::exception&) {
    return 0;  // damaged Exif data are left out like sound ones
  }
}

std::string exif_with(int orientation) {
  Exiv2::ExifData data;
  data[kOrientation] = static_cast<std::uint16_t>(orientation);
  Exiv2::Blob blob;
  Exiv2::ExifParser::encode(blob, Exiv2::littleEndian, data);
  return {blob.begin(), blob.end()};
}

bool is_clean_picture(Input picture) {
  try {
    const auto image = Exiv2::ImageFactory::open(picture.data, static_cast<long>(picture.size));
    image->readMetadata();
    for (const Exiv2::Exifdatum& datum : image->exifData()) {
      if (datum.key() != kOrientation) return false;
    }
    return image->iptcData().empty() && image->xmpData().empty() && image->xmpPacket().empty() &&
           image->comment().empty();
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace tongqu::strip
