// A person's address in all its forms: its parts, each as people write it.
#include <algorithm>
#include <optional>

#include "security/privacy/address_parts.hpp"
#include "security/privacy/known_forms.hpp"

namespace tongqu {
namespace {

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }

std::u32string keyed(std::u32string_view folded) {
  std::u32string out;
  for (const char32_t c : folded) {
    if (!is_dropped(c)) out.push_back(key_of(c));
  }
  return out;
}

// What people write for one another.
constexpr std::u32string_view kNumberUnits[] = {U"号", U"号院", U"弄", U"#", U""};
constexpr std::u32string_view kHouseUnits[] = {U"幢", U"栋", U"座", U"号楼", U"楼", U"号", U"#", U""};
constexpr std::u32string_view kCellUnits[] = {U"单元", U"门", U""};
constexpr std::u32string_view kFloorUnits[] = {U"层", U"楼", U""};
constexpr std::u32string_view kRoomUnits[] = {U"室", U"房", U"号", U"户", U""};

// The number that a numeral with tens stands for: 十5, 2十, 1百05; empty if it holds anything else.
std::optional<unsigned> value_of(std::u32string_view numeral) {
  unsigned total = 0;
  unsigned digit = 0;
  bool plain = true;
  for (const char32_t c : numeral) {
    if (is_digit(c)) {
      digit = plain ? digit * 10 + (c - U'0') : c - U'0';
    } else if (c == U'十' || c == U'百') {
      const unsigned unit = c == U'十' ? 10 : 100;
      total += (digit == 0 ? 1 : digit) * unit;
      digit = 0;
      plain = false;
    } else {
      return std::nullopt;
    }
    if (total + digit > 99999) return std::nullopt;
  }
  return total + digit;
}

std::u32string decimal(unsigned value) {
  std::u32string out;
  do out.insert(out.begin(), U'0' + value % 10);
  while ((value /= 10) > 0);
  return out;
}

// 15 as 十5 and 1十5, 205 as 2百05.
std::vector<std::u32string> numerals(unsigned value) {
  std::vector<std::u32string> out;
  if (value < 10 || value > 999) return out;
  std::u32string low;
  const unsigned tens = value / 10 % 10;
  const unsigned ones = value % 10;
  if (tens > 0)
    low = decimal(tens) + U"十";
  else if (ones > 0)
    low = U"0";
  if (ones > 0) low += decimal(ones);
  if (value >= 100) return {decimal(value / 100) + U"百" + low};
  out.push_back(low);
  if (tens == 1) out.push_back(low.substr(1));
  return out;
}

class AddressForms {
 public:
  explicit AddressForms(std::vector<KnownForm>& forms) : forms_(forms) {}

  void part(std::u32string_view folded, const AddressPart& part) {
    const std::u32string_view characters = folded.substr(part.begin, part.end - part.begin);
    const std::u32string key = keyed(characters);
    switch (part.kind) {
      case AddressPartKind::kDivision: return;
      case AddressPartKind::kRoad: return road(key);
      case AddressPartKind::kPlace: return place(key, keyed(characters.substr(0, characters.size() - part.unit_size)));
      case AddressPartKind::kNumber:
        return number(keyed(characters.substr(0, characters.size() - part.unit_size)),
                      characters.substr(characters.size() - part.unit_size));
    }
  }

 private:
  void add(std::u32string characters, FormRole role, FormEdge edge, std::string_view reason) {
    if (!characters.empty()) forms_.push_back({std::move(characters), edge, role, SpanType::kAddress, reason});
  }

  // The names of province and city may stand before the road without 省 and 市.
  void road(const std::u32string& key) {
    add(key, FormRole::kRoad, FormEdge::kNone, "known address");
    for (std::size_t size = 3; size < key.size() && size <= 5; ++size)
      add(key.substr(key.size() - size), FormRole::kRoad, FormEdge::kNone, "known address");
  }

  void place(const std::u32string& key, const std::u32string& stem) {
    const bool strong = key.size() >= 3 || stem.size() == 1;  // 东苑 says enough, 万达 does not
    add(key, strong ? FormRole::kPlace : FormRole::kStem, FormEdge::kNone, "known address, short form");
    if (stem.size() >= 2 && stem != key) add(stem, FormRole::kStem, FormEdge::kNone, "known address, short form");
  }

  void number(const std::u32string& digits, std::u32string_view unit) {
    const auto is_one_of = [&](auto&& units) { return std::ranges::find(units, unit) != std::ranges::end(units); };
    std::vector<std::u32string_view> units{unit};
    const auto take = [&](auto&& more) { units.insert(units.end(), std::begin(more), std::end(more)); };
    if (unit == U"号" || unit == U"号院" || unit == U"弄")
      take(kNumberUnits);
    else if (unit == U"单元")
      take(kCellUnits);
    else if (unit == U"室" || unit == U"房" || unit == U"户" || unit.empty())
      take(kRoomUnits);
    else if (unit == U"层")
      take(kFloorUnits);
    else if (is_one_of(kHouseUnits))
      take(kHouseUnits);
    else
      take(kCellUnits);
    std::vector<std::u32string> written{digits};
    if (const auto value = value_of(digits)) {
      written.push_back(decimal(*value));
      for (auto& numeral : numerals(*value)) written.push_back(std::move(numeral));
    }
    for (const std::u32string& one : written) {
      for (const std::u32string_view with : units)
        add(one + keyed(with), FormRole::kNumber, FormEdge::kCodes, "known address");
    }
  }

  std::vector<KnownForm>& forms_;
};

}  // namespace

void add_address_forms(std::u32string_view folded, std::vector<KnownForm>& forms) {
  AddressForms out(forms);
  for (const AddressPart& part : parts_of_address(folded)) out.part(folded, part);
}

}  // namespace tongqu
