#pragma once
// The command line (design section 9). Each command is one function that reads its options and gives the exit status:
// 0 done, 1 found something wrong, 2 called wrongly.
#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "gateway/core/document.hpp"
#include "gateway/core/error.hpp"

namespace tongqu::app {

inline constexpr int kDone = 0;
inline constexpr int kFoundWrong = 1;
inline constexpr int kCalledWrongly = 2;

// What every command knows. `run` is set by the chosen command's callback and called once by main.
struct Command {
  Lang lang = Lang::kChinese;
  std::string format = "text";  // "text" or "json"
  std::function<int()> run;
};

// Each adds its subcommands to `app`. `command` outlives the parse.
void add_serve(CLI::App& app, Command& command);
void add_check(CLI::App& app, Command& command);  // check, test
void add_explain(CLI::App& app, Command& command);
void add_explain_stored(CLI::App& exchanges, Command& command);  // tongqu exchanges explain
void add_matches(CLI::App& exchanges, Command& command);         // tongqu exchanges matches
void add_mask(CLI::App& app, Command& command);
void add_deadline(CLI::App& app, Command& command);
void add_calendar(CLI::App& app, Command& command);
void add_import(CLI::App& app, Command& command);  // import check
void add_send(CLI::App& app, Command& command);
void add_operate(CLI::App& app, Command& command);  // status, exchanges, dead-letters, tasks, partner, reload
void add_tasks(CLI::App& app, Command& command);    // called by add_operate
void add_grants(CLI::App& app, Command& command);   // as above
void add_transcript(CLI::App& app, Command& command);
void add_directory(CLI::App& app, Command& command);
void add_audit(CLI::App& app, Command& command);
void add_disclosures(CLI::App& app, Command& command);
void add_keys(CLI::App& app, Command& command);
void add_mapping(CLI::App& app, Command& command);
void add_partner_add(CLI::App& app, Command& command);  // after add_operate
void add_sheets(CLI::App& app, Command& command);       // tables, and export and import of mappings; after add_mapping
void add_reference(CLI::App& app, Command& command);    // reference pages, completion, manual page

// Prints an error with its faults to standard error and gives kFoundWrong.
int report(const Error& error, const Command& command);
// May a person at descriptor `fd` be shown colours? A terminal that is not dumb, and NO_COLOR is not set.
[[nodiscard]] bool has_colours(int fd);
// A whole file; `path` "-" is standard input. At most 64 MiB.
[[nodiscard]] Result<std::string> read_input(const std::string& path);
// Writes a whole file atomically (temporary name, then rename), mode 0600 when `secret`.
[[nodiscard]] Status write_output(const std::string& path, std::string_view bytes, bool secret);

// A table of texts for people; columns are padded by display width (Chinese characters count two).
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> heads) : heads_(std::move(heads)) {}
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  void print(std::ostream& out) const;

 private:
  std::vector<std::string> heads_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace tongqu::app
