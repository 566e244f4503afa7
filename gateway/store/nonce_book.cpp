#include "gateway/store/nonce_book.hpp"

namespace tongqu::sql {
namespace {

constexpr std::string_view kExpired =
    "DELETE FROM used_nonces WHERE (expires_ms, nonce) IN "
    "(SELECT expires_ms, nonce FROM used_nonces WHERE expires_ms <= ?1 ORDER BY expires_ms LIMIT ?2) RETURNING 1";

// Two partners may draw the same nonce.
std::string key_of(const PartnerId& partner, const std::string& nonce) { return partner.str() + '\n' + nonce; }

}  // namespace

NonceBook::NonceBook(const Connection& main)
    : find_(main.prepare("SELECT 1 FROM used_nonces WHERE expires_ms = ? AND nonce = ?")),
      use_(main.prepare("INSERT INTO used_nonces VALUES(?, ?)")),
      expired_(main.prepare(kExpired)) {}

bool NonceBook::used(const PartnerId& partner, const std::string& nonce, std::int64_t expires_ms) {
  if (nonce.empty()) return false;
  const std::string key = key_of(partner, nonce);
  Query rows(find_, expires_ms, key);
  return rows.next();
}

void NonceBook::use(const PartnerId& partner, const std::string& nonce, std::int64_t expires_ms) {
  if (!nonce.empty()) use_.run(expires_ms, key_of(partner, nonce));
}

std::size_t NonceBook::purge(Instant now, std::size_t limit) {
  std::size_t count = 0;
  Query rows(expired_, now.ms, limit);
  while (rows.next()) ++count;
  return count;
}

}  // namespace tongqu::sql
