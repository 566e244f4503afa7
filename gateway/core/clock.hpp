#pragma once
// Time. Civil times are Beijing time, UTC+8, without daylight saving.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tongqu {

// Milliseconds since 1970-01-01T00:00:00Z.
struct Instant {
  std::int64_t ms = 0;
  friend auto operator<=>(Instant, Instant) = default;
};

// The only source of time; tests drive their own. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
  // Milliseconds of a clock that never jumps; only differences mean anything.
  [[nodiscard]] virtual std::int64_t steady_ms() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override;
  [[nodiscard]] std::int64_t steady_ms() const override;
};

// "2026-03-15T10:00:00.123+08:00"
[[nodiscard]] std::string to_beijing_text(Instant at);
// RFC 3339 with a mandatory offset (or Z); fraction optional, cut to milliseconds. Nothing else is accepted.
[[nodiscard]] std::optional<Instant> parse_rfc3339(std::string_view text);

struct CivilDate {
  int year = 0, month = 0, day = 0;
  friend auto operator<=>(CivilDate, CivilDate) = default;
};

struct CivilTime {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millisecond = 0;
};
[[nodiscard]] CivilTime to_beijing(Instant at);
// Empty when the fields name no existing time (month 13, 30 February, hour 24, second 60).
[[nodiscard]] std::optional<Instant> from_beijing(const CivilTime& civil);

}  // namespace tongqu
