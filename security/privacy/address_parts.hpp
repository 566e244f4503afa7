#pragma once
// An address cut into its parts by the words that name their kinds (省, 区, 路, 小区, 号, 幢, 室). No list of places.
#include <cstdint>
#include <string_view>
#include <vector>

namespace tongqu {

enum class AddressPartKind : std::uint8_t {
  kDivision,  // province to town: 山东省, 历下区, 舜耕街道
  kRoad,      // road, lane
  kPlace,     // village, housing estate, building, or a name without any such word
  kNumber     // of a house, a staircase, a floor, a room; with its word or without
};

struct AddressPart {
  std::size_t begin = 0, end = 0;  // characters of the text given
  AddressPartKind kind = AddressPartKind::kPlace;
  std::size_t unit_size = 0;  // of the word at its end; 0: none
};

// `folded`: one address, as FoldedText::folded() has it. Signs and blanks belong to no part. Linear.
[[nodiscard]] std::vector<AddressPart> parts_of_address(std::u32string_view folded);

// The word for a house, staircase, floor or room that begins at `at`; 0 if none does.
[[nodiscard]] std::size_t number_unit_at(std::u32string_view folded, std::size_t at);
// The row of digits, Chinese digits, 十百 and single letters that begins at `at`: a number if a unit or no further
// Chinese character follows. 0 if there is none.
[[nodiscard]] std::size_t address_number_at(std::u32string_view folded, std::size_t at);

struct AddressUnit {
  std::size_t size = 0;  // 0: none
  AddressPartKind kind = AddressPartKind::kPlace;
};
// The word of a division, road or place that begins at `at`: 路, 大道, 小区.
[[nodiscard]] AddressUnit place_unit_at(std::u32string_view folded, std::size_t at);

}  // namespace tongqu
