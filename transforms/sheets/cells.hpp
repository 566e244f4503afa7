#pragma once
// Values of cells as text (ISO/IEC 29500-1, sections 18.3.1.4, 18.8.30, 18.17.4).
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tongqu::sheets {

// Does a number format show a date or a time? `id` of the built-in formats, `code` of a format of the file's own (empty
// = built-in).
[[nodiscard]] bool is_date_format(std::uint32_t id, std::string_view code);

// The text of a number as a person sees it. Empty: it has lost digits (more than 15), or it is no number.
[[nodiscard]] std::optional<std::string> number_text(std::string_view stored);

// The text of a serial date; `from_1904`: the workbook counts from 1904. Empty: no date that the format knows.
[[nodiscard]] std::optional<std::string> date_text(std::string_view stored, bool from_1904);

// Column of a reference: "AB12" → 28. 0 = no reference.
[[nodiscard]] std::size_t column_of(std::string_view reference);
[[nodiscard]] std::size_t row_of(std::string_view reference);

}  // namespace tongqu::sheets
