// tongqu status, exchanges, dead-letters, attachments, partner, reload: work with a running gateway.
#include <iostream>

#include "gateway/app/operate_parts.hpp"
#include "gateway/core/jcs.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::app {
namespace {

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

void add_exchanges(CLI::App& app, Command& command) {
  auto* exchanges = app.add_subcommand("exchanges", "交换记录 / exchanges");
  exchanges->require_subcommand(1);
  auto options = std::make_shared<OperateOptions>();
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
      return list_rows(*options, "exchanges", "exchanges",
                       {"exchange", "partner", "service", "matter", "version", "receivedAt", "state"}, command);
    };
  });
  auto one = std::make_shared<OperateOptions>();
  auto* show_command = add_command(*exchanges, "show", "显示一条及其回执 / show one with its receipts", one, command);
  show_command->add_option("EXCHANGE", one->ids, "交换编号 / exchange id")->required()->expected(1);
  show_command->callback(
      [one, &command] { command.run = [one, &command] { return show(*one, "exchanges", command); }; });
  add_explain_stored(*exchanges, command);
  add_matches(*exchanges, command);
  auto replayed = std::make_shared<OperateOptions>();
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
  auto options = std::make_shared<OperateOptions>();
  options->query["state"] = "dead";
  auto* list_command = add_command(*dead, "list", "列出 / list", options, command);
  filters(*list_command, options,
          {{"recipient", "接收方 / recipient"}, {"state", "dead|no-answer"}, {"limit", "行数 / rows"}});
  list_command->callback([options, &command] {
    command.run = [options, &command] {
      if (options->query["state"].empty()) options->query["state"] = "dead";
      return list_rows(*options, "messages", "messages",
                       {"message", "recipient", "service", "state", "attempts", "status", "code", "createdAt"},
                       command);
    };
  });
  for (const auto& [verb, help] : {std::pair{"replay", "原样重新投递 / deliver again as it is"},
                                   std::pair{"skip", "放弃，后续报文继续 / give up, what waits behind it goes"}}) {
    auto one = std::make_shared<OperateOptions>();
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
  auto options = std::make_shared<OperateOptions>();
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
      return list_rows(*options, "attachments", "attachments",
                       {"attachment", "owner", "state", "type", "size", "code", "createdAt"}, command);
    };
  });
  auto one = std::make_shared<OperateOptions>();
  auto* show_command = add_command(*attachments, "show",
                                   "显示一个，不含文件名与内容 / one, without file name and content", one, command);
  show_command->add_option("ATTACHMENT", one->ids, "附件编号 / attachment id")->required()->expected(1);
  show_command->callback(
      [one, &command] { command.run = [one, &command] { return show(*one, "attachments", command); }; });
  for (const auto& [verb, help] :
       {std::pair{"release", "人工放行：视同已扫描，有权者可下载 / a person vouches for it: it counts as scanned"},
        std::pair{"retry", "立即重新抓取未能抓取的附件 / fetch now what could not be fetched"},
        std::pair{"remove", "彻底删除内容并销毁其密钥 / content and key are gone for good"}}) {
    auto acted = std::make_shared<OperateOptions>();
    auto* sub = add_act(*attachments, verb, help, "ATTACHMENT", acted, command);
    sub->callback([acted, &command, name = std::string(verb)] {
      command.run = [acted, &command, name] {
        return act(*acted, "attachments/" + escaped(acted->ids.front()) + "/" + name, {}, command);
      };
    });
  }
}

}  // namespace

void add_operate(CLI::App& app, Command& command) {
  add_exchanges(app, command);
  add_dead_letters(app, command);
  add_attachments(app, command);
  add_tasks(app, command);
  add_grants(app, command);
  auto status = std::make_shared<OperateOptions>();
  add_command(app, "status", "各接入方流量与队列 / traffic and queues of every partner", status, command)
      ->callback([status, &command] {
        command.run = [status, &command] {
          return list_rows(*status, "status", "partners",
                           {"partner", "accepted", "stored", "held", "turnedBack", "queued", "delivered", "noAnswer",
                            "dead", "toCollect", "maskedFields"},
                           command, [&command](const Node& root) { print_legacy(root, command); });
        };
      });
  auto* partner = app.add_subcommand("partner", "接入方 / partners");
  partner->require_subcommand(1);
  for (const auto& [verb, help] :
       {std::pair{"pause", "暂停投递 / stop delivering to it"}, std::pair{"resume", "恢复投递 / deliver again"}}) {
    auto one = std::make_shared<OperateOptions>();
    add_act(*partner, verb, help, "PARTNER", one, command)->callback([one, &command, name = std::string(verb)] {
      command.run = [one, &command, name] {
        return act(*one, "partners/" + escaped(one->ids.front()) + "/" + name, {}, command);
      };
    });
  }
  auto reload = std::make_shared<OperateOptions>();
  add_command(app, "reload", "检查并启用新配置 / check and activate the new configuration", reload, command)
      ->callback([reload, &command] {
        command.run = [reload, &command] {
          reload->reason = "reload";
          return act(*reload, "reload", {}, command);
        };
      });
}

}  // namespace tongqu::app
