#include "connectors/file/watchdog.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

namespace tongqu::file {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

Watchdog::Watchdog() : thread_([this] { run(); }) {}

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
  if (fd_ >= 0) ::close(fd_);
}

void Watchdog::watch(int fd) {
  const std::lock_guard lock(mutex_);
  if (fd_ >= 0) ::close(fd_);
  fd_ = fd < 0 ? -1 : ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
  fired_ = false;
  changed_.notify_all();
}

void Watchdog::begin(std::int64_t timeout_ms) {
  const std::lock_guard lock(mutex_);
  due_ = steady_clock::now() + milliseconds(timeout_ms);
  changed_.notify_all();
}

bool Watchdog::end() {
  const std::lock_guard lock(mutex_);
  due_ = Time::max();
  return !fired_;
}

void Watchdog::cut(std::int64_t grace_ms) {
  const std::lock_guard lock(mutex_);
  cut_due_ = std::min(cut_due_, steady_clock::now() + milliseconds(grace_ms));
  changed_.notify_all();
}

void Watchdog::run() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    const Time due = std::min(due_, cut_due_);
    const bool armed = fd_ >= 0 && !fired_ && due != Time::max();
    if (!armed) {
      changed_.wait(lock);
    } else if (steady_clock::now() < due) {
      changed_.wait_until(lock, due);
    } else {
      fired_ = true;
      ::shutdown(fd_, SHUT_RDWR);
    }
  }
}

}  // namespace tongqu::file
