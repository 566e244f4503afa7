#include "security/identity/hmac_scheme.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "security/crypto/random.hpp"
#include "security/identity/content_digest.hpp"
#include "security/identity/identity_codes.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kKeyHeader = "X-Api-Key";
constexpr std::string_view kTimeHeader = "X-Timestamp";
constexpr std::string_view kNonceHeader = "X-Nonce";
constexpr std::string_view kSignatureHeader = "X-Signature";
constexpr std::string_view kIdempotencyHeader = "Idempotency-Key";
constexpr std::int64_t kMinSkewMs = 1'000;
constexpr std::int64_t kMaxSkewMs = 3'600'000;

// One number, one text: no sign, no leading zero; 15 digits reach beyond the year 30000.
std::optional<std::int64_t> parse_timestamp(std::string_view text) {
  if (text.empty() || text.size() > 15 || text.front() == '0' || text.front() == '-') return std::nullopt;
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Status check_options(const HmacOptions& options) {
  const bool visible =
      !options.key_id.empty() && options.key_id.size() <= 128 &&
      std::all_of(options.key_id.begin(), options.key_id.end(), [](char c) { return c > 0x20 && c < 0x7F; });
  if (!visible) return make_error(codes::kIdentitySetup, "key id");
  if (options.key.size() < kMinHmacKeyBytes) return make_error(codes::kIdentitySetup, "key length");
  if (options.max_clock_skew_ms < kMinSkewMs || options.max_clock_skew_ms > kMaxSkewMs)
    return make_error(codes::kIdentitySetup, "max_clock_skew");
  return {};
}

Digest32 mac_of(const Suite& suite, std::string_view key, const HttpRequest& request, const Digest32& body_hash,
                std::string_view timestamp, std::string_view nonce, std::string_view idempotency_key) {
  std::string method = request.method;
  std::transform(method.begin(), method.end(), method.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  const std::string body = to_hex(as_text(body_hash));
  return suite.hmac(key,
                    {method, "\n", request.target, "\n", timestamp, "\n", nonce, "\n", idempotency_key, "\n", body});
}

class HmacAuthenticator final : public Authenticator {
 public:
  HmacAuthenticator(HmacOptions options, ContentDigest digests, const Clock& clock)
      : options_(std::move(options)), digests_(std::move(digests)), clock_(clock) {}
  HmacAuthenticator(const HmacAuthenticator&) = delete;
  HmacAuthenticator& operator=(const HmacAuthenticator&) = delete;
  ~HmacAuthenticator() override { cleanse(options_.key); }

  [[nodiscard]] Result<Identity> authenticate(const HttpRequest& request) const override {
    const auto key_id = only_header(request.headers, kKeyHeader);
    const auto timestamp = only_header(request.headers, kTimeHeader);
    const auto nonce = only_header(request.headers, kNonceHeader);
    const auto signature = only_header(request.headers, kSignatureHeader);
    if (!key_id || !timestamp || !nonce || !signature || header_count(request.headers, kIdempotencyHeader) > 1)
      return refused();
    const std::string_view idempotency_key = header(request.headers, kIdempotencyHeader);
    const auto sent_ms = parse_timestamp(*timestamp);
    const auto mac = from_base64(*signature);
    // A line feed in a part could make two requests one string to sign.
    if (!sent_ms || !mac || !is_nonce(*nonce) || !is_one_line(idempotency_key) || !is_one_line(request.target) ||
        !is_one_line(request.method))
      return refused();
    const Suite& suite = digests_.suite(options_.hash);
    const auto body_hash = digests_.body_hash(options_.hash, request);
    if (!body_hash) return refused();
    const Digest32 expected = mac_of(suite, options_.key, request, *body_hash, *timestamp, *nonce, idempotency_key);
    const bool same_key = equal_constant_time(*key_id, options_.key_id);
    if (!equal_constant_time(*mac, as_text(expected)) || !same_key) return refused();

    // Only who knows the key learns that the clock, or the digest, is the trouble.
    const Instant now = clock_.now();
    if (std::max(now.ms, *sent_ms) - std::min(now.ms, *sent_ms) > options_.max_clock_skew_ms) return clock_error(now);
    const Status digest = digests_.check(request);
    if (digest.has_error()) return digest.error();
    return Identity{options_.partner,        options_.hash == SuiteId::kGm ? "hmac-sm3" : "hmac-sha256",
                    std::string(*nonce),     *sent_ms + options_.max_clock_skew_ms + 1,
                    std::string(*signature), following(request)};
  }

 private:
  [[nodiscard]] std::vector<BodyDigest> following(const HttpRequest& request) const {
    return request.body_follows ? digests_.expected(request) : std::vector<BodyDigest>();
  }

  HmacOptions options_;
  ContentDigest digests_;
  const Clock& clock_;
};

class HmacSigner final : public RequestSigner {
 public:
  HmacSigner(HmacOptions options, ContentDigest digests, const Clock& clock, NonceSource nonces)
      : options_(std::move(options)), digests_(std::move(digests)), clock_(clock), nonces_(std::move(nonces)) {}
  HmacSigner(const HmacSigner&) = delete;
  HmacSigner& operator=(const HmacSigner&) = delete;
  ~HmacSigner() override { cleanse(options_.key); }

  [[nodiscard]] Status sign(HttpRequest& request) const override {
    auto nonce = nonces_();
    if (nonce.has_error()) return nonce.error();
    const std::string timestamp = std::to_string(clock_.now().ms);
    const auto body_hash = digests_.body_hash(options_.hash, request);
    if (!body_hash) return make_error(codes::kIdentityContentDigest);
    const Digest32 mac = mac_of(digests_.suite(options_.hash), options_.key, request, *body_hash, timestamp, *nonce,
                                header(request.headers, kIdempotencyHeader));
    set_header(request.headers, kKeyHeader, options_.key_id);
    set_header(request.headers, kTimeHeader, timestamp);
    set_header(request.headers, kNonceHeader, std::move(*nonce));
    set_header(request.headers, kSignatureHeader, to_base64(as_text(mac)));
    return {};
  }

 private:
  HmacOptions options_;
  ContentDigest digests_;
  const Clock& clock_;
  NonceSource nonces_;
};

}  // namespace

Result<std::unique_ptr<Authenticator>> make_hmac_authenticator(HmacOptions options, const Clock& clock) {
  const Status checked = check_options(options);
  if (checked.has_error()) return checked.error();
  auto digests = ContentDigest::create();
  if (digests.has_error()) return digests.error();
  return std::unique_ptr<Authenticator>{
      std::make_unique<HmacAuthenticator>(std::move(options), std::move(*digests), clock)};
}

Result<std::unique_ptr<RequestSigner>> make_hmac_signer(HmacOptions options, const Clock& clock, NonceSource nonces) {
  const Status checked = check_options(options);
  if (checked.has_error()) return checked.error();
  auto digests = ContentDigest::create();
  if (digests.has_error()) return digests.error();
  return std::unique_ptr<RequestSigner>{
      std::make_unique<HmacSigner>(std::move(options), std::move(*digests), clock, std::move(nonces))};
}

}  // namespace tongqu
