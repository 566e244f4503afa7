#pragma once
// A line that keeps its messages in memory, and in a file when the process may be killed. It answers as the real one
// does: the same key again (without one: the same body) is a repeated receipt; a body with REFUSE is turned back with a
// fault in column 3 of line 2.
#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <mutex>

#include "connectors/file/file_codes.hpp"
#include "gateway/core/connector.hpp"

namespace tongqu::test {

class FakeIntake final : public Intake {
 public:
  FakeIntake() = default;
  explicit FakeIntake(const std::string& file) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) keys_[line] += 1;
    fd_ = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  }
  FakeIntake(const FakeIntake&) = delete;
  FakeIntake& operator=(const FakeIntake&) = delete;
  ~FakeIntake() override {
    if (fd_ >= 0) ::close(fd_);
  }

  void accept(InboundMessage message, Done done) override {
    bool repeated = false;
    {
      const std::lock_guard lock(mutex_);
      ++calls;
      if (later_for > 0) {
        --later_for;
        return done(make_error(later_for % 2 == 0 ? codes::kUnavailable : codes::kInternal));
      }
      if (message.body.find("REFUSE") != std::string::npos) {
        Error error = make_error(codes::kFileEmpty);
        error.faults.push_back({&codes::kFileEmpty, "field", "", "", {2, 3}, Grade::kError});
        return done(error);
      }
      const std::string key = message.idempotency_key.empty() ? std::to_string(std::hash<std::string>{}(message.body))
                                                              : message.idempotency_key;
      repeated = keys_[key]++ > 0;
      if (!repeated && fd_ >= 0) {
        const std::string line = key + "\n";
        if (::write(fd_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) ::abort();
      }
      if (!repeated && keep_bodies) bodies.push_back(message.body);
      last = std::move(message);
    }
    done(Accepted{ExchangeId("01ARZ3NDEKTSV4RRFFQ69G5FAV"), {}, false, repeated});
  }
  void turned_back(const std::string& /*source*/, const std::string& /*claim*/, const Error& error) override {
    const std::lock_guard lock(mutex_);
    broken.push_back(error.code);
  }
  [[nodiscard]] std::size_t distinct() const {
    const std::lock_guard lock(mutex_);
    return keys_.size();
  }

  int later_for = 0;  // so many calls are answered with "later"
  bool keep_bodies = true;
  std::uint64_t calls = 0;
  std::vector<std::string> bodies;  // in the order of their first coming
  std::vector<const ErrorCode*> broken;
  InboundMessage last;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, int> keys_;
  int fd_ = -1;
};

}  // namespace tongqu::test
