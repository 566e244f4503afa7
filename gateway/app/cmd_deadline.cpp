// tongqu deadline: when something is due, and why – day by day.
#include <fstream>
#include <iostream>

#include "connectors/all_connectors.hpp"
#include "gateway/app/app_codes.hpp"
#include "gateway/app/commands.hpp"
#include "gateway/app/config_open.hpp"
#include "gateway/app/config_rules.hpp"
#include "gateway/app/deadline_batch.hpp"
#include "gateway/casework/casework_codes.hpp"
#include "gateway/core/jcs.hpp"

namespace tongqu::app {
namespace {

namespace fs = std::filesystem;

struct DeadlineOptions {
  std::string directory;
  DeadlineQuestion question;
  std::int64_t extend = 0;
  std::vector<std::string> extended_on;  // DAY or DAY+LENGTH
  std::string at;
  std::string batch;
  std::string lang;
  bool is_batch = false;
  bool list = false;
  bool no_days = false;
};

// The shipped rules: of the folder one stands in, of the build tree, of an installation.
fs::path default_directory() {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed).parent_path();
  for (const fs::path& folder : {fs::path("config"), program / "../../config", program / "../share/tongqu/config"}) {
    if (fs::exists(folder / "rules", failed)) return folder;
  }
  return "config";
}

struct Rules {
  std::shared_ptr<const WorkCalendar> calendar;
  std::shared_ptr<const RuleBook> book;
};

// Empty: the faults are printed. Mappings, schemas and secrets are not asked: a deadline needs none of them.
std::optional<Rules> open_rules(const DeadlineOptions& options, const Command& command) {
  const fs::path directory = options.directory.empty() ? default_directory() : fs::path(options.directory);
  LoadReport loaded = load_settings(directory, all_specs(), config_hash());
  Rules rules;
  if (loaded.settings) {
    rules.calendar = read_workdays(loaded.settings->image(), loaded.faults);
    rules.book = read_rules(*loaded.settings, *rules.calendar, loaded.faults);
  }
  if (!has_errors(loaded.faults)) return rules;
  print_faults(std::cerr, loaded.faults, command.lang, has_colours(2));
  return std::nullopt;
}

std::string time_text(const RuleTime& time) {
  const bool open_begin = time.first == RuleTime{}.first, open_end = time.last == RuleTime{}.last;
  return (open_begin ? "" : day_text(time.first)) + "…" + (open_end ? "" : day_text(time.last));
}

std::string length_text(const Rule& rule, bool zh) {
  const Bilingual unit = unit_text(rule.unit);
  std::string text = std::to_string(rule.length) + " " + (zh ? unit.zh : unit.en);
  for (const RuleExtension& extension : rule.extensions)
    text += " +" + (extension.length > 0 ? std::to_string(extension.length) : std::string("?"));
  return text;
}

void append_rule(std::string& out, const Rule& rule) {
  const auto member = [&](std::string_view name, std::string_view value) {
    append_json_string(out, name);
    out += ':';
    append_json_string(out, value);
    out += ',';
  };
  out += '{';
  member("code", rule.code);
  member("topic", rule.topic);
  member("rule_set", rule.set);
  member("title_zh", rule.title.zh);
  member("title_en", rule.title.en);
  member("unit", name_of(rule.unit));
  member("basis_zh", rule.basis.zh);
  member("basis_en", rule.basis.en);
  if (rule.time.first != RuleTime{}.first) member("valid_from", day_text(rule.time.first));
  if (rule.time.last != RuleTime{}.last) member("valid_to", day_text(rule.time.last));
  member("clock", rule.is_hotline ? "hotline" : "statutory");
  out += "\"alternative\":" + std::string(rule.is_alternative ? "true" : "false");
  out += ",\"length\":" + std::to_string(rule.length) + ",\"extensions\":[";
  for (const RuleExtension& extension : rule.extensions)
    out += (&extension == rule.extensions.data() ? "" : ",") + std::to_string(extension.length);
  out += "],\"assumed\":[";
  for (const std::string& word : rule.assumed) {
    if (&word != rule.assumed.data()) out += ',';
    append_json_string(out, word);
  }
  out += "]}";
}

int list_rules(const RuleBook& book, const Command& command) {
  std::vector<const Rule*> rules;
  for (const Rule& rule : book.rules()) rules.push_back(&rule);
  std::sort(rules.begin(), rules.end(), [](const Rule* a, const Rule* b) {
    return std::tie(a->topic, a->time.first, a->code) < std::tie(b->topic, b->time.first, b->code);
  });
  if (command.format == "json") {
    std::string out;
    for (const Rule* rule : rules) {
      out += out.empty() ? "[" : ",\n ";
      append_rule(out, *rule);
    }
    std::cout << (out.empty() ? "[" : out) << "]\n";
    return kDone;
  }
  const bool zh = command.lang == Lang::kChinese;
  TextTable table(zh ? std::vector<std::string>{"代码", "名称", "期限", "适用收到日", "依据", "推定"}
                     : std::vector<std::string>{"code", "title", "period", "received", "basis", "assumed"});
  for (const Rule* rule : rules) {
    std::string assumed;
    for (const std::string& word : rule->assumed) assumed += (assumed.empty() ? "" : " ") + word;
    if (rule->is_alternative) assumed += assumed.empty() ? "alternative" : " alternative";
    table.add({rule->code, zh ? rule->title.zh : rule->title.en, length_text(*rule, zh), time_text(rule->time),
               zh ? rule->basis.zh : rule->basis.en, assumed});
  }
  table.print(std::cout);
  return kDone;
}

int answer_batch(const DeadlineOptions& options, const Rules& rules, const Command& command) {
  if (options.batch.empty() || options.batch == "-")
    return answer_lines(std::cin, std::cout, *rules.book, *rules.calendar, !options.no_days) ? kDone : kFoundWrong;
  std::ifstream file(options.batch, std::ios::binary);
  if (!file) return report(make_error(codes::kDeadlineFile, options.batch), command);
  return answer_lines(file, std::cout, *rules.book, *rules.calendar, !options.no_days) ? kDone : kFoundWrong;
}

// DAY or DAY+LENGTH; false: the length is no number.
bool read_extension(const std::string& text, DeadlineQuestion& question) {
  DeadlineQuestion::Extension extension;
  // An offset of a moment has its plus sign behind a colon; a length stands behind the day alone.
  const std::size_t plus = text.size() > 10 && text[10] == '+' ? 10 : std::string::npos;
  extension.on = text.substr(0, plus);
  if (plus != std::string::npos) {
    const std::string digits = text.substr(plus + 1);
    if (digits.empty() || digits.size() > 5 || digits.find_first_not_of("0123456789") != std::string::npos)
      return false;
    extension.length = std::stoll(digits);
    if (extension.length == 0) return false;
  }
  question.extensions.push_back(std::move(extension));
  return true;
}

int deadline(DeadlineOptions& options, Command& command) {
  if (!options.lang.empty()) command.lang = options.lang == "en" ? Lang::kEnglish : Lang::kChinese;
  const bool ask = !options.is_batch && !options.list;
  const bool zh = command.lang == Lang::kChinese;
  if (ask && (options.question.rule.empty() || options.question.from.empty())) {
    std::cerr << (zh ? "须给出规则和 --from，或用 --batch、--list；见 tongqu deadline --help\n"
                     : "a rule and --from are needed, or --batch, or --list; see tongqu deadline --help\n");
    return kCalledWrongly;
  }
  std::optional<Instant> now;
  if (!options.at.empty()) {
    const auto at = parse_moment(options.at);
    if (!at) return report(make_error(codes::kDeadlineMoment), command);
    now = at->at;
  }
  options.question.extensions.clear();
  for (const std::string& text : options.extended_on) {
    if (!read_extension(text, options.question)) return report(make_error(codes::kDeadlineExtensionForm), command);
  }
  const auto asked = static_cast<std::size_t>(options.extend);
  if (options.question.extensions.size() < asked) options.question.extensions.resize(asked);
  const auto rules = open_rules(options, command);
  if (!rules) return kFoundWrong;
  if (options.list) return list_rules(*rules->book, command);
  if (options.is_batch) return answer_batch(options, *rules, command);
  const auto answer = answer_deadline(*rules->book, *rules->calendar, options.question);
  if (answer.has_error()) return report(answer.error(), command);
  if (command.format == "json") {
    std::string out;
    append_json(out, *answer, !options.no_days, now);
    std::cout << out << '\n';
  } else {
    print_text(std::cout, *answer, command.lang, now);
  }
  return kDone;
}

}  // namespace

void add_deadline(CLI::App& app, Command& command) {
  auto options = std::make_shared<DeadlineOptions>();  // second owner: the callback
  auto* sub = app.add_subcommand("deadline",
                                 "期限计算：届满日、预警与超期，逐日说明 / when something is due, and why, day by day");
  sub->add_option("RULE", options->question.rule, "规则代码或事项，如 C-ACCEPT / a rule or topic");
  sub->add_option("--from", options->question.from, "起算日或时刻（北京时间）/ the day or moment it starts");
  sub->add_option("--received", options->question.received,
                  "收到日，用以选用规则版本，默认同 --from / day of receipt, which chooses the version");
  sub->add_option("--pause", options->question.pauses,
                  "不计入的期间 起/止，可多次；止为日期时含当日 / FROM/TO, repeated; a day as TO is included")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  sub->add_option("--extend", options->extend, "已批准的延长次数 / how many extensions were granted")
      ->expected(0, 1)
      ->default_str("1")
      ->check(CLI::Range(0, static_cast<int>(kMaxExtensions)));
  sub->add_option("--extended-on", options->extended_on,
                  "延长作出日，可多次；日+长度 / day of an extension, repeated; DAY+LENGTH where the decision fixes it")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  sub->add_option("--at", options->at, "该时刻的状态 / the state at this moment");
  auto* batch = sub->add_option("--batch", options->batch,
                                "逐行回答 JSONL，默认标准输入 / answers JSON lines, default standard input");
  batch->expected(0, 1);
  sub->add_flag("--no-days", options->no_days, "JSON 中不列各日 / JSON without the list of days");
  sub->add_flag("--list", options->list, "列出全部规则 / all rules");
  sub->add_option("-c,--config", options->directory,
                  "配置目录，默认随附配置 / configuration directory, default the shipped one");
  sub->add_option("--format", command.format, "text 或 json")->check(CLI::IsMember({"text", "json"}));
  sub->add_option("--lang", options->lang, "zh 或 en")->check(CLI::IsMember({"zh", "en"}));
  sub->footer(
      "批量 / batch: {\"from\": \"2023-01-19\", \"working_days\": 7}，亦可 / or \"days\", \"hours\", \"minutes\", "
      "\"months\", \"years\", "
      "\"rule\"；\n另有 / beside them \"received\", \"pauses\": [\"起/止\"], \"extensions\": 1 | [\"日 day\"] | "
      "[{\"on\", "
      "\"length\"}], \"id\"");
  sub->callback([options, batch, &command] {
    options->is_batch = batch->count() > 0;
    command.run = [options, &command] { return deadline(*options, command); };
  });
}

}  // namespace tongqu::app
