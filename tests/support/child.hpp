#pragma once
// A program that a test starts and ends, and ports that are free.
#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace tongqu::test {

// A port of 127.0.0.1 on which nobody listens now.
[[nodiscard]] int free_port();
// True when somebody takes connections there.
[[nodiscard]] bool is_listening(int port);

// One process with its own group. Killed, with all that it started, when the object goes.
class Child {
 public:
  // Output goes to the file `log`; `environment` is added to ours. Aborts when it cannot be started.
  Child(const std::vector<std::string>& arguments, const std::map<std::string, std::string>& environment,
        const std::string& log);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void signal(int number) const;        // to the whole group
  void signal_alone(int number) const;  // to the process itself
  // Waits until it ended; the exit code, or 128 + signal.
  int wait();
  [[nodiscard]] bool ended();
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  int status_ = 0;
  bool gone_ = false;
};

}  // namespace tongqu::test
