#pragma once
// A message out of its frames, without I/O: method, content header, body pieces. The size is judged by the header,
// before any body arrives; what is too large is read over, not kept.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tongqu::amqp {

// What the method frame said: basic.deliver or basic.return.
struct MethodPart {
  bool is_return = false;
  std::uint64_t tag = 0;  // delivery tag; of a return 0
  bool redelivered = false;
  std::string consumer;          // consumer tag
  std::uint16_t reply_code = 0;  // of a return
};

// Properties that this connector reads.
struct Properties {
  std::string message_id;
  std::string content_type;
  std::string content_encoding;
  std::uint64_t publish_number = 0;  // our own header on our own publishes; 0 = none
};

struct Arrived {
  MethodPart method;
  Properties properties;
  std::string body;
  bool too_large = false;  // the body was read over
};

// Not thread-safe. False or an error: the peer broke the protocol; the connection has to go.
class MessageAssembler {
 public:
  explicit MessageAssembler(std::size_t max_body_bytes) : max_body_bytes_(max_body_bytes) {}

  [[nodiscard]] bool method(MethodPart part);
  [[nodiscard]] bool header(Properties properties, std::uint64_t body_bytes);
  [[nodiscard]] bool body(std::string_view piece);
  // The message, when its last frame was there. Afterwards the next one may begin.
  [[nodiscard]] std::optional<Arrived> take();
  [[nodiscard]] bool idle() const { return step_ == Step::kMethod; }

 private:
  enum class Step : std::uint8_t { kMethod, kHeader, kBody, kComplete };
  std::size_t max_body_bytes_;
  Step step_ = Step::kMethod;
  std::uint64_t missing_bytes_ = 0;
  Arrived message_;
};

}  // namespace tongqu::amqp
