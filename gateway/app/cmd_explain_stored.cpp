// tongqu exchanges explain: how a stored exchange came about, field by field. Without a value; with --values as far as
// the clearance of the person whose token it is permits, which is audited.
#include <iostream>

#include "gateway/app/admin_command.hpp"
#include "gateway/app/explain_text.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::app {
namespace {

struct Options {
  AdminAddress admin;
  std::string exchange;
  std::string under = "then";
  std::string reason;
  bool values = false;
};

Result<AdminAnswer> ask(const Options& options) {
  const std::string path = "/admin/v1/exchanges/" + escaped(options.exchange) + "/explain";
  if (!options.values) return admin_call(options.admin, "GET", path + "?under=" + options.under, "");
  Document body;
  body.set_root(body.make(Kind::kObject));
  body.add_text(body.root(), "reason", options.reason);
  body.add_text(body.root(), "under", options.under);
  std::string text;
  if (auto status = JsonCodec().encode(body.root(), text); status.has_error()) return status.error();
  return admin_call(options.admin, "POST", path, text);
}

int explain_exchange(const Options& options, const Command& command) {
  if (options.values && options.reason.empty()) {
    std::cerr << (command.lang == Lang::kChinese ? "tongqu: --values 须同时用 --reason 写明理由，理由进入审计\n"
                                                 : "tongqu: --values needs --reason; it goes to the audit log\n");
    return kCalledWrongly;
  }
  auto answer = ask(options);
  if (answer.has_error()) return report(answer.error(), command);
  if (answer->status != 200) return problem(answer->body, command);
  Document document;
  if (auto status = JsonCodec().decode(answer->body, DecodeLimits{.max_bytes = 16U << 20U}, document);
      status.has_error())
    return report(status.error(), command);
  if (command.format == "json") {
    std::cout << to_pretty_json(document.root()) << '\n';
  } else {
    print_explanation(document.root(), command.lang, std::cout);
  }
  return kDone;
}

}  // namespace

void add_explain_stored(CLI::App& exchanges, Command& command) {
  auto options = std::make_shared<Options>();  // owned by the callback
  auto* sub =
      add_admin_command(exchanges, "explain",
                        "逐字段说明一条交换的来源与处理方式，默认不含内容 / how each field came about, no content "
                        "unless asked for",
                        options->admin, command);
  sub->add_option("EXCHANGE", options->exchange, "交换编号 / exchange id")->required();
  sub->add_option("--under", options->under,
                  "then：按当时的配置（默认） now：按现行配置 / the configuration of then or of now")
      ->check(CLI::IsMember({"then", "now"}));
  sub->add_flag("--values", options->values,
                "按本人权限显示内容，须用具名人员的令牌，查看即留痕 / with values, through the clearance of the person "
                "whose token it is; audited");
  sub->add_option("--reason", options->reason, "查看理由，进入审计 / why; goes to the audit log as digest");
  sub->callback(
      [options, &command] { command.run = [options, &command] { return explain_exchange(*options, command); }; });
}

}  // namespace tongqu::app
