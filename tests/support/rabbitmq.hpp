#pragma once
// RabbitMQ of the system, started by the test on free ports with its own node, data folder and port mapper.
#include <filesystem>
#include <memory>
#include <string>

#include "tests/support/child.hpp"

namespace tongqu::test {

struct RabbitTls {
  std::string ca_pem;
  std::string certificate_pem;
  std::string key_pem;
};

// Users: "tongqu" with password "demo". Not thread-safe. Aborts when the broker does not come up: no test could run.
class RabbitMq {
 public:
  // With `tls` it listens on tls_port() as well and asks for a client certificate.
  explicit RabbitMq(const RabbitTls* tls = nullptr);
  ~RabbitMq();
  RabbitMq(const RabbitMq&) = delete;
  RabbitMq& operator=(const RabbitMq&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] int tls_port() const { return tls_port_; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  // kill -9, or an orderly end; the data stay.
  void kill();
  void stop();
  // On the same ports and data.
  void start();
  // The output of rabbitmqctl with these words.
  std::string control(const std::string& words);

 private:
  [[nodiscard]] std::map<std::string, std::string> environment() const;

  std::filesystem::path folder_;
  int port_;
  int tls_port_;
  int mapper_port_;
  int node_port_;
  std::unique_ptr<Child> mapper_;
  std::unique_ptr<Child> broker_;
};

}  // namespace tongqu::test
