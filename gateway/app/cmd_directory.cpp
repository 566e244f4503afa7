// tongqu directory publish|show|take-up: code tables and units that partners are told, and what they told us.
#include <iostream>

#include "gateway/app/admin_command.hpp"
#include "gateway/app/commands.hpp"
#include "gateway/app/config_open.hpp"
#include "gateway/core/jcs.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::app {
namespace {

struct Options {
  AdminAddress admin;
  std::string task, as, directory, reason, actor;
  bool whole = false, dry_run = false;
};

std::string text_of(const Node& object, std::string_view name) {
  const Node* member = object.find(name);
  return member == nullptr ? std::string() : std::string(member->text);
}

// Asks and decodes; kDone, or what the command ends with.
int ask(const Options& options, const std::string& method, const std::string& path, const std::string& body,
        Document& out, const Command& command) {
  auto answer = admin_call(options.admin, method, "/admin/v1/directory/" + path, body);
  if (answer.has_error()) return report(answer.error(), command);
  if (answer->status != 200) return problem(answer->body, command);
  const JsonCodec json;
  const DecodeLimits limits{.max_bytes = 16U << 20U, .max_nodes = 2'000'000, .max_text_bytes = 16U << 20U};
  if (auto status = json.decode(answer->body, limits, out); status.has_error()) return report(status.error(), command);
  return kDone;
}

std::string act_body(const Options& options) {
  std::string out = "{\"reason\":";
  append_json_string(out, options.reason);
  out += ",\"actor\":";
  append_json_string(out, acting_person(options.actor));
  out += ",\"as\":";
  append_json_string(out, options.as);
  return out + ",\"whole\":" + (options.whole ? "true" : "false") + "}";
}

int publish(const Options& options, const Command& command) {
  Document out;
  if (const int status = ask(options, "POST", "publish", act_body(options), out, command); status != kDone)
    return status;
  const Node* list = out.root().find("directories");
  bool failed = false;
  TextTable table({"to", "service", "table", "version", "outcome", "form", "number", "exchange", "code"});
  for (const Node& one : children(*list)) {
    std::vector<std::string> cells;
    for (const char* name : {"to", "service", "table", "version", "outcome", "form", "number", "exchange", "code"})
      cells.push_back(text_of(one, name));
    table.add(std::move(cells));
    failed = failed || text_of(one, "outcome") == "failed";
  }
  if (command.format == "json") {
    std::cout << to_pretty_json(out.root()) << '\n';
  } else {
    table.print(std::cout);
  }
  return failed ? kFoundWrong : kDone;
}

int show(const Options& options, Document& out, const Command& command) {
  const std::string query = options.as.empty() ? "" : "?as=" + escaped(options.as);
  return ask(options, "GET", escaped(options.task) + query, "", out, command);
}

int print(const Options& options, const Command& command) {
  Document out;
  if (const int status = show(options, out, command); status != kDone) return status;
  if (command.format == "json") {
    std::cout << to_pretty_json(out.root()) << '\n';
    return kDone;
  }
  for (const char* name : {"partner", "service", "file", "version", "form", "digest", "rows", "added", "removed"})
    std::cout << "# " << name << ": " << text_of(out.root(), name) << '\n';
  std::cout << text_of(out.root(), "csv");
  return kDone;
}

// The file as it would be, checked with the whole configuration; what does not pass is put back.
int place(const std::filesystem::path& file, const std::string& csv, const Options& options, const Command& command) {
  const auto before = read_input(file.string());
  std::error_code ignored;
  std::filesystem::create_directories(file.parent_path(), ignored);
  if (auto status = write_output(file.string(), csv, false); status.has_error()) return report(status.error(), command);
  const JsonCodec json;
  const OpenedConfig opened = open_config(options.directory, json);
  const bool good = opened.config != nullptr;
  if (!good) print_faults(std::cerr, opened.faults, command.lang);
  if (good && !options.dry_run) {
    if (before.has_error()) return kDone;
    const Status kept = write_output(file.string() + "~", *before, false);
    return kept.has_error() ? report(kept.error(), command) : kDone;
  }
  if (before.has_error()) {
    std::filesystem::remove(file, ignored);
  } else if (auto status = write_output(file.string(), *before, false); status.has_error()) {
    return report(status.error(), command);
  }
  return good ? kDone : kFoundWrong;
}

int take_up(const Options& options, const Command& command) {
  Document seen;
  if (const int status = show(options, seen, command); status != kDone) return status;
  const std::filesystem::path file = std::filesystem::path(options.directory) / text_of(seen.root(), "file");
  if (const int status = place(file, text_of(seen.root(), "csv"), options, command); status != kDone) return status;
  const bool zh = command.lang == Lang::kChinese;
  if (options.dry_run) {
    std::cout << file.string() << ": " << (zh ? "校验通过（未写入）" : "passed (nothing was written)") << '\n';
    return kDone;
  }
  Document out;
  const std::string path = escaped(options.task) + "/take-up";
  if (const int status = ask(options, "POST", path, act_body(options), out, command); status != kDone) return status;
  std::cout << file.string() << ": "
            << (zh ? "已写入，执行 tongqu reload 后生效" : "written; tongqu reload makes it active") << '\n';
  return kDone;
}

void add_task(CLI::App& sub, Options& options) {
  sub.add_option("TASK", options.task, "任务编号 / number of the task")->required();
  sub.add_option("--as", options.as,
                 "代码表或机构表的名称，例如 national/problem-category / its name in the configuration");
}

void add_person(CLI::App& sub, Options& options) {
  sub.add_option("--reason", options.reason, "理由（必填，进入审计） / why; goes to the audit log as digest")
      ->required();
  sub.add_option("--actor", options.actor, "操作人（默认登录名） / who acts, default the login name");
}

}  // namespace

void add_directory(CLI::App& app, Command& command) {
  auto* directory =
      app.add_subcommand("directory", "代码表与组织机构目录的发布与采用 / code tables and units told and taken up");
  directory->require_subcommand(1);
  auto given = std::make_shared<Options>();  // second owner, here and below: the callbacks
  auto* publish_command =
      add_admin_command(*directory, "publish", "发布有变化的目录 / publish what changed", given->admin, command);
  publish_command->add_flag("--whole", given->whole,
                            "全部重新以全量发布 / everything, whole, whatever was sent before");
  add_person(*publish_command, *given);
  publish_command->callback(
      [given, &command] { command.run = [given, &command] { return publish(*given, command); }; });
  auto shown = std::make_shared<Options>();
  auto* show_command =
      add_admin_command(*directory, "show", "显示收到的目录 / what was received, as a file", shown->admin, command);
  add_task(*show_command, *shown);
  show_command->callback([shown, &command] { command.run = [shown, &command] { return print(*shown, command); }; });
  auto taken = std::make_shared<Options>();
  auto* take_command = add_admin_command(
      *directory, "take-up",
      "校验并写入配置目录，重新加载后生效 / check, write into the configuration; active after a reload", taken->admin,
      command);
  add_task(*take_command, *taken);
  add_person(*take_command, *taken);
  take_command->add_option("-c,--config", taken->directory, "配置目录 / configuration directory")->required();
  take_command->add_flag("--dry-run", taken->dry_run, "只校验不写入 / check only, write nothing");
  take_command->callback([taken, &command] { command.run = [taken, &command] { return take_up(*taken, command); }; });
}

}  // namespace tongqu::app
