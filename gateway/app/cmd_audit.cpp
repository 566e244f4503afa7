// tongqu audit: export, prove and checkpoint ask a running gateway; verify needs the public key alone.
#include <fstream>
#include <iostream>

#include "gateway/app/admin_client.hpp"
#include "gateway/app/audit_source.hpp"
#include "gateway/app/commands.hpp"
#include "security/audit/export.hpp"
#include "security/audit/receipt_check.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::app {
namespace {

struct AuditOptions {
  AdminAddress admin;
  std::string key;
  std::string file;
  std::string output = "-";
  std::uint64_t index = 0;
};

int verify(const AuditOptions& options, const Command& command) {
  auto key = read_input(options.key);
  if (key.has_error()) return report(key.error(), command);
  while (key->ends_with('\n')) key->pop_back();
  const JsonCodec json;
  auto found = verify_file(options.file, *key, json);
  if (found.has_error()) return report(found.error(), command);
  std::cout << (command.lang == Lang::kChinese ? found->zh : found->en) << '\n';
  return found->sound ? kDone : kFoundWrong;
}

int export_log(const AuditOptions& options, const Command& command) {
  if (options.output == "-") {
    const auto status = export_audit(options.admin, std::cout, nullptr);
    return status.has_error() ? report(status.error(), command) : kDone;
  }
  const std::string temporary = options.output + ".new";
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  std::uint64_t last = 0;
  const auto progress = [&](std::uint64_t done, std::uint64_t size) {
    if (done - last < 20'000 && done != size) return;
    last = done;
    std::cerr << "\r" << done << " / " << size << (done == size ? "\n" : "") << std::flush;
  };
  if (auto status = export_audit(options.admin, out, progress); status.has_error()) {
    std::filesystem::remove(temporary);
    return report(status.error(), command);
  }
  out.close();
  std::filesystem::rename(temporary, options.output);
  return kDone;
}

int ask(const AuditOptions& options, const std::string& path, const Command& command) {
  auto answer = admin_call(options.admin, "GET", "/admin/v1/" + path, "");
  if (answer.has_error()) return report(answer.error(), command);
  (answer->status == 200 ? std::cout : std::cerr) << answer->body << (answer->body.ends_with('\n') ? "" : "\n");
  return answer->status == 200 ? kDone : kFoundWrong;
}

void add_admin_options(CLI::App& command, AdminAddress& admin) {
  command.add_option("--admin", admin.url, "管理接口地址 / address of the admin interface")->envname("TONGQU_ADMIN");
  command.add_option("--token-file", admin.token_file, "令牌文件 / file with the token")
      ->envname("TONGQU_ADMIN_TOKEN_FILE");
}

}  // namespace

void add_audit(CLI::App& app, Command& command) {
  auto options = std::make_shared<AuditOptions>();  // second owner: the callbacks
  auto* audit = app.add_subcommand("audit", "审计日志 / the audit log");
  audit->require_subcommand(1);
  auto* verify_command = audit->add_subcommand(
      "verify", "离线验证导出文件、回执或证据文件 / verify an export, a receipt or an evidence file, offline");
  verify_command->add_option("--key", options->key, "验证公钥文件（keys verifier 的输出） / file with the verifier key")
      ->required();
  verify_command->add_option("FILE", options->file, "文件，- 为标准输入 / the file, - for standard input")->required();
  verify_command->callback(
      [options, &command] { command.run = [options, &command] { return verify(*options, command); }; });

  auto* export_command = audit->add_subcommand("export", "导出全部条目 / export all entries");
  add_admin_options(*export_command, options->admin);
  export_command->add_option("--output", options->output, "输出文件 / where to");
  export_command->callback(
      [options, &command] { command.run = [options, &command] { return export_log(*options, command); }; });

  auto* prove = audit->add_subcommand(
      "prove", "对当前检查点给出一条的包含证明 / inclusion proof of one entry against today's checkpoint");
  add_admin_options(*prove, options->admin);
  prove->add_option("INDEX", options->index, "条目序号 / index of the entry")->required();
  prove->callback([options, &command] {
    command.run = [options, &command] {
      return ask(*options, "audit/proof?index=" + std::to_string(options->index), command);
    };
  });

  auto* checkpoint = audit->add_subcommand("checkpoint", "输出最新的签名检查点 / print the newest signed checkpoint");
  add_admin_options(*checkpoint, options->admin);
  checkpoint->callback([options, &command] {
    command.run = [options, &command] { return ask(*options, "audit/checkpoint", command); };
  });
}

}  // namespace tongqu::app
