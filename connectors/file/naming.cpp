#include "connectors/file/naming.hpp"

#include <fnmatch.h>

#include <charconv>

namespace tongqu::file {
namespace {

constexpr std::size_t kDayDigits = 8;
constexpr int kFirstYear = 1900;

int number_in(std::string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

}  // namespace

bool fits(std::string_view pattern, const std::string& name) {
  for (std::size_t begin = 0; begin <= pattern.size();) {
    const std::size_t end = std::min(pattern.find('|', begin), pattern.size());
    if (::fnmatch(std::string(pattern.substr(begin, end - begin)).c_str(), name.c_str(), 0) == 0) return true;
    begin = end + 1;
  }
  return false;
}

std::optional<Instant> day_in_name(std::string_view name) {
  constexpr std::string_view kDigits = "0123456789";
  for (std::size_t begin = name.find_first_of(kDigits); begin != std::string_view::npos;) {
    const std::size_t end = std::min(name.find_first_not_of(kDigits, begin), name.size());
    const std::string_view run = name.substr(begin, end - begin);
    if (run.size() == kDayDigits) {
      CivilTime day;
      day.year = number_in(run.substr(0, 4));
      day.month = number_in(run.substr(4, 2));
      day.day = number_in(run.substr(6, 2));
      const auto at = from_beijing(day);
      if (at && day.year >= kFirstYear) return at;
    }
    begin = name.find_first_of(kDigits, end);
  }
  return std::nullopt;
}

}  // namespace tongqu::file
