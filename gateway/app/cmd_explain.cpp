// tongqu explain: a dry run. Every output field with the source path, rule, functions, table and treatment that made
// it, for each recipient; and for each absent field, why. The same steps run as in the gateway; nothing is stored or
// sent.
#include <iostream>

#include "gateway/app/commands.hpp"
#include "gateway/app/config_open.hpp"
#include "gateway/app/explain.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::app {
namespace {

struct ExplainOptions {
  std::string directory;
  std::string partner;
  std::string service;
  std::string file;
};

std::string joined(const Node* list) {
  std::string out;
  if (list == nullptr) return out;
  for (const Node& item : children(*list)) {
    if (!out.empty()) out += ", ";
    out += item.text;
  }
  return out;
}

std::string text_of(const Node& row, std::string_view name) {
  const Node* member = row.find(name);
  return member == nullptr ? std::string() : std::string(member->text);
}

void print_rows(const Node& rows, bool with_treatment) {
  std::vector<std::string> heads{"field", "from", "functions", "tables", "line"};
  if (with_treatment) heads.insert(heads.end(), {"treatment", "rule"});
  heads.push_back("absent because");
  TextTable table(heads);
  for (const Node& row : children(rows)) {
    std::vector<std::string> cells{text_of(row, "field"), joined(row.find("sources")), joined(row.find("functions")),
                                   joined(row.find("tables")), text_of(row, "line")};
    if (with_treatment) cells.insert(cells.end(), {text_of(row, "treatment"), text_of(row, "rule")});
    cells.push_back(text_of(row, "why"));
    table.add(std::move(cells));
  }
  table.print(std::cout);
}

void print_explanation(const Node& root) {
  std::cout << "# " << text_of(root, "mapping") << " → " << text_of(root, "state") << '\n';
  print_rows(*root.find("record"), false);
  if (const Node* findings = root.find("findings"); findings->count > 0) {
    std::cout << "\n# findings\n";
    for (const Node& finding : children(*findings)) {
      std::cout << text_of(finding, "grade") << ' ' << text_of(finding, "path") << ": " << text_of(finding, "message")
                << " [" << text_of(finding, "code") << "]\n";
    }
  }
  for (const Node& recipient : children(*root.find("recipients"))) {
    std::cout << "\n# " << text_of(recipient, "recipient") << " ← " << text_of(recipient, "mapping") << '\n';
    print_rows(*recipient.find("fields"), true);
    std::cout << "\n" << text_of(recipient, "body") << '\n';
  }
}

int explain_file(const ExplainOptions& options, const Command& command) {
  const JsonCodec json;
  const OpenedConfig opened = open_config(options.directory, json);
  if (opened.config == nullptr) {
    print_faults(std::cerr, opened.faults, command.lang);
    return kFoundWrong;
  }
  auto bytes = read_input(options.file);
  if (bytes.has_error()) return report(bytes.error(), command);
  auto explanation =
      explain(*opened.config, PartnerId(options.partner), ServiceId(options.service), std::move(*bytes), command.lang);
  if (explanation.has_error()) return report(explanation.error(), command);
  if (command.format == "json") {
    std::cout << to_pretty_json(explanation->root()) << '\n';
  } else {
    print_explanation(explanation->root());
  }
  return kDone;
}

}  // namespace

void add_explain(CLI::App& app, Command& command) {
  auto options = std::make_shared<ExplainOptions>();  // second owner: the callback
  auto* explain_command =
      app.add_subcommand("explain", "演练一份报文，逐字段说明来源与处理方式 / dry run of a message, field by field");
  explain_command->add_option("-c,--config", options->directory, "配置目录 / configuration directory")->required();
  explain_command->add_option("--partner", options->partner, "发送方 / the sender")->required();
  explain_command->add_option("--service", options->service, "服务 / the service")->required();
  explain_command->add_option("FILE", options->file, "报文文件，- 为标准输入 / the message, - for standard input")
      ->required();
  explain_command->add_option("--format", command.format, "text|json")->check(CLI::IsMember({"text", "json"}));
  explain_command->callback(
      [options, &command] { command.run = [options, &command] { return explain_file(*options, command); }; });
}

}  // namespace tongqu::app
