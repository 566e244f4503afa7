#include "security/privacy/address_parts.hpp"

#include <algorithm>

#include "security/privacy/text_span.hpp"

namespace tongqu {
namespace {

using Kind = AddressPartKind;

struct Unit {
  std::u32string_view word;
  Kind kind = Kind::kPlace;
};

// Longer words before those that they begin with.
constexpr Unit kUnits[] = {{U"自治区", Kind::kDivision}, {U"自治州", Kind::kDivision}, {U"自治县", Kind::kDivision},
                           {U"街道", Kind::kDivision},   {U"开发区", Kind::kDivision}, {U"高新区", Kind::kDivision},
                           {U"新区", Kind::kDivision},   {U"地区", Kind::kDivision},   {U"省", Kind::kDivision},
                           {U"市", Kind::kDivision},     {U"县", Kind::kDivision},     {U"区", Kind::kDivision},
                           {U"镇", Kind::kDivision},     {U"乡", Kind::kDivision},     {U"旗", Kind::kDivision},
                           {U"大道", Kind::kRoad},       {U"大街", Kind::kRoad},       {U"公路", Kind::kRoad},
                           {U"胡同", Kind::kRoad},       {U"国道", Kind::kRoad},       {U"省道", Kind::kRoad},
                           {U"路", Kind::kRoad},         {U"街", Kind::kRoad},         {U"巷", Kind::kRoad},
                           {U"道", Kind::kRoad},         {U"小区", Kind::kPlace},      {U"社区", Kind::kPlace},
                           {U"新村", Kind::kPlace},      {U"村", Kind::kPlace},        {U"庄", Kind::kPlace},
                           {U"屯", Kind::kPlace},        {U"花园", Kind::kPlace},      {U"家园", Kind::kPlace},
                           {U"公寓", Kind::kPlace},      {U"大厦", Kind::kPlace},      {U"广场", Kind::kPlace},
                           {U"公馆", Kind::kPlace},      {U"宿舍", Kind::kPlace},      {U"工业园", Kind::kPlace},
                           {U"大院", Kind::kPlace},      {U"家属院", Kind::kPlace},    {U"新城", Kind::kPlace},
                           {U"名邸", Kind::kPlace},      {U"名苑", Kind::kPlace},      {U"华庭", Kind::kPlace},
                           {U"豪庭", Kind::kPlace},      {U"雅苑", Kind::kPlace},      {U"华府", Kind::kPlace},
                           {U"苑", Kind::kPlace},        {U"园", Kind::kPlace},        {U"墅", Kind::kPlace},
                           {U"坊", Kind::kPlace},        {U"庭", Kind::kPlace},        {U"湾", Kind::kPlace}};
constexpr std::u32string_view kNumberUnitWords[] = {U"号楼", U"号院", U"号", U"单元", U"单元", U"组团", U"幢", U"栋",
                                                    U"棟",   U"座",   U"室", U"弄",   U"楼",   U"层",   U"层", U"房",
                                                    U"户",   U"门",   U"排", U"组",   U"#",    U"期",   U"樓"};
// 区 and 市 within other words are no divisions.
constexpr std::u32string_view kNotBeforeDistrict = U"小社园校厂景库辖";
constexpr std::u32string_view kNotBeforeCity = U"超门股夜集黑楼";
constexpr std::u32string_view kNotAfterCity = U"场民政中区";

bool is_letter(char32_t c) { return c >= U'A' && c <= U'Z'; }
bool is_ascii_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool is_numeral(char32_t c) { return is_ascii_digit(c) || digit_of(c) != U'\0' || c == U'十' || c == U'百'; }
bool is_word(char32_t c) { return c >= 0x3400 || is_letter(c); }
bool is_sign(char32_t c) { return !is_word(c) && !is_ascii_digit(c); }
bool has(std::u32string_view set, char32_t c) { return set.find(c) != std::u32string_view::npos; }

class Cutter {
 public:
  explicit Cutter(std::u32string_view text) : text_(text) {}

  std::vector<AddressPart> run() {
    for (std::size_t i = 0; i < text_.size();) i = step(i);
    close(text_.size());
    return std::move(parts_);
  }

 private:
  std::size_t step(std::size_t i) {
    if (is_sign(text_[i]) || (text_[i] >= 0x3000 && text_[i] <= 0x303F && text_[i] != U'〇') || text_[i] >= 0xFF00) {
      close(i);
      word_ = i + 1;
      return i + 1;
    }
    if (const std::size_t size = address_number_at(text_, i)) {
      close(i);
      const std::size_t unit = number_unit_at(text_, i + size);
      parts_.push_back({i, i + size + unit, Kind::kNumber, unit});
      word_ = i + size + unit;
      return word_;
    }
    AddressUnit unit = place_unit_at(text_, i);
    if (unit.size == 0 || i == word_) return i + 1;
    // 花园小区, 村路: the last word says what it is.
    std::size_t end = i + unit.size;
    for (AddressUnit next = place_unit_at(text_, end); next.size > 0 && unit.kind != Kind::kDivision;
         next = place_unit_at(text_, end)) {
      unit = next;
      end += unit.size;
    }
    parts_.push_back({word_, end, unit.kind, unit.size});
    word_ = end;
    return end;
  }

  // A name that ends without a word for its kind.
  void close(std::size_t end) {
    if (end > word_) parts_.push_back({word_, end, Kind::kPlace, 0});
    word_ = end;
  }

  std::u32string_view text_;
  std::vector<AddressPart> parts_;
  std::size_t word_ = 0;  // where the name that is being read begins
};

}  // namespace

std::vector<AddressPart> parts_of_address(std::u32string_view folded) { return Cutter(folded).run(); }

std::size_t number_unit_at(std::u32string_view folded, std::size_t at) {
  if (at >= folded.size()) return 0;
  const std::u32string_view rest = folded.substr(at, 4);
  for (const std::u32string_view word : kNumberUnitWords) {
    if (rest.starts_with(word)) return word.size();
  }
  return 0;
}

std::size_t address_number_at(std::u32string_view folded, std::size_t at) {
  constexpr std::size_t kMaxSize = 12;
  std::size_t size = 0;
  bool ascii = false;
  bool numeral = false;
  while (size < kMaxSize && at + size < folded.size()) {
    const char32_t c = folded[at + size];
    if (!is_numeral(c) && !is_letter(c)) break;
    ascii = ascii || is_ascii_digit(c);
    numeral = numeral || is_numeral(c);
    ++size;
  }
  if (size == 0) return 0;
  const bool unit = number_unit_at(folded, at + size) > 0;
  const char32_t next = at + size < folded.size() ? folded[at + size] : U'\0';
  const bool road = at + size < folded.size() && place_unit_at(folded, at + size).kind == Kind::kRoad &&
                    place_unit_at(folded, at + size).size > 0 && next != U'巷';
  if (road) return 0;
  if (ascii) return size;
  // 得弄一弄, 走一走: one Chinese digit is a number only with a plain word for a house behind it.
  if (numeral && next == U'弄' && size < 2) return 0;
  if (numeral) return unit || (size >= 3 && (next == U'\0' || is_sign(next))) ? size : 0;
  return unit && size <= 2 ? size : 0;
}

AddressUnit place_unit_at(std::u32string_view folded, std::size_t at) {
  if (at >= folded.size() || folded[at] < 0x3400) return {};
  const std::u32string_view rest = folded.substr(at, 4);
  for (const Unit& unit : kUnits) {
    if (!rest.starts_with(unit.word)) continue;
    const char32_t before = at > 0 ? folded[at - 1] : U'\0';
    const char32_t after = rest.size() > unit.word.size() ? rest[unit.word.size()] : U'\0';
    if (unit.word == U"区" && has(kNotBeforeDistrict, before)) return {};
    if (unit.word == U"市" && (has(kNotAfterCity, after) || has(kNotBeforeCity, before))) return {};
    if (unit.word == U"道" && (before == U'街' || before == U'报' || before == U'知')) return {};
    return {unit.word.size(), unit.kind};
  }
  return {};
}

}  // namespace tongqu
