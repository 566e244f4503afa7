#include "security/privacy/tokens.hpp"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>

#include "security/crypto/random.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kInformant = "informant";
constexpr std::size_t kMaxValueBytes = 64 * 1024;
constexpr std::size_t kTokenLetters = 16;
// Letters that nobody confuses on the telephone, as in references.
constexpr std::string_view kLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

bool is_invisible(UChar32 c) { return u_isUWhiteSpace(c) != 0 || u_iscntrl(c) != 0 || u_charType(c) == U_FORMAT_CHAR; }

// NFKC of what can be seen; empty when the library cannot.
icu::UnicodeString folded(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfkc = icu::Normalizer2::getNFKCInstance(status);
  if (U_FAILURE(status)) return {};
  const icu::UnicodeString whole = nfkc->normalize(
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size()))), status);
  if (U_FAILURE(status)) return {};
  icu::UnicodeString out;
  for (std::int32_t at = 0; at < whole.length(); at = whole.moveIndex32(at, 1)) {
    if (const UChar32 c = whole.char32At(at); !is_invisible(c)) out.append(c);
  }
  return out;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "+8613812345678", "(0915) 751-8479", "0086-915-7518479".
std::string phone(std::string_view text) {
  const bool plus = text.starts_with("+86") || text.starts_with("(+86");
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits), is_digit);
  const bool zeros = digits.starts_with("0086");
  if (!plus && !zeros) {
    // Written without a plus: only a mobile can be told from a number that begins so.
    const bool mobile = digits.size() == 13 && digits.starts_with("861");
    return mobile ? digits.substr(2) : digits;
  }
  std::string national = digits.substr(zeros ? 4 : 2);
  const bool mobile = national.size() == 11 && national.front() == '1';
  if (!mobile && !national.empty() && national.front() != '0') national.insert(national.begin(), '0');
  return national;
}

bool is_number_kind(std::string_view kind) {
  constexpr std::array<std::string_view, 6> kKinds{"id", "passport", "plate", "bank", "code", "order"};
  return std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
}

std::string with_length(std::string_view part) {
  std::string out;
  for (unsigned shift = 24;; shift -= 8) {
    out.push_back(static_cast<char>((part.size() >> shift) & 0xFFU));
    if (shift == 0) break;
  }
  return out.append(part);
}

}  // namespace

std::string normalised_value(std::string_view kind, std::string_view text) {
  if (text.size() > kMaxValueBytes || !is_utf8(text)) return {};
  icu::UnicodeString seen = folded(text);
  if (is_number_kind(kind)) seen.toUpper(icu::Locale::getRoot());
  if (kind == "email") seen.toLower(icu::Locale::getRoot());
  std::string out;
  seen.toUTF8String(out);
  if (kind == "phone") return phone(out);
  if (is_number_kind(kind)) std::erase_if(out, [](char c) { return c == '-' || c == '.'; });
  return out;
}

TokenMaker::TokenMaker(std::unique_ptr<Suite> suite, std::string_view master_key, std::int64_t version)
    : suite_(std::move(suite)), key_(as_text(suite_->hmac(master_key, {"token-key/", std::to_string(version)}))) {}

TokenMaker::~TokenMaker() { cleanse(key_); }

std::optional<std::string> TokenMaker::token(const PartnerId& recipient, const Label& label,
                                             std::string_view value) const {
  if (label.subject == kInformant) return std::nullopt;
  const std::string plain = normalised_value(label.kind, value);
  if (plain.empty()) return std::nullopt;
  const Digest32 mac = suite_->hmac(
      key_, {with_length(recipient.str()), with_length(label.subject), with_length(label.kind), with_length(plain)});
  std::string out = "T-";
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const std::uint8_t byte : mac) {
    bits = bits << 8U | byte;
    for (count += 8; count >= 5 && out.size() < 2 + kTokenLetters; count -= 5)
      out.push_back(kLetters[bits >> (count - 5U) & 31U]);
    if (out.size() == 2 + kTokenLetters) break;
    bits &= 31U;
  }
  return out;
}

}  // namespace tongqu
