// tongqu disclosures: what left of whom, for whom, in which form.
#include <termios.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <set>

#include "gateway/app/admin_command.hpp"
#include "gateway/app/app_codes.hpp"
#include "gateway/core/clock.hpp"
#include "gateway/core/jcs.hpp"
#include "security/crypto/random.hpp"
#include "security/privacy/person_form.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::app {
namespace {

struct DisclosureOptions {
  AdminAddress admin;
  std::string person;  // "phone" or "id"
  std::string role, recipient, label, reason, actor, prove;
  std::vector<std::string> between;
  std::int64_t limit = 200;
};

constexpr DecodeLimits kAnswerLimits{.max_bytes = 64U << 20U, .max_nodes = 2'000'000};
constexpr std::int64_t kPageRows = 200;
constexpr std::int64_t kDayMs = 24 * 60 * 60 * 1000;

std::string text_of(const Node& node, std::string_view name) {
  const Node* member = node.find(name);
  return member != nullptr && member->is_scalar() ? std::string(member->text) : std::string();
}

// What is typed is not shown, as with a password: it is a person's.
class HiddenInput {
 public:
  HiddenInput() {
    if (::isatty(STDIN_FILENO) == 0 || ::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    is_hidden_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
  }
  HiddenInput(const HiddenInput&) = delete;
  HiddenInput& operator=(const HiddenInput&) = delete;
  ~HiddenInput() {
    if (is_hidden_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }

 private:
  termios before_{};
  bool is_hidden_ = false;
};

// One line of standard input.
std::string read_value(const std::string& kind, bool zh) {
  std::string value;
  if (::isatty(STDIN_FILENO) == 0) {
    std::getline(std::cin, value);
  } else {
    std::cerr << (kind == "phone" ? (zh ? "电话号码（不回显）：" : "telephone number (not shown): ")
                                  : (zh ? "证件号码（不回显）：" : "id number (not shown): "))
              << std::flush;
    const HiddenInput hidden;
    std::getline(std::cin, value);
    std::cerr << '\n';
  }
  while (value.ends_with('\r') || value.ends_with('\n')) value.pop_back();
  if (value.size() > kMaxPersonValueBytes) value.clear();
  return value;
}

// "2026-11-01" (Beijing) or RFC 3339. A day as the end is counted whole.
std::optional<std::int64_t> moment(const std::string& text, bool is_end) {
  const bool is_day = text.size() == 10;
  const auto at = parse_rfc3339(is_day ? text + "T00:00:00+08:00" : text);
  if (!at) return std::nullopt;
  return at->ms + (is_day && is_end ? kDayMs : 0);
}

bool fill(const DisclosureOptions& options, Document& body, const Command& command) {
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) body.add_text(body.root(), name, value);
  };
  add("reason", options.reason);
  add("actor", acting_person(options.actor));
  add("role", options.role);
  add("recipient", options.recipient);
  add("label", options.label);
  for (std::size_t i = 0; i < options.between.size(); ++i) {
    const auto at = moment(options.between[i], i == 1);
    if (!at) {
      std::cerr << "tongqu: --between " << options.between[i]
                << (command.lang == Lang::kChinese ? "：应为日期或时刻，例如 "
                                                   : ": expected a date or a time, such as ")
                << "2026-11-01, 2026-11-01T08:00:00+08:00\n";
      return false;
    }
    body.add_number(body.root(), i == 0 ? "from" : "to", *at);
  }
  if (options.person.empty()) return true;
  std::string value = read_value(options.person, command.lang == Lang::kChinese);
  const bool sound = person_form(options.person, value).has_value();
  if (sound) {
    Node& person = *body.add_object(body.root(), "person");
    body.add_text(person, "kind", options.person);
    body.add_text(person, "value", value);
  } else {
    std::cerr << "tongqu: "
              << (command.lang == Lang::kChinese ? "标准输入的第一行不是有效的 "
                                                 : "the first line of standard input is no ")
              << options.person << '\n';
  }
  cleanse(value);
  return sound;
}

// Rows of all pages, up to the limit. kDone, or the exit status with everything said.
int collect(const DisclosureOptions& options, const Document& question, const Command& command, Document& out,
            bool& is_cut) {
  const JsonCodec json;
  Node* list = out.add_list(out.root(), "disclosures");
  std::string before;
  while (true) {
    Document body;
    body.set_root(body.clone(question.root()));
    body.add_number(body.root(), "limit", kPageRows);
    if (!before.empty()) body.add_text(body.root(), "before", before);
    std::string text;
    if (auto status = json.encode(body.root(), text); status.has_error()) return report(status.error(), command);
    auto answer = admin_call(options.admin, "POST", "/admin/v1/disclosures", text);
    cleanse(text);
    if (answer.has_error()) return report(answer.error(), command);
    if (answer->status != 200) return problem(answer->body, command);
    Document page;
    if (auto status = json.decode(answer->body, kAnswerLimits, page); status.has_error())
      return report(status.error(), command);
    before = text_of(page.root(), "next");
    for (const Node& row : children(*page.root().find("disclosures"))) {
      if (list->count >= options.limit) {
        is_cut = true;
        return kDone;
      }
      out.append(*list, out.clone(row));
    }
    if (before == "0") return kDone;
    if (list->count >= options.limit) {
      is_cut = true;
      return kDone;
    }
  }
}

// One file for each entry; rows of one exchange share theirs.
int prove(const DisclosureOptions& options, const Node& rows, const Command& command) {
  std::error_code failed;
  std::filesystem::create_directories(options.prove, failed);
  std::set<std::string> done;
  for (const Node& row : children(rows)) {
    const std::string index = text_of(row, "index");
    if (!done.insert(index).second) continue;
    auto answer = admin_call(options.admin, "GET", "/admin/v1/audit/proof?index=" + index, "");
    if (answer.has_error()) return report(answer.error(), command);
    if (answer->status != 200) return problem(answer->body, command);
    const auto file = std::filesystem::path(options.prove) / ("proof-" + index + ".json");
    if (auto status = write_output(file.string(), answer->body, true); status.has_error())
      return report(status.error(), command);
  }
  return kDone;
}

std::string fields_of(const Node& row) {
  std::string out;
  for (const Node& field : children(*row.find("fields"))) {
    const std::string subject = text_of(field, "subject");
    if (text_of(field, "kind") == "none") continue;
    if (!out.empty()) out += ' ';
    out += (subject.empty() ? "" : subject + ".") + text_of(field, "kind") + '=' + text_of(field, "form");
  }
  return out;
}

void print_table(const Node& rows) {
  TextTable table({"at", "exchange", "recipient", "service", "state", "index", "config", "purpose", "basis", "fields"});
  for (const Node& row : children(rows)) {
    table.add({text_of(row, "at"), text_of(row, "exchange"), text_of(row, "recipient"), text_of(row, "service"),
               text_of(row, "state"), text_of(row, "index"), text_of(row, "config").substr(0, 12),
               text_of(row, "purpose"), text_of(row, "basis"), fields_of(row)});
  }
  table.print(std::cout);
}

int ask(const DisclosureOptions& options, const Command& command) {
  Document question;
  question.set_root(question.make(Kind::kObject));
  if (!fill(options, question, command)) return kCalledWrongly;
  Document out;
  out.set_root(out.make(Kind::kObject));
  bool is_cut = false;
  if (const int status = collect(options, question, command, out, is_cut); status != kDone) return status;
  const Node& rows = *out.root().find("disclosures");
  out.append(out.root(), out.make(Kind::kBoolean, is_cut ? "true" : "false"), "cut");
  if (command.format == "json") {
    std::cout << to_pretty_json(out.root()) << '\n';
  } else {
    print_table(rows);
  }
  if (rows.count == 0) {
    std::cerr
        << (command.lang == Lang::kChinese
                ? "没有符合条件的记录。请核对接收方和标签的写法；查个人时，电话和证件号码各查一次。\n"
                : "Nothing was found. Mind the spelling of recipient and label; ask for a person by telephone and by "
                  "id number, each once.\n");
  }
  if (is_cut) {
    std::cerr << (command.lang == Lang::kChinese ? "未列全：只显示最新的 " : "CUT: these are only the newest ")
              << options.limit
              << (command.lang == Lang::kChinese ? " 行，请用 --limit 或 --between\n"
                                                 : " rows; use --limit or --between\n");
  }
  return options.prove.empty() ? kDone : prove(options, rows, command);
}

}  // namespace

void add_disclosures(CLI::App& app, Command& command) {
  auto options = std::make_shared<DisclosureOptions>();
  auto* sub =
      add_admin_command(app, "disclosures",
                        "提供记录：何人的哪些字段、以何种形式提供给了谁 / what left of whom, for whom, in which form.\n"
                        "号码只从标准输入或提示符读取，绝不作为参数：参数会被其他用户和命令历史看到 / "
                        "the number of a person is read from standard input or a prompt, never from an argument, which "
                        "other users and the "
                        "shell's history see",
                        options->admin, command);
  sub->add_option("--person", options->person,
                  "phone|id：号码类别，号码本身从标准输入读 / kind of the number on standard input")
      ->check(CLI::IsMember({"phone", "id"}));
  sub->add_option(
         "--role", options->role,
         "该人的身份，缺省为举报人以外的任何身份；informant 须明示并进入审计 / role of that person, default any but "
         "informant, which has to be said and is audited")
      ->check(CLI::IsMember({"complainant", "informant", "agent", "respondent", "officer"}))
      ->needs("--person");
  sub->add_option("--recipient", options->recipient, "接收方 / recipient");
  sub->add_option("--label", options->label, "标签，如 phone 或 complainant.phone / label of a field that left");
  sub->add_option("--between", options->between, "起止（北京时间日期，含止日，或 RFC 3339） / from and to")
      ->expected(2);
  sub->add_option("--limit", options->limit, "最多行数 / rows")->check(CLI::Range(1, 100'000));
  sub->add_option("--prove", options->prove, "把每条的包含证明写入该目录 / folder for an inclusion proof of each row");
  sub->add_option("--reason", options->reason, "理由（必填，进入审计） / why; goes to the audit log as digest")
      ->required();
  sub->add_option("--actor", options->actor, "操作人（默认登录名） / who acts, default the login name");
  sub->callback([options, &command] { command.run = [options, &command] { return ask(*options, command); }; });
}

}  // namespace tongqu::app
