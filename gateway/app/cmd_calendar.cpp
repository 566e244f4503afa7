// tongqu calendar: the State Council's notice for a year becomes a table of rules/workdays. Dry run first.
#include <filesystem>
#include <iostream>

#include "gateway/app/app_codes.hpp"
#include "gateway/app/commands.hpp"
#include "gateway/casework/casework_codes.hpp"
#include "gateway/casework/work_calendar.hpp"

namespace tongqu::app {
namespace {

namespace fs = std::filesystem;

struct CalendarOptions {
  std::string directory;
  int year = 0;
  std::string file;
  bool write = false;
};

std::string kind_text(const CalendarDay& day, bool zh) {
  switch (day.kind) {
    case DayKind::kWeekday: return zh ? "工作日" : "working day";
    case DayKind::kMadeUp: return zh ? "补班" : "make-up working day";
    case DayKind::kWeekend: return zh ? "周末" : "weekend";
    case DayKind::kStatutory: return zh ? "法定节假日" : "statutory holiday";
    case DayKind::kArranged: return zh ? "放假调休" : "day off as arranged";
  }
  return {};
}

// Days of `year` that become others; how many are printed.
int print_changes(const WorkCalendar& before, const WorkCalendar& after, int year, bool zh) {
  TextTable table(zh ? std::vector<std::string>{"日期", "原为", "改为", "名称"}
                     : std::vector<std::string>{"date", "was", "becomes", "name"});
  int changes = 0;
  for (DayNumber day = day_number({year, 1, 1}); date_of_day(day).year == year; ++day) {
    const CalendarDay was = before.day(day);
    const CalendarDay becomes = after.day(day);
    if (was.kind == becomes.kind && was.name == becomes.name) continue;
    table.add({day_text(day), kind_text(was, zh), kind_text(becomes, zh), std::string(becomes.name)});
    ++changes;
  }
  if (changes > 0) table.print(std::cout);
  return changes;
}

int import_year(const CalendarOptions& options, const Command& command) {
  const bool zh = command.lang == Lang::kChinese;
  const fs::path target = fs::path(options.directory) / "rules/workdays" / (std::to_string(options.year) + ".csv");
  std::error_code failed;
  if (!fs::is_directory(target.parent_path(), failed))
    return report(make_error(codes::kDeadlineFile, target.parent_path().string()), command);
  auto bytes = read_input(options.file);
  if (bytes.has_error()) return report(bytes.error(), command);
  WorkCalendar before, after;
  if (fs::exists(target, failed)) {
    auto old = read_input(target.string());
    if (old.has_error()) return report(old.error(), command);
    // A broken table is replaced as a whole: its faults are the matter of `tongqu check`.
    if (!before.add_year(options.year, *old).empty()) before = {};
  }
  std::vector<Fault> faults = after.add_year(options.year, *bytes);
  if (!faults.empty()) {
    Error error = make_error(*faults.front().code, faults.front().param);
    error.faults = std::move(faults);
    return report(error, command);
  }
  if (!after.years(true).empty()) return report(make_error(codes::kRulesScope, std::to_string(options.year)), command);
  const int changes = print_changes(before, after, options.year, zh);
  std::cout << (zh ? "变更 " : "changed days: ") << changes << (zh ? " 日\n" : "\n");
  if (!options.write) {
    std::cout << (zh ? "仅预览，未写入；确认后加 --write\n" : "dry run, nothing written; --write writes the table\n");
    return kDone;
  }
  if (auto status = write_output(target.string(), *bytes, false); status.has_error())
    return report(status.error(), command);
  std::cout << (zh ? "已写入 " : "written: ") << target.string()
            << (zh ? "；重新加载配置后生效，暂定期限须重新计算\n"
                   : "; reload the configuration, and compute provisional deadlines again\n");
  return kDone;
}

}  // namespace

void add_calendar(CLI::App& app, Command& command) {
  auto options = std::make_shared<CalendarOptions>();  // second owner: the callback
  auto* calendar = app.add_subcommand("calendar", "工作日表 / tables of working days");
  calendar->require_subcommand(1);
  auto* import = calendar->add_subcommand("import", "导入一年的放假安排，先预览 / takes a year's table; dry run first");
  import->add_option("YEAR", options->year, "年份 / year")->required()->check(CLI::Range(1990, 2100));
  import
      ->add_option("FILE", options->file,
                   "CSV：date,kind,name；kind 为 statutory、off、work / a CSV file, - is standard input")
      ->required();
  import->add_option("-c,--config", options->directory, "配置目录 / configuration directory")->required();
  import->add_flag("--write", options->write, "写入 / write it");
  import->callback(
      [options, &command] { command.run = [options, &command] { return import_year(*options, command); }; });
}

}  // namespace tongqu::app
