#pragma once
// A part of a test that runs as a process of its own, so that it can be killed: the test program is started again and
// runs it in place of its tests.
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/child.hpp"

namespace tongqu::test {

class ChildProgram {
 public:
  // An object of static storage in the file of the test. `run` reads its environment; its return ends the process with
  // 0. One name in a test program.
  ChildProgram(std::string name, void (*run)());

  // Starts it; `environment` and `log` as with Child.
  [[nodiscard]] std::unique_ptr<Child> start(const std::map<std::string, std::string>& environment,
                                             const std::string& log) const;

  struct Told {
    std::vector<std::string> lines;
    bool whole = false;  // it came to its end, with 0
  };
  // Starts it and kills it behind so many lines of its output for which `counts` holds; those are given back, also what
  // was written before the kill was felt.
  [[nodiscard]] Told run_until_told(const std::map<std::string, std::string>& environment, std::size_t lines,
                                    const std::function<bool(std::string_view)>& counts) const;

 private:
  std::string name_;
};

}  // namespace tongqu::test
