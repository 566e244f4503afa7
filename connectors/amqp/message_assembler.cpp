#include "connectors/amqp/message_assembler.hpp"

#include <utility>

namespace tongqu::amqp {

bool MessageAssembler::method(MethodPart part) {
  if (step_ != Step::kMethod) return false;
  message_ = {};
  message_.method = std::move(part);
  step_ = Step::kHeader;
  return true;
}

bool MessageAssembler::header(Properties properties, std::uint64_t body_bytes) {
  if (step_ != Step::kHeader) return false;
  message_.properties = std::move(properties);
  // The body of a return is our own message, which nobody needs twice.
  message_.too_large = !message_.method.is_return && body_bytes > max_body_bytes_;
  missing_bytes_ = body_bytes;
  step_ = body_bytes == 0 ? Step::kComplete : Step::kBody;
  return true;
}

bool MessageAssembler::body(std::string_view piece) {
  if (step_ != Step::kBody || piece.size() > missing_bytes_) return false;
  if (!message_.too_large && !message_.method.is_return) message_.body.append(piece);
  missing_bytes_ -= piece.size();
  if (missing_bytes_ == 0) step_ = Step::kComplete;
  return true;
}

std::optional<Arrived> MessageAssembler::take() {
  if (step_ != Step::kComplete) return std::nullopt;
  step_ = Step::kMethod;
  return std::exchange(message_, {});
}

}  // namespace tongqu::amqp
