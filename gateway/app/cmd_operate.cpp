// tongqu status, exchanges, dead-letters, attachments, tasks, partner, reload: work with a running gateway.
#include <iostream>

#include "gateway/app/admin_command.hpp"
#include "gateway/app/commands.hpp"
#include "gateway/core/jcs.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::app {
namespace {

struct Options {
  AdminAddress admin;
  std::map<std::string, std::string> query;
  std::vector<std::string> ids;
  std::vector<std::string> sets;
  std::string patch_file;
  std::string reason;
  std::string actor;
  bool rerender = false;
};
using Shared = std::shared_ptr<Options>;  // owned by the callbacks of one command

std::string with_query(std::string path, const std::map<std::string, std::string>& query) {
  char separator = '?';
  for (const auto& [name, value] : query) {
    if (value.empty()) continue;
    path += separator + name + '=' + escaped(value);
    separator = '&';
  }
  return path;
}

std::string cell(const Node& node) {
  if (node.is_scalar()) return std::string(node.text);
  return std::to_string(node.count);
}

// The list `name` of the answer as a table of `columns`.
int list(const Options& options, const std::string& path, const std::string& name,
         const std::vector<std::string>& columns, const Command& command,
         const std::function<void(const Node&)>& afterwards = {}) {
  auto answer = admin_call(options.admin, "GET", with_query("/admin/v1/" + path, options.query), "");
  if (answer.has_error()) return report(answer.error(), command);
  if (answer->status != 200) return problem(answer->body, command);
  const JsonCodec json;
  Document document;
  if (auto status = json.decode(answer->body, DecodeLimits{.max_bytes = 64U << 20U, .max_nodes = 2'000'000}, document);
      status.has_error()) {
    return report(status.error(), command);
  }
  if (command.format == "json") {
    std::cout << to_pretty_json(document.root()) << '\n';
    return kDone;
  }
  TextTable table(columns);
  const Node* rows = document.root().find(name);
  for (const Node& row : children(*rows)) {
    std::vector<std::string> cells;
    for (const std::string& column : columns) {
      const Node* member = row.find(column);
      cells.push_back(member == nullptr ? std::string() : cell(*member));
    }
    table.add(std::move(cells));
  }
  table.print(std::cout);
  if (afterwards) afterwards(document.root());
  return kDone;
}

// One line for each legacy listener, red where that can be shown: nobody shall forget that it is there.
void print_legacy(const Node& status, const Command& command) {
  const Node* listeners = status.find("legacyListeners");
  if (listeners == nullptr) return;
  const bool zh = command.lang == Lang::kChinese;
  const bool red = has_colours(1);
  for (const Node& one : children(*listeners)) {
    const auto text = [&](std::string_view name) {
      const Node* member = one.find(name);
      return member == nullptr ? std::string() : cell(*member);
    };
    const bool open = text("open") == "true";
    std::cout << (red ? "\033[1;31m" : "") << (zh ? "老旧系统监听端口 " : "LEGACY LISTENER ") << text("listener")
              << ": " << (open ? (zh ? "开放，无保护" : "open, without protection") : (zh ? "已关闭" : "closed"))
              << ", " << text("protocol") << ", " << text("partner") << ", " << text("network")
              << (zh ? "，截止 " : ", until ") << text("until") << (zh ? "，剩余天数 " : ", days left: ")
              << text("daysLeft") << (red ? "\033[0m" : "") << '\n';
  }
}

// Asks the admin interface for one object and hands it to `print`.
int ask(const Options& options, const std::string& path, const std::function<void(const Node&)>& print,
        const Command& command) {
  auto answer = admin_call(options.admin, "GET", "/admin/v1/" + path, "");
  if (answer.has_error()) return report(answer.error(), command);
  if (answer->status != 200) return problem(answer->body, command);
  const JsonCodec json;
  Document document;
  if (auto status = json.decode(answer->body, DecodeLimits{.max_bytes = 16U << 20U}, document); status.has_error())
    return report(status.error(), command);
  print(document.root());
  return kDone;
}

// One object of the folder `path`, as JSON.
int show(const Options& options, const std::string& path, const Command& command) {
  return ask(
      options, path + "/" + escaped(options.ids.front()),
      [](const Node& root) { std::cout << to_pretty_json(root) << '\n'; }, command);
}

// "a.b=value" as a merge patch; "a.b=" removes the member. Values are texts; true, false and integers stay what they
// are when the member is written "a.b:=value".
bool add_set(Document& document, Node& patch, std::string_view assignment) {
  const auto equals = assignment.find('=');
  if (equals == std::string_view::npos || equals == 0) return false;
  std::string_view path = assignment.substr(0, equals);
  const std::string_view value = assignment.substr(equals + 1);
  const bool literal = path.ends_with(':');
  if (literal) path.remove_suffix(1);
  Node* at = &patch;
  for (auto dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
    Node* next = at->find(path.substr(0, dot));
    at = next != nullptr ? next : document.add_object(*at, path.substr(0, dot));
    path.remove_prefix(dot + 1);
  }
  const Kind kind = value.empty()                         ? Kind::kNull
                    : !literal                            ? Kind::kText
                    : value == "true" || value == "false" ? Kind::kBoolean
                                                          : Kind::kNumber;
  document.append(*at, document.make(kind, value), path);
  return true;
}

int act(const Options& options, const std::string& path, const std::function<int(Document&)>& fill,
        const Command& command) {
  Document body;
  body.set_root(body.make(Kind::kObject));
  body.add_text(body.root(), "reason", options.reason);
  body.add_text(body.root(), "actor", acting_person(options.actor));
  if (fill) {
    if (const int status = fill(body); status != kDone) return status;
  }
  const JsonCodec json;
  std::string text;
  if (auto status = json.encode(body.root(), text); status.has_error()) return report(status.error(), command);
  auto answer = admin_call(options.admin, "POST", "/admin/v1/" + path, text);
  if (answer.has_error()) return report(answer.error(), command);
  if (answer->status != 200) return problem(answer->body, command);
  std::cout << (command.format == "json" ? answer->body : command.lang == Lang::kChinese ? "完成" : "done") << '\n';
  return kDone;
}

int finish_task(const Options& options, bool release, const Command& command) {
  return act(
      options, "tasks/" + escaped(options.ids.front()) + "/finish",
      [&](Document& body) {
        body.append(body.root(), body.make(Kind::kBoolean, release ? "true" : "false"), "release");
        if (!options.patch_file.empty()) {
          auto text = read_input(options.patch_file);
          if (text.has_error()) return report(text.error(), command);
          const JsonCodec json;
          Document patch;
          if (auto status = json.decode(*text, DecodeLimits{}, patch); status.has_error())
            return report(status.error(), command);
          body.append(body.root(), body.clone(patch.root()), "patch");
          return kDone;
        }
        if (options.sets.empty()) return kDone;
        Node* patch = body.add_object(body.root(), "patch");
        for (const std::string& assignment : options.sets) {
          if (!add_set(body, *patch, assignment)) {
            std::cerr << "tongqu: --set FIELD=VALUE: " << assignment.substr(0, assignment.find('=')) << '\n';
            return kCalledWrongly;
          }
        }
        return kDone;
      },
      command);
}

CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& help, const Shared& options,
                      Command& command) {
  return add_admin_command(parent, name, help, options->admin, command);
}

CLI::App* add_act(CLI::App& parent, const std::string& name, const std::string& help, const std::string& id,
                  const Shared& options, Command& command) {
  auto* sub = add_command(parent, name, help, options, command);
  sub->add_option(id, options->ids, id)->required()->expected(1);
  sub->add_option("--reason", options->reason, "理由（必填，进入审计） / why; goes to the audit log as digest")
      ->required();
  sub->add_option("--actor", options->actor, "操作人（默认登录名） / who acts, default the login name");
  return sub;
}

void filters(CLI::App& sub, const Shared& options, const std::vector<std::pair<std::string, std::string>>& names) {
  for (const auto& [name, help] : names) sub.add_option("--" + name, options->query[name], help);
}

void add_exchanges(CLI::App& app, Command& command) {
  auto* exchanges = app.add_subcommand("exchanges", "交换记录 / exchanges");
  exchanges->require_subcommand(1);
  auto options = std::make_shared<Options>();
  auto* list_command = add_command(*exchanges, "list", "列出，新的在前 / list, newest first", options, command);
  filters(*list_command, options,
          {{"partner", "发送方 / sender"},
           {"service", "服务 / service"},
           {"state", "stored|held|delivered|attention"},
           {"matter", "事项编号 / number of the matter"},
           {"origin", "对端网关的交换编号 / exchange id at the other gateway of a link"},
           {"before", "翻页：早于此编号 / page: before this id"},
           {"limit", "行数 / rows"}});
  list_command->callback([options, &command] {
    command.run = [options, &command] {
      return list(*options, "exchanges", "exchanges",
                  {"exchange", "partner", "service", "matter", "version", "receivedAt", "state"}, command);
    };
  });
  auto one = std::make_shared<Options>();
  auto* show_command = add_command(*exchanges, "show", "显示一条及其回执 / show one with its receipts", one, command);
  show_command->add_option("EXCHANGE", one->ids, "交换编号 / exchange id")->required()->expected(1);
  show_command->callback(
      [one, &command] { command.run = [one, &command] { return show(*one, "exchanges", command); }; });
  add_explain_stored(*exchanges, command);
  add_matches(*exchanges, command);
  auto replayed = std::make_shared<Options>();
  auto* replay =
      add_act(*exchanges, "replay",
              "按当前配置从原文重新生成并投递一条报文 / render a message again from the original and deliver it",
              "MESSAGE", replayed, command);
  replay->callback([replayed, &command] {
    command.run = [replayed, &command] {
      return act(*replayed, "messages/" + escaped(replayed->ids.front()) + "/replace", {}, command);
    };
  });
}

void add_dead_letters(CLI::App& app, Command& command) {
  auto* dead = app.add_subcommand("dead-letters", "死信与无应答报文 / dead letters and messages without answer");
  dead->require_subcommand(1);
  auto options = std::make_shared<Options>();
  options->query["state"] = "dead";
  auto* list_command = add_command(*dead, "list", "列出 / list", options, command);
  filters(*list_command, options,
          {{"recipient", "接收方 / recipient"}, {"state", "dead|no-answer"}, {"limit", "行数 / rows"}});
  list_command->callback([options, &command] {
    command.run = [options, &command] {
      if (options->query["state"].empty()) options->query["state"] = "dead";
      return list(*options, "messages", "messages",
                  {"message", "recipient", "service", "state", "attempts", "status", "code", "createdAt"}, command);
    };
  });
  for (const auto& [verb, help] : {std::pair{"replay", "原样重新投递 / deliver again as it is"},
                                   std::pair{"skip", "放弃，后续报文继续 / give up, what waits behind it goes"}}) {
    auto one = std::make_shared<Options>();
    auto* sub = add_act(*dead, verb, help, "MESSAGE", one, command);
    sub->callback([one, &command, name = std::string(verb)] {
      command.run = [one, &command, name] {
        return act(*one, "messages/" + escaped(one->ids.front()) + "/" + name, {}, command);
      };
    });
  }
}

void add_attachments(CLI::App& app, Command& command) {
  auto* attachments = app.add_subcommand(
      "attachments", "附件：隔离的与未得扫描结论的 / attachments: what is quarantined or has no verdict");
  attachments->require_subcommand(1);
  auto options = std::make_shared<Options>();
  options->query["state"] = "quarantined";
  auto* list_command =
      add_command(*attachments, "list",
                  "列出，新的在前；默认为隔离的 / list, newest first; quarantined ones by default", options, command);
  filters(*list_command, options,
          {{"state", "quarantined|stored|scanned|uploading|wanted|refused|all"},
           {"owner", "上传方 / partner who uploaded it"},
           {"before", "翻页：早于此附件 / page: declared before this one"},
           {"limit", "行数 / rows"}});
  list_command->callback([options, &command] {
    command.run = [options, &command] {
      return list(*options, "attachments", "attachments",
                  {"attachment", "owner", "state", "type", "size", "code", "createdAt"}, command);
    };
  });
  auto one = std::make_shared<Options>();
  auto* show_command = add_command(*attachments, "show",
                                   "显示一个，不含文件名与内容 / one, without file name and content", one, command);
  show_command->add_option("ATTACHMENT", one->ids, "附件编号 / attachment id")->required()->expected(1);
  show_command->callback(
      [one, &command] { command.run = [one, &command] { return show(*one, "attachments", command); }; });
  for (const auto& [verb, help] :
       {std::pair{"release", "人工放行：视同已扫描，有权者可下载 / a person vouches for it: it counts as scanned"},
        std::pair{"retry", "立即重新抓取未能抓取的附件 / fetch now what could not be fetched"},
        std::pair{"remove", "彻底删除内容并销毁其密钥 / content and key are gone for good"}}) {
    auto acted = std::make_shared<Options>();
    auto* sub = add_act(*attachments, verb, help, "ATTACHMENT", acted, command);
    sub->callback([acted, &command, name = std::string(verb)] {
      command.run = [acted, &command, name] {
        return act(*acted, "attachments/" + escaped(acted->ids.front()) + "/" + name, {}, command);
      };
    });
  }
}

void add_tasks(CLI::App& app, Command& command) {
  auto* tasks = app.add_subcommand("tasks", "待办队列：待补正、待人工分派等 / queues that wait for a person");
  tasks->require_subcommand(1);
  auto options = std::make_shared<Options>();
  auto* list_command = add_command(*tasks, "list", "列出 / list", options, command);
  filters(*list_command, options,
          {{"queue", "complete|assign|split|release|collect"},
           {"all", "true：含已办结 / true: finished ones too"},
           {"after", "翻页 / page: after this task"},
           {"limit", "行数 / rows"}});
  list_command->callback([options, &command] {
    command.run = [options, &command] {
      return list(*options, "tasks", "tasks",
                  {"task", "queueZh", "exchange", "partner", "service", "matter", "reason", "createdAt"}, command);
    };
  });
  auto completed = std::make_shared<Options>();
  auto* complete =
      add_act(*tasks, "complete", "补正后继续 / correct the record and let it go", "TASK", completed, command);
  complete->add_option("--set", completed->sets,
                       "字段=值，可重复；字段:=值 为数字或真假 / FIELD=VALUE, may be repeated");
  complete->add_option("--patch", completed->patch_file, "JSON 合并补丁文件（RFC 7396） / file with a merge patch");
  complete->callback([completed, &command] {
    command.run = [completed, &command] { return finish_task(*completed, false, command); };
  });
  auto released = std::make_shared<Options>();
  auto* release = add_act(*tasks, "release", "不作修改，按原样放行 / let it go as it is", "TASK", released, command);
  release->callback(
      [released, &command] { command.run = [released, &command] { return finish_task(*released, true, command); }; });
}

}  // namespace

void add_operate(CLI::App& app, Command& command) {
  add_exchanges(app, command);
  add_dead_letters(app, command);
  add_attachments(app, command);
  add_tasks(app, command);
  auto status = std::make_shared<Options>();
  add_command(app, "status", "各接入方流量与队列 / traffic and queues of every partner", status, command)
      ->callback([status, &command] {
        command.run = [status, &command] {
          return list(*status, "status", "partners",
                      {"partner", "accepted", "stored", "held", "turnedBack", "queued", "delivered", "noAnswer", "dead",
                       "toCollect", "maskedFields"},
                      command, [&command](const Node& root) { print_legacy(root, command); });
        };
      });
  auto* partner = app.add_subcommand("partner", "接入方 / partners");
  partner->require_subcommand(1);
  for (const auto& [verb, help] :
       {std::pair{"pause", "暂停投递 / stop delivering to it"}, std::pair{"resume", "恢复投递 / deliver again"}}) {
    auto one = std::make_shared<Options>();
    add_act(*partner, verb, help, "PARTNER", one, command)->callback([one, &command, name = std::string(verb)] {
      command.run = [one, &command, name] {
        return act(*one, "partners/" + escaped(one->ids.front()) + "/" + name, {}, command);
      };
    });
  }
  auto reload = std::make_shared<Options>();
  add_command(app, "reload", "检查并启用新配置 / check and activate the new configuration", reload, command)
      ->callback([reload, &command] {
        command.run = [reload, &command] {
          reload->reason = "reload";
          return act(*reload, "reload", {}, command);
        };
      });
}

}  // namespace tongqu::app
