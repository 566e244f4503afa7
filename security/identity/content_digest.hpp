#pragma once
// Content-Digest (RFC 9530): sha-256, and sm3 as a private algorithm name.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/crypto.hpp"
#include "gateway/core/http.hpp"
#include "gateway/core/identity.hpp"

namespace tongqu {

// Checks and makes Content-Digest headers. Immutable and thread-safe.
class ContentDigest {
 public:
  // Fails with crypto.unavailable.
  [[nodiscard]] static Result<ContentDigest> create();

  // Passes when there is no such header. Otherwise the header stands once, at least one of its members is sha-256 or
  // sm3, and each of those fits the body; members of other algorithms are passed over (RFC 9530 section 2). Of a body
  // that follows, only the form can be checked: the rest is expected(). Fails with identity.content-digest.
  [[nodiscard]] Status check(const HttpRequest& request) const;

  // The digests of `request`'s header that the body has to have when it follows (HttpRequest::body_follows): of a head
  // that passed check(). Empty without the header.
  [[nodiscard]] std::vector<BodyDigest> expected(const HttpRequest& request) const;
  // Hash of the body; of one that follows, the one that the header declares. Empty when it declares none in `hash`.
  [[nodiscard]] std::optional<Digest32> body_hash(SuiteId hash, const HttpRequest& request) const;

  // "sha-256=:…:" or "sm3=:…:"
  [[nodiscard]] std::string make(SuiteId hash, std::string_view body) const;

  [[nodiscard]] const Suite& suite(SuiteId id) const { return id == SuiteId::kGm ? *gm_ : *intl_; }

 private:
  ContentDigest() = default;
  std::unique_ptr<Suite> gm_;
  std::unique_ptr<Suite> intl_;
};

}  // namespace tongqu
