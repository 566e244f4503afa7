#include "security/privacy/person_form.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <optional>

#include "gateway/core/text.hpp"
#include "security/privacy/privacy_codes.hpp"

namespace tongqu {
namespace {

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool is_latin(char32_t c) { return (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z'); }

// NFKC with case folded; empty when the text is not UTF-8 or too long.
std::optional<std::u32string> folded(std::string_view value) {
  if (value.size() > kMaxPersonValueBytes || !is_utf8(value)) return std::nullopt;
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfkc = icu::Normalizer2::getNFKCCasefoldInstance(status);
  if (U_FAILURE(status)) return std::nullopt;
  const auto source = icu::UnicodeString::fromUTF8({value.data(), static_cast<std::int32_t>(value.size())});
  const icu::UnicodeString normal = nfkc->normalize(source, status);
  if (U_FAILURE(status)) return std::nullopt;
  std::u32string out;
  for (std::int32_t i = 0; i < normal.length(); i = normal.moveIndex32(i, 1)) {
    out.push_back(static_cast<char32_t>(normal.char32At(i)));
  }
  return out;
}

std::string utf8(std::u32string_view text) {
  std::string out;
  for (const char32_t c : text) append_utf8(out, c);
  return out;
}

bool is_mobile(std::string_view digits) {
  return digits.size() == 11 && digits[0] == '1' && digits[1] >= '3' && digits[1] <= '9';
}

// Where an extension begins, or the end.
std::size_t extension_at(std::u32string_view text) {
  std::size_t end = text.size();
  for (const std::u32string_view mark : {U"转", U"轉", U"分机", U"分機", U"ext", U"x", U"#"}) {
    end = std::min(end, text.find(mark));
  }
  return end;
}

std::string phone_form(std::u32string_view text) {
  text = text.substr(0, extension_at(text));
  std::string digits;
  bool is_international = false;
  for (const char32_t c : text) {
    if (is_digit(c)) digits.push_back(static_cast<char>(c));
    if (c == U'+' && digits.empty()) is_international = true;
    if (u_isalpha(static_cast<UChar32>(c)) != 0) return {};  // words, and no telephone number
  }
  if (digits.starts_with("0086")) {
    digits.erase(0, 2);
    is_international = true;
  }
  if (digits.starts_with("86") && (is_international || is_mobile(std::string_view(digits).substr(2)))) {
    digits.erase(0, 2);
    if (is_international && !is_mobile(digits) && !digits.starts_with('0')) digits.insert(0, 1, '0');
  }
  if (digits.starts_with('0') && is_mobile(std::string_view(digits).substr(1))) digits.erase(0, 1);
  return digits.size() >= 5 && digits.size() <= 20 ? digits : std::string();
}

std::string id_form(std::u32string_view text) {
  std::string out;
  for (const char32_t c : text) {
    if (is_digit(c) || is_latin(c)) {
      out.push_back(static_cast<char>(c >= U'a' && c <= U'z' ? c - U'a' + U'A' : c));
    } else if (u_isalpha(static_cast<UChar32>(c)) != 0) {
      return {};
    }
  }
  if (out.size() == 15 &&
      std::all_of(out.begin(), out.end(), [](char c) { return is_digit(static_cast<char32_t>(c)); }))
    out = citizen_id_18(out);
  return out.size() >= 5 && out.size() <= 30 ? out : std::string();
}

// Letters, digits and marks that belong to letters; everything else is how somebody wrote it.
std::string letters_form(std::u32string_view text, std::size_t least, std::size_t most) {
  std::u32string out;
  for (const char32_t c : text) {
    const auto point = static_cast<UChar32>(c);
    if (u_isalnum(point) != 0 || (U_GET_GC_MASK(point) & (U_GC_M_MASK | U_GC_NO_MASK)) != 0) out.push_back(c);
  }
  return out.size() >= least && out.size() <= most ? utf8(out) : std::string();
}

}  // namespace

std::string citizen_id_18(std::string_view digits) {
  std::string id(digits);
  if (id.size() == 15) id.insert(6, "19");
  if (id.size() != 17) return id;
  static constexpr std::array<int, 17> kWeights{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) sum += (id[i] - '0') * kWeights[i];
  id.push_back("10X98765432"[sum % 11]);
  return id;
}

Result<std::string> person_form(std::string_view kind, std::string_view value) {
  static constexpr std::array<std::string_view, 4> kKinds{"phone", "id", "name", "address"};
  if (std::find(kKinds.begin(), kKinds.end(), kind) == kKinds.end())
    return make_error(codes::kPersonKind, "phone, id, name, address");
  const auto text = folded(value);
  std::string form;
  if (text) {
    form = kind == "phone"  ? phone_form(*text)
           : kind == "id"   ? id_form(*text)
           : kind == "name" ? letters_form(*text, 2, 60)
                            : letters_form(*text, 4, 400);
  }
  if (form.empty()) return make_error(codes::kPersonValue, std::string(kind));
  return form;
}

}  // namespace tongqu
