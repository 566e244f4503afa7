#pragma once
// The partner's side of the broker, on rabbitmq-c alone: declares, publishes, fetches, counts. Not thread-safe. Aborts
// on what no test expects.
#include <amqp.h>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace tongqu::test {

struct PeerMessage {
  std::string body;
  std::string message_id{};
  std::string content_type = "application/json";
  std::string content_encoding{};
  std::string type{};
  int priority = 0;
  int delivery_mode = 0;
  bool redelivered = false;
};

class AmqpPeer {
 public:
  explicit AmqpPeer(int port);
  ~AmqpPeer();
  AmqpPeer(const AmqpPeer&) = delete;
  AmqpPeer& operator=(const AmqpPeer&) = delete;

  using Arguments = std::map<std::string, std::string>;  // numbers are written as numbers
  // A durable queue; declares it anew each time.
  void queue(const std::string& name, const Arguments& arguments = {});
  void remove(const std::string& name);
  void exchange(const std::string& name, const std::string& queue, const std::string& routing_key);
  void publish(const std::string& queue, const PeerMessage& message);
  // Returns when the broker has all that was published.
  void confirm_all();
  std::optional<PeerMessage> get(const std::string& queue);  // acknowledged at once
  // Messages that are ready, not those that somebody holds.
  std::uint32_t ready(const std::string& queue);

 private:
  void connect(int port);
  void reply(const char* what);
  amqp_connection_state_t connection_;
  std::uint64_t published_ = 0;
  std::uint64_t confirmed_ = 0;
  std::set<std::uint64_t> open_;
};

}  // namespace tongqu::test
