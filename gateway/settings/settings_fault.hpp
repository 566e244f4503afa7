#pragma once
// One fault of the configuration: what, where, what was expected, and the nearest valid word. Never a configured value.
#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

#include "gateway/core/error.hpp"
#include "gateway/settings/field_list.hpp"

namespace tongqu {

struct SettingsFault {
  const ErrorCode* code = nullptr;  // never null
  std::string file = {};            // relative to the configuration directory; empty = the directory itself
  Position position = {};           // 0:0 = the file as a whole
  std::string path = {};            // "inbound.auth.scheme", empty = the whole file
  Words param = {};                 // replaces "{}" in the code's text
  Words expected = {};              // may be empty
  std::string nearest = {};         // nearest valid word, may be empty
  Grade grade = Grade::kError;
  // The line of the source as far as it may be shown: on a line that holds, or may hold, a secret it ends behind the
  // key, or is empty. At most kMaxSourceCodePoints.
  std::string source = {};
  bool loud = false;  // shown red where the terminal has colours

  [[nodiscard]] std::string text(Lang lang) const;
};

inline constexpr std::size_t kMaxSourceCodePoints = 160;

// Collects faults up to a limit; what comes later is counted only. Not thread-safe.
class FaultSink {
 public:
  static constexpr std::size_t kMaxFaults = 1000;
  void add(SettingsFault fault);
  [[nodiscard]] bool has_errors() const { return errors_ > 0; }
  // Gives all faults by file, line and column; the last says how many were not listed, if any. The sink is empty then.
  [[nodiscard]] std::vector<SettingsFault> take();
  // The faults so far that belong to `file`, to complete them.
  template <class Function>
  void for_each_of(const std::string& file, Function function) {
    for (SettingsFault& fault : faults_) {
      if (fault.file == file) function(fault);
    }
  }

 private:
  std::vector<SettingsFault> faults_;
  std::size_t errors_ = 0;
  std::size_t unlisted_ = 0;
};

[[nodiscard]] bool has_errors(const std::vector<SettingsFault>& faults);

// For people, like a compiler: file:line:column: error[code]: text; the line with a caret; expectation; suggestion.
// Wide characters count two columns for the caret.
// With `colours` the first line of a loud one is red.
void print_faults(std::ostream& out, const std::vector<SettingsFault>& faults, Lang lang, bool colours = false);

// For programs: [{"file","line","column","grade","code","path","message_en","message_zh","expected_en","expected_zh",
// "nearest"}, …]; members without content are left out.
[[nodiscard]] std::string faults_to_json(const std::vector<SettingsFault>& faults);

// The one error type between stages: settings.invalid with one core fault each ("partners/a.yaml: inbound.auth").
[[nodiscard]] Error to_error(const std::vector<SettingsFault>& faults);

}  // namespace tongqu
