#include "security/identity/static_key_scheme.hpp"

#include <algorithm>

#include "gateway/core/text.hpp"
#include "security/crypto/random.hpp"
#include "security/identity/content_digest.hpp"
#include "security/identity/credentials.hpp"
#include "security/identity/identity_codes.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kApiKeyHeader = "X-Api-Key";
constexpr std::string_view kAuthorization = "Authorization";
constexpr std::string_view kBearer = "Bearer ";
constexpr std::size_t kMaxStaticKeyBytes = 512;

bool is_visible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

Status check_options(const StaticKeyOptions& options) {
  const bool fits = options.key.size() >= kMinStaticKeyBytes && options.key.size() <= kMaxStaticKeyBytes;
  if (!fits) return make_error(codes::kIdentitySetup, "key length");
  if (!is_visible(options.key)) return make_error(codes::kIdentitySetup, "key characters");
  return {};
}

// "bearer" is a scheme, and schemes are compared without case (RFC 9110 section 11.1).
bool is_bearer(std::string_view value) {
  if (value.size() <= kBearer.size()) return false;
  return std::equal(kBearer.begin(), kBearer.end(), value.begin(),
                    [](char a, char b) { return a == b || (a >= 'A' && a <= 'Z' && a + 32 == b) || a - 32 == b; });
}

class StaticKeyAuthenticator final : public Authenticator {
 public:
  StaticKeyAuthenticator(StaticKeyOptions options, ContentDigest digests)
      : options_(std::move(options)), digests_(std::move(digests)) {}
  StaticKeyAuthenticator(const StaticKeyAuthenticator&) = delete;
  StaticKeyAuthenticator& operator=(const StaticKeyAuthenticator&) = delete;
  ~StaticKeyAuthenticator() override { cleanse(options_.key); }

  [[nodiscard]] Result<Identity> authenticate(const HttpRequest& request) const override {
    if (!equal_constant_time(claimed_static_key(request, options_.place), options_.key)) return refused();
    const Status digest = digests_.check(request);
    if (digest.has_error()) return digest.error();
    return Identity{options_.partner,
                    options_.place == StaticKeyPlace::kHeader ? "api-key" : "bearer",
                    "",
                    0,
                    "",
                    request.body_follows ? digests_.expected(request) : std::vector<BodyDigest>()};
  }

 private:
  StaticKeyOptions options_;
  ContentDigest digests_;
};

class StaticKeySigner final : public RequestSigner {
 public:
  explicit StaticKeySigner(StaticKeyOptions options) : options_(std::move(options)) {}
  StaticKeySigner(const StaticKeySigner&) = delete;
  StaticKeySigner& operator=(const StaticKeySigner&) = delete;
  ~StaticKeySigner() override { cleanse(options_.key); }

  [[nodiscard]] Status sign(HttpRequest& request) const override {
    if (options_.place == StaticKeyPlace::kHeader) {
      set_header(request.headers, options_.header, options_.key);
    } else {
      set_header(request.headers, kAuthorization, std::string(kBearer) + options_.key);
    }
    return {};
  }

 private:
  StaticKeyOptions options_;
};

}  // namespace

std::string_view claimed_static_key(const HttpRequest& request, StaticKeyPlace place) {
  const auto value = only_header(request.headers, place == StaticKeyPlace::kHeader ? kApiKeyHeader : kAuthorization);
  if (!value) return {};
  if (place == StaticKeyPlace::kHeader) return *value;
  return is_bearer(*value) ? value->substr(kBearer.size()) : std::string_view();
}

Result<std::unique_ptr<Authenticator>> make_static_key_authenticator(StaticKeyOptions options) {
  const Status checked = check_options(options);
  if (checked.has_error()) return checked.error();
  auto digests = ContentDigest::create();
  if (digests.has_error()) return digests.error();
  return std::unique_ptr<Authenticator>{
      std::make_unique<StaticKeyAuthenticator>(std::move(options), std::move(*digests))};
}

Result<std::unique_ptr<RequestSigner>> make_static_key_signer(StaticKeyOptions options) {
  const Status checked = check_options(options);
  if (checked.has_error()) return checked.error();
  return std::unique_ptr<RequestSigner>{std::make_unique<StaticKeySigner>(std::move(options))};
}

}  // namespace tongqu
