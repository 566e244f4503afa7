#pragma once
// The hours in which a partner takes messages. Beijing time. Immutable; thread-safe if `is_workday` is.
#include <functional>
#include <optional>
#include <string_view>

#include "gateway/core/clock.hpp"
#include "gateway/core/error.hpp"

namespace tongqu {

using IsWorkday = std::function<bool(CivilDate)>;

class DeliveryWindow {
 public:
  // How far next_opening looks: longer than any row of holidays.
  static constexpr int kMaxDays = 400;

  // Always open.
  DeliveryWindow() = default;
  // `hours`: "22:00-06:00" (the end may be 24:00), empty = the whole day. A window over midnight belongs to the day on
  // which it opens, also for `workdays_only`: the one of Friday ends on Saturday morning. The opening minute belongs
  // to the window, the closing minute does not. `is_workday` is asked only with `workdays_only`, and needed then.
  // Errors: delivery.window.
  [[nodiscard]] static Result<DeliveryWindow> create(std::string_view hours, bool workdays_only, IsWorkday is_workday);

  [[nodiscard]] bool always_open() const { return always_open_; }
  [[nodiscard]] bool open(Instant at) const { return opened_at(at).has_value(); }
  // When the window that is open at `at` opened; empty while closed. Always open: instant 0.
  [[nodiscard]] std::optional<Instant> opened_at(Instant at) const;
  // The first instant ≥ `at` at which it is open; empty when there is none within kMaxDays.
  [[nodiscard]] std::optional<Instant> next_opening(Instant at) const;
  // When the window that is open at `at` closes; empty while closed, and when always open.
  [[nodiscard]] std::optional<Instant> closes_at(Instant at) const;

 private:
  [[nodiscard]] bool works(std::int64_t day_start_ms) const;

  bool always_open_ = true;
  std::int64_t from_ms_ = 0;    // after midnight
  std::int64_t length_ms_ = 0;  // 1 minute … 24 h
  IsWorkday is_workday_;        // empty = every day
};

}  // namespace tongqu
