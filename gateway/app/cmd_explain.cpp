// tongqu explain: a dry run. Every output field with the source path, rule, functions, table and treatment that made
// it, for each recipient; and for each absent field, why. The same steps run as in the gateway; nothing is stored or
// sent.
#include <iostream>

#include "gateway/app/commands.hpp"
#include "gateway/app/config_open.hpp"
#include "gateway/app/explain.hpp"
#include "gateway/app/explain_text.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::app {
namespace {

struct ExplainOptions {
  std::string directory;
  std::string partner;
  std::string service;
  std::string file;
};

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
    print_explanation(explanation->root(), command.lang, std::cout);
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
