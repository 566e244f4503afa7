#include "security/identity/sharing_scheme.hpp"

#include <algorithm>
#include <charconv>

#include "security/crypto/random.hpp"
#include "security/identity/content_digest.hpp"
#include "security/identity/identity_codes.hpp"

namespace tongqu {
namespace {

constexpr std::int64_t kMinSkewMs = 1'000;
constexpr std::int64_t kMaxSkewMs = 3'600'000;

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= 128 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

// Thirteen digits reach from 2001 to 2286; other lengths would make sid + rid + rtime ambiguous.
std::optional<std::int64_t> parse_rtime(std::string_view text) {
  std::int64_t value = 0;
  if (text.size() != 13 || text.front() == '0' || text.front() == '-') return std::nullopt;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

class SharingAuthenticator final : public Authenticator {
 public:
  SharingAuthenticator(SharingOptions options, ContentDigest digests, const Clock& clock)
      : options_(std::move(options)), digests_(std::move(digests)), clock_(clock) {}
  SharingAuthenticator(const SharingAuthenticator&) = delete;
  SharingAuthenticator& operator=(const SharingAuthenticator&) = delete;
  ~SharingAuthenticator() override { cleanse(options_.key); }

  [[nodiscard]] Result<Identity> authenticate(const HttpRequest& request) const override {
    const auto rid = only_header(request.headers, kSharingRid);
    const auto sid = only_header(request.headers, kSharingSid);
    const auto rtime = only_header(request.headers, kSharingTime);
    const auto sign = only_header(request.headers, kSharingSign);
    if (!rid || !sid || !rtime || !sign) return refused();
    const auto sent_ms = parse_rtime(*rtime);
    if (!sent_ms || *rid != options_.rid || *sid != options_.sid) return refused();
    const Suite& sha256 = digests_.suite(SuiteId::kIntl);
    const std::string expected = sharing_signature(sha256, options_.key, options_.sid, options_.rid, *rtime);
    if (!equal_constant_time(*sign, expected)) return refused();

    // Only who knows the key learns that the clock, or the digest, is the trouble.
    const Instant now = clock_.now();
    if (std::max(now.ms, *sent_ms) - std::min(now.ms, *sent_ms) > options_.max_clock_skew_ms) return clock_error(now);
    const Status digest = digests_.check(request);
    if (digest.has_error()) return digest.error();
    return Identity{options_.partner,   "sharing-platform",
                    std::string(*sign), *sent_ms + options_.max_clock_skew_ms + 1,
                    std::string(*sign), request.body_follows ? digests_.expected(request) : std::vector<BodyDigest>()};
  }

 private:
  SharingOptions options_;
  ContentDigest digests_;
  const Clock& clock_;
};

}  // namespace

std::string sharing_signature(const Suite& sha256, std::string_view key, std::string_view sid, std::string_view rid,
                              std::string_view rtime) {
  return to_base64(as_text(sha256.hmac(key, {sid, rid, rtime})));
}

Result<std::unique_ptr<Authenticator>> make_sharing_authenticator(SharingOptions options, const Clock& clock) {
  if (!is_id(options.rid)) return make_error(codes::kIdentitySetup, "rid");
  if (!is_id(options.sid)) return make_error(codes::kIdentitySetup, "sid");
  if (options.key.size() < kMinSharingKeyBytes) return make_error(codes::kIdentitySetup, "key length");
  if (options.max_clock_skew_ms < kMinSkewMs || options.max_clock_skew_ms > kMaxSkewMs)
    return make_error(codes::kIdentitySetup, "max_clock_skew");
  auto digests = ContentDigest::create();
  if (digests.has_error()) return digests.error();
  return std::unique_ptr<Authenticator>{
      std::make_unique<SharingAuthenticator>(std::move(options), std::move(*digests), clock)};
}

}  // namespace tongqu
