#include "connectors/support/wake_up.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>

namespace tongqu {

WakeUp::WakeUp() : event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (event_ < 0) std::abort();
}

WakeUp::~WakeUp() { ::close(event_); }

void WakeUp::ring() const {
  const std::uint64_t one = 1;
  // A full counter is as good as a ring.
  [[maybe_unused]] const auto written = ::write(event_, &one, sizeof one);
}

void WakeUp::wait(int socket, std::int64_t timeout_ms) const {
  std::array<pollfd, 2> what{pollfd{event_, POLLIN, 0}, pollfd{socket, POLLIN, 0}};
  const std::int64_t limit = std::clamp<std::int64_t>(timeout_ms, 0, std::numeric_limits<int>::max());
  ::poll(what.data(), socket < 0 ? 1 : 2, static_cast<int>(limit));
  std::uint64_t rings = 0;
  [[maybe_unused]] const auto taken = ::read(event_, &rings, sizeof rings);
}

}  // namespace tongqu
