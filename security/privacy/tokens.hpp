#pragma once
// Tokens (假名令牌): the same value in the same role gives the same token to one recipient, and unrelated ones to two.
// Whoever has a token can say that two records are of one person, and nothing else; without the key a guess cannot be
// tried.
//
//   token = "T-" ‖ 16 letters (80 bits) of HMAC(key, recipient ‖ subject ‖ kind ‖ normalised value)
//
// with the suite's hash and each part after its length (4 bytes, big-endian). Never for informants.
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/core/crypto.hpp"
#include "gateway/core/field_tree.hpp"
#include "gateway/core/ids.hpp"

namespace tongqu {

// One person's data in the one form in which it is compared: NFKC (Unicode 15), without white space and control and
// format characters, then by label kind
//   phone         digits only; +86 or 0086 before a number of a mobile goes, before another one it becomes the 0
//   id, passport, plate, bank, code, order   upper case, without hyphens and dots
//   email         lower case
// Empty when nothing is left, when it is no UTF-8, or above 64 KiB.
[[nodiscard]] std::string normalised_value(std::string_view kind, std::string_view text);

// Immutable and thread-safe; wipes its key at the end.
class TokenMaker {
 public:
  // `master_key` is the instance's (sealer.hpp), `version` is raised to make all tokens new ones. The suite is of the
  // process: other suite, other tokens.
  TokenMaker(std::unique_ptr<Suite> suite, std::string_view master_key, std::int64_t version);
  TokenMaker(const TokenMaker&) = delete;
  TokenMaker& operator=(const TokenMaker&) = delete;
  ~TokenMaker();

  // Empty for an informant, and when nothing of the value is left to compare.
  [[nodiscard]] std::optional<std::string> token(const PartnerId& recipient, const Label& label,
                                                 std::string_view value) const;

 private:
  std::unique_ptr<Suite> suite_;
  Bytes key_;
};

}  // namespace tongqu
