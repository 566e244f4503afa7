#include "gateway/casework/casework_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kWorkdaysHeading{"workdays.heading", ErrorKind::kInvalid,
                                 "The first line of a table of working days is {}.", "工作日表的第一行须为 {}。"};
const ErrorCode kWorkdaysDate{"workdays.date", ErrorKind::kInvalid,
                              "Expected a date of the year {}, written YYYY-MM-DD.",
                              "应为 {} 年的日期，写作 YYYY-MM-DD。"};
const ErrorCode kWorkdaysKind{"workdays.kind", ErrorKind::kInvalid,
                              "A day is \"off\" (a day off) or \"work\" (worked).",
                              "日期类别须为 off（放假）或 work（补班）。"};
const ErrorCode kWorkdaysOrder{"workdays.order", ErrorKind::kInvalid, "Dates go upwards, each once.",
                               "日期须由早到晚排列，且不得重复。"};
const ErrorCode kWorkdaysNothing{
    "workdays.nothing", ErrorKind::kInvalid,
    "A weekend is worked only as \"work\", a weekday is worked anyway: this line changes nothing.",
    "工作日本来就上班，无须列为补班：本行不起作用。"};

std::span<const ErrorCode* const> casework_codes() {
  static constexpr std::array<const ErrorCode*, 5> kAll{&kWorkdaysHeading, &kWorkdaysDate, &kWorkdaysKind,
                                                        &kWorkdaysOrder, &kWorkdaysNothing};
  return kAll;
}

}  // namespace tongqu::codes
