#pragma once
// Content-Digest (RFC 9530): sha-256, and sm3 as a private algorithm name.
#include <string>
#include <string_view>

#include "gateway/core/crypto.hpp"
#include "gateway/core/http.hpp"

namespace tongqu {

// Checks and makes Content-Digest headers. Immutable and thread-safe.
class ContentDigest {
 public:
  // Fails with crypto.unavailable.
  [[nodiscard]] static Result<ContentDigest> create();

  // Passes when there is no such header. Otherwise the header stands once, at least one of its members is sha-256 or
  // sm3, and each of those fits the body; members of other algorithms are passed over (RFC 9530 section 2). Fails with
  // identity.content-digest.
  [[nodiscard]] Status check(const HttpRequest& request) const;

  // "sha-256=:…:" or "sm3=:…:"
  [[nodiscard]] std::string make(SuiteId hash, std::string_view body) const;

  [[nodiscard]] const Suite& suite(SuiteId id) const { return id == SuiteId::kGm ? *gm_ : *intl_; }

 private:
  ContentDigest() = default;
  std::unique_ptr<Suite> gm_;
  std::unique_ptr<Suite> intl_;
};

}  // namespace tongqu
