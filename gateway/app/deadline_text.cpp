// Deadlines in words: why each day counted or not, as JSON and for people.
#include <array>
#include <ostream>

#include "gateway/app/commands.hpp"
#include "gateway/app/deadline_answer.hpp"
#include "gateway/core/jcs.hpp"

namespace tongqu::app {
namespace {

constexpr std::array<std::string_view, 7> kWeekdaysZh{"周日", "周一", "周二", "周三", "周四", "周五", "周六"};
constexpr std::array<std::string_view, 7> kWeekdaysEn{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

std::string_view weekday(DayNumber day, bool zh) {
  return (zh ? kWeekdaysZh : kWeekdaysEn)[static_cast<std::size_t>(weekday_of(day))];
}

std::string holiday(const CountedDay& day, bool zh) {
  const bool statutory = day.kind == DayKind::kStatutory;
  std::string text = zh ? (statutory                        ? "法定节假日"
                           : day.kind == DayKind::kArranged ? "放假调休"
                                                            : "周末")
                        : (statutory                        ? "statutory holiday"
                           : day.kind == DayKind::kArranged ? "day off as arranged"
                                                            : "weekend");
  if (!day.name.empty()) text += (zh ? "（" : " (") + day.name + (zh ? "）" : ")");
  return text;
}

Bilingual counted(const DeadlineAnswer& answer, const CountedDay& day) {
  const std::string n = std::to_string(day.ordinal);
  Bilingual text;
  if (day.reason == DayReason::kNatural) {
    text = {"第 " + n + " 日", "day " + n};
  } else {
    text = {"第 " + n + " 个工作日", "working day " + n};
  }
  if (day.reason == DayReason::kMadeUp) {
    text.zh = "补班，" + text.zh;
    text.en = "make-up " + text.en;
  }
  if (day.extension > 0) {
    text.zh += "（第 " + std::to_string(day.extension) + " 次延长）";
    text.en += " (extension " + std::to_string(day.extension) + ")";
  }
  if (day.day == answer.deadline.ended_on && !day.is_due) {
    text.zh += "，为" + holiday(day, true) + "，届满日顺延";
    text.en += ", a " + holiday(day, false) + ": the last day moves";
  }
  return text;
}

std::string moment_text(const Moment& moment) {
  const std::string text = to_beijing_text(moment.at);
  return moment.has_time ? text.substr(0, 19) + text.substr(23) : text.substr(0, 10);
}
std::string instant_text(Instant at) { return moment_text({at, true}); }

std::string due_text(const Deadline& deadline) {
  return deadline.is_clock_time ? instant_text(deadline.over_from) : day_text(deadline.due_day);
}

// "key":"value"
class JsonObject {
 public:
  explicit JsonObject(std::string& out) : out_(out) { out_.push_back('{'); }
  ~JsonObject() { out_.push_back('}'); }
  JsonObject(const JsonObject&) = delete;
  JsonObject& operator=(const JsonObject&) = delete;

  std::string& key(std::string_view name) {
    if (!first_) out_.push_back(',');
    first_ = false;
    append_json_string(out_, name);
    out_.push_back(':');
    return out_;
  }
  void text(std::string_view name, std::string_view value) { append_json_string(key(name), value); }
  void number(std::string_view name, std::int64_t value) { key(name) += std::to_string(value); }
  void boolean(std::string_view name, bool value) { key(name) += value ? "true" : "false"; }
  void both(const Bilingual& value) {
    text("zh", value.zh);
    text("en", value.en);
  }
  // `write(item)` appends one element.
  template <class Items, class Write>
  void list(std::string_view name, const Items& items, const Write& write) {
    key(name).push_back('[');
    bool first = true;
    for (const auto& item : items) {
      if (!first) out_.push_back(',');
      first = false;
      write(item);
    }
    out_.push_back(']');
  }

 private:
  std::string& out_;
  bool first_ = true;
};

void append_day(std::string& out, const DeadlineAnswer& answer, const CountedDay& day) {
  JsonObject object(out);
  object.text("date", day_text(day.day));
  object.boolean("counted", day.counted);
  if (day.counted) object.number(day.reason == DayReason::kClock ? "minutes" : "ordinal", day.ordinal);
  object.text("reason", name_of(day.reason));
  if (!day.name.empty()) object.text("name", day.name);
  object.both(reason_of(answer, day));
  if (day.extension > 0) object.number("extension", static_cast<std::int64_t>(day.extension));
  if (day.provisional) object.boolean("provisional", true);
  if (day.is_due) object.boolean("due", true);
}

void append_rule(std::string& out, JsonObject& object, const Rule& rule) {
  object.text("rule", rule.code);
  object.text("topic", rule.topic);
  object.text("rule_set", rule.set);
  object.text("clock", rule.is_hotline ? "hotline" : "statutory");
  object.key("title");
  {
    JsonObject(out).both(rule.title);
  }
  object.list("assumed", rule.assumed, [&](const std::string& word) { append_json_string(out, word); });
}

}  // namespace

Bilingual unit_text(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kWorkingDays: return {"个工作日", "working days"};
    case TimeUnit::kDays: return {"日（自然日）", "days"};
    case TimeUnit::kHours: return {"小时", "hours"};
    case TimeUnit::kMinutes: return {"分钟", "minutes"};
    case TimeUnit::kMonths: return {"个月", "months"};
    case TimeUnit::kYears: return {"年", "years"};
  }
  return {};
}

Bilingual reason_of(const DeadlineAnswer& answer, const CountedDay& day) {
  switch (day.reason) {
    case DayReason::kStart: return {"开始当日，不计入", "day of the start, not counted"};
    case DayReason::kWorkday:
    case DayReason::kMadeUp:
    case DayReason::kNatural: return counted(answer, day);
    case DayReason::kWeekend:
    case DayReason::kStatutory:
    case DayReason::kArranged: return {holiday(day, true) + "，不计入", holiday(day, false) + ", not counted"};
    case DayReason::kPaused: return {"中止期间，不计入", "paused, not counted"};
    case DayReason::kMovedOver:
      return {holiday(day, true) + "，届满日顺延", holiday(day, false) + ", the last day moves"};
    case DayReason::kMovedTo: return {"顺延后的第一日，为届满日", "first day after it: the last day"};
    case DayReason::kClock: {
      const std::string n = std::to_string(day.ordinal);
      return {"计 " + n + " 分钟", n + " minutes"};
    }
  }
  return {};
}

void append_json(std::string& out, const DeadlineAnswer& answer, bool days, std::optional<Instant> now) {
  const Deadline& deadline = answer.deadline;
  const Counting& counting = answer.counting;
  JsonObject object(out);
  object.text("due", due_text(deadline));
  object.boolean("provisional", deadline.provisional);
  object.text("basis", answer.rule == nullptr ? "" : answer.rule->basis.zh);
  object.text("basis_en", answer.rule == nullptr ? "" : answer.rule->basis.en);
  if (answer.rule != nullptr) append_rule(out, object, *answer.rule);
  object.text("from", moment_text(counting.from));
  if (!answer.received.empty()) object.text("received", answer.received);
  object.number("length", counting.length);
  object.text("unit", name_of(counting.unit));
  object.text("warn_from", instant_text(deadline.warn_from));
  object.text("overdue_from", instant_text(deadline.over_from));
  if (now) object.text("state", name_of(state_of(deadline, *now)));
  object.list("pauses", counting.pauses, [&](const Pause& pause) {
    JsonObject one(out);
    one.text("from", instant_text(pause.from));
    one.text("to", instant_text(pause.to));
  });
  object.list("extensions", counting.extensions, [&](const GrantedExtension& extension) {
    JsonObject one(out);
    one.number("length", extension.length);
    if (extension.stated_on) one.text("on", to_text(*extension.stated_on));
  });
  object.list("remarks", answer.remarks, [&](const Bilingual& remark) { JsonObject(out).both(remark); });
  if (days) object.list("days", deadline.days, [&](const CountedDay& day) { append_day(out, answer, day); });
}

void print_text(std::ostream& out, const DeadlineAnswer& answer, Lang lang, std::optional<Instant> now) {
  const bool zh = lang == Lang::kChinese;
  const auto in = [&](const Bilingual& text) { return zh ? text.zh : text.en; };
  const Deadline& deadline = answer.deadline;
  const Counting& counting = answer.counting;
  const auto line = [&](const char* head_zh, const char* head_en, const std::string& text) {
    out << (zh ? head_zh : head_en) << (zh ? "：" : ": ") << text << '\n';
  };
  const std::string length = std::to_string(counting.length) + " " + in(unit_text(counting.unit));
  if (const Rule* rule = answer.rule; rule != nullptr) {
    out << rule->code << "  " << in(rule->title) << '\n';
    line("依据", "basis", in(rule->basis));
    line("起算", "start", in(rule->starts) + (zh ? "，" : ", ") + moment_text(counting.from));
    line("期限", "period", length + (zh ? "，" : ", ") + in(rule->due));
  } else {
    line("起算", "start", moment_text(counting.from));
    line("期限", "period", length);
  }
  const std::string provisional = deadline.provisional ? (zh ? "（暂定）" : " (provisional)") : "";
  line("届满", "due", due_text(deadline) + " " + std::string(weekday(deadline.due_day, zh)) + provisional);
  line("预警", "warning from", instant_text(deadline.warn_from));
  line("超期", "overdue from", instant_text(deadline.over_from));
  if (now) line("状态", "state", std::string(name_of(state_of(deadline, *now))));
  for (const Bilingual& remark : answer.remarks) line("备注", "remark", in(remark));
  out << '\n';
  TextTable table(zh ? std::vector<std::string>{"日期", "", "计入", "理由"}
                     : std::vector<std::string>{"date", "", "counted", "why"});
  for (const CountedDay& day : deadline.days) {
    std::string mark = day.counted ? (zh ? "是" : "yes") : (zh ? "否" : "no");
    if (day.is_due) mark += zh ? " 届满" : " due";
    if (day.provisional) mark += zh ? " 暂定" : " provisional";
    table.add({day_text(day.day), std::string(weekday(day.day, zh)), mark, in(reason_of(answer, day))});
  }
  table.print(out);
}

}  // namespace tongqu::app
