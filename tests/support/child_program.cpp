#include "tests/support/child_program.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "tests/support/data.hpp"

namespace tongqu::test {
namespace {

constexpr const char* kName = "TONGQU_CHILD_PROGRAM";

// GoogleTest sets environments up before the first test, after its own start and behind all static objects.
class InPlaceOfTests final : public testing::Environment {
 public:
  InPlaceOfTests(std::string name, void (*run)()) : name_(std::move(name)), run_(run) {}
  void SetUp() override {
    const char* wanted = std::getenv(kName);
    if (wanted == nullptr || name_ != wanted) return;
    run_();
    std::exit(0);
  }

 private:
  std::string name_;
  void (*run_)();
};

}  // namespace

ChildProgram::ChildProgram(std::string name, void (*run)()) : name_(std::move(name)) {
  testing::AddGlobalTestEnvironment(new InPlaceOfTests(name_, run));  // GoogleTest takes it
}

std::unique_ptr<Child> ChildProgram::start(const std::map<std::string, std::string>& environment,
                                           const std::string& log) const {
  std::map<std::string, std::string> all = environment;
  all[kName] = name_;
  return std::make_unique<Child>(std::vector<std::string>{std::filesystem::read_symlink("/proc/self/exe")}, all, log);
}

ChildProgram::Told ChildProgram::run_until_told(const std::map<std::string, std::string>& environment,
                                                std::size_t lines,
                                                const std::function<bool(std::string_view)>& counts) const {
  const std::string pipe = temporary_folder("told") / "lines";
  if (::mkfifo(pipe.c_str(), 0600) != 0) std::abort();
  const auto child = start(environment, pipe);
  const int in = ::open(pipe.c_str(), O_RDONLY | O_CLOEXEC);  // until the child has opened it, too
  Told told;
  std::string text;
  char buffer[4096];
  for (ssize_t got = 0; (got = ::read(in, buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(got));
    for (std::size_t end = 0; (end = text.find('\n')) != std::string::npos; text.erase(0, end + 1)) {
      if (counts(std::string_view(text).substr(0, end))) told.lines.push_back(text.substr(0, end));
    }
    if (told.lines.size() >= lines) child->signal(SIGKILL);
  }
  ::close(in);
  told.whole = child->wait() == 0;
  return told;
}

}  // namespace tongqu::test
