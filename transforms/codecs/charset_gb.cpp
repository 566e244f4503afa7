#include "transforms/codecs/charset_gb.hpp"

#include <unicode/ucnv.h>
#include <unicode/utf16.h>

#include <algorithm>
#include <array>

#include "gateway/core/text.hpp"

namespace tongqu::gb {
namespace {

// Private use in the edition of 2005 → the character itself in the edition of 2022.
struct Moved {
  char16_t before;
  char16_t now;
};
constexpr std::array<Moved, 18> kMoved{{{0xE78D, 0xFE10},
                                        {0xE78E, 0xFE12},
                                        {0xE78F, 0xFE11},
                                        {0xE790, 0xFE13},
                                        {0xE791, 0xFE14},
                                        {0xE792, 0xFE15},
                                        {0xE793, 0xFE16},
                                        {0xE794, 0xFE17},
                                        {0xE795, 0xFE18},
                                        {0xE796, 0xFE19},
                                        {0xE81E, 0x9FB4},
                                        {0xE826, 0x9FB5},
                                        {0xE82B, 0x9FB6},
                                        {0xE82C, 0x9FB7},
                                        {0xE832, 0x9FB8},
                                        {0xE843, 0x9FB9},
                                        {0xE854, 0x9FBA},
                                        {0xE864, 0x9FBB}}};

char16_t to_now(char16_t unit) {
  if (unit < kMoved.front().before || unit > kMoved.back().before) return unit;
  const auto found = std::find_if(kMoved.begin(), kMoved.end(), [unit](const Moved& m) { return m.before == unit; });
  return found == kMoved.end() ? unit : found->now;
}

char32_t to_before(char32_t code_point) {
  if (code_point < 0x9FB4 || code_point > 0xFE19) return code_point;
  const auto found =
      std::find_if(kMoved.begin(), kMoved.end(), [code_point](const Moved& m) { return m.now == code_point; });
  return found == kMoved.end() ? code_point : found->before;
}

// Rows of GB 2312-80: lead byte, first and last trail byte.
struct Row {
  unsigned char lead, first, last;
};
constexpr std::array<Row, 15> kRows{{{0xA1, 0xA1, 0xFE},
                                     {0xA2, 0xB1, 0xE2},
                                     {0xA2, 0xE5, 0xEE},
                                     {0xA2, 0xF1, 0xFC},
                                     {0xA3, 0xA1, 0xFE},
                                     {0xA4, 0xA1, 0xF3},
                                     {0xA5, 0xA1, 0xF6},
                                     {0xA6, 0xA1, 0xB8},
                                     {0xA6, 0xC1, 0xD8},
                                     {0xA7, 0xA1, 0xC1},
                                     {0xA7, 0xD1, 0xF1},
                                     {0xA8, 0xA1, 0xBA},
                                     {0xA8, 0xC5, 0xE9},
                                     {0xA9, 0xA4, 0xEF},
                                     {0xD7, 0xA1, 0xF9}}};

bool is_gb2312(unsigned char lead, unsigned char trail) {
  if (trail < 0xA1 || trail > 0xFE) return false;
  if (lead >= 0xB0 && lead <= 0xF7 && lead != 0xD7) return true;
  return std::any_of(kRows.begin(), kRows.end(),
                     [=](const Row& row) { return row.lead == lead && trail >= row.first && trail <= row.last; });
}

UConverter* open(const char* name) {
  UErrorCode status = U_ZERO_ERROR;
  UConverter* converter = ucnv_open(name, &status);
  if (U_FAILURE(status)) return nullptr;
  ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  ucnv_setFromUCallBack(converter, UCNV_FROM_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  ucnv_setFallback(converter, false);
  return converter;
}

// Appends UTF-16 whose pairs may be cut at the end; `half` keeps the first part of a pair.
void append_units(const UChar* begin, const UChar* end, char16_t& half, std::string& out) {
  for (; begin != end; ++begin) {
    if (half != 0) {
      append_utf8(out, static_cast<char32_t>(U16_GET_SUPPLEMENTARY(half, *begin)));
      half = 0;
    } else if (U16_IS_LEAD(*begin)) {
      half = *begin;
    } else {
      append_utf8(out, to_now(*begin));
    }
  }
}

}  // namespace

struct Decoder::Converter {
  UConverter* icu = open("gb18030");
  char16_t half = 0;
  Converter() = default;
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  ~Converter() { ucnv_close(icu); }
};

Decoder::Decoder() : converter_(std::make_unique<Converter>()) {}
Decoder::~Decoder() = default;

std::optional<std::ptrdiff_t> Decoder::decode(std::string_view bytes, bool last, std::string& out) {
  constexpr unsigned char kEuroOfWindows = 0x80;
  if (converter_->icu == nullptr) return 0;
  std::array<UChar, 2048> units;
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  for (;;) {
    UErrorCode status = U_ZERO_ERROR;
    UChar* target = units.data();
    ucnv_toUnicode(converter_->icu, &target, units.data() + units.size(), &at, end, nullptr, last, &status);
    append_units(units.data(), target, converter_->half, out);
    if (status == U_BUFFER_OVERFLOW_ERROR) continue;
    if (U_SUCCESS(status)) return std::nullopt;
    std::array<char, 8> wrong{};
    auto size = static_cast<std::int8_t>(wrong.size());
    UErrorCode asked = U_ZERO_ERROR;
    ucnv_getInvalidChars(converter_->icu, wrong.data(), &size, &asked);
    if (size == 1 && static_cast<unsigned char>(wrong[0]) == kEuroOfWindows) {
      append_utf8(out, U'€');
      continue;
    }
    // Bytes of an earlier piece that ICU took back are read again later; they stand behind the malformed ones.
    return (at - bytes.data()) - size - ucnv_toUCountPending(converter_->icu, &asked);
  }
}

struct Encoder::Converter {
  UConverter* icu;
  explicit Converter(const char* name) : icu(open(name)) {}
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  ~Converter() { ucnv_close(icu); }
};

// ICU's table of Windows is GBK without what GB18030 added; its two-byte characters are the same.
Encoder::Encoder(Charset charset)
    : converter_(std::make_unique<Converter>(charset == Charset::kGb18030 ? "gb18030" : "windows-936-2000")),
      charset_(charset) {}
Encoder::~Encoder() = default;

bool Encoder::append(char32_t code_point, std::string& out) {
  if (code_point < 0x80) {
    out.push_back(static_cast<char>(code_point));
    return true;
  }
  if (converter_->icu == nullptr) return false;
  const char32_t wanted = charset_ == Charset::kGb18030 ? to_before(code_point) : code_point;
  std::array<UChar, 2> units{};
  std::int32_t unit_count = 0;
  U16_APPEND_UNSAFE(units.data(), unit_count, static_cast<UChar32>(wanted));
  std::array<char, 8> bytes{};
  UErrorCode status = U_ZERO_ERROR;
  const std::int32_t size =
      ucnv_fromUChars(converter_->icu, bytes.data(), bytes.size(), units.data(), unit_count, &status);
  if (U_FAILURE(status) || size == 0) return false;
  const auto byte = [&bytes](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  if (charset_ == Charset::kGb2312 && (size != 2 || !is_gb2312(byte(0), byte(1)))) return false;
  out.append(bytes.data(), static_cast<std::size_t>(size));
  return true;
}

}  // namespace tongqu::gb
