// tongqu keys: keys for signatures, and the public text that verifies the log. tongqu mapping: the formatter.
#include <iostream>

#include "gateway/app/commands.hpp"
#include "gateway/app/config_open.hpp"
#include "gateway/app/secrets.hpp"
#include "security/audit/sequencer.hpp"
#include "security/crypto/crypto_codes.hpp"
#include "security/crypto/keys.hpp"
#include "security/crypto/public_sealing.hpp"
#include "security/crypto/random.hpp"
#include "security/crypto/suites.hpp"
#include "security/privacy/sealed_values.hpp"
#include "transforms/codecs/json_codec.hpp"
#include "transforms/mapping/formatter.hpp"

namespace tongqu::app {
namespace {

int generate(const std::string& algorithm, const std::string& output, const Command& command) {
  auto pair = algorithm == kX25519 ? generate_sealing_key(SuiteId::kIntl) : generate_key(algorithm);
  if (pair.has_error()) return report(pair.error(), command);
  if (auto status = write_output(output, pair->private_pem, true); status.has_error())
    return report(status.error(), command);
  if (auto status = write_output(output + ".pub", pair->public_pem, false); status.has_error())
    return report(status.error(), command);
  std::cout << output << '\n' << output << ".pub\n";
  return kDone;
}

// The value goes to standard output as it is; where it belongs goes to standard error, to be compared with where it
// was found.
int open_value(const std::string& key_file, const std::string& at, const Command& command) {
  auto pem = read_input(key_file);
  if (pem.has_error()) return report(pem.error(), command);
  const ScopedCleanse wipe_pem(*pem);
  auto opener = make_public_opener(*pem);
  if (opener.has_error()) return report(opener.error(), command);
  auto text = read_input("-");
  if (text.has_error()) return report(text.error(), command);
  while (!text->empty() && std::string_view(" \t\r\n").find(text->back()) != std::string_view::npos) text->pop_back();
  auto opened = open_sealed(**opener, *text);
  if (opened.has_error()) return report(opened.error(), command);
  const ScopedCleanse wipe_value(opened->value);
  const SealedPlace& place = opened->place;
  const std::string found = place.recipient + " " + place.service + " " + place.path;
  if (!at.empty() && at != found) return report(make_error(codes::kCryptoSealed), command);
  std::cerr << found << '\n';
  std::cout << opened->value << std::flush;
  return kDone;
}

int verifier(const std::string& directory, const std::string& secrets, const Command& command) {
  const JsonCodec json;
  const OpenedConfig opened = open_config(directory, json);
  if (!opened.settings) {
    print_faults(std::cerr, opened.faults, command.lang);
    return kFoundWrong;
  }
  auto sequencer = open_sequencer(opened.settings->single("gateway"), secrets_folder(directory, secrets));
  if (sequencer.has_error()) return report(sequencer.error(), command);
  std::cout << (*sequencer)->verifier_key_text() << '\n';
  return kDone;
}

int format(const std::vector<std::string>& files, bool check, const Command& command) {
  int status = kDone;
  for (const std::string& file : files) {
    auto text = read_input(file);
    if (text.has_error()) return report(text.error(), command);
    auto formatted = format_mapping(*text);
    if (formatted.has_error()) {
      std::cerr << file << ":\n";
      status = report(formatted.error(), command);
      continue;
    }
    if (file == "-") {
      std::cout << *formatted;
    } else if (*formatted != *text) {
      std::cout << file << '\n';
      if (check) {
        status = kFoundWrong;
      } else if (auto written = write_output(file, *formatted, false); written.has_error()) {
        return report(written.error(), command);
      }
    }
  }
  return status;
}

}  // namespace

void add_keys(CLI::App& app, Command& command) {
  auto* keys = app.add_subcommand("keys", "密钥 / keys");
  keys->require_subcommand(1);
  struct Options {
    std::string algorithm = "sm2-sm3";
    std::string output;
    std::string directory;
    std::string secrets;
    std::string key;
    std::string at;
  };
  auto options = std::make_shared<Options>();  // second owner: the callbacks
  auto* make = keys->add_subcommand(
      "generate", "生成签名或定向加密用的密钥对 / make a key pair for signatures or for sealed values");
  make->add_option("--algorithm", options->algorithm, "sm2-sm3|ed25519|ecdsa-p256-sha256|x25519")
      ->check(CLI::IsMember({"sm2-sm3", "ed25519", "ecdsa-p256-sha256", "x25519"}));
  make->add_option("--output", options->output,
                   "私钥文件，公钥写入 <文件>.pub / private key; the public one goes to FILE.pub")
      ->required();
  make->callback([options, &command] {
    command.run = [options, &command] { return generate(options->algorithm, options->output, command); };
  });
  auto* open = keys->add_subcommand("open-sealed",
                                    "打开定向加密的字段，读自标准输入 / open a sealed value, read from standard input");
  open->add_option("--key", options->key, "SM2 或 X25519 私钥 / private key, SM2 or X25519")->required();
  open->add_option("--at", options->at,
                   "要求属于此处：\"接收方 服务 字段\" / has to belong here: \"RECIPIENT SERVICE PATH\"");
  open->callback([options, &command] {
    command.run = [options, &command] { return open_value(options->key, options->at, command); };
  });
  auto* show =
      keys->add_subcommand("verifier", "输出审计日志的验证公钥 / print the public text that verifies the audit log");
  show->add_option("-c,--config", options->directory, "配置目录 / configuration directory")->required();
  show->add_option("--secrets", options->secrets, "密钥目录 / folder of secrets");
  show->callback([options, &command] {
    command.run = [options, &command] { return verifier(options->directory, options->secrets, command); };
  });
}

void add_mapping(CLI::App& app, Command& command) {
  auto* mapping = app.add_subcommand("mapping", "映射文件 / mapping files");
  mapping->require_subcommand(1);
  struct Options {
    std::vector<std::string> files;
    bool check = false;
  };
  auto options = std::make_shared<Options>();  // second owner: the callback
  auto* format_command =
      mapping->add_subcommand("format", "统一书写格式，列出改动的文件 / bring into the one form, list what changed");
  format_command->add_option("FILE", options->files, "文件，- 为标准输入 / files, - for standard input")->required();
  format_command->add_flag("--check", options->check, "只检查不改写 / change nothing, exit 1 if a file would change");
  format_command->callback([options, &command] {
    command.run = [options, &command] { return format(options->files, options->check, command); };
  });
}

}  // namespace tongqu::app
