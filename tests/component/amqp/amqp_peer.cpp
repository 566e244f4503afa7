#include "tests/component/amqp/amqp_peer.hpp"

#include <amqp_tcp_socket.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace tongqu::test {
namespace {

amqp_bytes_t bytes(const std::string& text) { return {text.size(), const_cast<char*>(text.data())}; }
std::string text(amqp_bytes_t from) { return {static_cast<const char*>(from.bytes), from.len}; }

}  // namespace

AmqpPeer::AmqpPeer(int port) : connection_(amqp_new_connection()) { connect(port); }

AmqpPeer::~AmqpPeer() { amqp_destroy_connection(connection_); }

void AmqpPeer::reply(const char* what) {
  const amqp_rpc_reply_t answer = amqp_get_rpc_reply(connection_);
  if (answer.reply_type == AMQP_RESPONSE_NORMAL) return;
  std::fprintf(stderr, "peer: %s failed\n", what);
  std::abort();
}

// A broker that has just been started lets nobody in for a moment.
void AmqpPeer::connect(int port) {
  for (int attempt = 0; attempt < 200; ++attempt) {
    amqp_socket_t* socket = amqp_tcp_socket_new(connection_);
    timeval timeout{5, 0};
    if (amqp_socket_open_noblock(socket, "127.0.0.1", port, &timeout) == AMQP_STATUS_OK &&
        amqp_login(connection_, "/", 0, 131072, 0, AMQP_SASL_METHOD_PLAIN, "tongqu", "demo").reply_type ==
            AMQP_RESPONSE_NORMAL) {
      amqp_channel_open(connection_, 1);
      reply("channel");
      amqp_confirm_select(connection_, 1);
      reply("confirm.select");
      return;
    }
    amqp_destroy_connection(connection_);
    connection_ = amqp_new_connection();
    timespec pause{0, 100'000'000};
    nanosleep(&pause, nullptr);
  }
  std::abort();
}

void AmqpPeer::queue(const std::string& name, const Arguments& arguments) {
  remove(name);
  std::vector<amqp_table_entry_t> entries;
  for (const auto& [key, value] : arguments) {
    amqp_table_entry_t entry{};
    entry.key = bytes(key);
    if (!value.empty() && std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; })) {
      entry.value.kind = AMQP_FIELD_KIND_I32;
      entry.value.value.i32 = std::stoi(value);
    } else {
      entry.value.kind = AMQP_FIELD_KIND_UTF8;
      entry.value.value.bytes = bytes(value);
    }
    entries.push_back(entry);
  }
  amqp_queue_declare(connection_, 1, bytes(name), 0, 1, 0, 0, {static_cast<int>(entries.size()), entries.data()});
  reply("queue.declare");
}

void AmqpPeer::remove(const std::string& name) {
  amqp_queue_delete(connection_, 1, bytes(name), 0, 0);
  reply("queue.delete");
}

void AmqpPeer::exchange(const std::string& name, const std::string& queue, const std::string& routing_key) {
  amqp_exchange_declare(connection_, 1, bytes(name), amqp_cstring_bytes("direct"), 0, 1, 0, 0, amqp_empty_table);
  reply("exchange.declare");
  amqp_queue_bind(connection_, 1, bytes(queue), bytes(name), bytes(routing_key), amqp_empty_table);
  reply("queue.bind");
}

void AmqpPeer::publish(const std::string& queue, const PeerMessage& message) {
  amqp_basic_properties_t properties{};
  properties._flags = AMQP_BASIC_DELIVERY_MODE_FLAG;
  properties.delivery_mode = 2;
  const auto add = [&](int flag, amqp_bytes_t& field, const std::string& value) {
    if (value.empty()) return;
    properties._flags |= static_cast<amqp_flags_t>(flag);
    field = bytes(value);
  };
  add(AMQP_BASIC_MESSAGE_ID_FLAG, properties.message_id, message.message_id);
  add(AMQP_BASIC_CONTENT_TYPE_FLAG, properties.content_type, message.content_type);
  add(AMQP_BASIC_CONTENT_ENCODING_FLAG, properties.content_encoding, message.content_encoding);
  if (amqp_basic_publish(connection_, 1, amqp_empty_bytes, bytes(queue), 0, 0, &properties, bytes(message.body)) !=
      AMQP_STATUS_OK)
    std::abort();
  open_.insert(++published_);
}

void AmqpPeer::confirm_all() {
  while (confirmed_ < published_) {
    amqp_frame_t frame{};
    if (amqp_simple_wait_frame(connection_, &frame) != AMQP_STATUS_OK) std::abort();
    if (frame.frame_type != AMQP_FRAME_METHOD || frame.payload.method.id != AMQP_BASIC_ACK_METHOD) continue;
    const auto& ack = *static_cast<const amqp_basic_ack_t*>(frame.payload.method.decoded);
    open_.erase(ack.multiple != 0 ? open_.begin() : open_.find(ack.delivery_tag), open_.upper_bound(ack.delivery_tag));
    confirmed_ = published_ - open_.size();
    amqp_maybe_release_buffers(connection_);
  }
}

std::optional<PeerMessage> AmqpPeer::get(const std::string& queue) {
  const amqp_rpc_reply_t answer = amqp_basic_get(connection_, 1, bytes(queue), 1);
  if (answer.reply_type != AMQP_RESPONSE_NORMAL) std::abort();
  if (answer.reply.id == AMQP_BASIC_GET_EMPTY_METHOD) return std::nullopt;
  PeerMessage message;
  message.redelivered = static_cast<const amqp_basic_get_ok_t*>(answer.reply.decoded)->redelivered != 0;
  amqp_message_t got{};
  if (amqp_read_message(connection_, 1, &got, 0).reply_type != AMQP_RESPONSE_NORMAL) std::abort();
  message.body = text(got.body);
  message.message_id = text(got.properties.message_id);
  message.content_type = text(got.properties.content_type);
  message.type = text(got.properties.type);
  message.priority = got.properties.priority;
  message.delivery_mode = got.properties.delivery_mode;
  amqp_destroy_message(&got);
  amqp_maybe_release_buffers(connection_);
  return message;
}

std::uint32_t AmqpPeer::ready(const std::string& queue) {
  const amqp_queue_declare_ok_t* answer =
      amqp_queue_declare(connection_, 1, bytes(queue), 1, 0, 0, 0, amqp_empty_table);
  reply("queue.declare");
  return answer->message_count;
}

}  // namespace tongqu::test
