#pragma once
// rabbitmq-c's types ↔ ours: sockets with TLS, client properties, frames. Inside this folder only.
#include <amqp.h>

#include <array>
#include <map>
#include <optional>
#include <string>

#include "connectors/amqp/amqp_link.hpp"

namespace tongqu::amqp::wire {

[[nodiscard]] inline amqp_bytes_t bytes(const std::string& text) {
  return {text.size(), const_cast<char*>(text.data())};  // the library takes it as it is and does not write
}

// What we tell about ourselves: without these capabilities the broker sends neither connection.blocked nor
// basic.cancel.
class ClientProperties {
 public:
  ClientProperties();
  ClientProperties(const ClientProperties&) = delete;
  ClientProperties& operator=(const ClientProperties&) = delete;
  [[nodiscard]] const amqp_table_t* table() const { return &all_; }

 private:
  std::array<amqp_table_entry_t, 5> capabilities_{};
  std::array<amqp_table_entry_t, 2> entries_{};
  amqp_table_t all_{};
};

// The socket belongs to the connection. With TLS: peer and name are verified, TLS 1.2 at least.
[[nodiscard]] Result<amqp_socket_t*> make_socket(amqp_connection_state_t connection, const LinkOptions& options);

// The reply code of a channel.close or connection.close; 0 for another method.
[[nodiscard]] std::uint16_t close_code(amqp_method_number_t id, const void* decoded);

// One frame into the assembler or into an event. Fails with amqp.protocol.
[[nodiscard]] Result<std::optional<Event>> read_frame(const amqp_frame_t& frame, MessageAssembler& assembler);

}  // namespace tongqu::amqp::wire
