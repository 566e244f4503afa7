#pragma once
// What the commands that work with a running gateway share: options, a list as a table, an act with its reason.
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/app/admin_command.hpp"
#include "gateway/app/commands.hpp"
#include "gateway/core/document.hpp"

namespace tongqu::app {

struct OperateOptions {
  AdminAddress admin;
  std::map<std::string, std::string> query;
  std::vector<std::string> ids;
  std::vector<std::string> sets;
  std::string patch_file;  // or the file of a summary
  std::string as;
  std::string reason;
  std::string actor;
  bool rerender = false;
};
using SharedOptions = std::shared_ptr<OperateOptions>;  // owned by the callbacks of one command

[[nodiscard]] std::string with_query(std::string path, const std::map<std::string, std::string>& query);
// A scalar as it is, of a list or object how many members it has.
[[nodiscard]] std::string cell(const Node& node);
// The list `name` of the answer as a table of `columns`.
int list_rows(const OperateOptions& options, const std::string& path, const std::string& name,
              const std::vector<std::string>& columns, const Command& command,
              const std::function<void(const Node&)>& afterwards = {});
// Asks the admin interface for one object and hands it to `print`.
int ask(const OperateOptions& options, const std::string& path, const std::function<void(const Node&)>& print,
        const Command& command);
// One object of the folder `path`, as JSON.
int show(const OperateOptions& options, const std::string& path, const Command& command);
// Asks for an act, with reason and actor and what `fill` adds, and hands the answer to `then`.
int post(const OperateOptions& options, const std::string& path, const std::function<int(Document&)>& fill,
         const std::function<int(const std::string&)>& then, const Command& command);
// The same, and says that it is done.
int act(const OperateOptions& options, const std::string& path, const std::function<int(Document&)>& fill,
        const Command& command);

CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& help, const SharedOptions& options,
                      Command& command);
// A command with an id, a reason and who acts.
CLI::App* add_act(CLI::App& parent, const std::string& name, const std::string& help, const std::string& id,
                  const SharedOptions& options, Command& command);
void filters(CLI::App& sub, const SharedOptions& options,
             const std::vector<std::pair<std::string, std::string>>& names);

}  // namespace tongqu::app
