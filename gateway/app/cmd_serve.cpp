// tongqu serve: runs until SIGTERM or SIGINT; SIGHUP reloads.
#include <signal.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <iostream>

#include "gateway/app/commands.hpp"
#include "gateway/app/config_open.hpp"
#include "gateway/app/runtime.hpp"

namespace tongqu::app {
namespace {

constexpr std::int64_t kHousekeepingMs = 20'000;

// Signals are blocked in every thread and taken one after another here, so that nothing runs in a signal handler.
sigset_t block_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  return set;
}

void reload(Runtime& runtime, const Command& command) {
  std::vector<SettingsFault> faults;
  auto active = runtime.reload(&faults);
  if (active.has_value()) return;
  spdlog::error("the new configuration does not pass; the old one goes on: {}", active.error().text(Lang::kEnglish));
  print_faults(std::cerr, faults, command.lang);
}

int serve(const RuntimeOptions& options, const Command& command) {
  const sigset_t signals = block_signals();
  spdlog::set_default_logger(spdlog::stderr_logger_mt("tongqu"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  Runtime::Failure failure;
  auto runtime = Runtime::start(options, failure);
  print_faults(std::cerr, failure.faults, command.lang, has_colours(2));
  if (runtime == nullptr) return report(failure.error, command);
  const RuntimeAddresses& addresses = runtime->addresses();
  std::cout << "ready partners=" << addresses.partners << " admin=" << addresses.admin << std::endl;
  for (;;) {
    const std::int64_t wait_ms = std::min(kHousekeepingMs, runtime->next_closing_ms());
    const timespec wait{wait_ms / 1000, wait_ms % 1000 * 1'000'000};
    const int signal = sigtimedwait(&signals, nullptr, &wait);
    if (signal == SIGTERM || signal == SIGINT) break;
    if (signal == SIGHUP) reload(*runtime, command);
    runtime->housekeeping();
  }
  spdlog::info("stopping");
  runtime->stop();
  return kDone;
}

}  // namespace

void add_serve(CLI::App& app, Command& command) {
  struct Options {
    std::string directory;
    std::string secrets;
  };
  auto options = std::make_shared<Options>();  // second owner: the callback
  auto* serve_command = app.add_subcommand("serve", "运行网关 / run the gateway");
  serve_command->add_option("-c,--config", options->directory, "配置目录 / configuration directory")->required();
  serve_command->add_option("--secrets", options->secrets, "密钥目录（默认 <配置目录>/secrets） / folder of secrets");
  serve_command->callback([options, &command] {
    command.run = [options, &command] {
      return serve({options->directory, secrets_folder(options->directory, options->secrets)}, command);
    };
  });
}

}  // namespace tongqu::app
