#include "connectors/amqp/amqp_wire.hpp"

#include <amqp_framing.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>

#include "connectors/amqp/amqp_codes.hpp"

namespace tongqu::amqp::wire {
namespace {

std::string text(amqp_bytes_t from) {
  return from.len == 0 ? std::string() : std::string(static_cast<const char*>(from.bytes), from.len);
}

amqp_table_entry_t entry(const char* key, bool value) {
  amqp_table_entry_t made{};
  made.key = amqp_cstring_bytes(key);
  made.value.kind = AMQP_FIELD_KIND_BOOLEAN;
  made.value.value.boolean = value ? 1 : 0;
  return made;
}

std::uint64_t number_in(const amqp_table_t& headers) {
  for (int i = 0; i < headers.num_entries; ++i) {
    const amqp_table_entry_t& header = headers.entries[i];
    if (text(header.key) != kNumberHeader || header.value.kind != AMQP_FIELD_KIND_I64) continue;
    return static_cast<std::uint64_t>(header.value.value.i64);
  }
  return 0;
}

Properties properties_of(const amqp_frame_t& frame) {
  const auto& from = *static_cast<const amqp_basic_properties_t*>(frame.payload.properties.decoded);
  Properties properties;
  if ((from._flags & AMQP_BASIC_MESSAGE_ID_FLAG) != 0) properties.message_id = text(from.message_id);
  if ((from._flags & AMQP_BASIC_CONTENT_TYPE_FLAG) != 0) properties.content_type = text(from.content_type);
  if ((from._flags & AMQP_BASIC_CONTENT_ENCODING_FLAG) != 0) properties.content_encoding = text(from.content_encoding);
  if ((from._flags & AMQP_BASIC_HEADERS_FLAG) != 0) properties.publish_number = number_in(from.headers);
  return properties;
}

Event confirm(const amqp_frame_t& frame, EventKind kind, std::uint64_t tag, bool multiple) {
  Event event;
  event.kind = kind;
  event.channel = frame.channel;
  event.tag = tag;
  event.multiple = multiple;
  return event;
}

Event plain(const amqp_frame_t& frame, EventKind kind, std::uint16_t reply_code = 0) {
  Event event;
  event.kind = kind;
  event.channel = frame.channel;
  event.reply_code = reply_code;
  return event;
}

MethodPart deliver_part(const amqp_basic_deliver_t& deliver) {
  MethodPart part;
  part.tag = deliver.delivery_tag;
  part.redelivered = deliver.redelivered != 0;
  part.consumer = text(deliver.consumer_tag);
  return part;
}

MethodPart return_part(const amqp_basic_return_t& returned) {
  MethodPart part;
  part.is_return = true;
  part.reply_code = returned.reply_code;
  return part;
}

Result<std::optional<Event>> read_method(const amqp_frame_t& frame, MessageAssembler& assembler) {
  const void* decoded = frame.payload.method.decoded;
  using Maybe = std::optional<Event>;
  switch (frame.payload.method.id) {
    case AMQP_BASIC_DELIVER_METHOD:
      if (assembler.method(deliver_part(*static_cast<const amqp_basic_deliver_t*>(decoded)))) return Maybe();
      return make_error(codes::kAmqpProtocol);
    case AMQP_BASIC_RETURN_METHOD:
      if (assembler.method(return_part(*static_cast<const amqp_basic_return_t*>(decoded)))) return Maybe();
      return make_error(codes::kAmqpProtocol);
    case AMQP_BASIC_ACK_METHOD: {
      const auto& ack = *static_cast<const amqp_basic_ack_t*>(decoded);
      return Maybe(confirm(frame, EventKind::kAck, ack.delivery_tag, ack.multiple != 0));
    }
    case AMQP_BASIC_NACK_METHOD: {
      const auto& nack = *static_cast<const amqp_basic_nack_t*>(decoded);
      return Maybe(confirm(frame, EventKind::kNack, nack.delivery_tag, nack.multiple != 0));
    }
    case AMQP_CONNECTION_BLOCKED_METHOD: return Maybe(plain(frame, EventKind::kBlocked));
    case AMQP_CONNECTION_UNBLOCKED_METHOD: return Maybe(plain(frame, EventKind::kUnblocked));
    case AMQP_BASIC_CANCEL_METHOD: return Maybe(plain(frame, EventKind::kCancelled));
    case AMQP_CHANNEL_CLOSE_METHOD:
    case AMQP_CONNECTION_CLOSE_METHOD:
      return Maybe(plain(frame, EventKind::kClosed, close_code(frame.payload.method.id, decoded)));
    default: return make_error(codes::kAmqpProtocol);  // no answer to anything that we asked
  }
}

}  // namespace

ClientProperties::ClientProperties()
    : capabilities_{entry("publisher_confirms", true), entry("basic.nack", true), entry("connection.blocked", true),
                    entry("consumer_cancel_notify", true), entry("authentication_failure_close", true)} {
  entries_[0].key = amqp_cstring_bytes("product");
  entries_[0].value.kind = AMQP_FIELD_KIND_UTF8;
  entries_[0].value.value.bytes = amqp_cstring_bytes("tongqu");
  entries_[1].key = amqp_cstring_bytes("capabilities");
  entries_[1].value.kind = AMQP_FIELD_KIND_TABLE;
  entries_[1].value.value.table = {static_cast<int>(capabilities_.size()), capabilities_.data()};
  all_ = {static_cast<int>(entries_.size()), entries_.data()};
}

Result<amqp_socket_t*> make_socket(amqp_connection_state_t connection, const LinkOptions& options) {
  if (!options.tls) {
    amqp_socket_t* plain_socket = amqp_tcp_socket_new(connection);
    if (plain_socket == nullptr) return make_error(codes::kAmqpUnreachable);
    return plain_socket;
  }
  amqp_socket_t* socket = amqp_ssl_socket_new(connection);
  if (socket == nullptr) return make_error(codes::kAmqpTls);
  amqp_ssl_socket_set_verify_peer(socket, 1);
  amqp_ssl_socket_set_verify_hostname(socket, 1);
  bool good = amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST) == AMQP_STATUS_OK &&
              amqp_ssl_socket_set_cacert(socket, options.ca_file.c_str()) == AMQP_STATUS_OK;
  if (good && !options.certificate_file.empty()) {
    // By file: the library reads keys in memory only if they are RSA.
    good =
        amqp_ssl_socket_set_key(socket, options.certificate_file.c_str(), options.key_file.c_str()) == AMQP_STATUS_OK;
  }
  if (!good) return make_error(codes::kAmqpTls);
  return socket;
}

std::uint16_t close_code(amqp_method_number_t id, const void* decoded) {
  if (id == AMQP_CHANNEL_CLOSE_METHOD) return static_cast<const amqp_channel_close_t*>(decoded)->reply_code;
  if (id == AMQP_CONNECTION_CLOSE_METHOD) return static_cast<const amqp_connection_close_t*>(decoded)->reply_code;
  return 0;
}

Result<std::optional<Event>> read_frame(const amqp_frame_t& frame, MessageAssembler& assembler) {
  switch (frame.frame_type) {
    case AMQP_FRAME_METHOD: return read_method(frame, assembler);
    case AMQP_FRAME_HEADER:
      if (!assembler.header(properties_of(frame), frame.payload.properties.body_size))
        return make_error(codes::kAmqpProtocol);
      break;
    case AMQP_FRAME_BODY: {
      const amqp_bytes_t piece = frame.payload.body_fragment;
      if (!assembler.body({static_cast<const char*>(piece.bytes), piece.len})) return make_error(codes::kAmqpProtocol);
      break;
    }
    default: return make_error(codes::kAmqpProtocol);
  }
  auto message = assembler.take();
  if (!message) return std::optional<Event>();
  Event event;
  event.kind = EventKind::kMessage;
  event.channel = frame.channel;
  event.message = std::move(*message);
  return std::optional<Event>(std::move(event));
}

}  // namespace tongqu::amqp::wire
