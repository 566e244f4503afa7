#include "tests/support/rabbitmq.hpp"

#include <signal.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "tests/support/data.hpp"

namespace tongqu::test {
namespace {

constexpr const char* kTools = "/usr/lib/rabbitmq/bin/";

void write(const std::filesystem::path& file, const std::string& text) { std::ofstream(file) << text; }

}  // namespace

RabbitMq::RabbitMq(const RabbitTls* tls)
    : folder_(temporary_folder("rabbitmq")),
      port_(free_port()),
      tls_port_(tls != nullptr ? free_port() : 0),
      mapper_port_(free_port()),
      node_port_(free_port()) {
  std::string config = "listeners.tcp.1 = 127.0.0.1:" + std::to_string(port_) +
                       "\ndefault_user = tongqu\ndefault_pass = demo\nloopback_users = none\nlog.file = false\n"
                       "log.console = true\nlog.console.level = warning\nheartbeat = 10\n"
                       "vm_memory_high_watermark.absolute = 1GB\ndisk_free_limit.absolute = 1MB\n";
  if (tls != nullptr) {
    write(folder_ / "ca.crt", tls->ca_pem);
    write(folder_ / "broker.crt", tls->certificate_pem);
    write(folder_ / "broker.key", tls->key_pem);
    config += "listeners.ssl.1 = 127.0.0.1:" + std::to_string(tls_port_) +
              "\nssl_options.cacertfile = " + (folder_ / "ca.crt").string() +
              "\nssl_options.certfile = " + (folder_ / "broker.crt").string() +
              "\nssl_options.keyfile = " + (folder_ / "broker.key").string() +
              "\nssl_options.verify = verify_peer\nssl_options.fail_if_no_peer_cert = true\n";
  }
  write(folder_ / "rabbitmq.conf", config);
  write(folder_ / "enabled_plugins", "[].\n");
  std::filesystem::create_directory(folder_ / "data");
  mapper_ = std::make_unique<Child>(
      std::vector<std::string>{"/usr/bin/epmd", "-port", std::to_string(mapper_port_), "-address", "127.0.0.1"},
      std::map<std::string, std::string>{}, folder_ / "epmd.log");
  start();
}

RabbitMq::~RabbitMq() = default;

std::map<std::string, std::string> RabbitMq::environment() const {
  return {{"HOME", folder_},
          {"ERL_EPMD_PORT", std::to_string(mapper_port_)},
          {"RABBITMQ_NODENAME", "tongqu" + std::to_string(port_) + "@localhost"},
          {"RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"},
          {"RABBITMQ_NODE_PORT", std::to_string(port_)},
          {"RABBITMQ_DIST_PORT", std::to_string(node_port_)},
          {"RABBITMQ_MNESIA_BASE", folder_ / "data"},
          {"RABBITMQ_LOG_BASE", folder_},
          {"RABBITMQ_CONFIG_FILE", folder_ / "rabbitmq.conf"},
          {"RABBITMQ_ENABLED_PLUGINS_FILE", folder_ / "enabled_plugins"},
          {"RABBITMQ_GENERATED_CONFIG_DIR", folder_ / "generated"},
          {"RABBITMQ_SERVER_START_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}"},
          {"RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "+sbwt none +sbwtdcpu none +sbwtdio none +S 2:2"},
          {"RABBITMQ_CTL_DIST_PORT_MIN", "20000"},
          {"RABBITMQ_CTL_DIST_PORT_MAX", "60000"}};
}

void RabbitMq::start() {
  broker_ = std::make_unique<Child>(std::vector<std::string>{std::string(kTools) + "rabbitmq-server"}, environment(),
                                    folder_ / "broker.log");
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(120);
  const int last = tls_port_ != 0 ? tls_port_ : port_;  // listeners come up in this order
  while (!is_listening(port_) || !is_listening(last)) {
    if (broker_->ended() || std::chrono::steady_clock::now() > end) {
      std::fprintf(stderr, "RabbitMQ did not start:\n%s\n", read_file(folder_ / "broker.log").c_str());
      std::abort();
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

// RabbitMQ 3.10 answers a declaration before the log of its schema is on disk: killed then, it comes back without the
// queue and all that was in it (seen once in six kills right after a declaration). That is not what a killed broker is
// to show.
void RabbitMq::kill() {
  control("eval 'mnesia:sync_log().'");
  broker_.reset();
}

void RabbitMq::stop() {
  broker_->signal(SIGTERM);
  broker_->wait();
  broker_.reset();
}

std::string RabbitMq::control(const std::string& words) {
  const std::string out = folder_ / "control.out";
  std::filesystem::remove(out);
  Child child({"/bin/sh", "-c", std::string("exec ") + kTools + "rabbitmqctl -q " + words}, environment(), out);
  child.wait();
  return read_file(out);
}

}  // namespace tongqu::test
