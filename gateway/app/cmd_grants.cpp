// tongqu grants: what persons grant beyond the rules: an approved request, a confirmed danger to life.
#include "gateway/app/operate_parts.hpp"

namespace tongqu::app {
namespace {

struct Wish {
  SharedOptions options = std::make_shared<OperateOptions>();
  std::string recipient, service, exchange, partner, matter, until;
  std::vector<std::string> labels;
};
using SharedWish = std::shared_ptr<Wish>;

int open(const Wish& wish, const std::string& verb, const Command& command) {
  return act(
      *wish.options, "grants/" + verb,
      [&wish](Document& body) {
        for (const auto& [name, text] : {std::pair<const char*, const std::string*>{"recipient", &wish.recipient},
                                         {"service", &wish.service},
                                         {"exchange", &wish.exchange},
                                         {"partner", &wish.partner},
                                         {"matter", &wish.matter},
                                         {"until", &wish.until}}) {
          if (!text->empty()) body.add_text(body.root(), name, *text);
        }
        if (wish.labels.empty()) return kDone;
        Node* labels = body.add_list(body.root(), "labels");
        for (const std::string& label : wish.labels) body.append(*labels, body.make(Kind::kText, label));
        return kDone;
      },
      command);
}

void add_open(CLI::App& grants, const std::string& verb, const std::string& help, Command& command) {
  auto wish = std::make_shared<Wish>();
  auto* sub = add_command(grants, verb, help, wish->options, command);
  sub->add_option("--recipient", wish->recipient, "接收方 / recipient")->required();
  sub->add_option("--service", wish->service, "服务（接收方一侧） / service at the recipient")->required();
  auto* exchange = sub->add_option("--exchange", wish->exchange, "仅此交换 / this exchange alone");
  auto* matter =
      sub->add_option("--matter", wish->matter, "此事项（发送方编号） / this matter, by its sender's number");
  auto* partner = sub->add_option("--partner", wish->partner, "事项的发送方 / sender of the matter");
  matter->needs(partner)->excludes(exchange);
  partner->needs(matter);
  sub->add_option(
      "--label", wish->labels,
      "标签 类别/主体，可重复；不写则为举报人以外的全部 / KIND/SUBJECT, may be repeated; without it all but "
      "those of informants");
  sub->add_option("--until", wish->until, "截止时间（RFC 3339） / end, RFC 3339");
  sub->add_option("--reason", wish->options->reason, "理由（必填） / why")->required();
  sub->add_option("--actor", wish->options->actor, "操作人（默认登录名） / who acts, default the login name");
  sub->callback(
      [wish, verb, &command] { command.run = [wish, verb, &command] { return open(*wish, verb, command); }; });
}

}  // namespace

void add_grants(CLI::App& app, Command& command) {
  auto* grants = app.add_subcommand(
      "grants",
      "准予：经审批或确认危及生命后的明文 / grants: clear on an approved request or a confirmed danger to life");
  grants->require_subcommand(1);
  auto options = std::make_shared<OperateOptions>();
  auto* list_command = add_command(*grants, "list", "列出，新的在前 / list, newest first", options, command);
  filters(*list_command, options,
          {{"all", "true：含已拒绝、已撤回、已到期 / true: refused, withdrawn and over ones too"},
           {"before", "翻页：早于此编号 / page: before this id"},
           {"limit", "行数 / rows"}});
  list_command->callback([options, &command] {
    command.run = [options, &command] {
      return list_rows(*options, "grants", "grants",
                       {"grant", "kind", "state", "recipient", "service", "exchange", "matter", "labels", "askedBy",
                        "decidedBy", "until"},
                       command);
    };
  });
  auto one = std::make_shared<OperateOptions>();
  auto* show_command = add_command(*grants, "show", "显示一项及其理由 / one with its reason", one, command);
  show_command->add_option("GRANT", one->ids, "准予编号 / grant id")->required()->expected(1);
  show_command->callback([one, &command] { command.run = [one, &command] { return show(*one, "grants", command); }; });
  add_open(*grants, "ask", "申请：须由另一人批准 / ask for one; a second person has to approve", command);
  add_open(
      *grants, "confirm-danger",
      "确认危及生命：即时生效，期限很短 / a named person confirms danger to life: in force at once, with a short end",
      command);
  for (const auto& [verb, help] :
       {std::pair{"approve", "批准（不得为申请人本人） / approve; never by who asked"},
        std::pair{"refuse", "不予批准 / refuse"},
        std::pair{"withdraw", "撤回：此后一切照旧 / withdraw: from then on all is as before"}}) {
    auto acted = std::make_shared<OperateOptions>();
    add_act(*grants, verb, help, "GRANT", acted, command)->callback([acted, &command, name = std::string(verb)] {
      command.run = [acted, &command, name] {
        return act(*acted, "grants/" + escaped(acted->ids.front()) + "/" + name, {}, command);
      };
    });
  }
  auto resent = std::make_shared<OperateOptions>();
  auto message = std::make_shared<std::string>();
  auto* resend =
      add_act(*grants, "resend",
              "按准予重新生成并发送已发出的报文（新编号，取代原报文） / send a message again under the grant: new "
              "id, supersedes the earlier one",
              "GRANT", resent, command);
  resend->add_option("--message", *message, "报文编号 / message id")->required();
  resend->callback([resent, message, &command] {
    command.run = [resent, message, &command] {
      return act(
          *resent, "grants/" + escaped(resent->ids.front()) + "/resend",
          [&message](Document& body) {
            body.add_text(body.root(), "message", *message);
            return kDone;
          },
          command);
    };
  });
}

}  // namespace tongqu::app
