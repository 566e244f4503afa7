#pragma once
// What the sessions count, for metrics. Codes and numbers only; nothing that was received.
#include <cstdint>
#include <string_view>

#include "gateway/core/error.hpp"

namespace tongqu::net {

// Called on the io threads, so implementations are thread-safe and return at once. `listener` is the configured name.
class NetObserver {
 public:
  virtual ~NetObserver() = default;
  virtual void connection_opened(std::string_view listener) { (void)listener; }
  virtual void connection_closed(std::string_view listener) { (void)listener; }
  // A request was answered by its handler.
  virtual void request_answered(std::string_view listener, int status, std::int64_t took_ms) {
    (void)listener, (void)status, (void)took_ms;
  }
  // A connection, a handshake or a request was turned away by the session itself.
  virtual void refused(std::string_view listener, const ErrorCode& code) { (void)listener, (void)code; }
};

}  // namespace tongqu::net
