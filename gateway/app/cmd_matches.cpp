// tongqu exchanges matches: other exchanges with the same person, phone or address; no value is read or shown.
#include <iostream>

#include "gateway/app/admin_command.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::app {
namespace {

struct Options {
  AdminAddress admin;
  std::string exchange, kind, role, reason, actor;
};

std::string text_of(const Node& row, std::string_view name) {
  const Node* member = row.find(name);
  return member == nullptr ? std::string() : std::string(member->text);
}

void print(const Node& root, Lang lang) {
  const bool zh = lang == Lang::kChinese;
  const Node& rows = *root.find("matches");
  if (rows.count == 0) {
    std::cout << (zh ? "该交换中没有可比对的个人信息\n" : "nothing of a person in this exchange can be compared\n");
    return;
  }
  TextTable table(zh ? std::vector<std::string>{"类别", "身份", "其他交换数", "最近的交换"}
                     : std::vector<std::string>{"kind", "role", "others", "newest"});
  for (const Node& row : children(rows)) {
    std::string newest;
    for (const Node& one : children(*row.find("exchanges"))) {
      if (!newest.empty()) newest += ' ';
      newest += one.text;
    }
    const std::string at_least = text_of(row, "atLeast") == "true" ? "≥ " : "";
    table.add({text_of(row, "kind"), text_of(row, "role"), at_least + text_of(row, "count"), newest});
  }
  table.print(std::cout);
}

int ask(const Options& options, const Command& command) {
  Document body;
  body.set_root(body.make(Kind::kObject));
  body.add_text(body.root(), "reason", options.reason);
  body.add_text(body.root(), "actor", acting_person(options.actor));
  if (!options.kind.empty()) body.add_text(body.root(), "kind", options.kind);
  if (!options.role.empty()) body.add_text(body.root(), "role", options.role);
  std::string text;
  if (auto status = JsonCodec().encode(body.root(), text); status.has_error()) return report(status.error(), command);
  auto answer =
      admin_call(options.admin, "POST", "/admin/v1/exchanges/" + escaped(options.exchange) + "/matches", text);
  if (answer.has_error()) return report(answer.error(), command);
  if (answer->status != 200) return problem(answer->body, command);
  Document found;
  if (auto status = JsonCodec().decode(answer->body, DecodeLimits{}, found); status.has_error())
    return report(status.error(), command);
  if (command.format == "json") {
    std::cout << to_pretty_json(found.root()) << '\n';
  } else {
    print(found.root(), command.lang);
  }
  return kDone;
}

}  // namespace

void add_matches(CLI::App& exchanges, Command& command) {
  auto options = std::make_shared<Options>();  // owned by the callback
  auto* sub = add_admin_command(
      exchanges, "matches",
      "同一人、同一电话、同一地址的其他交换：只比对密钥散列，不读取内容 / other exchanges with the same person, "
      "phone or address, by keyed hashes",
      options->admin, command);
  sub->add_option("EXCHANGE", options->exchange, "交换编号 / exchange id")->required();
  sub->add_option("--kind", options->kind, "phone|id|name|address，默认全部 / default all")
      ->check(CLI::IsMember({"phone", "id", "name", "address"}));
  sub->add_option("--role", options->role,
                  "complainant|agent|informant；举报人须写明 / an informant's are compared only when said")
      ->check(CLI::IsMember({"complainant", "agent", "informant"}));
  sub->add_option("--reason", options->reason, "理由（必填，进入审计） / why; goes to the audit log as digest")
      ->required();
  sub->add_option("--actor", options->actor, "操作人（默认登录名） / who acts, default the login name");
  sub->callback([options, &command] { command.run = [options, &command] { return ask(*options, command); }; });
}

}  // namespace tongqu::app
