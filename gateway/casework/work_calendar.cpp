#include "gateway/casework/work_calendar.hpp"

#include <charconv>
#include <optional>
#include <string>

#include "gateway/casework/casework_codes.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kHeading = "date,kind,name";

bool is_weekend(CivilDate date) {
  const auto noon = from_beijing({date.year, date.month, date.day, 12});
  if (!noon) return false;
  constexpr std::int64_t kDayMs = 86'400'000;
  return (noon->ms / kDayMs + 4) % 7 % 6 == 0;  // 1970-01-01 was a Thursday; Sunday is 0, Saturday 6
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::optional<CivilDate> date_of(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = number(text.substr(0, 4));
  const auto month = number(text.substr(5, 2));
  const auto day = number(text.substr(8, 2));
  if (!year || !month || !day || !from_beijing({*year, *month, *day})) return std::nullopt;
  return CivilDate{*year, *month, *day};
}

// One line's day, or the code of what is wrong with it.
const ErrorCode* read_line(std::string_view line, int year, CivilDate after, CivilDate& date, bool& works) {
  const std::size_t comma = line.find(',');
  const auto found = date_of(line.substr(0, comma));
  if (!found || found->year != year) return &codes::kWorkdaysDate;
  const std::string_view rest = line.substr(comma + 1);
  const std::string_view kind = rest.substr(0, rest.find(','));
  if (kind != "off" && kind != "work") return &codes::kWorkdaysKind;
  if (*found <= after) return &codes::kWorkdaysOrder;
  if (kind == "work" && !is_weekend(*found)) return &codes::kWorkdaysNothing;
  date = *found;
  works = kind == "work";
  return nullptr;
}

}  // namespace

std::vector<Fault> WorkCalendar::add_year(int year, std::string_view csv) {
  std::vector<Fault> faults;
  std::map<CivilDate, bool> days;
  CivilDate last;
  std::uint32_t number = 0;
  for (std::size_t at = 0; at < csv.size();) {
    const std::size_t end = std::min(csv.find('\n', at), csv.size());
    std::string_view line = csv.substr(at, end - at);
    at = end + 1;
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (number == 1) {
      if (line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
      if (line == kHeading) continue;
      faults.push_back({&codes::kWorkdaysHeading, {}, {}, std::string(kHeading), {number, 1}, Grade::kError});
      continue;
    }
    CivilDate date;
    bool works = false;
    if (const ErrorCode* code = read_line(line, year, last, date, works)) {
      faults.push_back({code, {}, {}, std::to_string(year), {number, 1}, Grade::kError});
      continue;
    }
    days[date] = works;
    last = date;
  }
  if (number == 0) faults.push_back({&codes::kWorkdaysHeading, {}, {}, std::string(kHeading), {1, 1}, Grade::kError});
  if (faults.empty()) years_[year] = std::move(days);
  return faults;
}

bool WorkCalendar::is_workday(CivilDate date) const {
  if (const auto year = years_.find(date.year); year != years_.end()) {
    if (const auto day = year->second.find(date); day != year->second.end()) return day->second;
  }
  return !is_weekend(date);
}

}  // namespace tongqu
