#include "gateway/app/config_rules.hpp"

#include <algorithm>

#include "gateway/app/app_codes.hpp"
#include "gateway/casework/casework_codes.hpp"

namespace tongqu::app {
namespace {

constexpr std::string_view kWorkdays = "rules/workdays/";
constexpr std::string_view kCsv = ".csv";

SettingsFault fault_at(const ErrorCode& code, const Setting& setting, std::string path, std::string param = {}) {
  SettingsFault fault;
  fault.code = &code;
  fault.file = setting.file();
  fault.position = setting.position();
  fault.path = std::move(path);
  fault.param = {param, param};
  return fault;
}

Bilingual both(const Setting& setting, const std::string& name) {
  return {setting.text(name + "_zh"), setting.text(name + "_en")};
}

class RuleReader {
 public:
  RuleReader(const Settings& settings, std::vector<SettingsFault>& faults) : settings_(settings), faults_(faults) {}

  std::shared_ptr<const RuleBook> read(const WorkCalendar& calendar) {
    const Setting& options = settings_.single("gateway").object("deadlines");
    book_->choice = options.text("rule_choice") == "started" ? RuleChoice::kStarted : RuleChoice::kReceived;
    book_->counting.holiday_scope =
        options.text("holiday_scope") == "statutory" ? HolidayScope::kStatutory : HolidayScope::kArranged;
    book_->counting.weekend_moves = options.boolean("weekend_moves");
    book_->warn_working_days = options.integer("warn_working_days");
    book_->warn_minutes = options.integer("warn_minutes");
    for (const NamedSetting& set : settings_.all("rule-set")) read_set(set);
    read_preferred(options);
    tell_conflicts();
    check_scope(options, calendar);
    return book_;
  }

 private:
  struct Place {
    const Setting* setting;
    std::string path;
  };

  // `own` time limits those of the set.
  RuleTime time_of(const Setting& setting, const std::string& path, RuleTime outer) {
    RuleTime time = outer;
    if (setting.has("valid_from")) time.first = day_number(*parse_date(setting.text("valid_from")));
    if (setting.has("valid_to")) time.last = day_number(*parse_date(setting.text("valid_to")));
    if (time.last < time.first) faults_.push_back(fault_at(codes::kRulesPeriod, setting, path));
    return time;
  }

  void read_set(const NamedSetting& set) {
    const RuleTime time = time_of(set.value, "valid_to", {});
    std::size_t i = 0;
    for (const Setting& setting : set.value.list("rules")) {
      const std::string path = "rules[" + std::to_string(i++) + "]";
      book_->add(rule_of(set, setting, path, time));
      places_.push_back({&setting, path});
    }
  }

  Rule rule_of(const NamedSetting& set, const Setting& setting, const std::string& path, RuleTime time) {
    Rule rule;
    rule.code = setting.text("code");
    rule.topic = setting.has("topic") ? setting.text("topic") : rule.code;
    rule.set = set.id;
    rule.set_title = both(set.value, "title");
    rule.title = both(setting, "title");
    rule.starts = both(setting, "starts");
    rule.due = both(setting, "due");
    rule.basis = both(setting, "basis");
    rule.note = both(setting, "note");
    rule.length = setting.integer("length");
    rule.unit = *time_unit(setting.text("unit"));
    for (const Setting& ground : setting.list("not_counted"))
      rule.not_counted.push_back({ground.text("zh"), ground.text("en")});
    for (const Setting& extension : setting.list("extensions"))
      rule.extensions.push_back({extension.integer("length"), {extension.text("zh"), extension.text("en")}});
    rule.last_day_moves = setting.boolean("last_day_moves");
    rule.is_hotline = setting.text("clock") == "hotline";
    rule.is_alternative = setting.boolean("alternative");
    rule.assumed = set.value.texts("assumed");
    for (const std::string& word : setting.texts("assumed")) {
      if (std::find(rule.assumed.begin(), rule.assumed.end(), word) == rule.assumed.end()) rule.assumed.push_back(word);
    }
    const bool clock = is_clock_time(rule.unit);
    if (setting.has(clock ? "warn_working_days" : "warn_minutes"))
      faults_.push_back(fault_at(codes::kRulesWarn, setting, path));
    rule.warn_working_days =
        setting.has("warn_working_days") ? setting.integer("warn_working_days") : book_->warn_working_days;
    rule.warn_minutes = setting.has("warn_minutes") ? setting.integer("warn_minutes") : book_->warn_minutes;
    rule.time = time_of(setting, path, time);
    return rule;
  }

  void read_preferred(const Setting& options) {
    std::size_t i = 0;
    for (const Setting& name : options.list("prefer")) {
      const std::string path = "deadlines.prefer[" + std::to_string(i++) + "]";
      const auto& rules = book_->rules();
      const bool known = std::any_of(rules.begin(), rules.end(),
                                     [&](const Rule& rule) { return rule.code == name.text() && rule.is_alternative; });
      if (!known) faults_.push_back(fault_at(codes::kRulesPrefer, name, path));
      book_->preferred.push_back(name.text());
    }
  }

  void tell_conflicts() {
    for (const RuleConflict& conflict : conflicts_of(*book_)) {
      const bool overlap = conflict.kind == RuleConflict::Kind::kOverlap;
      const Rule& other = book_->rules()[conflict.other];
      std::string param = other.set + " " + other.code;
      if (conflict.first > std::numeric_limits<DayNumber>::min()) param += ", " + day_text(conflict.first);
      const Place& place = places_[conflict.rule];
      faults_.push_back(fault_at(overlap ? codes::kRulesOverlap : codes::kRulesGap, *place.setting, place.path, param));
    }
  }

  // Where the arranged days do not count as holiday, a table that calls every day "off" would move nothing.
  void check_scope(const Setting& options, const WorkCalendar& calendar) {
    if (book_->counting.holiday_scope != HolidayScope::kStatutory) return;
    for (const int year : calendar.years(true)) {
      SettingsFault fault = fault_at(codes::kRulesScope, options, "deadlines.holiday_scope", std::to_string(year));
      faults_.push_back(std::move(fault));
    }
  }

  const Settings& settings_;
  std::vector<SettingsFault>& faults_;
  std::shared_ptr<RuleBook> book_ = std::make_shared<RuleBook>();
  std::vector<Place> places_;  // of book_->rules(), in their order
};

}  // namespace

std::shared_ptr<const WorkCalendar> read_workdays(const ConfigImage& image, std::vector<SettingsFault>& faults) {
  auto calendar = std::make_shared<WorkCalendar>();
  for (const ConfigFile& file : image.files()) {
    if (!file.path.starts_with(kWorkdays)) continue;
    const std::string_view name = std::string_view(file.path).substr(kWorkdays.size());
    const std::string year(name.ends_with(kCsv) ? name.substr(0, name.size() - kCsv.size()) : "");
    const auto add = [&](const ErrorCode& code, const std::string& param, Position position) {
      SettingsFault fault;
      fault.code = &code;
      fault.file = file.path;
      fault.position = position;
      fault.param = {param, param};
      faults.push_back(std::move(fault));
    };
    if (year.size() != 4 || year.find_first_not_of("0123456789") != std::string::npos) {
      add(codes::kConfigFile, "<year>.csv", {});
      continue;
    }
    for (const Fault& fault : calendar->add_year(std::stoi(year), file.bytes))
      add(*fault.code, fault.param, fault.position);
  }
  return calendar;
}

std::shared_ptr<const RuleBook> read_rules(const Settings& settings, const WorkCalendar& calendar,
                                           std::vector<SettingsFault>& faults) {
  return RuleReader(settings, faults).read(calendar);
}

}  // namespace tongqu::app
