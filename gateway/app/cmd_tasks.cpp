// tongqu tasks: what waits for a person.
#include <iostream>

#include "gateway/app/operate_parts.hpp"
#include "gateway/core/jcs.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::app {
namespace {

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

int finish_task(const OperateOptions& options, bool release, const Command& command) {
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

int release_message(const OperateOptions& options, const Command& command) {
  return act(
      options, "tasks/" + escaped(options.ids.front()) + "/release",
      [&](Document& body) {
        body.add_text(body.root(), "as", options.as);
        if (options.patch_file.empty()) return kDone;
        auto text = read_input(options.patch_file);
        if (text.has_error()) return report(text.error(), command);
        while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) text->pop_back();
        body.add_text(body.root(), "summary", *text);
        return kDone;
      },
      command);
}

int show_waiting(const OperateOptions& options, const Command& command) {
  return post(
      options, "tasks/" + escaped(options.ids.front()) + "/show", {},
      [&command](const std::string& answer) {
        const JsonCodec json;
        Document document;
        if (auto status = json.decode(answer, DecodeLimits{}, document); status.has_error())
          return report(status.error(), command);
        if (command.format == "json") {
          std::cout << to_pretty_json(document.root()) << '\n';
          return kDone;
        }
        for (const Node& field : children(*document.root().find("fields"))) {
          std::cout << "# " << field.find("path")->text << ' ' << field.find("title")->text << '\n'
                    << field.find("text")->text << "\n\n# " << (command.lang == Lang::kChinese ? "脱敏后" : "scrubbed")
                    << '\n'
                    << field.find("scrubbed")->text << "\n\n";
        }
        return kDone;
      },
      command);
}

// What else a person does with a message that waits for its release.
void add_waiting(CLI::App& tasks, Command& command) {
  auto back = std::make_shared<OperateOptions>();
  add_act(tasks, "turn-back", "退回：待释放的报文不再发送 / a message that waits for its release is not sent", "TASK",
          back, command)
      ->callback([back, &command] {
        command.run = [back, &command] {
          return act(*back, "tasks/" + escaped(back->ids.front()) + "/turn-back", {}, command);
        };
      });
  auto shown = std::make_shared<OperateOptions>();
  add_act(
      tasks, "show",
      "查看待释放的内容，每次查看均留痕 / what waits for its release, to be read by who decides; each look is audited",
      "TASK", shown, command)
      ->callback([shown, &command] { command.run = [shown, &command] { return show_waiting(*shown, command); }; });
}

}  // namespace

void add_tasks(CLI::App& app, Command& command) {
  auto* tasks = app.add_subcommand("tasks", "待办队列：待补正、待人工分派等 / queues that wait for a person");
  tasks->require_subcommand(1);
  auto options = std::make_shared<OperateOptions>();
  auto* list_command = add_command(*tasks, "list", "列出 / list", options, command);
  filters(*list_command, options,
          {{"queue", "complete|assign|split|release|collect"},
           {"all", "true：含已办结 / true: finished ones too"},
           {"after", "翻页 / page: after this task"},
           {"limit", "行数 / rows"}});
  list_command->callback([options, &command] {
    command.run = [options, &command] {
      return list_rows(
          *options, "tasks", "tasks",
          {"task", "queueZh", "exchange", "partner", "service", "matter", "recipient", "reason", "createdAt"}, command);
    };
  });
  auto completed = std::make_shared<OperateOptions>();
  auto* complete =
      add_act(*tasks, "complete", "补正后继续 / correct the record and let it go", "TASK", completed, command);
  complete->add_option("--set", completed->sets,
                       "字段=值，可重复；字段:=值 为数字或真假 / FIELD=VALUE, may be repeated");
  complete->add_option("--patch", completed->patch_file, "JSON 合并补丁文件（RFC 7396） / file with a merge patch");
  complete->callback([completed, &command] {
    command.run = [completed, &command] { return finish_task(*completed, false, command); };
  });
  auto released = std::make_shared<OperateOptions>();
  auto* release =
      add_act(*tasks, "release",
              "放行：待释放的报文须以 --as 指明释放方式；其余待办按原样放行 / let it go: a message that waits "
              "for its release in the way --as says, any other matter as it is",
              "TASK", released, command);
  release
      ->add_option(
          "--as", released->as,
          "whole 全文，scrubbed 自由文本脱敏后，summary 以线索摘要代替，without 不含该内容 / the waiting fields "
          "whole, free texts scrubbed, a summary in their place, or without them")
      ->check(CLI::IsMember({"whole", "scrubbed", "summary", "without"}));
  release->add_option(
      "--summary-file", released->patch_file,
      "线索摘要文件，- 为标准输入；不作为参数，以免他人看见 / file with the summary, - = standard input; "
      "no argument, which others could see");
  release->callback([released, &command] {
    command.run = [released, &command] {
      return released->as.empty() ? finish_task(*released, true, command) : release_message(*released, command);
    };
  });
  add_waiting(*tasks, command);
}

}  // namespace tongqu::app
