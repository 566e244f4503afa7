#pragma once
// One connection to a broker over rabbitmq-c: AMQP 0-9-1, plain or TLS 1.2 and newer. Blocking; for the thread that
// owns it. Everything the broker says comes out of poll() as an event; what to do about it is decided elsewhere.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "connectors/amqp/message_assembler.hpp"
#include "gateway/core/error.hpp"

namespace tongqu::amqp {

struct LinkOptions {
  std::string host;
  int port = 5672;
  std::string virtual_host = "/";
  bool external = false;  // SASL EXTERNAL: the client certificate is the login
  std::string user;
  std::string password;
  bool tls = false;  // the broker's certificate has to name `host`
  std::filesystem::path ca_file;
  std::filesystem::path certificate_file;  // may be empty
  std::filesystem::path key_file;
  int heartbeat_s = 10;
  std::int64_t connect_timeout_ms = 5000;  // for each step: TCP, handshake, one command
  std::size_t max_body_bytes = 1U << 20U;
};

struct Outgoing {
  std::string exchange;
  std::string routing_key;
  std::string message_id;
  std::string content_type;
  std::string service;  // property "type"
  std::string body;
  int priority = 0;
  std::uint64_t number = 0;  // of the confirm; header kNumberHeader
};
inline constexpr const char* kNumberHeader = "tongqu-publish";

enum class EventKind : std::uint8_t {
  kMessage,  // a delivery or a return
  kAck,      // confirms
  kNack,
  kBlocked,  // the broker reads nothing from this connection for now
  kUnblocked,
  kCancelled,  // the broker ended a subscription
  kClosed,     // the broker closed channel or connection; `reply_code`. The link is of no further use
};
struct Event {
  EventKind kind = EventKind::kClosed;
  std::uint16_t channel = 0;
  std::uint64_t tag = 0;
  bool multiple = false;
  std::uint16_t reply_code = 0;
  Arrived message;
};

// Errors: amqp.unreachable, amqp.tls, amqp.login, amqp.set-up (with the broker's code), amqp.lost, amqp.protocol. After
// any of them the link is of no further use. Not thread-safe.
class Link {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Link>> open(const LinkOptions& options);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  [[nodiscard]] Status open_channel(std::uint16_t channel);
  [[nodiscard]] Status select_confirms(std::uint16_t channel);
  // Fails with amqp.set-up 404 when there is no such exchange. "" = the default exchange, always there.
  [[nodiscard]] Status expect_exchange(std::uint16_t channel, const std::string& exchange);
  [[nodiscard]] Status consume(std::uint16_t channel, const std::string& queue, std::uint16_t prefetch);
  // Persistent and mandatory. A failure leaves the effect unknown.
  [[nodiscard]] Status publish(std::uint16_t channel, const Outgoing& message);
  [[nodiscard]] Status acknowledge(std::uint16_t channel, std::uint64_t tag);
  [[nodiscard]] Status reject(std::uint16_t channel, std::uint64_t tag);
  [[nodiscard]] Status give_back(std::uint16_t channel, std::uint64_t tag, bool multiple);

  // The next event that is there, empty when there is none now; sends and watches heartbeats, so it has to be called at
  // least twice within a heartbeat.
  [[nodiscard]] Result<std::optional<Event>> poll();
  [[nodiscard]] int socket() const;

 private:
  struct State;
  explicit Link(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tongqu::amqp
