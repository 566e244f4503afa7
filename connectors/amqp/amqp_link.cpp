#include "connectors/amqp/amqp_link.hpp"

#include <amqp.h>

#include "connectors/amqp/amqp_codes.hpp"
#include "connectors/amqp/amqp_wire.hpp"

namespace tongqu::amqp {
namespace {

constexpr int kFrameBytes = 131'072;

timeval to_timeval(std::int64_t ms) { return {ms / 1000, static_cast<suseconds_t>(ms % 1000 * 1000)}; }

// The answer to a command. A channel.close names why: 404 no such queue, 403 no right, 406 other arguments.
Status status_of(const amqp_rpc_reply_t& reply) {
  if (reply.reply_type == AMQP_RESPONSE_NORMAL) return {};
  if (reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION) {
    return make_error(codes::kAmqpSetUp, std::to_string(wire::close_code(reply.reply.id, reply.reply.decoded)));
  }
  return make_error(codes::kAmqpLost);
}

Status status_of(int library_status) {
  if (library_status == AMQP_STATUS_OK) return {};
  return make_error(codes::kAmqpLost);
}

}  // namespace

struct Link::State {
  explicit State(std::size_t max_body_bytes) : connection(amqp_new_connection()), max_bytes(max_body_bytes) {}
  ~State() {
    // A closed connection says nothing more: unacknowledged deliveries go back to their queues.
    if (connection != nullptr) amqp_destroy_connection(connection);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  MessageAssembler& assembler(std::uint16_t channel) {
    return assemblers.try_emplace(channel, MessageAssembler(max_bytes)).first->second;
  }

  amqp_connection_state_t connection;
  std::size_t max_bytes;
  std::map<std::uint16_t, MessageAssembler> assemblers;
};

Link::Link(std::unique_ptr<State> state) : state_(std::move(state)) {}
Link::~Link() = default;

Result<std::unique_ptr<Link>> Link::open(const LinkOptions& options) {
  auto state = std::make_unique<State>(options.max_body_bytes);
  amqp_connection_state_t connection = state->connection;
  const timeval timeout = to_timeval(options.connect_timeout_ms);
  amqp_set_handshake_timeout(connection, &timeout);
  amqp_set_rpc_timeout(connection, &timeout);
  auto socket = wire::make_socket(connection, options);
  if (socket.has_error()) return socket.error();
  if (const int status = amqp_socket_open_noblock(*socket, options.host.c_str(), options.port, &timeout);
      status != AMQP_STATUS_OK) {
    return make_error(status <= AMQP_STATUS_SSL_ERROR ? codes::kAmqpTls : codes::kAmqpUnreachable);
  }
  const wire::ClientProperties properties;
  const amqp_rpc_reply_t reply =
      options.external
          ? amqp_login_with_properties(connection, options.virtual_host.c_str(), 0, kFrameBytes, options.heartbeat_s,
                                       properties.table(), AMQP_SASL_METHOD_EXTERNAL, "")
          : amqp_login_with_properties(connection, options.virtual_host.c_str(), 0, kFrameBytes, options.heartbeat_s,
                                       properties.table(), AMQP_SASL_METHOD_PLAIN, options.user.c_str(),
                                       options.password.c_str());
  if (reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION) return make_error(codes::kAmqpLogin);
  if (reply.reply_type != AMQP_RESPONSE_NORMAL) {
    // Older brokers close the socket on a wrong password instead of saying so.
    const bool no_answer = reply.library_error == AMQP_STATUS_TIMEOUT;
    return make_error(no_answer ? codes::kAmqpUnreachable : codes::kAmqpLogin);
  }
  return std::unique_ptr<Link>(new Link(std::move(state)));
}

Status Link::open_channel(std::uint16_t channel) {
  amqp_channel_open(state_->connection, channel);
  return status_of(amqp_get_rpc_reply(state_->connection));
}

Status Link::select_confirms(std::uint16_t channel) {
  amqp_confirm_select(state_->connection, channel);
  return status_of(amqp_get_rpc_reply(state_->connection));
}

Status Link::expect_exchange(std::uint16_t channel, const std::string& exchange) {
  if (exchange.empty()) return {};
  amqp_exchange_declare(state_->connection, channel, wire::bytes(exchange), amqp_cstring_bytes("direct"), 1, 0, 0, 0,
                        amqp_empty_table);
  return status_of(amqp_get_rpc_reply(state_->connection));
}

Status Link::consume(std::uint16_t channel, const std::string& queue, std::uint16_t prefetch) {
  amqp_basic_qos(state_->connection, channel, 0, prefetch, 0);
  if (auto limited = status_of(amqp_get_rpc_reply(state_->connection)); limited.has_error()) return limited;
  amqp_basic_consume(state_->connection, channel, wire::bytes(queue), amqp_empty_bytes, 0, 0, 0, amqp_empty_table);
  return status_of(amqp_get_rpc_reply(state_->connection));
}

Status Link::publish(std::uint16_t channel, const Outgoing& message) {
  amqp_table_entry_t number{};
  number.key = amqp_cstring_bytes(kNumberHeader);
  number.value.kind = AMQP_FIELD_KIND_I64;
  number.value.value.i64 = static_cast<std::int64_t>(message.number);
  amqp_basic_properties_t properties{};
  properties._flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG | AMQP_BASIC_MESSAGE_ID_FLAG |
                      AMQP_BASIC_TYPE_FLAG | AMQP_BASIC_HEADERS_FLAG | AMQP_BASIC_PRIORITY_FLAG;
  properties.content_type = wire::bytes(message.content_type);
  properties.delivery_mode = 2;
  properties.priority = static_cast<std::uint8_t>(message.priority);
  properties.message_id = wire::bytes(message.message_id);
  properties.type = wire::bytes(message.service);
  properties.headers = {1, &number};
  return status_of(amqp_basic_publish(state_->connection, channel, wire::bytes(message.exchange),
                                      wire::bytes(message.routing_key), 1, 0, &properties, wire::bytes(message.body)));
}

Status Link::acknowledge(std::uint16_t channel, std::uint64_t tag) {
  return status_of(amqp_basic_ack(state_->connection, channel, tag, 0));
}

Status Link::reject(std::uint16_t channel, std::uint64_t tag) {
  return status_of(amqp_basic_reject(state_->connection, channel, tag, 0));
}

Status Link::give_back(std::uint16_t channel, std::uint64_t tag, bool multiple) {
  return status_of(amqp_basic_nack(state_->connection, channel, tag, multiple ? 1 : 0, 1));
}

Result<std::optional<Event>> Link::poll() {
  // A frame that begins or continues a message is no event yet.
  for (;;) {
    amqp_frame_t frame{};
    timeval none{0, 0};
    const int status = amqp_simple_wait_frame_noblock(state_->connection, &frame, &none);
    if (status == AMQP_STATUS_TIMEOUT) return std::optional<Event>();
    if (status != AMQP_STATUS_OK) return make_error(codes::kAmqpLost);
    auto event = wire::read_frame(frame, state_->assembler(frame.channel));
    // Texts of the frame live in the connection's memory until here.
    amqp_maybe_release_buffers(state_->connection);
    if (event.has_error() || event->has_value()) return event;
  }
}

int Link::socket() const { return amqp_get_sockfd(state_->connection); }

}  // namespace tongqu::amqp
