#include "gateway/delivery/delivery_window.hpp"

#include <string>

#include "gateway/delivery/delivery_codes.hpp"

namespace tongqu {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kDayMs = 24 * 60 * kMinuteMs;

// Minutes after midnight of "HH:MM", 00:00 to 24:00.
std::optional<int> parse_minutes(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t i : {0U, 1U, 3U, 4U}) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
  }
  const int hours = (text[0] - '0') * 10 + (text[1] - '0');
  const int minutes = (text[3] - '0') * 10 + (text[4] - '0');
  if (minutes > 59 || hours * 60 + minutes > 24 * 60) return std::nullopt;
  return hours * 60 + minutes;
}

// Beijing has no daylight saving: every civil day has 24 hours.
std::int64_t beijing_midnight_ms(Instant at) {
  const CivilTime c = to_beijing(at);
  return at.ms - (((c.hour * 60LL + c.minute) * 60 + c.second) * 1000 + c.millisecond);
}

}  // namespace

Result<DeliveryWindow> DeliveryWindow::create(std::string_view hours, bool workdays_only, IsWorkday is_workday) {
  DeliveryWindow window;
  if (workdays_only && !is_workday) return make_error(codes::kDeliveryWindow, "workdays_only");
  if (hours.empty() && !workdays_only) return window;
  window.always_open_ = false;
  window.length_ms_ = kDayMs;
  if (workdays_only) window.is_workday_ = std::move(is_workday);
  if (hours.empty()) return window;
  if (hours.size() != 11 || hours[5] != '-') return make_error(codes::kDeliveryWindow, std::string(hours));
  const auto from = parse_minutes(hours.substr(0, 5));
  const auto to = parse_minutes(hours.substr(6));
  if (!from || !to || *from == *to || *from == 24 * 60) {
    return make_error(codes::kDeliveryWindow, std::string(hours));
  }
  window.from_ms_ = *from * kMinuteMs;
  window.length_ms_ = (*to > *from ? *to - *from : *to - *from + 24 * 60) * kMinuteMs;
  return window;
}

bool DeliveryWindow::works(std::int64_t day_start_ms) const {
  if (!is_workday_) return true;
  const CivilTime c = to_beijing({day_start_ms});
  return is_workday_({c.year, c.month, c.day});
}

std::optional<Instant> DeliveryWindow::opened_at(Instant at) const {
  if (always_open_) return Instant{0};
  const std::int64_t today = beijing_midnight_ms(at);
  for (const std::int64_t day : {today, today - kDayMs}) {
    const std::int64_t opens = day + from_ms_;
    if (at.ms >= opens && at.ms < opens + length_ms_ && works(day)) return Instant{opens};
  }
  return std::nullopt;
}

std::optional<Instant> DeliveryWindow::next_opening(Instant at) const {
  if (open(at)) return at;
  const std::int64_t today = beijing_midnight_ms(at);
  for (int i = 0; i <= kMaxDays; ++i) {
    const std::int64_t day = today + i * kDayMs;
    if (day + from_ms_ >= at.ms && works(day)) return Instant{day + from_ms_};
  }
  return std::nullopt;
}

std::optional<Instant> DeliveryWindow::closes_at(Instant at) const {
  const auto opened = opened_at(at);
  if (always_open_ || !opened) return std::nullopt;
  return Instant{opened->ms + length_ms_};
}

}  // namespace tongqu
