#pragma once
// Nonces that were used, per partner. Writer's connection only; throws SqlError.
#include "gateway/core/clock.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/store/sqlite.hpp"

namespace tongqu::sql {

class NonceBook {
 public:
  explicit NonceBook(const Connection& main);
  // Used already with this expiry, which follows from the request's signed time. An empty nonce never is.
  [[nodiscard]] bool used(const PartnerId& partner, const std::string& nonce, std::int64_t expires_ms);
  void use(const PartnerId& partner, const std::string& nonce, std::int64_t expires_ms);
  // Removes at most `limit` that are past their time; how many.
  std::size_t purge(Instant now, std::size_t limit);

 private:
  Statement find_, use_, expired_;
};

}  // namespace tongqu::sql
