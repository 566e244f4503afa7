#include "gateway/app/operate_parts.hpp"

#include <iostream>

#include "transforms/codecs/json_codec.hpp"

namespace tongqu::app {

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
int list_rows(const OperateOptions& options, const std::string& path, const std::string& name,
              const std::vector<std::string>& columns, const Command& command,
              const std::function<void(const Node&)>& afterwards) {
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

// Asks the admin interface for one object and hands it to `print`.
int ask(const OperateOptions& options, const std::string& path, const std::function<void(const Node&)>& print,
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
int show(const OperateOptions& options, const std::string& path, const Command& command) {
  return ask(
      options, path + "/" + escaped(options.ids.front()),
      [](const Node& root) { std::cout << to_pretty_json(root) << '\n'; }, command);
}

// Asks for an act and hands the answer to `then`.
int post(const OperateOptions& options, const std::string& path, const std::function<int(Document&)>& fill,
         const std::function<int(const std::string&)>& then, const Command& command) {
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
  return then(answer->body);
}

int act(const OperateOptions& options, const std::string& path, const std::function<int(Document&)>& fill,
        const Command& command) {
  return post(
      options, path, fill,
      [&command](const std::string& answer) {
        std::cout << (command.format == "json" ? answer : command.lang == Lang::kChinese ? "完成" : "done") << '\n';
        return kDone;
      },
      command);
}

CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& help, const SharedOptions& options,
                      Command& command) {
  return add_admin_command(parent, name, help, options->admin, command);
}

CLI::App* add_act(CLI::App& parent, const std::string& name, const std::string& help, const std::string& id,
                  const SharedOptions& options, Command& command) {
  auto* sub = add_command(parent, name, help, options, command);
  sub->add_option(id, options->ids, id)->required()->expected(1);
  sub->add_option("--reason", options->reason, "理由（必填，进入审计） / why; goes to the audit log as digest")
      ->required();
  sub->add_option("--actor", options->actor, "操作人（默认登录名） / who acts, default the login name");
  return sub;
}

void filters(CLI::App& sub, const SharedOptions& options,
             const std::vector<std::pair<std::string, std::string>>& names) {
  for (const auto& [name, help] : names) sub.add_option("--" + name, options->query[name], help);
}

}  // namespace tongqu::app
