#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace tongqu::net {

struct HttpResponseIn;

// Takes an answer in pieces, so that its size is no matter of memory. Called on the connection's thread, one call after
// another; a call that takes its time holds the peer back. False: nothing more is wanted, the connection is closed.
class AnswerTaker {
 public:
  static constexpr std::size_t kPieceBytes = std::size_t{64} << 10U;

  virtual ~AnswerTaker() = default;
  // The head of the answer proper (no 1xx). `length_bytes`: of the body, where the head tells it.
  [[nodiscard]] virtual bool begin(const HttpResponseIn& head, std::optional<std::uint64_t> length_bytes) = 0;
  // About kPieceBytes, the last one less; never empty. Also what came before the connection broke.
  [[nodiscard]] virtual bool take(std::string_view piece) = 0;
};

}  // namespace tongqu::net
