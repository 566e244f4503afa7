#include "gateway/casework/casework_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kWorkdaysHeading{"workdays.heading", ErrorKind::kInvalid,
                                 "The first line of a table of working days is {}.", "工作日表的第一行须为 {}。"};
const ErrorCode kWorkdaysDate{"workdays.date", ErrorKind::kInvalid,
                              "Expected a date of the year {}, written YYYY-MM-DD.",
                              "应为 {} 年的日期，写作 YYYY-MM-DD。"};
const ErrorCode kWorkdaysKind{
    "workdays.kind", ErrorKind::kInvalid,
    "A day is \"statutory\" (statutory holiday), \"off\" (another day off) or \"work\" (worked).",
    "日期类别须为 statutory（法定节假日）、off（其他放假日）或 work（补班）。"};
const ErrorCode kWorkdaysOrder{"workdays.order", ErrorKind::kInvalid, "Dates go upwards, each once.",
                               "日期须由早到晚排列，且不得重复。"};
const ErrorCode kWorkdaysNothing{
    "workdays.nothing", ErrorKind::kInvalid,
    "A weekend is worked only as \"work\", a weekday is worked anyway: this line changes nothing.",
    "工作日本来就上班，无须列为补班：本行不起作用。"};

const ErrorCode kDeadlineMoment{
    "deadline.moment", ErrorKind::kInvalid,
    "Expected a day (2026-04-28) or a moment (2026-04-28T23:59:00+08:00) of the years 1900 to 9999.",
    "应为 1900 至 9999 年间的日期（2026-04-28）或时刻（2026-04-28T23:59:00+08:00）。"};
const ErrorCode kDeadlineTime{"deadline.time", ErrorKind::kInvalid,
                              "A clock of hours or minutes starts at a moment, not on a day.",
                              "以小时、分钟计的期限须给出起算时刻，不能只给日期。"};
const ErrorCode kDeadlineLength{"deadline.length", ErrorKind::kInvalid,
                                "A length is a whole number from 1 up, a century at most.",
                                "期限长度须为不小于 1 的整数，且不超过一百年。"};
const ErrorCode kDeadlineFar{"deadline.far", ErrorKind::kInvalid, "The deadline would be more than {} days away.",
                             "期限届满日距起算日超过 {} 日。"};
const ErrorCode kDeadlinePause{
    "deadline.pause", ErrorKind::kInvalid,
    "A pause is FROM/TO with an end behind its beginning; one that has not ended has no deadline yet.",
    "中止期间写作 起/止，止须晚于起；尚未结束的中止无法计算届满日。"};
const ErrorCode kDeadlineMany{"deadline.many", ErrorKind::kTooLarge, "At most {} of these.", "此项最多 {} 个。"};
const ErrorCode kDeadlineEarly{"deadline.early", ErrorKind::kInvalid,
                               "An extension is stated while the clock runs; it began on {}.",
                               "延长须在期限内作出；期限自 {} 起算。"};
const ErrorCode kDeadlineLate{"deadline.late", ErrorKind::kInvalid,
                              "An extension is stated before the period is over; the last day was {}.",
                              "延长须在期限届满前作出；届满日为 {}。"};

const ErrorCode kDeadlineExtensions{"deadline.extensions", ErrorKind::kInvalid, "The rule knows {} extensions.",
                                    "本规则可延长 {} 次。"};
const ErrorCode kDeadlineExtensionLength{"deadline.extension-length", ErrorKind::kInvalid,
                                         "The rule fixes the length of this extension: {}.",
                                         "本规则规定该次延长为 {}。"};
const ErrorCode kDeadlineExtensionOpen{"deadline.extension-open", ErrorKind::kInvalid,
                                       "The rule leaves the length of this extension to the decision: give it.",
                                       "该次延长的长度由决定确定，须给出。"};
const ErrorCode kDeadlineExtensionForm{
    "deadline.extension-form", ErrorKind::kInvalid,
    "An extension is a day, on the command line DAY or DAY+LENGTH, in a line also {\"on\", \"length\"} or a count.",
    "延长写作日期；命令行可写 日+长度，JSON 可写 {\"on\", \"length\"} 或次数。"};
const ErrorCode kDeadlineLine{"deadline.line", ErrorKind::kInvalid, "The line is no JSON object.",
                              "本行不是 JSON 对象。"};
const ErrorCode kDeadlineLineLength{"deadline.line-length", ErrorKind::kTooLarge, "The line is longer than {}.",
                                    "本行超过 {}。"};
const ErrorCode kDeadlineMember{
    "deadline.member", ErrorKind::kInvalid,
    "Members are from, rule, working_days, days, hours, minutes, months, years, received, pauses, extensions, id.",
    "成员只能为 from、rule、working_days、days、hours、minutes、months、years、received、pauses、extensions、id。"};
const ErrorCode kDeadlinePeriod{"deadline.period", ErrorKind::kInvalid,
                                "Exactly one of rule, working_days, days, hours, minutes, months, years says how long.",
                                "rule、working_days、days、hours、minutes、months、years 须且只能给出一项。"};
const ErrorCode kDeadlineFile{"deadline.file", ErrorKind::kInvalid, "The file {} cannot be read.", "无法读取文件 {}。"};
const ErrorCode kRulesPeriod{"rules.period", ErrorKind::kInvalid, "The rule ends before it begins.",
                             "适用期的止日早于起日。"};
const ErrorCode kRulesOverlap{"rules.overlap", ErrorKind::kInvalid,
                              "Two rules of one topic hold for the same day: the other is {}.",
                              "同一事项有两条规则适用于同一日：另一条为 {}。"};
const ErrorCode kRulesGap{"rules.gap", ErrorKind::kInvalid,
                          "No rule of the topic holds for the days behind the version before: {}.",
                          "前一版本之后有若干日无规则适用：{}。"};
const ErrorCode kRulesPrefer{"rules.prefer", ErrorKind::kInvalid,
                             "deadlines.prefer names codes of rules with \"alternative: true\".",
                             "deadlines.prefer 只能列出 alternative 为 true 的规则代码。"};
const ErrorCode kRulesWarn{"rules.warn", ErrorKind::kInvalid,
                           "Hours and minutes warn by warn_minutes, everything else by warn_working_days.",
                           "以小时、分钟计的期限用 warn_minutes，其他用 warn_working_days。"};
const ErrorCode kRulesScope{"rules.scope", ErrorKind::kInvalid,
                            "With holiday_scope statutory the table of {} has to say which days are \"statutory\".",
                            "holiday_scope 为 statutory 时，{} 年工作日表须标明 statutory（法定节假日）。"};
const ErrorCode kRulesNotInForce{"rules.not-in-force", ErrorKind::kNotFound,
                                 "No rule of this topic is in force on that day; the nearest is {}.",
                                 "该日此事项无有效规则；时间最近的是 {}。"};
const ErrorCode kRulesName{"rules.name", ErrorKind::kNotFound,
                           "There is no rule or topic of this name; `tongqu deadline --list` shows all.",
                           "没有此规则或事项；用 tongqu deadline --list 查看全部。"};

std::span<const ErrorCode* const> casework_codes() {
  static constexpr std::array<const ErrorCode*, 30> kAll{&kDeadlineExtensions,
                                                         &kDeadlineExtensionLength,
                                                         &kDeadlineExtensionOpen,
                                                         &kDeadlineExtensionForm,
                                                         &kDeadlineLine,
                                                         &kDeadlineLineLength,
                                                         &kDeadlineMember,
                                                         &kDeadlinePeriod,
                                                         &kDeadlineFile,
                                                         &kWorkdaysHeading,
                                                         &kWorkdaysDate,
                                                         &kWorkdaysKind,
                                                         &kWorkdaysOrder,
                                                         &kWorkdaysNothing,
                                                         &kDeadlineMoment,
                                                         &kDeadlineTime,
                                                         &kDeadlineLength,
                                                         &kDeadlineFar,
                                                         &kDeadlinePause,
                                                         &kDeadlineMany,
                                                         &kDeadlineEarly,
                                                         &kDeadlineLate,
                                                         &kRulesPeriod,
                                                         &kRulesOverlap,
                                                         &kRulesGap,
                                                         &kRulesPrefer,
                                                         &kRulesWarn,
                                                         &kRulesScope,
                                                         &kRulesName,
                                                         &kRulesNotInForce};
  return kAll;
}

}  // namespace tongqu::codes
