#include "gateway/casework/work_calendar.hpp"

#include <algorithm>
#include <optional>

#include "gateway/casework/casework_codes.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kHeading = "date,kind,name";

std::optional<DayKind> kind_of(std::string_view word) {
  if (word == "statutory") return DayKind::kStatutory;
  if (word == "off") return DayKind::kArranged;
  if (word == "work") return DayKind::kMadeUp;
  return std::nullopt;
}

struct Line {
  DayNumber day = 0;
  DayKind kind = DayKind::kWeekday;
  std::string_view name;
};

// One line's day, or the code of what is wrong with it. `after`: the day of the line before.
const ErrorCode* read_line(std::string_view text, int year, std::optional<DayNumber> after, Line& line) {
  const std::size_t comma = text.find(',');
  const auto date = parse_date(text.substr(0, comma));
  if (!date || date->year != year) return &codes::kWorkdaysDate;
  const std::string_view rest = comma == std::string_view::npos ? "" : text.substr(comma + 1);
  const std::size_t second = rest.find(',');
  const auto kind = kind_of(rest.substr(0, second));
  if (!kind) return &codes::kWorkdaysKind;
  line = {day_number(*date), *kind, second == std::string_view::npos ? "" : rest.substr(second + 1)};
  if (after && line.day <= *after) return &codes::kWorkdaysOrder;
  if (line.kind == DayKind::kMadeUp && !is_weekend(line.day)) return &codes::kWorkdaysNothing;
  return nullptr;
}

}  // namespace

std::vector<Fault> WorkCalendar::add_year(int year, std::string_view csv) {
  std::vector<Fault> faults;
  std::map<DayNumber, Listed> days;
  std::uint32_t number = 0;
  for (std::size_t at = 0; at < csv.size();) {
    const std::size_t end = std::min(csv.find('\n', at), csv.size());
    std::string_view text = csv.substr(at, end - at);
    at = end + 1;
    ++number;
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (number == 1) {
      if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
      if (text == kHeading) continue;
      faults.push_back({&codes::kWorkdaysHeading, {}, {}, std::string(kHeading), {number, 1}, Grade::kError});
      continue;
    }
    Line line;
    const auto after = days.empty() ? std::nullopt : std::optional(days.rbegin()->first);
    if (const ErrorCode* code = read_line(text, year, after, line)) {
      faults.push_back({code, {}, {}, std::to_string(year), {number, 1}, Grade::kError});
      continue;
    }
    days.emplace(line.day, Listed{line.kind, std::string(line.name)});
  }
  if (number == 0) faults.push_back({&codes::kWorkdaysHeading, {}, {}, std::string(kHeading), {1, 1}, Grade::kError});
  if (faults.empty()) years_[year] = std::move(days);
  return faults;
}

CalendarDay WorkCalendar::day(DayNumber day) const {
  const auto year = years_.find(date_of_day(day).year);
  const bool known = year != years_.end();
  if (known) {
    if (const auto listed = year->second.find(day); listed != year->second.end())
      return {listed->second.kind, listed->second.name, false};
  }
  return {is_weekend(day) ? DayKind::kWeekend : DayKind::kWeekday, {}, !known};
}

std::vector<int> WorkCalendar::years(bool without_statutory) const {
  std::vector<int> found;
  for (const auto& [year, days] : years_) {
    const bool statutory =
        std::any_of(days.begin(), days.end(), [](const auto& day) { return day.second.kind == DayKind::kStatutory; });
    if (!without_statutory || !statutory) found.push_back(year);
  }
  return found;
}

}  // namespace tongqu
