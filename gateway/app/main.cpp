// tongqu: one program, one subcommand per job.
#include <cstdlib>
#include <iostream>

#include "gateway/app/commands.hpp"

namespace {

// Chinese unless the environment asks for another language.
tongqu::Lang language() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    return std::string_view(value).starts_with("en") ? tongqu::Lang::kEnglish : tongqu::Lang::kChinese;
  }
  return tongqu::Lang::kChinese;
}

}  // namespace

int main(int argc, char** argv) {
  namespace cli = tongqu::app;
  cli::Command command;
  command.lang = language();
  CLI::App app{
      "通衢 Tongqu：全国12315平台与各业务系统之间的安全交换网关 / secure exchange gateway of the 12315 platform",
      "tongqu"};
  app.set_version_flag("--version", TONGQU_VERSION);
  app.require_subcommand(1);
  app.footer("退出码 / exit status: 0 完成 done, 1 发现问题 found something wrong, 2 调用有误 called wrongly");
  cli::add_serve(app, command);
  cli::add_check(app, command);
  cli::add_explain(app, command);
  cli::add_mask(app, command);
  cli::add_deadline(app, command);
  cli::add_calendar(app, command);
  cli::add_import(app, command);
  cli::add_send(app, command);
  cli::add_operate(app, command);
  cli::add_transcript(app, command);
  cli::add_directory(app, command);
  cli::add_audit(app, command);
  cli::add_disclosures(app, command);
  cli::add_keys(app, command);
  cli::add_mapping(app, command);
  cli::add_partner_add(app, command);
  cli::add_sheets(app, command);
  cli::add_reference(app, command);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int status = app.exit(error);
    return status == 0 ? cli::kDone : cli::kCalledWrongly;
  }
  return command.run ? command.run() : cli::kCalledWrongly;
}
