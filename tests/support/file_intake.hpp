#pragma once
// A line that keeps its effects in a file, as the store does, and ends its process with SIGKILL where it is told to:
// for tests that kill a connector between each two steps and look whether the next process loses or doubles anything.
#include <signal.h>
#include <unistd.h>

#include <condition_variable>
#include <fstream>
#include <mutex>
#include <set>
#include <string>

#include "gateway/core/connector.hpp"

namespace tongqu::test {

// Steps of the `at`-th message: "delivered" to the line, "stored", "answered"; and "behind": the next message came. A
// message with the body "last" is the end. One line of the file for each effect: key, blank, body.
class FileIntake final : public Intake {
 public:
  FileIntake(std::string file, std::string where, int at) : file_(std::move(file)), where_(std::move(where)), at_(at) {
    std::ifstream in(file_);
    for (std::string line; std::getline(in, line);) keys_.insert(line.substr(0, line.find(' ')));
  }
  void accept(InboundMessage message, Done done) override {
    const bool now = ++count_ == at_;
    die(now, "delivered");
    if (keys_.insert(message.idempotency_key).second)
      std::ofstream(file_, std::ios::app) << message.idempotency_key << ' ' << message.body << '\n' << std::flush;
    die(now, "stored");
    done(Accepted{});
    die(now, "answered");
    die(count_ == at_ + 1, "behind");
    if (message.body != "last") return;
    const std::lock_guard lock(mutex_);
    finished_ = true;
    changed_.notify_all();
  }
  void turned_back(const std::string&, const std::string&, const Error&) override {}
  void wait_finished() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return finished_; });
  }

 private:
  void die(bool now, const char* where) const {
    if (now && where_ == where) ::kill(::getpid(), SIGKILL);
  }
  const std::string file_;
  const std::string where_;
  const int at_;
  int count_ = 0;
  std::set<std::string> keys_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool finished_ = false;
};

}  // namespace tongqu::test
