// Telephones, ids, cards, e-mail addresses, plates and accounts in all their forms.
#include <algorithm>

#include "security/privacy/known_forms.hpp"

namespace tongqu {
namespace {

constexpr std::size_t kLeastCode = 4;

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }

SpanType type_of(KnownKind kind) {
  switch (kind) {
    case KnownKind::kName: return SpanType::kName;
    case KnownKind::kPhone: return SpanType::kPhone;
    case KnownKind::kId: return SpanType::kId;
    case KnownKind::kBankCard: return SpanType::kBankCard;
    case KnownKind::kEmail: return SpanType::kEmail;
    case KnownKind::kPlate: return SpanType::kPlate;
    case KnownKind::kPassport: return SpanType::kPassport;
    case KnownKind::kAccount: return SpanType::kAccount;
    case KnownKind::kAddress: return SpanType::kAddress;
  }
  return SpanType::kAccount;
}

class CodeForms {
 public:
  CodeForms(SpanType type, std::vector<KnownForm>& forms, std::vector<KnownCode>& codes)
      : type_(type), forms_(forms), codes_(codes) {}

  void add(std::u32string characters, FormEdge edge, std::string_view reason) {
    if (characters.size() < kLeastCode) return;
    forms_.push_back({std::move(characters), edge, FormRole::kWhole, type_, reason});
  }

  void code(const std::u32string& characters) {
    if (characters.size() >= kLeastCode) codes_.push_back({characters, type_});
  }

  void phone(std::u32string digits) {
    std::erase_if(digits, [](char32_t c) { return !is_digit(c); });
    for (const std::u32string_view country : {U"0086", U"86"}) {
      if (digits.size() > 11 && digits.starts_with(country)) digits.erase(0, country.size());
    }
    code(digits);
    for (const std::u32string_view prefix : {U"", U"86", U"0086", U"0", U"17951"})
      add(std::u32string(prefix) + digits, FormEdge::kDigits, "known telephone");
    if (digits.size() < 10 || digits.front() != U'0') return;
    // A landline without its area code, and with the country's code in place of the 0.
    const std::size_t area = digits[1] == U'1' || digits[1] == U'2' ? 3 : 4;
    add(digits.substr(area), FormEdge::kDigits, "known telephone without area code");
    add(U"86" + digits.substr(1), FormEdge::kDigits, "known telephone");
  }

  void email(const std::u32string& key) {
    add(key, FormEdge::kCodes, "known e-mail");
    code(key);
    const std::u32string local = key.substr(0, key.find(U'@'));
    add(local, FormEdge::kCodes, "local part of a known e-mail");
  }

  void plate(const std::u32string& key) {
    add(key, FormEdge::kNone, "known plate");
    if (key.empty() || key.front() < 0x3400) return;
    add(key.substr(1), FormEdge::kCodes, "known plate without province");
    code(key.substr(1));
  }

 private:
  SpanType type_;
  std::vector<KnownForm>& forms_;
  std::vector<KnownCode>& codes_;
};

}  // namespace

std::u32string key_of_value(std::string_view utf8, std::size_t max_code_points) {
  std::u32string key;
  for (std::size_t at = 0; at < utf8.size() && key.size() < max_code_points;) {
    const char32_t folded = folded_character(take_code_point(utf8, at));
    if (!is_dropped(folded)) key.push_back(key_of(folded));
  }
  return key;
}

void add_code_forms(KnownKind kind, const std::u32string& key, std::vector<KnownForm>& forms,
                    std::vector<KnownCode>& codes) {
  CodeForms out(type_of(kind), forms, codes);
  switch (kind) {
    case KnownKind::kPhone: return out.phone(key);
    case KnownKind::kEmail: return out.email(key);
    case KnownKind::kPlate: return out.plate(key);
    default: break;
  }
  const bool digits = std::ranges::all_of(key, is_digit);
  const std::string_view reason = kind == KnownKind::kId         ? "known id"
                                  : kind == KnownKind::kBankCard ? "known bank card"
                                                                 : "known account or document";
  out.add(key, digits || kind == KnownKind::kId ? FormEdge::kDigits : FormEdge::kCodes, reason);
  out.code(key);
}

}  // namespace tongqu
